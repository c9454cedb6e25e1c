// What a Mailbox remembers of the orders it accepted lately: enough to answer a retry with the same
// promise, to notice a client order id used twice, and to show an order home does not know yet.

import type { Order } from '@motu/shared/contract/orders.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { PlaceMessage } from '@motu/shared/order-message.ts'

/** About 1 KB each, in every Mailbox: eight of them share an isolate's 128 MB on Cloudflare. */
export const ACCEPTED_ORDERS_MAX = 10_000

type Accepted = { message: PlaceMessage; cancelRequestedAt: string | null }

export class AcceptedOrders {
  readonly #byOrderId = new Map<string, Accepted>()
  readonly #orderIdByClientId = new Map<string, string>()

  remember(message: PlaceMessage): void {
    if (this.#byOrderId.size >= ACCEPTED_ORDERS_MAX) this.#forgetOldest()
    this.#byOrderId.set(message.order_id, { message, cancelRequestedAt: null })
    this.#orderIdByClientId.set(clientKey(message), message.order_id)
  }

  /** Forgets an order that was refused after all: its retry is a first try. */
  forget(message: PlaceMessage): void {
    this.#byOrderId.delete(message.order_id)
    this.#orderIdByClientId.delete(clientKey(message))
  }

  noteCancel(orderId: string, requestedAt: string): void {
    const accepted = this.#byOrderId.get(orderId)
    if (accepted) accepted.cancelRequestedAt ??= requestedAt
  }

  /** The order its user placed under this client order id, whatever it asked for. */
  orderIdUnder(userId: string, clientOrderId: string): string | undefined {
    return this.#orderIdByClientId.get(`${userId}|${clientOrderId}`)
  }

  find(orderId: string): Accepted | undefined {
    return this.#byOrderId.get(orderId)
  }

  #forgetOldest(): void {
    for (const { message } of this.#byOrderId.values()) {
      this.forget(message)
      return
    }
  }
}

/** An accepted order as `GET` shows it before home knows it. */
export function pendingView({ message, cancelRequestedAt }: Accepted): Order {
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
    quantity: message.quantity,
    filled_quantity: '0',
    price: null,
    limit_price: message.limit_price,
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

function clientKey(message: PlaceMessage): string {
  return `${message.user_id}|${message.client_order_id}`
}
