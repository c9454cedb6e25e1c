// Pure: no I/O, no clock, no randomness.
// The latest of every ticker (its quote, its book), and what of it a client has not seen yet. Every
// change counts the board's version up by one; a client is the version it has seen, per channel.
// Clients that have seen the same share one frame, encoded once.

import type { MarketFrame } from './market-frame.ts'

export class LatestBoard<T> {
  /** The channel of all tickers; a single one's has `:{TICKER_ID}` behind it. */
  readonly #name: string
  #version = 0
  readonly #latest = new Map<string, { data: T; version: number }>()
  readonly #encoded = new Map<string, MarketFrame | null>()

  constructor(name: string) {
    this.#name = name
  }

  put(tickerId: string, data: T): void {
    this.#version += 1
    this.#latest.set(tickerId, { data, version: this.#version })
    this.#encoded.clear()
  }

  get(tickerId: string): T | undefined {
    return this.#latest.get(tickerId)?.data
  }

  /** Whether a channel has news for a client that has seen `version` of it. */
  isNews(channel: string, version: number): boolean {
    const newest = channel === this.#name ? this.#version : this.#tickerOf(channel)?.version
    return newest !== undefined && newest > version
  }

  /** What a client that has seen `version` of a channel is missing; null when nothing. */
  frameSince(channel: string, version: number): MarketFrame | null {
    // Of one ticker only the latest counts, so everyone who is behind gets the same.
    const key = channel === this.#name ? `${channel}@${version}` : channel
    let frame = this.#encoded.get(key)
    if (frame === undefined) {
      frame = channel === this.#name ? this.#encodeAll(version) : this.#encodeOne(channel)
      this.#encoded.set(key, frame)
    }
    return frame !== null && frame.version > version ? frame : null
  }

  #encodeAll(version: number): MarketFrame | null {
    const changed = [...this.#latest.values()].filter((entry) => entry.version > version)
    if (changed.length === 0) return null
    const data = changed.map((entry) => entry.data)
    const text = JSON.stringify({ channel: this.#name, seq: this.#version, data })
    return { text, version: this.#version }
  }

  #encodeOne(channel: string): MarketFrame | null {
    const entry = this.#tickerOf(channel)
    if (!entry) return null
    const text = JSON.stringify({ channel, seq: entry.version, data: entry.data })
    return { text, version: entry.version }
  }

  #tickerOf(channel: string) {
    return this.#latest.get(channel.slice(this.#name.length + 1))
  }
}
