// The user's orders as this page knows them: those being sent, those open, those past.
//
// An order is shown from the moment it is sent. Its client order id is made once, when it is
// submitted, and travels with every retry, so that a lost answer never makes a second order.
// What was accepted but not yet stored at home is remembered across reloads: while home is dark,
// no list would name it.
//
// A replacement is shown at once as well: the old order with its new terms until the edge has kept
// the new one, then the new one alone. Should home refuse it, the old one works on, and is back.

import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import type { AcceptedOrder, Order } from '@motu/shared/contract/orders.ts'
import { isFinal } from '@motu/shared/order.ts'
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '#lib/api.ts'
import { type Answer, type Failure, mayRetry } from '#lib/http.ts'
import {
  laterOf,
  pendingOrder,
  pendingReplacement,
  type Replacement,
  withoutReplaced,
} from './reconcile.ts'
import type { RememberedOrders } from './remembered-orders.ts'

const OPEN_ORDERS_MAX = 500
const PAST_ORDERS_PER_PAGE = 30
/** How long to wait before each retry of a request whose outcome is unknown. */
const RETRY_DELAYS_MS = [1_000, 3_000, 6_000]

/** An order on its way: `unsure` when the last attempt brought no answer. */
export type Sending = { draft: PlaceOrder & { client_order_id: string }; isUnsure: boolean }

export type OrderChange = {
  before: Order | undefined
  after: Order
  /** It was on its way from this page: its first report may already be its last. */
  wasSending: boolean
  /** It is cancelled together with others, of which one notice tells. */
  isTogether: boolean
}

export type OrdersOptions = {
  api: Api
  newId: () => string
  wait: (delayMs: number) => Promise<void>
  remembered: RememberedOrders
  /** An order changed before the user's eyes: tell him, and look at the portfolio again. */
  onChange: (change: OrderChange) => void
}

export class Orders {
  sending = $state<Sending[]>([])
  hasLoaded = $state(false)
  loadFailure = $state.raw<Failure | null>(null)
  /** When home last confirmed the list, in ms, while it is dark; null when the list is fresh. */
  staleSince = $state<number | null>(null)
  nextCursor = $state<string | null>(null)
  /** Orders that are cancelled together, and who is told of their changes. */
  together: Record<string, (order: Order) => void> = {}
  readonly #byId = new SvelteMap<string, Order>()
  /** What is asked of orders whose replacement the edge has not kept yet. */
  readonly #replacing = new SvelteMap<string, Replacement>()
  readonly #options: OrdersOptions
  /** Answers to an earlier user's requests must not land in the next user's list. */
  #generation = 0
  #username: string | null = null

  readonly all = $derived(
    [...this.#byId.values()].sort((a, b) => b.accepted_at.localeCompare(a.accepted_at)),
  )
  readonly #working = $derived(this.all.filter((order) => !isFinal(order.status)))
  readonly open = $derived(
    withoutReplaced(this.#working).map((order) => {
      const change = this.#replacing.get(order.order_id)
      return change ? { ...order, ...change } : order
    }),
  )
  readonly past = $derived(this.all.filter((order) => isFinal(order.status)))

  constructor(options: OrdersOptions) {
    this.#options = options
  }

