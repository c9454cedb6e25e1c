// The ranges of the net worth's curve, in words, and how an instant is written in each.

import * as m from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'

/** The values of the contract, repeated with its type so that no schema library is loaded here. */
type Contract = typeof import('@motu/shared/contract/performance.ts')
export const HISTORY_RANGES: Contract['HISTORY_RANGES'] = ['1d', '1w', '1m', '3m', '1y', 'all']
export type Range = Contract['HISTORY_RANGES'][number]

const RANGE_TEXTS = {
  '1d': m.books_range_1d,
  '1w': m.books_range_1w,
  '1m': m.books_range_1m,
  '3m': m.books_range_3m,
  '1y': m.books_range_1y,
  all: m.books_range_all,
} satisfies Record<Range, () => string>

const DAY_MS = 86_400_000

export function rangeText(range: Range): string {
  return RANGE_TEXTS[range]()
}

/** An instant below the curve, in the viewer's zone: time, day or month, as its whole length asks. */
export function axisText(at: number, lengthMs: number): string {
  const isYears = lengthMs > 300 * DAY_MS
  const options: Intl.DateTimeFormatOptions =
    lengthMs <= DAY_MS * 1.1
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { ...(isYears ? { year: '2-digit' } : {}), month: 'numeric', day: 'numeric' }
  return new Intl.DateTimeFormat(getLocale(), options).format(new Date(at))
}

/** An instant of the curve in full, in the viewer's zone. */
export function pointText(at: number): string {
  return new Intl.DateTimeFormat(getLocale(), {
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at))
}

/** Digits at the edge of a curve: as few as are read at a glance, as many as there is room for. */
const AXIS_DIGITS = { min: 3, max: 8 }

/**
 * Won at the edge of a curve, among others: `1.0002억`, with as many digits as tell it from its
 * neighbours. A pixel's label, not money.
 */
export function axisWon(value: number, ticks: readonly number[]): string {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0)
  const digits = Math.ceil(Math.log10(Math.max(Math.abs(value) / step, 1))) + 2
  return new Intl.NumberFormat(getLocale(), {
    notation: 'compact',
    maximumSignificantDigits: Math.min(Math.max(digits, AXIS_DIGITS.min), AXIS_DIGITS.max),
  }).format(value)
}
