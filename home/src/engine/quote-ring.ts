// Pure: no I/O, no clock, no randomness.
// What the engine has seen of the market: per ticker the events of the last ten minutes, in order.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import {
  EVENT_RETENTION_MS,
  EVENTS_PER_TICKER_MAX,
  type MarketEvent,
} from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'

/** A market event as the engine computes with it. Prices in the instrument's currency. */
export type EngineQuote = {
  readonly tickerId: TickerId
  readonly epoch: string
  readonly seq: number
  readonly bid: Decimal
  readonly ask: Decimal
  readonly basePrice: Decimal
  /** Home's clock at the observation, in milliseconds. */
  readonly receivedAt: number
  /** What came just before was not observed: a fill on it may be later than it should be. */
  readonly afterGap: boolean
}

/** A quote's events in the order they were observed, and the way to the first eligible one. */
export class QuoteRing {
  readonly #byTicker = new Map<TickerId, EngineQuote[]>()

  /** Adds an event and returns it parsed; `null` when it was seen before (streams are read anew). */
  add(event: MarketEvent): EngineQuote | null {
    let quotes = this.#byTicker.get(event.ticker_id)
    if (!quotes) {
      quotes = []
      this.#byTicker.set(event.ticker_id, quotes)
    }
    const last = quotes.at(-1)
    if (last && last.epoch === event.epoch && event.seq <= last.seq) return null
    const quote: EngineQuote = {
      tickerId: event.ticker_id,
      epoch: event.epoch,
      seq: event.seq,
      bid: decimal(event.bid),
      ask: decimal(event.ask),
      basePrice: decimal(event.base_price),
      receivedAt: Date.parse(event.received_at),
      afterGap: !last || last.epoch !== event.epoch || event.seq !== last.seq + 1,
    }
    quotes.push(quote)
    this.#trim(quotes, quote.receivedAt)
    return quote
  }

  /** Drops what is too old, in chunks, so that adding stays cheap. */
  #trim(quotes: EngineQuote[], nowMs: number): void {
    const tooMany = quotes.length - EVENTS_PER_TICKER_MAX
    if (tooMany > 256) quotes.splice(0, tooMany)
    else if (quotes.length % 256 === 0) {
      const oldest = nowMs - EVENT_RETENTION_MS
      const keep = quotes.findIndex((quote) => quote.receivedAt >= oldest)
      if (keep > 0) quotes.splice(0, keep)
    }
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

  /** The last quote observed at or before an instant. */
  at(tickerId: TickerId, atMs: number): EngineQuote | undefined {
    const quotes = this.#byTicker.get(tickerId)
    return quotes?.findLast((quote) => quote.receivedAt <= atMs)
  }
}
