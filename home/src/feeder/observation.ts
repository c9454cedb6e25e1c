// Pure: no I/O, no clock, no randomness.
// One look at one ticker: a market event before its feeder has numbered it.

import { type Decimal, divide, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'

export type Observation = Omit<MarketEvent, 'epoch' | 'seq'>

/** The change against the base price in percent, two decimals. */
export function changePercent(price: Decimal, basePrice: Decimal): string {
  const hundredths = divide((price - basePrice) * 10_000n, basePrice, 'half_even')
  return formatDecimal((hundredths * SCALE) / 100n)
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
