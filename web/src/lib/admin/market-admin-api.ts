// What admins do to markets, and what became of orders that could not be read: one method a call.

import type {
  CorporateActionView,
  NewCorporateAction,
} from '@motu/shared/contract/corporate-actions.ts'
import type { DeadLetterList } from '@motu/shared/contract/dead-letters.ts'
import type { NewOverride, OverrideView } from '@motu/shared/contract/market-calendar.ts'
import type { Venue } from '@motu/shared/instrument.ts'
import type { Api } from '#lib/api.ts'
import type { Answer, HttpMethod } from '#lib/http.ts'

const ADMIN = '/api/v1/admin'

export class MarketAdminApi {
  readonly #api: Pick<Api, 'signed'>

  constructor(api: Pick<Api, 'signed'>) {
    this.#api = api
  }

  overrides(): Promise<Answer<{ overrides: OverrideView[] }>> {
    return this.#send('GET', `${ADMIN}/calendar`)
  }

  /** `date` is the venue's own. */
  override(day: { venue: Venue; date: string }, said: NewOverride): Promise<Answer<OverrideView>> {
    return this.#send('PUT', `${ADMIN}/calendar/${day.venue}/${day.date}`, said)
  }

  restore({ venue, date }: { venue: Venue; date: string }): Promise<Answer<undefined>> {
    return this.#send('DELETE', `${ADMIN}/calendar/${venue}/${date}`)
  }

  corporateActions(): Promise<Answer<{ actions: CorporateActionView[] }>> {
    return this.#send('GET', '/api/v1/market/corporate-actions?limit=100')
  }

  record(action: NewCorporateAction): Promise<Answer<CorporateActionView>> {
    return this.#send('POST', `${ADMIN}/corporate-actions`, action)
  }

  deadLetters(query: { limit: number; cursor: string | null }): Promise<Answer<DeadLetterList>> {
    const { limit, cursor } = query
    const search = new URLSearchParams({ limit: `${limit}`, ...(cursor ? { cursor } : {}) })
    return this.#send('GET', `${ADMIN}/dead-letters?${search}`)
  }

  #send<T>(method: HttpMethod, path: string, body?: unknown): Promise<Answer<T>> {
    return this.#api.signed({ method, path, body })
  }
}
