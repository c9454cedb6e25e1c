// A day as it stands in the tables: what everyone was worth at its borders, and what he traded in it.

import { decimal, DECIMAL_MAX, formatDecimal } from '@motu/shared/decimal.ts'
import { quotedInstruments } from '@motu/shared/instrument.ts'
import { columnsOf } from '../db/column.ts'
import type { Sql } from '../db/connect.ts'
import type { Contestant } from './figures.ts'

/** From one instant up to, and without, another. */
export type Span = { readonly fromMs: number; readonly toMs: number }

export type Day = {
  readonly contestants: readonly Contestant[]
  /** Somebody's worth was taken at its end or later: what will be compared does not change any more. */
  readonly isMeasured: boolean
}

type Row = {
  user_id: string
  nickname: string
  began_at: Date
  began_net: string
  began_in: string
  ended_at: Date
  ended_net: string
  ended_in: string
  notional_krw: string
  trade_count: number
  is_measured: boolean
}

/**
 * Everyone who had an account before the day was over, and may come in. A border is the point that was
 * taken at it; where home was dark then, the nearest one. The next day begins with the same one, so that
 * every won of profit belongs to one day. Who joined during the day began with his first.
 */
export async function readDay(sql: Sql, { fromMs, toMs }: Span): Promise<Day> {
  const [from, to] = [new Date(fromMs), new Date(toMs)]
  const nearest = (at: Date) => sql`
    LATERAL (
      SELECT at, net_worth_krw, deposited_krw FROM (
        (SELECT at, net_worth_krw, deposited_krw FROM net_worth_points n
          WHERE n.partition = w.partition AND n.user_id = w.user_id AND n.at <= ${at}
          ORDER BY n.at DESC LIMIT 1)
        UNION ALL
        (SELECT at, net_worth_krw, deposited_krw FROM net_worth_points n
          WHERE n.partition = w.partition AND n.user_id = w.user_id AND n.at > ${at}
          ORDER BY n.at LIMIT 1)) c
      ORDER BY abs(extract(epoch FROM c.at - ${at}::timestamptz)), c.at LIMIT 1)`
  const rows = await sql<Row[]>`
    SELECT w.user_id, u.nickname,
      b.at AS began_at, b.net_worth_krw AS began_net, b.deposited_krw AS began_in,
      e.at AS ended_at, e.net_worth_krw AS ended_net, e.deposited_krw AS ended_in,
      coalesce(t.notional_krw, 0) AS notional_krw, coalesce(t.trade_count, 0) AS trade_count,
      EXISTS (SELECT 1 FROM net_worth_points n WHERE n.partition = w.partition
        AND n.user_id = w.user_id AND n.at >= ${to}) AS is_measured
    FROM wallets w
    JOIN users u ON u.id = w.user_id AND u.disabled_at IS NULL
    CROSS JOIN ${nearest(from)} b
    CROSS JOIN ${nearest(to)} e
    LEFT JOIN (
      SELECT partition, user_id, count(DISTINCT order_id)::int AS trade_count,
        least(sum(notional_krw), ${formatDecimal(DECIMAL_MAX)}::numeric) AS notional_krw
      FROM fills WHERE filled_at >= ${from} AND filled_at < ${to}
      GROUP BY partition, user_id) t ON t.partition = w.partition AND t.user_id = w.user_id
    WHERE u.created_at < ${to}`
  return {
    contestants: rows.map(contestantOf),
    isMeasured: rows.some(({ is_measured }) => is_measured),
  }
}

function contestantOf(row: Row): Contestant {
  return {
    userId: row.user_id,
    nickname: row.nickname,
    began: {
      atMs: row.began_at.getTime(),
      netKrw: decimal(row.began_net),
      putInKrw: decimal(row.began_in),
    },
    ended: {
      atMs: row.ended_at.getTime(),
      netKrw: decimal(row.ended_net),
      putInKrw: decimal(row.ended_in),
    },
    notionalKrw: decimal(row.notional_krw),
    tradeCount: row.trade_count,
  }
}

/**
 * Whether a day's figures are made of prices that were not the market's: no feed of it was real, a fill
 * was at a simulated price, or somebody holds what is priced so.
 */
export async function isSimulated(sql: Sql, { fromMs, toMs }: Span): Promise<boolean> {
  const [from, to] = [new Date(fromMs), new Date(toMs)]
  const tickers = columnsOf(quotedInstruments())(({ tickerId }) => tickerId)
  const [row] = await sql<{ simulated: boolean }[]>`
    SELECT NOT EXISTS (
        SELECT 1 FROM unnest(${tickers}::text[]) AS t(ticker_id) CROSS JOIN LATERAL (
          SELECT 1 FROM candles c WHERE c.ticker_id = t.ticker_id AND c.interval = '1m'
            AND c.open_at >= ${from} AND c.open_at < ${to} AND NOT c.simulated LIMIT 1) real)
      OR EXISTS (
        SELECT 1 FROM fills WHERE filled_at >= ${from} AND filled_at < ${to}
          AND coalesce((evidence->'event'->>'simulated')::boolean, true))
      OR EXISTS (
        SELECT 1 FROM (SELECT DISTINCT ticker_id FROM portfolios WHERE quantity > 0) h
        CROSS JOIN LATERAL (
          SELECT c.simulated FROM candles c WHERE c.ticker_id = h.ticker_id AND c.interval = '1m'
            AND c.open_at < ${to} ORDER BY c.open_at DESC LIMIT 1) last
        WHERE last.simulated)
      AS simulated`
  return row!.simulated
}
