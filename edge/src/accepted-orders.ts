// What a Mailbox remembers of the orders it accepted lately: enough to answer a retry with the same
// promise, to notice a client order id used twice, and to show an order home does not know yet.

import type { Order } from '@motu/shared/contract/orders.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { type PlaceMessage, placeMessageSchema } from '@motu/shared/order-message.ts'

/** Some 600 bytes each, in every Mailbox: eight of them share an isolate's 128 MB on Cloudflare. */
export const ACCEPTED_ORDERS_MAX = 10_000

/** The message stays text: the collector has one thing to look at instead of fifteen. */
type Accepted = { text: string; clientKey: string; cancelRequestedAt: string | null }

export class AcceptedOrders {
  readonly #byOrderId = new Map<string, Accepted>()
  readonly #orderIdByClientKey = new Map<string, string>()

  remember(message: PlaceMessage, text: string): void {
    if (this.#byOrderId.size >= ACCEPTED_ORDERS_MAX) this.#forgetOldest()
    const clientKey = clientKeyOf(message.user_id, message.client_order_id)
    this.#byOrderId.set(message.order_id, { text, clientKey, cancelRequestedAt: null })
    this.#orderIdByClientKey.set(clientKey, message.order_id)
  }

  /** Forgets an order that was refused after all: its retry is a first try. */
  forget(orderId: string): void {
    const accepted = this.#byOrderId.get(orderId)
    if (!accepted) return
    this.#byOrderId.delete(orderId)
    this.#orderIdByClientKey.delete(accepted.clientKey)
  }

  noteCancel(orderId: string, requestedAt: string): void {
    const accepted = this.#byOrderId.get(orderId)
    if (accepted) accepted.cancelRequestedAt ??= requestedAt
  }

  /** The order its user placed under this client order id, whatever it asked for. */
  orderIdUnder(userId: string, clientOrderId: string): string | undefined {
    return this.#orderIdByClientKey.get(clientKeyOf(userId, clientOrderId))
  }

  /** When an order was accepted; null when that is not remembered. */
  acceptedAt(orderId: string): string | null {
    const accepted = this.#byOrderId.get(orderId)
    return accepted ? readPlace(accepted.text).accepted_at : null
  }

  /** An order as its user may see it before home knows it; null for anyone else. */
  pendingView(userId: string, orderId: string): Order | null {
    const accepted = this.#byOrderId.get(orderId)
    if (!accepted) return null
    const message = readPlace(accepted.text)
    return message.user_id === userId ? pendingViewOf(message, accepted.cancelRequestedAt) : null
  }

  #forgetOldest(): void {
    const oldest = this.#byOrderId.keys().next().value
    if (oldest !== undefined) this.forget(oldest)
  }
}

/** An accepted order as `GET` shows it before home knows it. */
export function pendingViewOf(message: PlaceMessage, cancelRequestedAt: string | null): Order {
  return {
    order_id: message.order_id,
    client_order_id: message.client_order_id,
    ticker_id: message.ticker_id,
    side: message.side,
    type: message.type,
    time_in_force: message.time_in_force,
    status: 'PENDING',
    reason: null,
    waiting_for: null,
    quantity: message.quantity ?? '0',
    filled_quantity: '0',
    price: null,
    limit_price: message.limit_price,
    stop_price: message.stop_price ?? null,
    trail_amount: message.trail_amount ?? null,
    trail_percent: message.trail_percent ?? null,
    notional: message.notional ?? null,
    post_only: message.post_only ?? false,
    reduce_only: message.reduce_only ?? false,
    sessions: message.sessions ?? ['regular'],
    expires_at: message.expire_at ?? null,
    ...groupOf(message),
    replaces: message.replaces ?? null,
    replaced_by: null,
    triggered_at: null,
    currency: findInstrument(message.ticker_id)?.currency ?? 'KRW',
    applied_exchange_rate: null,
    fee_krw: '0',
    settled_late: false,
    created_at: message.accepted_at,
    accepted_at: message.accepted_at,
    filled_at: null,
    cancel_requested_at: cancelRequestedAt,
    cancel_result: null,
  }
}

/** The place of an order that brings its exits: it leads them; that of an OCO is one of them. */
function groupOf({ order_class, order_id }: PlaceMessage): Pick<Order, 'leg' | 'group_id'> {
  if (order_class === undefined || order_class === 'SIMPLE') return { leg: null, group_id: null }
  return { leg: order_class === 'OCO' ? 'TAKE_PROFIT' : 'ENTRY', group_id: order_id }
}

function clientKeyOf(userId: string, clientOrderId: string): string {
  return `${userId}|${clientOrderId}`
}

function readPlace(text: string): PlaceMessage {
  return placeMessageSchema.parse(JSON.parse(text))
}
