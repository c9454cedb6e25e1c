// Pure: no I/O, no clock, no randomness.
// Prices for what has no recording: a walk around a reference price that is a function of time.

import { type Decimal } from '@motu/shared/decimal.ts'
import { fractionAt, WALK_BOUND, walkAt } from './noise.ts'
import { onTick, type PricePath, shareOf, STEPS_PER_DAY, type TickAt } from './price-path.ts'

export type Walk = {
  readonly referencePrice: Decimal
  /** About how far a price goes within a day, as a share: 0.02 is two percent. */
  readonly dailyMove: number
  /** Traded in a step on average, in units of the instrument. */
  readonly volumePerStep: Decimal
  readonly tickAt: TickAt
  readonly seed: number
}

/** How far the price can be from its reference price at the most, as a share. */
export function walkReach(dailyMove: number): number {
  return dailyMove * WALK_BOUND
}

/** The price path of a walk; its day begins at 00:00 UTC. */
export function walk({ referencePrice, dailyMove, volumePerStep, tickAt, seed }: Walk): PricePath {
  const priceAt = (step: number): Decimal =>
    onTick(referencePrice + shareOf(referencePrice, dailyMove * walkAt(seed, step)), tickAt)
  return {
    source: 'walk',
    lengthSteps: null,
    priceAt,
    dayBeganAt: (step) => Math.floor(step / STEPS_PER_DAY) * STEPS_PER_DAY,
    tradedBefore: (step) =>
      BigInt(step) * volumePerStep + shareOf(volumePerStep, fractionAt(seed + 4, step)),
  }
}
