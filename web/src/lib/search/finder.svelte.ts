// Finding an instrument: what this page knows answers with the next keystroke, home's list of all
// that is listed a moment later. What was shown stays where it is; what home found comes below it.

import { type Instrument, INSTRUMENTS } from '@motu/shared/instrument.ts'
import { indexInstruments, searchInstruments } from '@motu/shared/instrument-search.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Listings } from '#lib/market/listings.svelte.ts'
import type { MarketApi } from '#lib/market/market-api.ts'
import { isRateMeant } from './rate-search.ts'
import { forgetRecent, readRecent, rememberRecent } from './recent-tickers.ts'

const TYPING_PAUSE_MS = 180
const RESULTS_MAX = 30

export type FinderOptions = {
  api: Pick<MarketApi, 'instruments'>
  listings: Listings
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  after: (delayMs: number, call: () => void) => () => void
}

export class Finder {
  /** The palette is open. */
  isOpen = $state(false)
  typed = $state('')
  /** The exchange rate was chosen: whoever shows it opens what can be done with it. */
  isRateAsked = $state(false)
  isAsking = $state(false)
  /** Home did not answer: only what the page knows was searched. */
  hasFailed = $state(false)
  recent = $state.raw<readonly TickerId[]>([])
  #answered = $state.raw<readonly Instrument[]>([])
  readonly #options: FinderOptions
  readonly #index = $derived(indexInstruments(INSTRUMENTS))
  #generation = 0
  #callOff: () => void = () => {}

  readonly results: readonly Instrument[] = $derived.by(() => {
    const here = searchInstruments(this.#index, this.typed, { limit: RESULTS_MAX })
    const others = this.#answered.filter((one) => !here.includes(one))
    return [...here, ...others].slice(0, RESULTS_MAX)
  })

  /** The exchange rate is among what may be meant. */
  readonly hasRate = $derived(isRateMeant(this.typed))

  constructor(options: FinderOptions) {
    this.#options = options
  }

  open(): void {
    this.type('')
    this.recent = readRecent(this.#options.storage)
    void this.#options.listings.learn(this.recent)
    this.isOpen = true
  }

  type(text: string): void {
    this.typed = text
    this.#answered = []
    this.hasFailed = false
    this.#callOff()
    const generation = ++this.#generation
    this.isAsking = text.trim() !== ''
    if (!this.isAsking) return
    this.#callOff = this.#options.after(TYPING_PAUSE_MS, () => void this.#ask(generation))
  }

  /** One was chosen: it is among the recent ones the next time. */
  choose(tickerId: TickerId): void {
    this.recent = rememberRecent(this.#options.storage, tickerId)
    this.isOpen = false
  }

  chooseRate(): void {
    this.isOpen = false
    this.isRateAsked = true
  }

  forget(): void {
    forgetRecent(this.#options.storage)
    this.recent = []
  }

  async #ask(generation: number): Promise<void> {
    const answer = await this.#options.api.instruments(this.typed, RESULTS_MAX)
    if (generation !== this.#generation) return
    this.isAsking = false
    this.hasFailed = !answer.ok
    if (answer.ok) this.#answered = this.#options.listings.meet(answer.data.instruments)
  }
}
