// Pure: no I/O, no clock, no randomness.
// The ticks of the US exchanges.

import { tickLadder } from '../tick-ladder.ts'
import type { DatedLadder } from '../ticks.ts'

/**
 * A cent from one dollar up, a hundredth of a cent below. The SEC's half-penny tick for liquid
 * names (Rule 612 as amended in 2024) was put off from November 2025 to 2026, then to the first
 * business day of November 2027: no row says so, because which names it will hold for is decided
 * by their spreads half a year ahead, and the day is known from third parties only.
 */
export const US_TICK_ROWS: readonly DatedLadder[] = [
  {
    id: 'us-ticks-2005',
    from: null,
    source: 'Regulation NMS, Rule 612',
    ladder: tickLadder(['1', '0.01'], ['0', '0.0001']),
  },
]
