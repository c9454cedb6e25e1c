// Pure: no I/O, no clock, no randomness.
// The figures of a day with the live price in them: a new high is one at once.

import type { MarketDay } from '@motu/shared/contract/market-day.ts'
import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { MarketPhase } from '@motu/shared/market-data.ts'

export type DayFigures = {
  readonly basePrice: Decimal
  readonly open: Decimal | null
  readonly high: Decimal | null
  readonly low: Decimal | null
  /** As the server wrote it: sums of a day may be larger than a decimal holds. */
  readonly volume: string
  readonly turnover: string
  readonly limits: { readonly upper: Decimal; readonly lower: Decimal } | null
  readonly yearHigh: Decimal
  readonly yearLow: Decimal
  /** Where the price stands between the lowest and the highest of 52 weeks, 0 to 1. */
  readonly yearShare: number
  readonly phase: MarketPhase
  readonly strength: Decimal | null
}

/** `price` is the live one; null while there is none. */
export function dayFigures(day: MarketDay, price: string | null): DayFigures {
  const now = decimal(price ?? day.price)
  const low = atMost(day.low, now)
  const high = atLeast(day.high, now)
  const yearHigh = larger(decimal(day.year_high), now)
  const yearLow = smaller(decimal(day.year_low), now)
  const { upper_limit: upper, lower_limit: lower } = day
  return {
    basePrice: decimal(day.base_price),
    open: day.open === null ? null : decimal(day.open),
    ...{ high, low, yearHigh, yearLow },
    volume: day.volume,
    turnover: day.turnover,
    limits:
      upper === null || lower === null ? null : { upper: decimal(upper), lower: decimal(lower) },
    yearShare:
      yearHigh === yearLow
        ? 0.5
        : Number(((now - yearLow) * 1_000n) / (yearHigh - yearLow)) / 1_000,
    phase: day.phase,
    strength: day.strength_pct === null ? null : decimal(day.strength_pct),
  }
}

const larger = (a: Decimal, b: Decimal): Decimal => (a > b ? a : b)
const smaller = (a: Decimal, b: Decimal): Decimal => (a < b ? a : b)
const atLeast = (text: string | null, now: Decimal): Decimal | null =>
  text === null ? null : larger(decimal(text), now)
const atMost = (text: string | null, now: Decimal): Decimal | null =>
  text === null ? null : smaller(decimal(text), now)
