// Tells the alerts that prices have met: one statement for all of them. Whichever process finds
// `told_at` still empty tells it; with the row's lock no other one does.

import { formatDecimal } from '@motu/shared/decimal.ts'
import type { AlertEvent } from '@motu/shared/upstream.ts'
import { columnsOf, quoted } from '../db/column.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import { type AlertRow, viewAlert } from '../db/price-alert-view.ts'
import type { SeenPrice } from './recent-prices.ts'

type ToldRow = AlertRow & { user_id: string }

const told = (rows: readonly ToldRow[]): AlertEvent[] =>
  rows.map(({ user_id, ...row }) => ({ user_id, alert: viewAlert(row) }))

/**
 * Tells every alert that one of these prices met after it was made, with the first that did. Per price
 * two ranges of the index are read: the lines below it, and those above. `OFFSET 0` holds Postgres to
 * that: before its first ANALYZE it would rather compare every price with every alert.
 */
export async function tellMet(sql: Sql, prices: readonly SeenPrice[]): Promise<AlertEvent[]> {
  if (prices.length === 0) return []
  const column = columnsOf(prices)
  const rows = await sql<ToldRow[]>`
    WITH seen AS (
      SELECT * FROM unnest(
        ${column(({ tickerId }) => quoted(tickerId))}::text[],
        ${column(({ atMs }) => new Date(atMs).toISOString())}::timestamptz[],
        ${column(({ price }) => formatDecimal(price))}::numeric[]
      ) WITH ORDINALITY AS s(ticker_id, at, price, n)
    ), met AS (
      SELECT a.partition, a.user_id, a.id, a.created_at, s.at, s.price, s.n
      FROM seen s CROSS JOIN LATERAL (
        SELECT * FROM price_alerts a WHERE a.told_at IS NULL AND a.ticker_id = s.ticker_id
          AND a.condition = 'ABOVE' AND a.price <= s.price AND a.created_at < s.at OFFSET 0
      ) AS a
      UNION ALL
      SELECT a.partition, a.user_id, a.id, a.created_at, s.at, s.price, s.n
      FROM seen s CROSS JOIN LATERAL (
        SELECT * FROM price_alerts a WHERE a.told_at IS NULL AND a.ticker_id = s.ticker_id
          AND a.condition = 'BELOW' AND a.price >= s.price AND a.created_at < s.at OFFSET 0
      ) AS a
    ), first AS (
      SELECT DISTINCT ON (partition, user_id, id) * FROM met ORDER BY partition, user_id, id, at, n
    )
    UPDATE price_alerts a SET told_at = f.at, told_price = f.price FROM first f
    WHERE a.partition = f.partition AND a.user_id = f.user_id AND a.id = f.id
      AND a.created_at = f.created_at AND a.told_at IS NULL
    RETURNING a.user_id, a.id, a.ticker_id, a.condition, a.price, a.currency, a.note,
      a.created_at, a.told_at, a.told_price`
  return told(rows)
}

const SWEEP = 'price_alerts'
/** What one statement looks at: a day of candles of everything that is quoted takes a second. */
const SWEPT_AT_ONCE_MS = 24 * 60 * 60 * 1_000
/** A minute's candle is whole by then, and who saw its prices themselves has told them exactly. */
export const SWEEP_LAG_MS = 65_000

export type Swept = { told: AlertEvent[]; isWhole: boolean }

/**
 * Tells what only the candles know: what happened while nobody looked. Goes on where the last sweep
 * ended, this process's or another's; candles that are written later than that take it back to where
 * they begin (`upsertCandles`). A candle says of no price when in its minute it was: those of the
 * minute an alert was made in do not count for it, and `told_at` is when the minute began.
 */
export async function sweepCandles(sql: Sql, nowMs: number): Promise<Swept> {
  await sql`
    INSERT INTO sweeps (name, swept_until) VALUES (${SWEEP}, ${new Date(nowMs - SWEEP_LAG_MS)})
    ON CONFLICT DO NOTHING`
  return sql.begin(async (tx) => {
    const [place] = await tx<{ swept_until: Date }[]>`
      SELECT swept_until FROM sweeps WHERE name = ${SWEEP} FOR UPDATE SKIP LOCKED`
    // Another process is at it.
    if (!place) return { told: [], isWhole: true }
    const fromMs = place.swept_until.getTime()
    const endMs = nowMs - SWEEP_LAG_MS
    if (endMs <= fromMs) return { told: [], isWhole: true }
    const untilMs = Math.min(endMs, fromMs + SWEPT_AT_ONCE_MS)
    const found = await tellByCandles(tx, { fromMs, untilMs })
    await tx`UPDATE sweeps SET swept_until = ${new Date(untilMs)} WHERE name = ${SWEEP}`
    return { told: found, isWhole: untilMs === endMs }
  })
}

/** Of the candles that opened from one instant on, and before the other. */
async function tellByCandles(
  tx: Transaction,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): Promise<AlertEvent[]> {
  const rows = await tx<ToldRow[]>`
    WITH watched AS (
      SELECT DISTINCT ticker_id FROM price_alerts WHERE told_at IS NULL
    ), candle AS (
      SELECT c.* FROM watched w CROSS JOIN LATERAL (
        SELECT * FROM candles c WHERE c.ticker_id = w.ticker_id AND c.interval = '1m'
          AND c.open_at >= ${new Date(fromMs)} AND c.open_at < ${new Date(untilMs)} OFFSET 0
      ) AS c
    ), met AS (
      SELECT a.partition, a.user_id, a.id, a.created_at, c.open_at,
        CASE WHEN c.open >= a.price THEN c.open ELSE c.high END AS price
      FROM candle c CROSS JOIN LATERAL (
        SELECT * FROM price_alerts a WHERE a.told_at IS NULL AND a.ticker_id = c.ticker_id
          AND a.condition = 'ABOVE' AND a.price <= c.high AND a.created_at <= c.open_at OFFSET 0
      ) AS a
      UNION ALL
      SELECT a.partition, a.user_id, a.id, a.created_at, c.open_at,
        CASE WHEN c.open <= a.price THEN c.open ELSE c.low END
      FROM candle c CROSS JOIN LATERAL (
        SELECT * FROM price_alerts a WHERE a.told_at IS NULL AND a.ticker_id = c.ticker_id
          AND a.condition = 'BELOW' AND a.price >= c.low AND a.created_at <= c.open_at OFFSET 0
      ) AS a
    ), first AS (
      SELECT DISTINCT ON (partition, user_id, id) * FROM met ORDER BY partition, user_id, id, open_at
    )
    UPDATE price_alerts a SET told_at = f.open_at, told_price = f.price FROM first f
    WHERE a.partition = f.partition AND a.user_id = f.user_id AND a.id = f.id
      AND a.created_at = f.created_at AND a.told_at IS NULL
    RETURNING a.user_id, a.id, a.ticker_id, a.condition, a.price, a.currency, a.note,
      a.created_at, a.told_at, a.told_price`
  return told(rows)
}
