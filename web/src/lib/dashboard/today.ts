// Pure: no I/O, no clock, no randomness.
// What an account gained since a moment, money put in or taken out apart.

import type { NetWorthHistory } from '@motu/shared/contract/performance.ts'
import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import { share } from '#lib/trade/share.ts'

export type Gain = {
  readonly amount: Decimal
  /** In percent of what there was, with what was put in since; zero of nothing. */
  readonly percent: Decimal
}

/**
 * Counted from the last point at or before `sinceMs`, or the first one after it. What was put in or
 * taken out since then is no gain: the last point tells how much that is. Null without points.
 */
export function gainSince(
  points: NetWorthHistory['points'],
  sinceMs: number,
  netWorth: Decimal,
): Gain | null {
  const start = points.findLast(([at]) => at <= sinceMs) ?? points[0]
  const end = points.at(-1)
  if (!start || !end) return null
  const basis = decimal(start[1]) + decimal(end[2]) - decimal(start[2])
  const amount = netWorth - basis
  return { amount, percent: share(amount, basis) }
}
