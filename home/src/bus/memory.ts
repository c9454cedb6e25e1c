// The bus inside one process: what `npm start` runs on when there is no Redis.
//
// Listeners are told in a microtask, in the order things were published: a listener that throws
// is its own bug and ends the process, as it would behind a socket, and never fails a publisher.

import {
  EVENT_RETENTION_MS,
  EVENTS_PER_TICKER_MAX,
  type MarketEvent,
  PRICE_TTL_MS,
} from '@motu/shared/market-data.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import type { Bus, BusChannel, BusMessages, Deniable, DenyList, TemplateTexts } from './bus.ts'

type Kept = { event: MarketEvent; at: number }
type Listener = (messages: never[]) => void

/** A set of listeners of one kind, and the way to tell them all. */
class Listeners {
  readonly #listeners = new Map<string, Set<Listener>>()

  add<T>(channel: string, listener: (messages: T[]) => void): () => Promise<void> {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners)
    // A listener of its own for each subscription: the same function may subscribe twice.
    const entry: Listener = (messages) => listener(messages)
    listeners.add(entry)
    return () => {
      listeners.delete(entry)
      return Promise.resolve()
    }
  }

  tell(channel: string, messages: readonly unknown[]): void {
    const listeners = this.#listeners.get(channel)
    for (const listener of listeners ?? []) {
      queueMicrotask(() => {
        if (listeners?.has(listener)) listener([...messages] as never[])
      })
    }
  }

  clear(): void {
    for (const listeners of this.#listeners.values()) listeners.clear()
  }
}

/** What was revoked, each until it cannot matter any more. */
class Denials {
  readonly #now: () => number
  readonly #untilMs = new Map<string, number>()
  #isWhole = false

  constructor(now: () => number) {
    this.#now = now
  }

  add(revocations: readonly Revocation[], isAll: boolean): void {
    for (const [key, untilMs] of this.#untilMs) {
      if (untilMs <= this.#now()) this.#untilMs.delete(key)
    }
    for (const { kind, id, until } of revocations) {
      this.#untilMs.set(`${kind}:${id}`, Date.parse(until))
    }
    this.#isWhole ||= isAll
  }

  has({ kind, id }: Deniable): boolean | null {
    const untilMs = this.#untilMs.get(`${kind}:${id}`)
    if (untilMs !== undefined && untilMs > this.#now()) return true
    return this.#isWhole ? false : null
  }
}

/** The last events of each ticker, as long and as many as a stream of Redis keeps them. */
class KeptEvents {
  readonly #now: () => number
  readonly #kept = new Map<string, Kept[]>()

  constructor(now: () => number) {
    this.#now = now
  }

  keep(event: MarketEvent): void {
    const events = this.#kept.get(event.ticker_id) ?? []
    this.#kept.set(event.ticker_id, events)
    events.push({ event, at: this.#now() })
    // Trimmed in chunks, so that keeping one more stays cheap.
    if (events.length % 128 !== 0 && events.length <= EVENTS_PER_TICKER_MAX) return
    const oldest = this.#now() - EVENT_RETENTION_MS
    const young = events.findIndex(({ at }) => at >= oldest)
    events.splice(0, Math.max(young, events.length - EVENTS_PER_TICKER_MAX))
  }

  of(tickerId: string): MarketEvent[] {
    return (this.#kept.get(tickerId) ?? []).map(({ event }) => event)
  }

  /** The last one, while it is young enough to be a price. */
  priceOf(tickerId: string): MarketEvent | undefined {
    const last = this.#kept.get(tickerId)?.at(-1)
    return last && this.#now() - last.at < PRICE_TTL_MS ? last.event : undefined
  }
}

/** The texts of messages, for as long as the process lives. */
function keptTexts(): TemplateTexts {
  const texts = new Map<string, string>()
  return {
    readTexts(keys) {
      return Promise.resolve(new Map([...texts].filter(([key]) => keys.includes(key))))
    },
    writeTexts(written) {
      for (const [key, text] of written) texts.set(key, text)
      return Promise.resolve()
    },
  }
}

const MARKET = 'market_updates'

export function memoryBus({ now }: { now: () => number }): Bus & DenyList & TemplateTexts {
  const kept = new KeptEvents(now)
  const listeners = new Listeners()
  const denyList = new Denials(now)

  return {
    publishMarket(events) {
      for (const event of events) kept.keep(event)
      if (events.length > 0) listeners.tell(MARKET, events)
      return Promise.resolve()
    },

    readPrices(tickerIds) {
      const prices = new Map<string, MarketEvent>()
      for (const tickerId of tickerIds) {
        const price = kept.priceOf(tickerId)
        if (price) prices.set(tickerId, price)
      }
      return Promise.resolve(prices)
    },

    followMarket(tickerIds, onEvents, signal) {
      if (signal.aborted) return Promise.resolve()
      const followed = new Set(tickerIds)
      const past = tickerIds.flatMap((id) => kept.of(id))
      queueMicrotask(() => {
        if (past.length > 0 && !signal.aborted) onEvents(past)
      })
      const stop = listeners.add<MarketEvent>(MARKET, (events) => {
        const wanted = events.filter(({ ticker_id }) => followed.has(ticker_id))
        if (wanted.length > 0) onEvents(wanted)
      })
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(stop()), { once: true })
      })
    },

    watchMarket(onEvents) {
      return Promise.resolve(listeners.add(MARKET, onEvents))
    },

    publish<C extends BusChannel>(channel: C, messages: readonly BusMessages[C][]) {
      if (messages.length > 0) listeners.tell(channel, messages)
      return Promise.resolve()
    },

    subscribe<C extends BusChannel>(channel: C, onMessages: (m: BusMessages[C][]) => void) {
      return Promise.resolve(listeners.add(channel, onMessages))
    },

    deny(revocations, { isAll } = { isAll: false }) {
      denyList.add(revocations, isAll)
      return Promise.resolve()
    },

    isDenied(what) {
      return Promise.resolve(denyList.has(what))
    },

    ...keptTexts(),

    close() {
      listeners.clear()
      return Promise.resolve()
    },
  }
}
