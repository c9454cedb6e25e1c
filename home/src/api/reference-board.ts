// The last reference quote of each exchange and coin, kept while they are fresh: whichever process the
// feeder is, they come over the bus. After a start the board fills within seconds.

import { REFERENCE_EXCHANGES, type ReferenceQuote } from '@motu/shared/market-data.ts'
import type { Bus } from '../bus/bus.ts'

/** An older one is not shown: a premium over a price of long ago is none. */
export const REFERENCE_AGE_MS_MAX = 30_000
/** Coins of each exchange at the most. */
const COINS_MAX = 250
const QUOTES_MAX = REFERENCE_EXCHANGES.length * COINS_MAX

export class ReferenceBoard {
  /** By exchange and coin. */
  readonly #quotes = new Map<string, ReferenceQuote>()

  /** Listens until the answer is called. */
  follow(bus: Pick<Bus, 'subscribe'>): Promise<() => Promise<void>> {
    return bus.subscribe('market_references', (quotes) => this.put(quotes))
  }

  put(quotes: readonly ReferenceQuote[]): void {
    for (const quote of quotes) {
      const key = `${quote.exchange} ${quote.base}`
      // The one that was told longest ago is the first.
      this.#quotes.delete(key)
      this.#quotes.set(key, quote)
    }
    for (const key of this.#quotes.keys()) {
      if (this.#quotes.size <= QUOTES_MAX) break
      this.#quotes.delete(key)
    }
  }

  /** Of one coin, in the order exchanges are listed. */
  of(base: string, nowMs: number): ReferenceQuote[] {
    return REFERENCE_EXCHANGES.flatMap((exchange) => {
      const quote = this.#quotes.get(`${exchange} ${base}`)
      const isFresh = quote && nowMs - Date.parse(quote.received_at) <= REFERENCE_AGE_MS_MAX
      return isFresh ? [quote] : []
    })
  }
}
