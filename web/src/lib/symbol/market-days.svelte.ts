// The day of the instrument looked at: its figures from the server now and then, kept going by the
// live price in between.

import type { MarketDay } from '@motu/shared/contract/market-day.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import type { Api } from '#lib/api.ts'
import { Resource } from '#lib/resource.svelte.ts'
import { dayFigures, type DayFigures } from './day-figures.ts'

const DAY_RELOAD_INTERVAL_MS = 20_000

export class MarketDays {
  readonly resource: Resource<MarketDay>
  readonly #sources: { instrument: () => Instrument; price: () => string | null }

  readonly figures: DayFigures | null = $derived.by(() => {
    const { instrument, price } = this.#sources
    const day = this.resource.data
    if (day?.ticker_id !== instrument().tickerId) return null
    return dayFigures(day, price())
  })

  constructor(
    api: Pick<Api, 'marketDay'>,
    sources: { instrument: () => Instrument; price: () => string | null },
  ) {
    this.#sources = sources
    this.resource = new Resource(() => api.marketDay(sources.instrument().tickerId))
  }

  /** Fetches it now and again; the answer ends that. */
  follow(): () => void {
    void this.resource.load()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.resource.load()
    }, DAY_RELOAD_INTERVAL_MS)
    return () => clearInterval(timer)
  }
}
