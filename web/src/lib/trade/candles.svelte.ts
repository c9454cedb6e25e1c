// The candles of one instrument at one interval: history from the server, the last one live.

import type { Instrument } from '@motu/shared/instrument.ts'
import type { CandleInterval, CandleRow, Quote } from '@motu/shared/market-data.ts'
import type { Api } from '#lib/api.ts'
import { withQuote } from './candles.ts'

export class Candles {
  /** Null while the first answer is awaited. */
  history = $state.raw<readonly CandleRow[] | null>(null)
  live = $state.raw<CandleRow | null>(null)
  hasFailed = $state(false)
  readonly instrument: Instrument
  readonly interval: CandleInterval
  readonly #api: Api

  constructor(options: { api: Api; instrument: Instrument; interval: CandleInterval }) {
    this.#api = options.api
    this.instrument = options.instrument
    this.interval = options.interval
  }

  /** Fetches the history; again later, for the volume that quotes do not tell. */
  async load(): Promise<void> {
    const answer = await this.#api.candles(this.instrument.tickerId, this.interval)
    this.hasFailed = !answer.ok && this.history === null
    if (!answer.ok) return
    const last = answer.data.candles.at(-1) ?? null
    this.history = answer.data.candles
    if (!this.live || !last || last[0] >= this.live[0]) this.live = last
  }

  apply(quote: Quote): void {
    const last = this.live
    if (!last || quote.ticker_id !== this.instrument.tickerId) return
    this.live = withQuote(last, quote, this.interval) ?? last
  }
}
