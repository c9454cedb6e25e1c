// Candles of a day, by the venue's own date. A minute is kept for a week; then it goes into the candle
// of its day, which is kept for as long as Motu is: the 52 weeks and the daily chart are made of those.

import { type Venue, VENUES } from '@motu/shared/instrument.ts'
import { VENUE_ZONES, type Zone } from '@motu/shared/venues/zone.ts'
import type { Sql } from '../db/connect.ts'

/** One-minute candles are kept at least this long; longer ones are added up from them when read. */
export const CANDLE_RETENTION_DAYS = 7
/** As a volume can be written: of a coin worth a thousandth of a won more may be traded in a day. */
const VOLUME_MAX = '999999999999.99999999'

/** Whose dates a ticker goes by; the exchange rate has no venue, its day is that of the coins. */
const ZONES: Readonly<Record<Venue | 'FX', Zone>> = { ...VENUE_ZONES, FX: 'UTC' }
const MARKETS = [...VENUES, 'FX'] as const

/**
 * Puts the minutes of whole days that are older than minutes are kept into a candle a day, and deletes
 * them: one statement, so that each minute is in one of the two and counted once. A minute that comes
 * later still is added to its day. Answers how many minutes went.
 */
export async function foldDays(sql: Sql, nowMs: number): Promise<number> {
  const oldest = new Date(nowMs - CANDLE_RETENTION_DAYS * 86_400_000)
  const [row] = await sql<{ count: number }[]>`
    WITH market AS (
      SELECT name, zone, date_trunc('day', ${oldest}::timestamptz, zone) AS kept_from
      FROM unnest(${[...MARKETS]}::text[], ${MARKETS.map((market) => ZONES[market])}::text[])
        AS m(name, zone)
    ), gone AS (
      DELETE FROM candles c USING market m
      WHERE c.interval = '1m' AND c.open_at < m.kept_from
        AND split_part(c.ticker_id, '-', 1) = m.name
      RETURNING c.*, date_trunc('day', c.open_at, m.zone) AS day
    ), folded AS (
      INSERT INTO candles AS d (ticker_id, interval, open_at, open, high, low, close, volume, simulated)
      SELECT ticker_id, '1d', day, (array_agg(open ORDER BY open_at))[1], max(high), min(low),
        (array_agg(close ORDER BY open_at DESC))[1], least(sum(volume), ${VOLUME_MAX}::numeric),
        bool_or(simulated)
      FROM gone GROUP BY ticker_id, day
      ON CONFLICT (ticker_id, interval, open_at) DO UPDATE SET
        high = greatest(d.high, EXCLUDED.high), low = least(d.low, EXCLUDED.low),
        volume = least(d.volume + EXCLUDED.volume, ${VOLUME_MAX}::numeric),
        simulated = d.simulated OR EXCLUDED.simulated
    )
    SELECT count(*)::int AS count FROM gone`
  return row!.count
}
