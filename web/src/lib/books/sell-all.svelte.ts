// The state of selling everything.
//
//   reviewing ── send ──► sending ── an answer ──► sent
//                  ▲          │
//                  └─ failed ─┘   no answer: the same orders, with the same ids, may be sent again
//
// What is reviewed follows the positions; what was sent once stays as it was, so that a lost answer
// never sells twice.

import type { OrderTest } from '@motu/shared/contract/order-test.ts'
import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import type { AcceptedOrder, BatchResults } from '@motu/shared/contract/orders.ts'
import { SvelteMap } from 'svelte/reactivity'
import { type Failure, mayRetry } from '#lib/http.ts'
import type { BooksApi } from './books-api.ts'
import { type SellItem, sellOrder } from './sell-all.ts'

const ORDERS_PER_BATCH_MAX: (typeof import('@motu/shared/order.ts'))['ORDERS_PER_BATCH_MAX'] = 100
const TESTS_AT_ONCE = 4
/** How long to wait before each retry while nobody knows whether the orders arrived. */
const RETRY_DELAYS_MS = [1_000, 3_000]

type Draft = PlaceOrder & { client_order_id: string }
/** What became of one order: kept under an id, or refused with the code of a problem. */
export type SellResult = { draft: Draft } & (
  { kind: 'kept'; orderId: string } | { kind: 'refused'; code: string }
)

export type SellAllOptions = {
  api: BooksApi
  /** The instant in ISO 8601. */
  now: () => string
  wait: (delayMs: number) => Promise<void>
  newId: () => string
  /** An order was kept: it belongs into the list of orders from now on. */
  onKept: (draft: PlaceOrder, accepted: AcceptedOrder) => void
}

export class SellAll {
  phase = $state<'reviewing' | 'sending' | 'sent'>('reviewing')
  /** Orders for a market that is shut wait for its opening; else they are refused. */
  mayWaitForOpen = $state(true)
  failure = $state.raw<Failure | null>(null)
  results = $state.raw<readonly SellResult[]>([])
  readonly #tests = new SvelteMap<string, OrderTest>()
  readonly #options: SellAllOptions
  #drafts: Draft[] | null = null

  constructor(options: SellAllOptions) {
    this.#options = options
  }

  /** What the server expects of selling an item now; undefined until it answered. */
  testOf(item: SellItem): OrderTest | undefined {
    return this.#tests.get(this.#keyOf(item))
  }

  /** Asks about those items it does not know yet. */
  async review(items: readonly SellItem[]): Promise<void> {
    const unknown = items.filter((item) => !this.testOf(item))
    for (let from = 0; from < unknown.length; from += TESTS_AT_ONCE) {
      const some = unknown.slice(from, from + TESTS_AT_ONCE)
      await Promise.all(some.map((item) => this.#test(item)))
    }
  }

  /** Sends an order for each item that would not be refused. */
  async send(items: readonly SellItem[]): Promise<void> {
    if (this.phase !== 'reviewing') return
    this.#drafts ??= items
      .filter((item) => this.testOf(item)?.ok !== false)
      .map((item) => ({
        ...sellOrder(item, this.mayWaitForOpen),
        client_order_id: this.#options.newId(),
      }))
    this.phase = 'sending'
    this.failure = null
    const results: SellResult[] = []
    for (let from = 0; from < this.#drafts.length; from += ORDERS_PER_BATCH_MAX) {
      const batch = this.#drafts.slice(from, from + ORDERS_PER_BATCH_MAX)
      const answer = await this.#deliver(batch)
      if (!answer.ok) {
        this.failure = answer.failure
        this.phase = 'reviewing'
        // A plain refusal kept nothing: what is sent next may be other orders.
        if (!mayRetry(answer.failure)) this.#drafts = null
        return
      }
      results.push(...this.#take(batch, answer.data))
    }
    this.results = results
    this.phase = 'sent'
  }

  /** Whether what would be sent is what was sent before, and nobody knows whether it arrived. */
  get isRepeat(): boolean {
    return this.#drafts !== null && this.failure !== null && mayRetry(this.failure)
  }

  async #test(item: SellItem): Promise<void> {
    const key = this.#keyOf(item)
    const answer = await this.#options.api.testOrder(sellOrder(item, this.mayWaitForOpen))
    if (answer.ok) this.#tests.set(key, answer.data)
  }

  async #deliver(batch: Draft[]) {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#options.api.placeBatch(batch)
      const delayMs = RETRY_DELAYS_MS[attempt]
      if (answer.ok || !mayRetry(answer.failure) || delayMs === undefined) return answer
      await this.#options.wait(delayMs)
    }
  }

  #take(batch: readonly Draft[], { results }: BatchResults): SellResult[] {
    const acceptedAt = this.#options.now()
    return results.flatMap((result): SellResult[] => {
      const draft = batch[result.index]
      if (!draft) return []
      if ('problem' in result) {
        return [{ kind: 'refused', draft, code: result.problem.type.split('/').at(-1) ?? '' }]
      }
      const { order_id, status } = result
      const { client_order_id } = draft
      this.#options.onKept(draft, { order_id, client_order_id, status, accepted_at: acceptedAt })
      return [{ kind: 'kept', draft, orderId: order_id }]
    })
  }

  #keyOf({ tickerId, quantity }: SellItem): string {
    return `${tickerId} ${quantity} ${this.mayWaitForOpen}`
  }
}
