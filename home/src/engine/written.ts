// Pure: no I/O, no clock, no randomness.
// How values look in the columns a settlement writes, and what a statement answers.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'

/** How many rows a statement touched. */
export type Written = { count: number }

/** No rows, no statement. */
export const NOTHING: Written = { count: 0 }

export function decimalText(value: Decimal | null): string | null {
  return value === null ? null : formatDecimal(value)
}

export function instantText(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
