// Pure: no I/O, no clock, no randomness.
// What trading in one ticker is doing, from marks that come with trades, books and operations.
//
// A halt wins over a volatility interruption, that over the session; each is told by feeds of its own
// and stays until it is taken back, or a trade shows that matching goes on. The first trade after an
// auction is its uncross: the auction's single price.

import type { MarketPhase } from '@motu/shared/market-data.ts'
import type { PhaseMark } from './frames/market-frame.ts'

/**
 * The book may tell of the auction's end before its trade arrives. Later than this the auction is
 * taken to have ended without a trade.
 */
const UNCROSS_WAIT_MS = 5_000

export class PhaseTrack {
  #session: MarketPhase | undefined
  #halted = false
  #breaker = false
  #vi = false
  /** When the auction was last known to go on; null once its uncross was seen. */
  #auctionAt: number | null = null

  /** Undefined until anything was told: then it is taken for continuous. */
  get phase(): MarketPhase | undefined {
    if (this.#halted || this.#breaker) return 'halted'
    if (this.#vi) return 'auction'
    return this.#session
  }

  /** Takes what a book or an operation says. */
  note(mark: PhaseMark, atMs: number): void {
    if (this.phase === 'auction') this.#auctionAt = atMs
    this.#take(mark)
    if (this.phase === 'auction') this.#auctionAt = atMs
  }

  /** Takes what a trade says; true when it is the uncross of an auction. */
  noteTrade(mark: PhaseMark, atMs: number): boolean {
    if (this.phase === 'auction') this.#auctionAt = atMs
    const { phase } = mark
    // Trades of the pre-opening session at the last close are none of the auction beside it.
    if (phase === 'auction' || mark.halted) {
      this.#take(mark)
      return false
    }
    const uncrosses = this.#auctionAt !== null && atMs - this.#auctionAt <= UNCROSS_WAIT_MS
    this.#auctionAt = null
    this.#take({ ...mark, phase: phase ?? 'continuous', breaker: false, vi: false })
    return uncrosses
  }

  #take({ phase, halted, breaker, vi }: PhaseMark): void {
    if (phase !== undefined) this.#session = phase
    if (halted !== undefined) this.#halted = halted
    if (breaker !== undefined) this.#breaker = breaker
    if (vi !== undefined) this.#vi = vi
  }
}
