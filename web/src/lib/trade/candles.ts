// Pure: no I/O, no clock, no randomness.
// The last candle, kept going by quotes until the server's own candle replaces it.

import { decimal } from '@motu/shared/decimal.ts'
import type { CandleInterval, CandleRow, Quote } from '@motu/shared/market-data.ts'

export const INTERVAL_MS: Readonly<Record<CandleInterval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
}

/**
 * The candle a quote falls into: the last one grown, or the next one begun. Null for a quote that
 * is older than the last candle. A quote says nothing about volume, so that stays as fetched.
 */
export function withQuote(
  last: CandleRow,
  quote: Pick<Quote, 'price' | 'received_at'>,
  interval: CandleInterval,
): CandleRow | null {
  const length = INTERVAL_MS[interval]
  const opensAt = Math.floor(Date.parse(quote.received_at) / length) * length
  const [lastOpensAt, open, high, low, close, volume] = last
  const { price } = quote
  if (opensAt < lastOpensAt) return null
  if (opensAt > lastOpensAt) {
    return [opensAt, close, larger(close, price), smaller(close, price), price, '0']
  }
  return [lastOpensAt, open, larger(high, price), smaller(low, price), price, volume]
}

function larger(a: string, b: string): string {
  return decimal(a) >= decimal(b) ? a : b
}

function smaller(a: string, b: string): string {
  return decimal(a) <= decimal(b) ? a : b
}
