// Instruments beyond the built-in ones, as the page meets them: in an answer to a search, on a watch
// list. Who has met one can name it, and every part of the page finds it.

import type { listInstrumentsRoute } from '@motu/shared/contract/market.ts'
import { type Instrument, findInstrument, registerInstruments } from '@motu/shared/instrument.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { SvelteMap } from 'svelte/reactivity'
import type { MarketApi } from './market-api.ts'

type ListedAnswer = (typeof listInstrumentsRoute)['responses'][200]['content']['application/json']
/** An instrument as the API tells it. */
export type InstrumentView = ListedAnswer['schema']['_output']['instruments'][number]

export class Listings {
  readonly #met = new SvelteMap<TickerId, Instrument>()
  #asked: readonly TickerId[] = []
  readonly #api: MarketApi

  constructor(api: MarketApi) {
    this.#api = api
  }

  /** Built in, or met before. */
  find(tickerId: TickerId): Instrument | undefined {
    return this.#met.get(tickerId) ?? findInstrument(tickerId)
  }

  /** Takes note of what an answer brought; the answer in the page's own form. */
  meet(views: readonly InstrumentView[]): Instrument[] {
    const instruments = views.map(instrumentOf)
    const unknown = instruments.filter(({ tickerId }) => !findInstrument(tickerId))
    for (const one of unknown) this.#met.set(one.tickerId, one)
    if (unknown.length > 0) registerInstruments([...this.#met.values()], `met ${this.#met.size}`)
    return instruments.map((one) => findInstrument(one.tickerId) ?? one)
  }

  /** Asks once for those nobody here knows. One that home does not know either stays unknown. */
  async learn(tickerIds: readonly TickerId[]): Promise<void> {
    const unknown = tickerIds.filter((id) => !this.find(id) && !this.#asked.includes(id))
    this.#asked = [...this.#asked, ...unknown]
    for (const tickerId of unknown) {
      const answer = await this.#api.instruments(tickerId, 1)
      if (answer.ok) this.meet(answer.data.instruments)
      else this.#asked = this.#asked.filter((asked) => asked !== tickerId)
    }
  }
}

function instrumentOf(view: InstrumentView): Instrument {
  return {
    tickerId: view.ticker_id,
    venue: view.venue,
    kind: view.kind,
    board: view.board,
    status: view.status,
    nameKo: view.name_ko,
    nameEn: view.name_en,
    sector: view.sector,
    currency: view.currency,
    // Only a feed without any price begins here: a browser has none.
    referencePrice: 0n,
  }
}
