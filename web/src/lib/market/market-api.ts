// The calls that tell of markets beyond quotes and candles: what moves, what there is to find.

import type { Mover, MoverOrder } from '@motu/shared/contract/market-day.ts'
import type { References } from '@motu/shared/contract/market.ts'
import type { CandleInterval } from '@motu/shared/market-data.ts'
import type { Venue } from '@motu/shared/instrument.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Candles } from '#lib/api.ts'
import type { Answer, Http } from '#lib/http.ts'
import type { InstrumentView } from './listings.svelte.ts'

const PREFIX = '/api/v1/market'

/** Open to anyone: nothing here needs a sign-in. */
export class MarketApi {
  readonly #http: Pick<Http, 'send'>

  constructor(http: Pick<Http, 'send'>) {
    this.#http = http
  }

  movers(query: { by: MoverOrder; venue: Venue | null; limit: number }): Promise<Answer<Movers>> {
    const { by, venue, limit } = query
    return this.#get('/movers', { by, limit: `${limit}`, ...(venue ? { venue } : {}) })
  }

  instruments(query: string, limit: number): Promise<Answer<{ instruments: InstrumentView[] }>> {
    return this.#get('/instruments', { query, limit: `${limit}` })
  }

  candlesSince(
    tickerId: TickerId,
    { interval, fromMs }: { interval: CandleInterval; fromMs: number },
  ): Promise<Answer<Candles>> {
    return this.#get(`/candles/${tickerId}`, { interval, from: `${fromMs}` })
  }

  references(ticker: TickerId): Promise<Answer<References>> {
    return this.#get('/references', { ticker })
  }

  #get<T>(path: string, query: Record<string, string>): Promise<Answer<T>> {
    const search = new URLSearchParams(query)
    return this.#http.send({ method: 'GET', path: `${PREFIX}${path}?${search}` })
  }
}

export type Movers = { movers: Mover[]; as_of: string }
