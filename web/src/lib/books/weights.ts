// Pure: no I/O, no clock, no randomness.
// Parts of a whole in percent with one decimal, which together are exactly 100.

import { type Decimal, SCALE } from '@motu/shared/decimal.ts'

/** A tenth of a percent: what is shown. */
const STEP: Decimal = SCALE / 10n
const STEPS_IN_ALL = 1_000n

/**
 * The share of each value in percent, in steps of 0.1. Rounded down first; what is missing to 100
 * goes to those that lost most by it, so that no column of shares adds up to 99.9. Zero of nothing.
 * Values are not negative.
 */
export function weightsOf(values: readonly Decimal[]): Decimal[] {
  const total = values.reduce((sum, value) => sum + value, 0n)
  if (total <= 0n) return values.map(() => 0n)
  const parts = values.map((value, index) => ({
    index,
    steps: (value * STEPS_IN_ALL) / total,
    lost: (value * STEPS_IN_ALL) % total,
  }))
  const missing = parts.reduce((left, { steps }) => left - steps, STEPS_IN_ALL)
  const byLoss = [...parts].sort((a, b) => (a.lost === b.lost ? 0 : a.lost < b.lost ? 1 : -1))
  for (const part of byLoss.slice(0, Number(missing))) part.steps += 1n
  return parts.map(({ steps }) => steps * STEP)
}
