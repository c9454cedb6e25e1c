// The fills of one's own orders of one ticker. Where an order alone does not tell them, they are
// fetched: once for each quantity that it has filled.

import type { FillView, Order } from '@motu/shared/contract/orders.ts'
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '#lib/api.ts'
import { type FillMark, fillMarksOf, isOneFill } from './chart/marks.ts'

/** Orders whose fills are fetched at the most: the newest. */
const FETCHED_ORDERS_MAX = 20

export class OwnFills {
  readonly #fills = new SvelteMap<string, FillView[]>()
  readonly #asked = new Set<string>()
  readonly #api: Pick<Api, 'fills'>

  constructor(api: Pick<Api, 'fills'>) {
    this.#api = api
  }

  /** The marks of these orders, as far as they are known now. */
  marks(orders: readonly Order[]): FillMark[] {
    return orders.flatMap((order) => fillMarksOf(order, this.#fills.get(order.order_id)))
  }

  /** Fetches what these orders, the newest first, do not tell. What fails is asked for next time. */
  async ensure(orders: readonly Order[]): Promise<void> {
    const missing = orders
      .filter((order) => !isOneFill(order))
      .slice(0, FETCHED_ORDERS_MAX)
      .filter((order) => !this.#asked.has(keyOf(order)))
    for (const order of missing) this.#asked.add(keyOf(order))
    await Promise.all(missing.map((order) => this.#fetch(order)))
  }

  async #fetch(order: Order): Promise<void> {
    const answer = await this.#api.fills(order.order_id)
    if (answer.ok) this.#fills.set(order.order_id, answer.data.fills)
    else this.#asked.delete(keyOf(order))
  }
}

const keyOf = ({ order_id, filled_quantity }: Order): string => `${order_id} ${filled_quantity}`
