// What the feeder writes to Postgres: one statement for many rows, whatever their number.

import { formatDecimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { columnsOf, quoted } from '../db/column.ts'
import type { Sql } from '../db/connect.ts'
import type { Candle } from './candle-book.ts'

/**
 * Writes one-minute candles over what stands there. A simulated candle never replaces one of the
 * venue's own. Whoever has swept beyond one of them sweeps from there again.
 */
export async function upsertCandles(sql: Sql, candles: readonly Candle[]): Promise<void> {
  if (candles.length === 0) return
  const column = columnsOf(candles)
  const first = new Date(Math.min(...candles.map(({ openAt }) => openAt)))
  await sql`
    WITH again AS (UPDATE sweeps SET swept_until = ${first} WHERE swept_until > ${first})
    INSERT INTO candles (ticker_id, interval, open_at, open, high, low, close, volume, simulated)
    SELECT ticker_id, '1m', open_at, open, high, low, close, volume, simulated FROM unnest(
      ${column((candle) => candle.tickerId)}::text[],
      ${column((candle) => new Date(candle.openAt).toISOString())}::timestamptz[],
      ${column((candle) => formatDecimal(candle.open))}::numeric[],
      ${column((candle) => formatDecimal(candle.high))}::numeric[],
      ${column((candle) => formatDecimal(candle.low))}::numeric[],
      ${column((candle) => formatDecimal(candle.close))}::numeric[],
      ${column((candle) => formatDecimal(candle.volume))}::numeric[],
      ${column((candle) => candle.simulated)}::boolean[]
    ) AS c(ticker_id, open_at, open, high, low, close, volume, simulated)
    ON CONFLICT (ticker_id, interval, open_at) DO UPDATE SET open = EXCLUDED.open,
      high = EXCLUDED.high, low = EXCLUDED.low, close = EXCLUDED.close,
      volume = EXCLUDED.volume, simulated = EXCLUDED.simulated
    WHERE candles.simulated OR NOT EXCLUDED.simulated`
}

/** The last event of each ticker, for when the bus has none. An older one never replaces a newer. */
export async function upsertQuotes(sql: Sql, events: readonly MarketEvent[]): Promise<void> {
  if (events.length === 0) return
  const column = columnsOf(events)
  await sql`
    INSERT INTO quotes (ticker_id, event, received_at)
    SELECT * FROM unnest(
      ${column((event) => event.ticker_id)}::text[],
      ${column((event) => quoted(JSON.stringify(event)))}::json[],
      ${column((event) => event.received_at)}::timestamptz[]
    )
    ON CONFLICT (ticker_id) DO UPDATE
      SET event = EXCLUDED.event, received_at = EXCLUDED.received_at
      WHERE quotes.received_at <= EXCLUDED.received_at`
}

/** The candles of one minute, to go on with after a restart. */
export async function loadMinute(
  sql: Sql,
  { tickerIds, openAt }: { tickerIds: readonly string[]; openAt: number },
): Promise<StoredCandle[]> {
  return sql<StoredCandle[]>`
    SELECT ticker_id, open, high, low, close, volume, simulated FROM candles
    WHERE ticker_id = ANY(${[...tickerIds]}) AND interval = '1m' AND open_at = ${new Date(openAt)}`
}

export type StoredCandle = {
  ticker_id: string
  open: string
  high: string
  low: string
  close: string
  volume: string
  simulated: boolean
}

/** When the venue's own last candle of each ticker opened, in UTC ms, of those since an instant. */
export async function lastCandles(
  sql: Sql,
  { tickerIds, sinceMs }: { tickerIds: readonly string[]; sinceMs: number },
): Promise<Map<string, number>> {
  const rows = await sql<{ ticker_id: string; open_at: Date }[]>`
    SELECT t.ticker_id, last.open_at FROM unnest(${[...tickerIds]}::text[]) AS t(ticker_id),
      LATERAL (
        SELECT open_at FROM candles
        WHERE ticker_id = t.ticker_id AND interval = '1m' AND NOT simulated
          AND open_at >= ${new Date(sinceMs)}
        ORDER BY open_at DESC LIMIT 1
      ) AS last`
  return new Map(rows.map(({ ticker_id, open_at }) => [ticker_id, open_at.getTime()]))
}
