// Pure: no I/O, no clock, no randomness.
// How far one press of a button moves a size or a price.

import { type Decimal, SCALE, toStep } from '@motu/shared/decimal.ts'
import { type Instrument, lotOf, tickOf } from '@motu/shared/instrument.ts'
import type { OrderType } from '@motu/shared/order.ts'

/** A step of a coin is worth at least this many won: its lot is worth less than one. */
const COIN_STEP_KRW_MIN: Decimal = 5_000n * SCALE

/** One share, or the smallest power of ten of a coin that is worth an order. Never below the lot. */
export function quantityStep(instrument: Instrument, type: OrderType, price: Decimal): Decimal {
  const lot = lotOf(instrument, type)
  if (instrument.venue !== 'CRYPTO') return lot > SCALE ? lot : SCALE
  let step = lot
  while (step * price < COIN_STEP_KRW_MIN * SCALE) step *= 10n
  return step
}

/** The price whole percents away from another, on a tick; `percent` may be negative. */
export function pricePercentAway(instrument: Instrument, price: Decimal, percent: bigint): Decimal {
  const away = (price * (100n + percent)) / 100n
  return toStep(away, tickOf(instrument, away), 'half_up')
}
