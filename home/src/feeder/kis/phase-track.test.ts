import type { MarketPhase } from '@motu/shared/market-data.ts'
import { describe, expect, it } from 'vitest'
import type { PhaseMark } from './frames/market-frame.ts'
import { PhaseTrack } from './phase-track.ts'

type Step = [at: number, what: 'book' | 'trade', mark: PhaseMark]
type Row = [name: string, steps: Step[], phase: MarketPhase | undefined, uncrosses: number[]]

const CONTINUOUS: PhaseMark = { phase: 'continuous' }
const AUCTION: PhaseMark = { phase: 'auction' }

/** Which trades, by their time, were uncrosses. */
const ROWS: Row[] = [
  ['nothing is known at first', [], undefined, []],
  ['a book tells', [[0, 'book', CONTINUOUS]], 'continuous', []],
  ['a trade of a day under way is no uncross', [[0, 'trade', CONTINUOUS]], 'continuous', []],
  [
    'the first trade after the opening auction is its uncross',
    [
      [0, 'book', AUCTION],
      [9, 'trade', CONTINUOUS],
      [10, 'trade', CONTINUOUS],
    ],
    'continuous',
    [9],
  ],
  [
    'also when the book was faster',
    [
      [0, 'book', AUCTION],
      [9, 'book', CONTINUOUS],
      [5_009, 'trade', CONTINUOUS],
    ],
    'continuous',
    [5_009],
  ],
  [
    'but not when it comes much later: the auction found no price',
    [
      [0, 'book', AUCTION],
      [9, 'book', CONTINUOUS],
      [5_010, 'trade', CONTINUOUS],
    ],
    'continuous',
    [],
  ],
  [
    'pre-opening trades at the last close are not it',
    [
      [0, 'book', AUCTION],
      [1, 'trade', AUCTION],
      [9, 'trade', CONTINUOUS],
    ],
    'continuous',
    [9],
  ],
  [
    'the closing auction ends in a trade that closes the market',
    [
      [0, 'book', AUCTION],
      [9, 'trade', { phase: 'closed' }],
    ],
    'closed',
    [9],
  ],
  [
    'a volatility interruption is an auction, which a trade ends',
    [
      [0, 'book', CONTINUOUS],
      [1, 'book', { vi: true }],
      [9, 'trade', CONTINUOUS],
    ],
    'continuous',
    [9],
  ],
  [
    'it is taken back',
    [
      [0, 'book', { ...CONTINUOUS, vi: true }],
      [1, 'book', { vi: false }],
    ],
    'continuous',
    [],
  ],
  [
    'a halt wins, and is not ended by a book',
    [
      [0, 'book', { vi: true, halted: true }],
      [1, 'book', CONTINUOUS],
    ],
    'halted',
    [],
  ],
  [
    'a circuit breaker ends in an auction, and that in a trade',
    [
      [0, 'book', { breaker: true }],
      [1, 'book', CONTINUOUS],
      [2, 'book', { breaker: false, phase: 'auction' }],
      [9, 'trade', CONTINUOUS],
    ],
    'continuous',
    [9],
  ],
  [
    'a trade without a word of its session is continuous trading',
    [
      [0, 'book', AUCTION],
      [1, 'trade', {}],
    ],
    'continuous',
    [1],
  ],
]

describe('the phase', () => {
  it.each(ROWS)('%s', (_, steps, phase, uncrosses) => {
    const track = new PhaseTrack()
    const seen: number[] = []
    for (const [at, what, mark] of steps) {
      if (what === 'book') track.note(mark, at)
      else if (track.noteTrade(mark, at)) seen.push(at)
    }
    expect(track.phase).toBe(phase)
    expect(seen).toEqual(uncrosses)
  })
})
