// What every account is worth, in one statement: the same figures as the portfolio shows. And what was
// written of it over time.

import type { HistoryRange, NetWorthHistory } from '@motu/shared/contract/performance.ts'
import { HISTORY_POINTS_MAX } from '@motu/shared/contract/performance.ts'
import { decimal, DECIMAL_MAX, formatDecimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DAY_MS, dayBegins } from '@motu/shared/seoul-days.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { Bus } from '../../bus/bus.ts'
import { columnsOf } from '../../db/column.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import type { Log } from '../../log.ts'
import { lastEvents } from './market.ts'
import { midOf, readPortfolio } from './portfolio.ts'

const HOUR_MS = 60 * 60 * 1_000
/** How long a point of each kind is kept: five-minute ones, the first of an hour; a day's for ever. */
const KEPT_MS = [2 * DAY_MS, 92 * DAY_MS] as const
/** Rows at a time: nobody waits behind a long delete. */
export const POINTS_PER_DELETE = 10_000
/** Any constant will do, as long as nothing else locks it. */
const SNAPSHOT_LOCK = 7_301_008

export type Sources = { readonly bus: Bus; readonly sql: Sql; readonly log: Log }

/** Mids of what anyone holds, as columns for SQL, and won for a dollar. */
export type Mids = {
  readonly tickers: string
  readonly prices: string
  readonly rate: string | null
}

/** The prices everyone is valued at now. */
export async function readMids(sources: Sources): Promise<Mids> {
  const held = await sources.sql<{ ticker_id: string }[]>`
    SELECT DISTINCT ticker_id FROM portfolios WHERE quantity > 0`
  const events = await lastEvents(sources, [...held.map((row) => row.ticker_id), USD_KRW])
  const rate = midOf(events.get(USD_KRW))
  const priced = held.flatMap(({ ticker_id: tickerId }) => {
    const mid = midOf(events.get(tickerId))
    return mid === null ? [] : [{ tickerId, mid }]
  })
  const column = columnsOf(priced)
  return {
    tickers: column((one) => one.tickerId),
    prices: column((one) => formatDecimal(one.mid)),
    rate: rate === null ? null : formatDecimal(rate),
  }
}

/**
 * Every wallet's `net_worth_krw`: cash, held money and positions at the mid, each cut to the eighth
 * place as `portfolio.ts` does; one without a price, or a rate for its currency, counts at its cost.
 * No more than a column holds: one account must not keep all others from being written.
 */
export function worthOfAll(sql: Sql | Transaction, { tickers, prices, rate }: Mids) {
  return sql`
    SELECT w.partition, w.user_id,
      least(w.balance_krw + coalesce(p.worth, 0), ${formatDecimal(DECIMAL_MAX)}::numeric)
        AS net_worth_krw
    FROM wallets w
    LEFT JOIN (
      SELECT h.partition, h.user_id, sum(CASE
          WHEN m.mid IS NULL THEN h.cost_krw
          WHEN h.currency = 'KRW' THEN trunc(m.mid * h.quantity, 8)
          WHEN ${rate}::numeric IS NULL THEN h.cost_krw
          ELSE trunc(trunc(m.mid * h.quantity, 8) * ${rate}::numeric, 8) END) AS worth
      FROM portfolios h
      LEFT JOIN unnest(${tickers}::text[], ${prices}::numeric[]) AS m(ticker_id, mid)
        ON m.ticker_id = h.ticker_id
      WHERE h.quantity > 0 GROUP BY h.partition, h.user_id) p
      ON p.partition = w.partition AND p.user_id = w.user_id`
}

/** What was put into account `w` from outside, less what was taken out: grants, adjustments. */
export function depositedOf(sql: Sql | Transaction) {
  return sql`
    LATERAL (
      SELECT coalesce(sum(CASE g.debit_account WHEN 'CASH' THEN g.amount ELSE -g.amount END), 0)
        AS deposited_krw
      FROM ledger_entries g
      WHERE g.partition = w.partition AND g.user_id = w.user_id
        AND g.kind NOT IN ('fill', 'fee', 'tax', 'split')
        AND 'GRANT' IN (g.debit_account, g.credit_account)) d`
}

/**
 * Writes what everyone is worth down, once for a slot: a second process, or a second run, writes
 * nothing. The first point of an hour, and of a day of Seoul, is kept longer. Answers how many.
 */
