// Pure: no I/O, no clock, no randomness.
// Puts candles together: pages of history, the newest ones fetched again, and the last one, which
// quotes keep going until the server's own candle replaces it.

import { decimal } from '@motu/shared/decimal.ts'
import type { Venue } from '@motu/shared/instrument.ts'
import type { CandleInterval, CandleRow, Quote } from '@motu/shared/market-data.ts'
import { dayNumberAt, instantOf, type Zone } from '@motu/shared/venues/zone.ts'

export const INTERVAL_MS: Readonly<Record<CandleInterval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
}

/** Where a venue's days begin. Upbit counts the day of a coin in UTC. */
export const VENUE_ZONES: Readonly<Record<Venue, Zone>> = {
  KRX: 'Asia/Seoul',
  US: 'America/New_York',
  CRYPTO: 'UTC',
}

/** What decides where a candle begins. */
export type CandleGrid = { readonly interval: CandleInterval; readonly zone: Zone }

/** When the candle began that an instant falls into, in ms: a day's by the venue's date. */
export function opensAtOf(ms: number, { interval, zone }: CandleGrid): number {
  if (interval === '1d') return instantOf(zone, dayNumberAt(zone, ms), 0)
  return Math.floor(ms / INTERVAL_MS[interval]) * INTERVAL_MS[interval]
}

/**
 * The candle a quote falls into: the last one grown, or the next one begun. Null for a quote that
 * is older than the last candle. A quote says nothing about volume, so that stays as fetched.
 */
export function withQuote(
  last: CandleRow,
  quote: Pick<Quote, 'price' | 'received_at'>,
  grid: CandleGrid,
): CandleRow | null {
  const opensAt = opensAtOf(Date.parse(quote.received_at), grid)
  const [lastOpensAt, open, high, low, close, volume] = last
  const { price } = quote
  // The server may begin a day elsewhere: what matters is which day a candle is of.
  const heldAt = opensAtOf(lastOpensAt, grid)
  if (opensAt < heldAt) return null
  if (opensAt > heldAt) {
    return [opensAt, close, larger(close, price), smaller(close, price), price, '0']
  }
  return [lastOpensAt, open, larger(high, price), smaller(low, price), price, volume]
}

/**
 * One candle of two views of it: the server's knows the volume, the one formed here the last price,
 * because quotes went on while the answer was under way.
 */
export function grownTo(theirs: CandleRow, formed: CandleRow): CandleRow {
  const [opensAt, open, high, low, , volume] = theirs
  return [opensAt, open, larger(high, formed[2]), smaller(low, formed[3]), formed[4], volume]
}

/**
 * One history of two overlapping ones, oldest first: `newer` counts from where it begins on, and
 * what it does not reach is kept.
 */
export function joinHistory(
  older: readonly CandleRow[],
  newer: readonly CandleRow[],
): readonly CandleRow[] {
  const from = newer[0]?.[0]
  if (from === undefined) return older
  const kept = older.findIndex(([opensAt]) => opensAt >= from)
  if (kept === -1) return [...older, ...newer]
  const last = newer.at(-1)![0]
  return [...older.slice(0, kept), ...newer, ...older.filter(([opensAt]) => opensAt > last)]
}

function larger(a: string, b: string): string {
  return decimal(a) >= decimal(b) ? a : b
}

function smaller(a: string, b: string): string {
  return decimal(a) <= decimal(b) ? a : b
}
