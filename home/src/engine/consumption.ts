// Pure: no I/O, no clock, no randomness.
// What one account took from the displayed levels of one ticker and side. Our orders never reach the
// venue, so it goes on showing what they took; a profile that `consumesOwnLiquidity` does not offer
// it again to the same account until the level shows another size.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { Level } from './fill-model.ts'

/** By price. Holds displayed levels only, so it is never longer than the book. */
export type Consumption = ReadonlyMap<Decimal, { readonly shown: Decimal; readonly taken: Decimal }>

export const NOTHING_CONSUMED: Consumption = new Map()

/** The levels as they are offered to the account: each less what it took of it. */
export function offeredTo(consumption: Consumption, levels: readonly Level[]): readonly Level[] {
  return levels.map(([price, size]) => {
    const before = consumption.get(price)
    return before?.shown === size ? ([price, size - before.taken] as const) : [price, size]
  })
}

/**
 * The consumption after the account took a quantity from the displayed levels (not the offered ones),
 * best first, as a taking order or one that rested and was reached does. Levels that changed or went
 * are forgotten: calling it with quantity zero on each event keeps it in step.
 */
export function consume(
  consumption: Consumption,
  levels: readonly Level[],
  quantity: Decimal,
): Consumption {
  const next = new Map<Decimal, { shown: Decimal; taken: Decimal }>()
  let left = quantity
  for (const [price, shown] of levels) {
    const before = consumption.get(price)
    const takenBefore = before?.shown === shown ? before.taken : 0n
    const offered = shown - takenBefore
    const now = left < offered ? left : offered
    left -= now
    if (takenBefore + now > 0n) next.set(price, { shown, taken: takenBefore + now })
  }
  return next
}
