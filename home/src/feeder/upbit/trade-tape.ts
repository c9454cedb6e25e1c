// Pure: no I/O, no clock, no randomness.
// The trades of one coin that were not there before: answers overlap, repeat and come late.
//
// Upbit's ids tell trades apart but do not put them in order (docs, Recent Trades). So what was
// taken is remembered by id, what is forgotten is shut out by its instant, and a trade comes out
// once at the most.

import type { Trade } from '@motu/shared/market-data.ts'
import { TRADES_PER_ANSWER_MAX } from './upbit-trade.ts'

/** Twice an answer: none that may still be in the next one is forgotten. */
const REMEMBERED_MAX = 2 * TRADES_PER_ANSWER_MAX

export class TradeTape {
  /** Instants by trade id. */
  readonly #taken = new Map<string, number>()
  /** Older trades are not wanted; null before the first answer that has any. */
  #sinceMs: number | null = null

  /** What is new, oldest first. The first answer is where the tape begins: nothing in it is new. */
  take(trades: readonly Trade[], nowMs: number): Trade[] {
    if (trades.length === 0) return []
    const sinceMs = this.#sinceMs
    const fresh = new Map<string, Trade>()
    for (const trade of trades) {
      const isKnown = this.#taken.has(trade.trade_id)
      if (!isKnown && instantOf(trade) >= (sinceMs ?? 0)) fresh.set(trade.trade_id, trade)
    }
    const sorted = [...fresh.values()].toSorted(byInstant)
    for (const trade of sorted) this.#taken.set(trade.trade_id, instantOf(trade))
    this.#forget()
    if (sinceMs !== null) return sorted
    // A trade from the future must not shut out all that come before it.
    this.#sinceMs = Math.min(instantOf(sorted.at(-1)!), nowMs)
    return []
  }

  #forget(): void {
    if (this.#taken.size <= REMEMBERED_MAX) return
    const oldestFirst = [...this.#taken].toSorted(([, a], [, b]) => a - b)
    for (const [id, instant] of oldestFirst.slice(0, -REMEMBERED_MAX)) {
      this.#taken.delete(id)
      this.#sinceMs = Math.max(this.#sinceMs ?? 0, instant + 1)
    }
  }
}

const instantOf = (trade: Trade): number => Date.parse(trade.venue_time)

/** Within one millisecond by id: the best that is known. */
function byInstant(a: Trade, b: Trade): number {
  const [idA, idB] = [a.trade_id, b.trade_id]
  return instantOf(a) - instantOf(b) || idA.length - idB.length || (idA < idB ? -1 : 1)
}
