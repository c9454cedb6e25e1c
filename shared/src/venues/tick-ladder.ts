// Pure: no I/O, no clock, no randomness.
// A tick ladder: how far apart two neighbouring prices are, by price band.

import { type Decimal, decimal } from '../decimal.ts'

/** Bands from the highest lower bound to the lowest; the last bound is zero. */
export type TickLadder = readonly { readonly from: Decimal; readonly tick: Decimal }[]

/** Writes a ladder as `[lower bound, tick]` texts, highest band first. */
export function tickLadder(...bands: readonly (readonly [string, string])[]): TickLadder {
  return bands.map(([from, tick]) => ({ from: decimal(from), tick: decimal(tick) }))
}

/** The tick in force at a price. */
export function tickAt(ladder: TickLadder, price: Decimal): Decimal {
  for (const band of ladder) if (price >= band.from) return band.tick
  throw new Error('a ladder ends with a band from zero, and a price is never negative')
}
