// What the exchanges report, on its way in: judged, the last of each coin published once a second on
// `market_references`. It knows no ticker ids and no way to `market_updates`: nothing that is told
// here can become a price that somebody trades at.

import type { ReferenceExchange, ReferenceQuote } from '@motu/shared/market-data.ts'
import type { Bus } from '../../bus/bus.ts'
import type { Log } from '../../log.ts'
import { SILENT_MS } from '../feed-router.ts'
import { Quarantine, type QuarantineCount } from '../quarantine.ts'
import type { GateReason } from '../readable.ts'
import { ReferenceGate } from './reference-gate.ts'
import type { ReferenceReading } from './reference-row.ts'

/** Where an exchange's source hands over. */
export type ReferenceSink = {
  /** Answers whether one of them was off the step of its market: that may be another by now. */
  take(readings: readonly ReferenceReading[]): { isOffTick: boolean }
  refused(source: string, base: string, reason: string): void
}

/** One exchange's coin: which of its sources speaks, and since when. */
export type ReferenceFeed = {
  exchange: ReferenceExchange
  base: string
  source: string
  state: 'live' | 'failed_over' | 'stale'
  sinceMs: number
}

type Kept = { quote: ReferenceQuote; feed: ReferenceFeed }
type ReferenceIntakeOptions = { bus: Pick<Bus, 'publish'>; now: () => number; log: Log }

/** Polling is slower than a stream: silence begins later. */
const REFERENCE_SILENT_MS = 3 * SILENT_MS

export class ReferenceIntake implements ReferenceSink {
  readonly #options: ReferenceIntakeOptions
  readonly #gate = new ReferenceGate()
  readonly #quarantine = new Quarantine()
  /** By exchange and coin: as many as are asked for. */
  readonly #kept = new Map<string, Kept>()
  readonly #changed = new Map<string, ReferenceQuote>()

  constructor(options: ReferenceIntakeOptions) {
    this.#options = options
  }

  take(readings: readonly ReferenceReading[]): { isOffTick: boolean } {
    let isOffTick = false
    for (const reading of readings) {
      const { quote } = reading
      const verdict = this.#gate.judge(reading)
      if (verdict.kind === 'pass') this.#keep(quote)
      else {
        this.#hold(quote.source, quote.base, verdict.reason)
        isOffTick ||= verdict.reason === 'off_tick'
      }
    }
    return { isOffTick }
  }

  refused(source: string, base: string, reason: string): void {
    this.#hold(source, base, 'unreadable', reason)
  }

  /** Publishes what is new; if that fails, it is tried again with what is new then. */
  async publish(): Promise<void> {
    const quotes = [...this.#changed.values()]
    if (quotes.length === 0) return
    await this.#options.bus.publish('market_references', quotes)
    for (const quote of quotes) {
      const key = keyOf(quote)
      if (this.#changed.get(key) === quote) this.#changed.delete(key)
    }
  }

  /** Finds the coins that have fallen silent. */
  sweep(): void {
    const nowMs = this.#options.now()
    for (const { quote, feed } of this.#kept.values()) {
      const silentMs = nowMs - Date.parse(quote.received_at)
      if (feed.state !== 'stale' && silentMs > REFERENCE_SILENT_MS) turn(feed, 'stale', nowMs)
    }
  }

  feeds(): ReferenceFeed[] {
    return [...this.#kept.values()].map(({ feed }) => ({ ...feed }))
  }

  quarantined(): QuarantineCount[] {
    return this.#quarantine.counts()
  }

  #keep(quote: ReferenceQuote): void {
    const key = keyOf(quote)
    const { exchange, base, source } = quote
    const sinceMs = Date.parse(quote.received_at)
    // The stream comes first.
    const state = source === exchange ? 'failed_over' : 'live'
    const before = this.#kept.get(key)
    // A poll's answer may be older than what the stream has told already.
    if (before && before.quote.venue_time > quote.venue_time) return
    const feed = before?.feed ?? { exchange, base, source, state, sinceMs }
    if (feed.state !== state) turn(feed, state, sinceMs)
    feed.source = source
    this.#kept.set(key, { quote, feed })
    this.#changed.set(key, quote)
  }

  #hold(source: string, base: string, reason: GateReason, detail = ''): void {
    const atMs = this.#options.now()
    const what = { source, tickerId: `${base}/USDT`, observation: null }
    const count = this.#quarantine.add({ ...what, reason, detail, atMs })
    // Said at the first, the tenth, the hundredth: a broken line says the same for hours.
    if (!/^10*$/.test(String(count))) return
    this.#options.log.warn({ source, base, reason, detail, count }, 'a reference is not believed')
  }
}

function turn(feed: ReferenceFeed, state: ReferenceFeed['state'], sinceMs: number): void {
  feed.state = state
  feed.sinceMs = sinceMs
}

const keyOf = ({ exchange, base }: ReferenceQuote): string => `${exchange} ${base}`
