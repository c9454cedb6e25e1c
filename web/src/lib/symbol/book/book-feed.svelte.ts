// The order book of one ticker: what its channel brought last, drawn once a frame. Until a first
// book is here, and where there is no channel, the best prices of the quote stand in for it.

import type { BookView } from '@motu/shared/contract/stream.ts'
import type { MarketPhase, Quote } from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Live } from '#lib/live.svelte.ts'
import { type Frames, perFrame } from '#lib/ui/per-frame.ts'
import type { LadderBook } from './ladder.ts'

/** A channel that brings a book does so within this time. */
const FIRST_BOOK_MS = 2_000

export type BookSources = {
  live: Pick<Live, 'watch'>
  quote: () => Quote | null
  frames?: Frames
}

export class BookFeed {
  #heard = $state.raw<BookView | null>(null)
  #isLate = $state(false)
  #newest: BookView | null = null
  readonly #sources: BookSources

  readonly book: LadderBook | null = $derived.by(() => {
    if (this.#heard) return this.#heard
    const quote = this.#sources.quote()
    if (!quote) return null
    return { bids: [[quote.bid, quote.bid_size]], asks: [[quote.ask, quote.ask_size]] }
  })
  /** What the venue does with orders; null until it said so. */
  readonly phase: MarketPhase | null = $derived(this.#heard?.phase ?? null)

  /** More levels than are shown will not come soon. */
  readonly isAllThereIs: boolean = $derived(this.#heard !== null || this.#isLate)

  constructor(sources: BookSources) {
    this.#sources = sources
  }

  /** Listens to a ticker; the answer ends that. */
  watch(tickerId: TickerId): () => void {
    this.#heard = null
    this.#newest = null
    this.#isLate = false
    const late = setTimeout(() => (this.#isLate = true), FIRST_BOOK_MS)
    const draw = perFrame(() => (this.#heard = this.#newest), this.#sources.frames)
    const leave = this.#sources.live.watch(`book:${tickerId}`, (book) => {
      this.#newest = book
      draw.ask()
    })
    return () => {
      clearTimeout(late)
      leave()
      draw.stop()
    }
  }
}
