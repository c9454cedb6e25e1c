// Past orders that are looked for: asked of home, which knows them all, a moment after the last word on
// what is meant. Until it answers, and while it does not, the page shows what it has loaded.

import type { Order } from '@motu/shared/contract/orders.ts'
import type { Api } from '#lib/api.ts'
import type { Failure } from '#lib/http.ts'
import { matches, type OrderFilter, queryOf } from './order-filter.ts'

const TYPING_PAUSE_MS = 180
const ORDERS_PER_PAGE = 30

export type OrderSearchOptions = {
  api: Pick<Api, 'orders'>
  after: (delayMs: number, call: () => void) => () => void
}

export class OrderSearch {
  isAsking = $state(false)
  failure = $state.raw<Failure | null>(null)
  /** When home last answered, in ms, while it is dark; null when the answer is of now. */
  staleSince = $state<number | null>(null)
  nextCursor = $state<string | null>(null)
  #found = $state.raw<readonly Order[]>([])
  #filter = $state.raw<OrderFilter | null>(null)
  readonly #options: OrderSearchOptions
  #generation = 0
  #callOff: () => void = () => {}

  constructor(options: OrderSearchOptions) {
    this.#options = options
  }

  /** Looks for others from now on. */
  look(filter: OrderFilter): void {
    this.stop()
    this.#filter = filter
    this.#found = []
    this.nextCursor = null
    this.failure = null
    this.staleSince = null
    if (queryOf(filter) === null) return
    this.isAsking = true
    this.#callOff = this.#options.after(TYPING_PAUSE_MS, () => void this.more())
  }

  /** Fetches the first page, or the next one. */
  async more(): Promise<void> {
    const generation = this.#generation
    const query = this.#filter && queryOf(this.#filter)
    if (!query) return
    this.isAsking = true
    const answer = await this.#options.api.orders({
      ...{ status: 'closed', ...query, limit: ORDERS_PER_PAGE },
      ...(this.nextCursor === null ? {} : { cursor: this.nextCursor }),
    })
    if (generation !== this.#generation) return
    this.isAsking = false
    this.failure = answer.ok ? null : answer.failure
    if (!answer.ok) return
    this.#found = [...this.#found, ...answer.data.orders]
    this.nextCursor = answer.data.next_cursor
    this.staleSince = answer.staleSince
  }

  /** Forgets what is under way. */
  stop(): void {
    this.#generation += 1
    this.#callOff()
    this.isAsking = false
  }

  /** What was found, and what of the loaded orders matches as well; the newest first. */
  among(loaded: readonly Order[]): Order[] {
    const filter = this.#filter
    if (filter === null) return []
    const here = loaded.filter((order) => matches(order, filter))
    const others = this.#found.filter(
      ({ order_id }) => !here.some((order) => order.order_id === order_id),
    )
    return [...here, ...others].sort((a, b) => b.accepted_at.localeCompare(a.accepted_at))
  }
}
