// Pure: no I/O, no clock, no randomness.
// What of the candles has to be drawn again.

import type { CandleRow } from '@motu/shared/market-data.ts'

/** A tail this long is drawn candle by candle, anything else anew. */
const TAIL_MAX = 4

/**
 * How many of the rows stand as they are drawn, where only the last few changed or are new; null
 * where all has to be drawn anew. The chart takes new candles at its end alone: one that came between
 * those it shows, as after an hour without home, would be refused.
 */
export function keptRows(drawn: readonly CandleRow[], rows: readonly CandleRow[]): number | null {
  const kept = samePrefix(drawn, rows)
  const isTail = kept > 0 && rows.length - kept <= TAIL_MAX && isLonger(drawn, rows, kept)
  return isTail ? kept : null
}

/** Whether from some row on the same candles follow, and perhaps new ones: none between, none gone. */
function isLonger(
  before: readonly CandleRow[],
  after: readonly CandleRow[],
  from: number,
): boolean {
  return before.slice(from).every(([opensAt], index) => opensAt === after[from + index]?.[0])
}

/** How many rows at the beginning are the very same. */
function samePrefix(before: readonly CandleRow[], after: readonly CandleRow[]): number {
  const shorter = Math.min(before.length, after.length)
  let index = 0
  while (index < shorter && before[index] === after[index]) index += 1
  return index
}
