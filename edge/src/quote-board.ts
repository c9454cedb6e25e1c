// Pure: no I/O, no clock, no randomness.
// The latest quote of every ticker, and what of it a client has not seen yet. Every change counts
// the board's version up by one; a client is the version it has seen, per channel. Clients that
// have seen the same share one frame, encoded once.

import type { Quote } from '@motu/shared/market-data.ts'

/** The channel of all quotes; a single ticker's is `quotes:{TICKER_ID}`. */
const ALL_QUOTES = 'quotes'
const ONE_TICKER_PREFIX = 'quotes:'

export type QuoteFrame = { text: string; version: number }

export class QuoteBoard {
  #version = 0
  readonly #latest = new Map<string, { quote: Quote; version: number }>()
  readonly #encoded = new Map<string, QuoteFrame | null>()

  put(quote: Quote): void {
    this.#version += 1
    this.#latest.set(quote.ticker_id, { quote, version: this.#version })
    this.#encoded.clear()
  }

  /** Whether a channel has news for a client that has seen `version` of it. */
  isNews(channel: string, version: number): boolean {
    const newest = channel === ALL_QUOTES ? this.#version : this.#tickerOf(channel)?.version
    return newest !== undefined && newest > version
  }

  /** What a client that has seen `version` of a channel is missing; null when nothing. */
  frameSince(channel: string, version: number): QuoteFrame | null {
    // Of one ticker only the latest counts, so everyone who is behind gets the same.
    const key = channel === ALL_QUOTES ? `${channel}@${version}` : channel
    let frame = this.#encoded.get(key)
    if (frame === undefined) {
      frame = channel === ALL_QUOTES ? this.#encodeAll(version) : this.#encodeOne(channel)
      this.#encoded.set(key, frame)
    }
    return frame !== null && frame.version > version ? frame : null
  }

  #encodeAll(version: number): QuoteFrame | null {
    const changed = [...this.#latest.values()].filter((entry) => entry.version > version)
    if (changed.length === 0) return null
    const data = changed.map(({ quote }) => quote)
    const text = JSON.stringify({ channel: ALL_QUOTES, seq: this.#version, data })
    return { text, version: this.#version }
  }

  #encodeOne(channel: string): QuoteFrame | null {
    const entry = this.#tickerOf(channel)
    if (!entry) return null
    const text = JSON.stringify({ channel, seq: entry.version, data: entry.quote })
    return { text, version: entry.version }
  }

  #tickerOf(channel: string) {
    return this.#latest.get(channel.slice(ONE_TICKER_PREFIX.length))
  }
}
