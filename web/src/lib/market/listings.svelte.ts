// Instruments beyond the built-in ones, as the page meets them: in an answer to a search, on a watch
// list. Who has met one can name it, and every part of the page finds it.

import type { listInstrumentsRoute } from '@motu/shared/contract/market.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Answer } from '#lib/http.ts'
import { instrumentOf, meetInstruments } from './instrument-of.svelte.ts'
import type { MarketApi } from './market-api.ts'

type ListedAnswer = (typeof listInstrumentsRoute)['responses'][200]['content']['application/json']
/** An instrument as the API tells it. */
export type InstrumentView = ListedAnswer['schema']['_output']['instruments'][number]

export class Listings {
  #asked: readonly TickerId[] = []
  readonly #api: Pick<MarketApi, 'instruments'>
  readonly #onLearnt: (tickerIds: readonly TickerId[]) => void

  /** `onLearnt`: some were asked for by name, and are known now. */
  constructor(
    api: Pick<MarketApi, 'instruments'>,
    onLearnt: (tickerIds: readonly TickerId[]) => void = () => {},
  ) {
    this.#api = api
    this.#onLearnt = onLearnt
  }

  /** Built in, or met before. */
  find(tickerId: TickerId): Instrument | undefined {
    return instrumentOf(tickerId)
  }

  /** Takes note of what an answer brought; the answer in the page's own form. */
  meet(views: readonly InstrumentView[]): Instrument[] {
    const instruments = views.map(instrumentFrom)
    meetInstruments(instruments)
    return instruments.map((one) => instrumentOf(one.tickerId) ?? one)
  }

  /** Asks once for those nobody here knows. One that home does not know either stays unknown. */
  async learn(tickerIds: readonly TickerId[]): Promise<void> {
    const unknown = tickerIds.filter(
      (id, at) => !this.find(id) && !this.#asked.includes(id) && tickerIds.indexOf(id) === at,
    )
    if (unknown.length === 0) return
    this.#asked = [...this.#asked, ...unknown]
    await Promise.all(
      unknown.map(async (tickerId) => {
        const answer = await this.look(tickerId)
        if (!answer.ok) this.#asked = this.#asked.filter((asked) => asked !== tickerId)
      }),
    )
  }

  /** Asks home for one by its id; `instrument` is null where home knows none either. */
  async look(tickerId: TickerId): Promise<Answer<{ instrument: Instrument | null }>> {
    const answer = await this.#api.instruments(tickerId, 1)
    if (!answer.ok) return answer
    const found = answer.data.instruments.filter((view) => view.ticker_id === tickerId)
    const [instrument = null] = this.meet(found)
    if (instrument) this.#onLearnt([tickerId])
    return { ...answer, data: { instrument } }
  }
}

function instrumentFrom(view: InstrumentView): Instrument {
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
