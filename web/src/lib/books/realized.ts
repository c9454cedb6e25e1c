// Pure: no I/O, no clock, no randomness.
// Realised profit by day: sums, and bars for a small drawing.

import type { RealizedDay } from '@motu/shared/contract/performance.ts'
import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import { dateOf } from '@motu/shared/venues/calendar-date.ts'
import { dayNumberAt } from '@motu/shared/venues/zone.ts'

export type RealizedSum = {
  readonly priceKrw: Decimal
  readonly fxKrw: Decimal
  readonly feesKrw: Decimal
  /** Price and exchange rate together, fees apart: what sells realised. */
  readonly grossKrw: Decimal
  /** After fees and taxes. */
  readonly netKrw: Decimal
}

/** One day's figures, or those of several together. */
export function sumOf(days: readonly RealizedDay[]): RealizedSum {
  const total = (of: (day: RealizedDay) => string): Decimal =>
    days.reduce((sum, day) => sum + decimal(of(day)), 0n)
  const priceKrw = total(({ price_pnl_krw }) => price_pnl_krw)
  const fxKrw = total(({ fx_pnl_krw }) => fx_pnl_krw)
  const feesKrw = total(({ fees_krw }) => fees_krw)
  const grossKrw = priceKrw + fxKrw
  return { priceKrw, fxKrw, feesKrw, grossKrw, netKrw: grossKrw - feesKrw }
}

export type Bar = {
  readonly date: string
  readonly netKrw: Decimal
  /** Of the largest bar, 0 to 100. */
  readonly percent: number
}

/** One bar a day, oldest first, as long as its net profit or loss is beside the largest. */
export function barsOf(days: readonly RealizedDay[]): Bar[] {
  const nets = days.map((day) => ({ date: day.date, netKrw: sumOf([day]).netKrw })).reverse()
  const size = (value: Decimal): Decimal => (value < 0n ? -value : value)
  const largest = nets.reduce((most, { netKrw }) => (size(netKrw) > most ? size(netKrw) : most), 1n)
  return nets.map(({ date, netKrw }) => ({
    ...{ date, netKrw },
    percent: Number((size(netKrw) * 100n) / largest),
  }))
}

/** The dates of Seoul from `days` days ago until today. */
export function lastDays(now: number, days: number): { from: string; to: string } {
  const today = dayNumberAt('Asia/Seoul', now)
  return { from: dateOf(today - days), to: dateOf(today) }
}
