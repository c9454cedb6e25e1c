// The last known quotes, and candles.

import type { CandleInterval, CandleRow, MarketEvent } from '@motu/shared/market-data.ts'
import { CANDLE_INTERVAL_MS } from '@motu/shared/market-data.ts'
import type { Zone } from '@motu/shared/venues/zone.ts'
import type { Bus } from '../../bus/bus.ts'
import type { Sql } from '../../db/connect.ts'
import type { Log } from '../../log.ts'

/** The last event of each ticker: from the bus, else what the feeder wrote down last. */
export async function lastEvents(
  { bus, sql, log }: { bus: Bus; sql: Sql; log: Log },
  tickerIds: readonly string[],
): Promise<Map<string, MarketEvent>> {
  if (tickerIds.length === 0) return new Map()
  const events = await bus.readPrices(tickerIds).catch((error: unknown) => {
    log.warn({ err: error }, 'prices come from the database: the bus is away')
    return new Map<string, MarketEvent>()
  })
  const missing = tickerIds.filter((tickerId) => !events.has(tickerId))
  if (missing.length === 0) return events
  const rows = await sql<{ ticker_id: string; event: MarketEvent }[]>`
    SELECT ticker_id, event FROM quotes WHERE ticker_id IN ${sql(missing)}`
  for (const row of rows) events.set(row.ticker_id, row.event)
  return events
}

type CandleQuery = {
  interval: CandleInterval
  zone: Zone
  fromMs: number
  toMs: number
  limit: number
}

type CandleRecord = Record<'open' | 'high' | 'low' | 'close' | 'volume', string> & {
  open_ms: string
  simulated: boolean
}

/**
 * Candles of any interval, put together from those of a minute; the newest `limit`, oldest first. A
 * daily candle is a date of `zone`, the venue's: it opens at its midnight, and a day on which the clock
 * is changed has 23 or 25 hours. Days whose minutes are gone are kept as one candle each.
 */
export async function listCandles(
  sql: Sql,
  tickerId: string,
  { interval, zone, fromMs, toMs, limit }: CandleQuery,
): Promise<{ candles: CandleRow[]; simulated: boolean }> {
  const seconds = CANDLE_INTERVAL_MS[interval] / 1000
  // Every zone is whole hours away from UTC: shorter intervals are the same in all of them.
  const bucket =
    interval === '1d'
      ? sql`date_trunc('day', open_at, ${zone})`
      : sql`date_bin(make_interval(secs => ${seconds}), open_at, 'epoch'::timestamptz)`
  const kept = interval === '1d' ? ['1m', '1d'] : ['1m']
  const rows = await sql<CandleRecord[]>`
    SELECT (extract(epoch FROM bucket) * 1000)::bigint::text AS open_ms,
      (array_agg(open ORDER BY open_at))[1] AS open, max(high) AS high, min(low) AS low,
      (array_agg(close ORDER BY open_at DESC))[1] AS close, sum(volume) AS volume,
      bool_or(simulated) AS simulated
    FROM (
      SELECT *, ${bucket} AS bucket
      FROM candles
      WHERE ticker_id = ${tickerId} AND interval IN ${sql(kept)}
        AND open_at >= ${new Date(fromMs)} AND open_at < ${new Date(toMs)}) minutes
    GROUP BY bucket ORDER BY bucket DESC LIMIT ${limit}`
  const candles = rows
    .reverse()
    .map((row): CandleRow => [
      Number.parseInt(row.open_ms, 10),
      shortest(row.open),
      shortest(row.high),
      shortest(row.low),
      shortest(row.close),
      shortest(row.volume),
    ])
  return { candles, simulated: rows.some((row) => row.simulated) }
}

/** The shortest text of a numeric; a sum may have more digits than a decimal. */
export function shortest(numeric: string): string {
  return numeric.includes('.') ? numeric.replace(/\.?0+$/, '') : numeric
}
