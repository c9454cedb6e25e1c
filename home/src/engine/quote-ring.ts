// Pure: no I/O, no clock, no randomness.
// What the engine has seen of the market: per ticker the events of the last ten minutes, in order.

import {
  EVENT_RETENTION_MS,
  EVENTS_PER_TICKER_MAX,
  type MarketEvent,
} from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { EngineQuote } from './engine-quote.ts'

/** Events of a ticker, candles of its gaps among them, while nothing is dropped. */
const HELD_EVENTS_MAX = 30_000

/** A quote's events in the order they were observed, and the way to the first eligible one. */
export class QuoteRing {
  readonly #byTicker = new Map<TickerId, EngineQuote[]>()
  /** While orders of the past are brought forward, what they have not met yet is not dropped. */
  isHeld = false

  /** Adds an event and returns it parsed; `null` when it was seen before (streams are read anew). */
  add(event: MarketEvent): EngineQuote | null {
    let quotes = this.#byTicker.get(event.ticker_id)
    if (!quotes) {
      quotes = []
      this.#byTicker.set(event.ticker_id, quotes)
    }
    const last = quotes.at(-1)
    if (last && last.epoch === event.epoch && event.seq <= last.seq) return null
    const afterGap = !last || last.epoch !== event.epoch || event.seq !== last.seq + 1
    const quote = new EngineQuote(event, { afterGap, previousAt: last?.receivedAt ?? null })
    quotes.push(quote)
    this.#trim(quotes, quote.receivedAt)
    return quote
  }

  /** Drops what is too old, in chunks, so that adding stays cheap. */
  #trim(quotes: EngineQuote[], nowMs: number): void {
    if (this.isHeld && quotes.length < HELD_EVENTS_MAX) return
    const tooMany = quotes.length - EVENTS_PER_TICKER_MAX
    if (tooMany > 256) quotes.splice(0, tooMany)
    else if (quotes.length % 256 === 0) {
      const oldest = nowMs - EVENT_RETENTION_MS
      const keep = quotes.findIndex((quote) => quote.receivedAt >= oldest)
      if (keep > 0) quotes.splice(0, keep)
    }
  }

  /**
   * Puts what was fetched for a gap in its place: after what was observed before it, before what
   * was observed after it. Quotes come oldest first, all of one ticker.
   */
  insert(tickerId: TickerId, fetched: readonly EngineQuote[]): void {
    const quotes = this.#byTicker.get(tickerId) ?? []
    const merged = [...quotes, ...fetched].sort((a, b) => a.receivedAt - b.receivedAt)
    this.#byTicker.set(tickerId, merged)
  }

  /** The newest quote of a ticker. */
  last(tickerId: TickerId): EngineQuote | undefined {
    return this.#byTicker.get(tickerId)?.at(-1)
  }

  /** The quotes of a ticker that an order accepted at `acceptedAt` may be decided on, oldest first. */
  eligible(tickerId: TickerId, acceptedAt: number): readonly EngineQuote[] {
    const quotes = this.#byTicker.get(tickerId)
    if (!quotes) return []
    let index = quotes.length
    while (index > 0 && quotes[index - 1]!.receivedAt > acceptedAt) index -= 1
    return index === 0 ? quotes : quotes.slice(index)
  }

  /** The first quote observed after an instant. */
  firstAfter(tickerId: TickerId, atMs: number): EngineQuote | undefined {
    return this.#byTicker.get(tickerId)?.find((quote) => quote.receivedAt > atMs)
  }

  /** The last quote observed at or before an instant. */
  at(tickerId: TickerId, atMs: number): EngineQuote | undefined {
    const quotes = this.#byTicker.get(tickerId)
    return quotes?.findLast((quote) => quote.receivedAt <= atMs)
  }
}
