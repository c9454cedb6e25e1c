// Pure: no I/O, no clock, no randomness.
// What KRX asks of an order: ticks, the daily band, the commission.

import { type Decimal, decimal, multiply, toStep } from '../../decimal.ts'
import { tickAt, tickLadder } from '../tick-ladder.ts'

/** KOSPI, KOSDAQ and KONEX alike since 2023-01-25 (KRX business regulations, tick sizes). */
export const KRX_TICKS = tickLadder(
  ['500000', '1000'],
  ['200000', '500'],
  ['50000', '100'],
  ['20000', '50'],
  ['5000', '10'],
  ['2000', '5'],
  ['0', '1'],
)

/** BanKIS online commission of Korea Investment & Securities, both sides. */
export const KRX_COMMISSION_PERCENT: Decimal = decimal('0.0140527')

/** 30 % of the base price since 2015-06-15 (KRX business regulations). */
const BAND_WIDTH: Decimal = decimal('0.3')

/**
 * The day's upper and lower price limit. The width is 30 % of the base price, floored to the tick
 * of the base price; the upper limit is floored and the lower one raised to a tick of its own.
 * Checked with Samsung Electronics in November 2024: base 54,200 gives 70,400 and 38,000.
 */
export function krxPriceLimits(basePrice: Decimal): { upper: Decimal; lower: Decimal } {
  const baseTick = tickAt(KRX_TICKS, basePrice)
  const width = toStep(multiply(basePrice, BAND_WIDTH, 'down'), baseTick, 'down')
  const upper = basePrice + width
  const lower = basePrice - width
  return {
    upper: toStep(upper, tickAt(KRX_TICKS, upper), 'down'),
    lower: toStep(lower, tickAt(KRX_TICKS, lower), 'up'),
  }
}
