// Pure: no I/O, no clock, no randomness.
// Parts of a whole.

import { type Decimal, divide, SCALE } from '@motu/shared/decimal.ts'

/** `part / whole` in percent, as a decimal; zero of nothing. */
export function share(part: Decimal, whole: Decimal): Decimal {
  return whole > 0n ? divide(part * 100n * SCALE, whole, 'half_even') : 0n
}
