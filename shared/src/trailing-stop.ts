// Pure: no I/O, no clock, no randomness.
// Where a trailing stop stands.

import { type Decimal, divide, SCALE } from './decimal.ts'
import type { Side } from './order.ts'

/** The stop price of a trailing stop whose best trade so far is `mark`. */
export function trailingStop(
  order: { side: Side; trailAmount: Decimal | null; trailPercent: Decimal | null },
  mark: Decimal,
): Decimal {
  const { side, trailAmount, trailPercent } = order
  const distance = trailAmount ?? divide(mark * (trailPercent ?? 0n), SCALE * 100n, 'up')
  return side === 'SELL' ? mark - distance : mark + distance
}