export async function takeSnapshot(sources: Sources, slotMs: number): Promise<number> {
  const mids = await readMids(sources)
  const [slot, hour, day] = [slotMs, slotMs - (slotMs % HOUR_MS), dayBegins(slotMs)].map(
    (ms) => new Date(ms),
  )
  return sources.sql.begin(async (tx) => {
    const [lock] = await tx<{ is_mine: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(${SNAPSHOT_LOCK}) AS is_mine`
    if (!lock!.is_mine) return 0
    const written = await tx`
      INSERT INTO net_worth_points (partition, user_id, at, net_worth_krw, deposited_krw, keep)
      SELECT w.partition, w.user_id, ${slot!}, w.net_worth_krw, d.deposited_krw,
        CASE WHEN l.at IS NULL OR l.at < ${day!} THEN 2 WHEN l.at < ${hour!} THEN 1 ELSE 0 END
      FROM (${worthOfAll(tx, mids)}) w
      CROSS JOIN ${depositedOf(tx)}
      LEFT JOIN LATERAL (
        SELECT at FROM net_worth_points n
        WHERE n.partition = w.partition AND n.user_id = w.user_id ORDER BY at DESC LIMIT 1) l ON true
      WHERE l.at IS NULL OR l.at < ${slot!}
      ON CONFLICT DO NOTHING`
    return written.count
  })
}

/** Removes points whose time is over, some at a time; answers how many. */
export async function thinPoints(sql: Sql, nowMs: number): Promise<number> {
  let removed = 0
  for (const [keep, keptMs] of KEPT_MS.entries()) {
    for (let count = POINTS_PER_DELETE; count === POINTS_PER_DELETE; removed += count) {
      const gone = await sql`
        DELETE FROM net_worth_points WHERE ctid = ANY(ARRAY(
          SELECT ctid FROM net_worth_points
          WHERE keep < 2 AND keep = ${keep} AND at < ${new Date(nowMs - keptMs)}
          LIMIT ${POINTS_PER_DELETE}))`
      count = gone.count
    }
  }
  return removed
}

const RANGE_DAYS: Readonly<Record<HistoryRange, number | null>> = {
  ...{ '1d': 1, '1w': 7, '1m': 30, '3m': 91, '1y': 365, all: null },
}

type PointRow = { at: Date; net_worth_krw: string; deposited_krw: string }

/**
 * An account's worth over time, evenly thinned: the first point of each of equal parts of the time.
 * The newest is what the portfolio shows now. Null for a user without a wallet.
 */
export async function readHistory(
  sources: Sources,
  userId: string,
  { range, nowMs }: { range: HistoryRange; nowMs: number },
): Promise<NetWorthHistory | null> {
  const { sql } = sources
  const partition = partitionOf(userId)
  const days = RANGE_DAYS[range]
  const from = new Date(days === null ? 0 : nowMs - days * DAY_MS)
  // The last point of all falls into a part of its own; and one is now.
  const parts = HISTORY_POINTS_MAX - 2
  const [portfolio, [now], rows] = await Promise.all([
    readPortfolio(sources, userId, nowMs),
    sql<{ deposited_krw: string }[]>`
      SELECT d.deposited_krw FROM (SELECT ${partition}::smallint AS partition,
        ${userId}::uuid AS user_id) w CROSS JOIN ${depositedOf(sql)}`,
    sql<PointRow[]>`
      SELECT DISTINCT ON (part) at, net_worth_krw, deposited_krw
      FROM (
        SELECT at, net_worth_krw, deposited_krw, CASE WHEN first = last THEN 0 ELSE
          width_bucket(extract(epoch FROM at), extract(epoch FROM first), extract(epoch FROM last),
            ${parts}) END AS part
        FROM (
          SELECT *, min(at) OVER () AS first, max(at) OVER () AS last FROM net_worth_points
          WHERE partition = ${partition} AND user_id = ${userId}
            AND at >= ${from} AND at < ${new Date(nowMs)}) span) parted
      ORDER BY part, at`,
  ])
  if (!portfolio) return null
  const shortest = (text: string): string => formatDecimal(decimal(text))
  return {
    points: [
      ...rows.map((row): NetWorthHistory['points'][number] => [
        row.at.getTime(),
        shortest(row.net_worth_krw),
        shortest(row.deposited_krw),
      ]),
      [nowMs, portfolio.equity_krw, shortest(now!.deposited_krw)],
    ],
    as_of: portfolio.as_of,
  }
}
