// Which coins an exchange lists against USDT, and in which steps: read anew every hour, and after the
// exchange has refused one of them or quoted off a step.

import type { Log } from '../../log.ts'
import type { ListedMarket, OpenExchange } from './exchange.ts'

const MARKETS_AGE_MS_MAX = 3_600_000

type ListedCoinsOptions = {
  exchange: string
  bases: readonly string[]
  /** However much there is to doubt, not more often than this. */
  doubtMs: number
  now: () => number
  log: Log
}

export class ListedCoins {
  readonly #options: ListedCoinsOptions
  /** Those that are left out: said once each. */
  readonly #missing = new Set<string>()
  #markets: readonly ListedMarket[] = []
  #readAt = -Infinity
  #isDoubted = false

  constructor(options: ListedCoinsOptions) {
    this.#options = options
  }

  /** What was read last. */
  get known(): readonly ListedMarket[] {
    return this.#markets
  }

  /** Their markets; rejects as the exchange does. Empty when it lists none. */
  async read(exchange: OpenExchange): Promise<readonly ListedMarket[]> {
    const { bases, doubtMs, now } = this.#options
    const ageMs = now() - this.#readAt
    if (ageMs <= (this.#isDoubted ? doubtMs : MARKETS_AGE_MS_MAX)) return this.#markets
    this.#markets = await exchange.markets(bases)
    this.#readAt = now()
    this.#isDoubted = false
    this.#tell()
    return this.#markets
  }

  /** What is known may not hold any more. */
  doubt(): void {
    this.#isDoubted = true
  }

  #tell(): void {
    const { exchange, bases, log } = this.#options
    const listed = new Set(this.#markets.map(({ base }) => base))
    for (const base of bases) {
      if (listed.has(base)) this.#missing.delete(base)
      else if (!this.#missing.has(base)) {
        this.#missing.add(base)
        log.info({ exchange, base }, 'not listed there against USDT: left out')
      }
    }
  }
}
