// What the ranking is made of: everyone's worth now and when the periods began, in one statement; and
// the model that someone's fills were made by.

import type { RankingPeriod } from '@motu/shared/contract/ranking.ts'
import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { dayBegins, monthBegins, weekBegins } from '@motu/shared/seoul-days.ts'
import { columnsOf } from '../../db/column.ts'
import type { Sql } from '../../db/connect.ts'
import type { Worth } from '../rank.ts'
import { depositedOf, readMids, type Sources, worthOfAll } from './net-worth.ts'

/** Fills a user's model is counted in: the last one of each of his latest filled orders. */
const ORDERS_COUNTED = 50
/** Orders that are looked at for them. */
const ORDERS_LOOKED_AT = 500

export type Standing = {
  readonly userId: string
  readonly nickname: string
  readonly now: Worth
  readonly began: Readonly<Record<Exclude<RankingPeriod, 'all'>, Worth>>
}

type Row = Record<'user_id' | 'nickname' | 'net_worth_krw' | 'deposited_krw', string> &
  Record<`${'day' | 'week' | 'month' | 'first'}_${'net' | 'in'}`, string | null>

/** Everyone who may come in. A period began with the last point until then, else with his first. */
export async function readStandings(sources: Sources, nowMs: number): Promise<Standing[]> {
  const { sql } = sources
  const mids = await readMids(sources)
  const lastUntil = (ms: number) => sql`
    LATERAL (
      SELECT n.net_worth_krw, n.deposited_krw FROM net_worth_points n
      WHERE n.partition = w.partition AND n.user_id = w.user_id AND n.at <= ${new Date(ms)}
      ORDER BY n.at DESC LIMIT 1)`
  const rows = await sql<Row[]>`
    SELECT w.user_id, u.nickname, w.net_worth_krw, c.deposited_krw,
      day.net_worth_krw AS day_net, day.deposited_krw AS day_in,
      week.net_worth_krw AS week_net, week.deposited_krw AS week_in,
      month.net_worth_krw AS month_net, month.deposited_krw AS month_in,
      first.net_worth_krw AS first_net, first.deposited_krw AS first_in
    FROM (${worthOfAll(sql, mids)}) w
    JOIN users u ON u.id = w.user_id AND u.disabled_at IS NULL
    CROSS JOIN LATERAL (SELECT d.deposited_krw FROM ${depositedOf(sql)}) c
    LEFT JOIN ${lastUntil(dayBegins(nowMs))} day ON true
    LEFT JOIN ${lastUntil(weekBegins(nowMs))} week ON true
    LEFT JOIN ${lastUntil(monthBegins(nowMs))} month ON true
    LEFT JOIN LATERAL (
      SELECT n.net_worth_krw, n.deposited_krw FROM net_worth_points n
      WHERE n.partition = w.partition AND n.user_id = w.user_id ORDER BY n.at LIMIT 1) first ON true`
  return rows.map((row) => {
    const now = worth(row.net_worth_krw, row.deposited_krw)
    // Nothing was ever written of him: his periods begin now.
    const first = maybeWorth(row.first_net, row.first_in) ?? now
    return {
      ...{ userId: row.user_id, nickname: row.nickname, now },
      began: {
        day: maybeWorth(row.day_net, row.day_in) ?? first,
        week: maybeWorth(row.week_net, row.week_in) ?? first,
        month: maybeWorth(row.month_net, row.month_in) ?? first,
      },
    }
  })
}

const worth = (net: string, deposited: string): Worth => ({
  netKrw: decimal(net),
  depositedKrw: decimal(deposited) satisfies Decimal,
})
const maybeWorth = (net: string | null, deposited: string | null): Worth | null =>
  net === null || deposited === null ? null : worth(net, deposited)

/** The model, with its version, of most of their latest fills; users without a fill are left out. */
export async function readFillModels(
  sql: Sql,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map()
  const column = columnsOf(userIds)
  const rows = await sql<{ user_id: string; model: string }[]>`
    SELECT u.user_id, m.model
    FROM unnest(${column(partitionOf)}::smallint[], ${column((id) => id)}::uuid[])
      AS u(partition, user_id)
    CROSS JOIN LATERAL (
      SELECT f.evidence->>'model' AS model
      FROM (
        SELECT id, fill_count FROM (
          SELECT id, fill_count FROM orders
          WHERE partition = u.partition AND user_id = u.user_id
          ORDER BY accepted_at DESC, id DESC LIMIT ${ORDERS_LOOKED_AT}) latest
        WHERE fill_count > 0 LIMIT ${ORDERS_COUNTED}) o
      CROSS JOIN LATERAL (
        SELECT evidence FROM fills
        WHERE partition = u.partition AND user_id = u.user_id AND order_id = o.id
          AND fill_no = o.fill_count OFFSET 0) f
      WHERE f.evidence IS NOT NULL
      GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) m`
  return new Map(rows.map((row) => [row.user_id, row.model]))
}
