// The history of messages, as an admin's page asks for it: one method a call.

import type { Delivery, DeliveryList, DeliveryPlace } from '@motu/shared/contract/deliveries.ts'
import type { Api } from '#lib/api.ts'
import type { Answer } from '#lib/http.ts'

const DELIVERIES = '/api/v1/admin/deliveries'
const PLACES = '/api/v1/admin/delivery-places'

export class DeliveryApi {
  readonly #api: Pick<Api, 'signed'>

  constructor(api: Pick<Api, 'signed'>) {
    this.#api = api
  }

  /** An empty filter lets everything through. */
  page(query: {
    state: string
    place: string
    limit: number
    cursor: string | null
  }): Promise<Answer<DeliveryList>> {
    const { state, place, limit, cursor } = query
    const search = new URLSearchParams({
      limit: `${limit}`,
      ...(state ? { state } : {}),
      ...(place ? { place } : {}),
      ...(cursor ? { cursor } : {}),
    })
    return this.#api.signed({ method: 'GET', path: `${DELIVERIES}?${search}` })
  }

  retry(id: string): Promise<Answer<Delivery>> {
    return this.#api.signed({ method: 'POST', path: `${DELIVERIES}/${id}/retry` })
  }

  places(): Promise<Answer<{ places: DeliveryPlace[] }>> {
    return this.#api.signed({ method: 'GET', path: PLACES })
  }

  switchOn(place: string): Promise<Answer<DeliveryPlace>> {
    const path = `${PLACES}/${encodeURIComponent(place)}/switch-on`
    return this.#api.signed({ method: 'POST', path })
  }
}
