// The client's own journal: every request sent and every answer received. Beside the database it
// is the only thing the oracle trusts; what a server says about itself is not evidence.

import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import { parseDecimal } from '@motu/shared/decimal.ts'
import { defaultTimeInForce, type OrderDraft } from '@motu/shared/order.ts'
import { orderIdOf } from '@motu/shared/order-id.ts'

/** What the client knows after a request. */
export type Outcome =
  /** A 202: a promise. `orderId` is the one it names. */
  | { kind: 'accepted'; acceptedAt: string; orderId: string }
  /** A 4xx: nothing was taken, and nothing may be written. */
  | { kind: 'refused'; status: number }
  /** A 5xx, a broken connection, no answer in time: it may have been taken, or not. */
  | { kind: 'ambiguous'; detail: string }

/** An order as the traffic writes it: it names its own id, and always a quantity. */
export type OwnOrder = PlaceOrder & { client_order_id: string; quantity: string }

export type PlaceEntry = {
  kind: 'place'
  userId: string
  /** As the client derives it; an accepted order must carry the same. */
  orderId: string
  order: OwnOrder
  /** The session the order was sent under: a message made from it looks like the edge's own. */
  session: { sid: string | null; exp: number }
  sentAtMs: number
  outcome: Outcome
}

export type CancelEntry = {
  kind: 'cancel'
  userId: string
  orderId: string
  sentAtMs: number
  outcome: Outcome
}

/** A message the harness put into a queue itself, past the edge. */
export type InjectedEntry = {
  kind: 'injected'
  body: string
  /**
   * `known`: a copy of an order of this journal. `order`: a new order, to be stored and to end
   * FAILED. `dead`: can never become an order; it must be found among the dead letters.
   */
  meant: 'known' | 'order' | 'dead'
  orderId: string | null
}

export type Entry = PlaceEntry | CancelEntry | InjectedEntry

export class Journal {
  readonly entries: Entry[] = []

  add<E extends Entry>(entry: E): E {
    this.entries.push(entry)
    return entry
  }

  places(): PlaceEntry[] {
    return this.entries.filter((entry) => entry.kind === 'place')
  }

  cancels(): CancelEntry[] {
    return this.entries.filter((entry) => entry.kind === 'cancel')
  }

  injected(): InjectedEntry[] {
    return this.entries.filter((entry) => entry.kind === 'injected')
  }

  /** Orders behind at least one 202, one entry for each order id. */
  accepted(): PlaceEntry[] {
    const byId = new Map<string, PlaceEntry>()
    for (const entry of this.places()) {
      if (entry.outcome.kind === 'accepted' && !byId.has(entry.orderId)) {
        byId.set(entry.orderId, entry)
      }
    }
    return [...byId.values()]
  }
}

/** The order id that a request must be given, derived as the edge derives it. */
export function expectedOrderId(userId: string, order: PlaceEntry['order']): string {
  return orderIdOf(userId, draftOfRequest(order))
}

/** A request as the draft it stands for; a quantity that is no decimal counts as zero. */
export function draftOfRequest(order: PlaceEntry['order']): OrderDraft {
  return {
    clientOrderId: order.client_order_id,
    tickerId: order.ticker_id,
    side: order.side,
    type: order.type,
    quantity: parseDecimal(order.quantity) ?? 0n,
    limitPrice: order.limit_price ? parseDecimal(order.limit_price) : null,
    timeInForce: order.time_in_force ?? defaultTimeInForce(order.type, order.ticker_id),
  }
}
