// The user's portfolio: fetched when something changed, valued live in between.

import type { Portfolio as PortfolioView } from '@motu/shared/contract/portfolio.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Api } from '#lib/api.ts'
import type { Failure } from '#lib/http.ts'
import { instrumentOf } from '#lib/market/instrument-of.svelte.ts'
import { midOf, type Quotes } from './quotes.svelte.ts'
import { valuate, type Valuation, type ValuedPosition } from './valuation.ts'

/** Fills come in bursts: one fetch for all that happen within this time. */
const REFRESH_DELAY_MS = 150

export class Portfolio {
  #view = $state.raw<PortfolioView | null>(null)
  loadFailure = $state.raw<Failure | null>(null)
  staleSince = $state<number | null>(null)
  readonly #api: Api
  readonly #quotes: Quotes
  readonly #after: (delayMs: number, call: () => void) => () => void
  #callOff: () => void = () => {}
  #generation = 0

  readonly valuation: Valuation | null = $derived(
    this.#view &&
      valuate(this.#view, ({ ticker_id }) => {
        const instrument = instrumentOf(ticker_id)
        const quote = this.#quotes.get(ticker_id)
        const fxMid = instrument ? this.#quotes.fxMid(instrument) : null
        return quote && fxMid !== null ? { mid: midOf(quote), fxMid } : null
      }),
  )

  constructor(options: {
    api: Api
    quotes: Quotes
    after: (delayMs: number, call: () => void) => () => void
  }) {
    this.#api = options.api
    this.#quotes = options.quotes
    this.#after = options.after
  }

  position(tickerId: TickerId): ValuedPosition | null {
    return this.valuation?.positions.find(({ view }) => view.ticker_id === tickerId) ?? null
  }

  async load(): Promise<void> {
    const generation = ++this.#generation
    const answer = await this.#api.portfolio()
    if (generation !== this.#generation) return
    this.loadFailure = answer.ok ? null : answer.failure
    if (!answer.ok) return
    this.#view = answer.data
    this.staleSince = answer.staleSince
  }

  /** Something happened to an order: fetch soon, once. */
  refreshSoon(): void {
    this.#callOff()
    this.#callOff = this.#after(REFRESH_DELAY_MS, () => void this.load())
  }

  clear(): void {
    this.#generation += 1
    this.#callOff()
    this.#view = null
    this.loadFailure = null
    this.staleSince = null
  }
}
