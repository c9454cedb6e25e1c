// Pure: no I/O, no clock, no randomness.
// A price path: the price of one ticker as a function of time, so that the candles of any past
// minute can be computed, a restart shows no seam, and two runs agree.

import { type Decimal, toStep } from '@motu/shared/decimal.ts'

/** Simulated prices change at most this often; a step is the number of such spans since 1970. */
export const STEP_MS = 500
export const STEPS_PER_DAY = 86_400_000 / STEP_MS

export type PricePath = {
  /** Where the price comes from, as the wire says it. */
  readonly source: string
  /** How many steps a recording takes to be played once; null for what plays none. */
  readonly lengthSteps: number | null
  /** On the tick grid. */
  priceAt(step: number): Decimal
  /** The step its day began with: a recording is played faster than it was, and has days of its own. */
  dayBeganAt(step: number): number
  /** What was traded before a step, since some instant long ago: only differences mean something. */
  tradedBefore(step: number): Decimal
}

/** The close of the day before, what the change is counted from. */
export function basePriceAt(path: PricePath, step: number): Decimal {
  return path.priceAt(path.dayBeganAt(step) - 1)
}

/** The tick in force at a price. */
export type TickAt = (price: Decimal) => Decimal

/** The nearest price on the grid. */
export function onTick(price: Decimal, tickAt: TickAt): Decimal {
  return toStep(price, tickAt(price), 'half_up')
}

export function stepAt(ms: number): number {
  return Math.floor(ms / STEP_MS)
}

const MILLION = 1_000_000

/** A share of a decimal, given as a float: the float ends here, in whole millionths. */
export function shareOf(value: Decimal, share: number): Decimal {
  return (value * BigInt(Math.round(share * MILLION))) / BigInt(MILLION)
}