  /** Begins with a user, and with what was accepted for him before a reload. */
  begin(username: string): void {
    this.clear()
    this.#username = username
    for (const order of this.#options.remembered.read(username))
      this.#byId.set(order.order_id, order)
  }

  /** Sends an order; the failure comes back when it was refused, null once it is kept. */
  async place(fields: Omit<PlaceOrder, 'client_order_id'>): Promise<Failure | null> {
    const draft = { ...fields, client_order_id: this.#options.newId() }
    this.sending.push({ draft, isUnsure: false })
    const failure = await this.#deliver(draft)
    this.sending = this.sending.filter(
      (each) => each.draft.client_order_id !== draft.client_order_id,
    )
    return failure
  }

  /** Takes in an order that was placed among others: it is shown before home speaks of it. */
  takePlaced(draft: PlaceOrder, accepted: AcceptedOrder): void {
    this.#take(pendingOrder(draft, accepted))
  }

  /**
   * Puts a new order in the place of one that works, with some of its terms changed: prices, the
   * quantity (what has filled counts), how long it lives. Shown at once; the failure comes back when
   * the edge refused it, null once it is kept. What home makes of it arrives as a change.
   */
  async replace(order: Order, change: Replacement): Promise<Failure | null> {
    const generation = this.#generation
    const client_order_id = this.#options.newId()
    this.#replacing.set(order.order_id, change)
    const answer = await this.#insist(() =>
      this.#options.api.replace(order.order_id, { ...change, client_order_id }),
    )
    if (generation !== this.#generation) return null
    // Both at once, or the old terms would flash up in between.
    const replaced = this.#byId.get(order.order_id) ?? order
    if (answer.ok) this.#take(pendingReplacement(replaced, change, answer.data))
    this.#replacing.delete(order.order_id)
    return answer.ok ? null : answer.failure
  }

  /** Whether a replacement of the order is on its way to the edge. */
  isReplacing(orderId: string): boolean {
    return this.#replacing.has(orderId)
  }

  async cancel(orderId: string): Promise<Failure | null> {
    const answer = await this.#insist(() => this.#options.api.cancel(orderId))
    if (!answer.ok) return answer.failure
    const order = this.#byId.get(orderId)
    const { cancel_requested_at } = answer.data
    if (order && !isFinal(order.status)) this.#byId.set(orderId, { ...order, cancel_requested_at })
    return null
  }

  /** What the socket says of one order. */
  apply(heard: Order): void {
    this.#take(heard)
  }

  /** Fetches the open orders and the newest past ones, and looks up what is in neither list. */
  async load(): Promise<void> {
    const generation = this.#generation
    const { api } = this.#options
    const [open, past] = await Promise.all([
      api.orders({ status: 'open', limit: OPEN_ORDERS_MAX }),
      api.orders({ status: 'closed', limit: PAST_ORDERS_PER_PAGE }),
    ])
    if (generation !== this.#generation) return
    if (!open.ok || !past.ok) {
      this.loadFailure = !open.ok ? open.failure : !past.ok ? past.failure : null
      return
    }
    const listed = [...open.data.orders, ...past.data.orders]
    const missing = this.#working.filter(
      ({ order_id }) => !listed.some((one) => one.order_id === order_id),
    )
    for (const order of listed) this.#take(order)
    if (!this.hasLoaded) this.nextCursor = past.data.next_cursor
    this.staleSince = open.staleSince ?? past.staleSince
    this.loadFailure = null
    this.hasLoaded = true
    // While home is dark it cannot know more than this page does.
    if (this.staleSince === null)
      await Promise.all(missing.map(({ order_id }) => this.#lookUp(order_id)))
  }

  async loadMore(): Promise<void> {
    if (this.nextCursor === null) return
    const generation = this.#generation
    const query = {
      status: 'closed',
      limit: PAST_ORDERS_PER_PAGE,
      cursor: this.nextCursor,
    } as const
    const answer = await this.#options.api.orders(query)
    if (!answer.ok || generation !== this.#generation) return
    for (const order of answer.data.orders) this.#take(order)
    this.nextCursor = answer.data.next_cursor
  }

  clear(): void {
    this.#generation += 1
    this.#username = null
    this.#byId.clear()
    this.#replacing.clear()
    this.together = {}
    this.sending = []
    this.hasLoaded = false
    this.loadFailure = null
    this.staleSince = null
    this.nextCursor = null
  }

  async #deliver(draft: Sending['draft']): Promise<Failure | null> {
    const generation = this.#generation
    const answer = await this.#insist(
      () => this.#options.api.place(draft),
      () => this.#markUnsure(draft.client_order_id),
    )
    if (generation !== this.#generation) return null
    if (!answer.ok) return answer.failure
    this.#take(pendingOrder(draft, answer.data))
    return null
  }

  /** Asks again, with the same ids, as long as nobody knows what became of it. */
  async #insist<T>(
    call: () => Promise<Answer<T>>,
    onUnsure: () => void = () => {},
  ): Promise<Answer<T>> {
    const generation = this.#generation
    for (let attempt = 0; ; attempt += 1) {
      const answer = await call()
      const delayMs = RETRY_DELAYS_MS[attempt]
      if (answer.ok || !mayRetry(answer.failure) || delayMs === undefined) return answer
      if (generation !== this.#generation) return answer
      onUnsure()
      await this.#options.wait(delayMs)
    }
  }

  #remember(): void {
    const pending = this.#working.filter(({ status }) => status === 'PENDING')
    if (this.#username) this.#options.remembered.write(this.#username, pending)
  }

  #markUnsure(clientOrderId: string): void {
    const sending = this.sending.find((each) => each.draft.client_order_id === clientOrderId)
    if (sending) sending.isUnsure = true
  }

  async #lookUp(orderId: string): Promise<void> {
    const generation = this.#generation
    const answer = await this.#options.api.order(orderId)
    if (answer.ok && generation === this.#generation) this.#take(answer.data)
  }

  #take(heard: Order): void {
    const before = this.#byId.get(heard.order_id)
    const after = laterOf(before, heard)
    if (after === before) return
    this.#byId.set(after.order_id, after)
    const others = this.sending.filter(
      (each) => each.draft.client_order_id !== after.client_order_id,
    )
    const isSent = others.length < this.sending.length
    if (isSent) this.sending = others
    const wasSending = isSent || (after.replaces !== null && this.#replacing.has(after.replaces))
    if (before?.status === 'PENDING' || after.status === 'PENDING') this.#remember()
    const tellOther = this.together[after.order_id]
    this.#options.onChange({ before, after, wasSending, isTogether: tellOther !== undefined })
    tellOther?.(after)
  }
}
