// Pure: no I/O, no clock, no randomness.
// Two reports on one order, from the socket and from a fetch, arrive in any order: which one holds.

import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import type { AcceptedOrder, Order } from '@motu/shared/contract/orders.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { defaultTimeInForce, isFinal, mayFollow, type TimeInForce } from '@motu/shared/order.ts'

/**
 * What a replacement changes of an order, as `PATCH /orders/{id}` takes it: decimals and instants as
 * texts, prices in the instrument's currency. What is left out stays as it is.
 */
export type Replacement = {
  readonly quantity?: string
  readonly limit_price?: string
  readonly stop_price?: string
  readonly trail_amount?: string
  readonly trail_percent?: string
  readonly time_in_force?: TimeInForce
  readonly expire_at?: string
}

/** The later report of the two: an order never goes back, and a final status never changes. */
export function laterOf(known: Order | undefined, heard: Order): Order {
  if (!known) return heard
  if (known.status !== heard.status) {
    return mayFollow(known.status, heard.status) ? heard : known
  }
  if (decimal(heard.filled_quantity) < decimal(known.filled_quantity)) return known
  // A request to cancel that is known here must not vanish because an older report says nothing.
  if (heard.cancel_requested_at || !known.cancel_requested_at || isFinal(heard.status)) return heard
  return { ...heard, cancel_requested_at: known.cancel_requested_at }
}

/** An order as it stands right after its 202. */
export function pendingOrder(draft: PlaceOrder, accepted: AcceptedOrder): Order {
  return {
    order_id: accepted.order_id,
    client_order_id: accepted.client_order_id,
    ticker_id: draft.ticker_id,
    side: draft.side,
    type: draft.type,
    time_in_force: draft.time_in_force ?? defaultTimeInForce(draft.type, draft.ticker_id),
    status: 'PENDING',
    reason: null,
    waiting_for: null,
    quantity: draft.quantity ?? '0',
    filled_quantity: '0',
    price: null,
    limit_price: draft.limit_price ?? null,
    stop_price: draft.stop_price ?? null,
    trail_amount: draft.trail_amount ?? null,
    trail_percent: draft.trail_percent ?? null,
    notional: draft.notional ?? null,
    post_only: draft.post_only ?? false,
    reduce_only: draft.reduce_only ?? false,
    sessions: draft.sessions ?? ['regular'],
    expires_at: draft.expire_at ?? null,
    ...groupOf(draft, accepted.order_id),
    replaces: null,
    replaced_by: null,
    triggered_at: null,
    currency: findInstrument(draft.ticker_id)?.currency ?? 'KRW',
    applied_exchange_rate: null,
    fee_krw: '0',
    settled_late: false,
    created_at: accepted.accepted_at,
    accepted_at: accepted.accepted_at,
    filled_at: null,
    cancel_requested_at: null,
    cancel_result: null,
  }
}

/** The leader of orders that belong together; that of an OCO is one of the exits itself. */
function groupOf({ order_class }: PlaceOrder, orderId: string): Pick<Order, 'leg' | 'group_id'> {
  if (!order_class || order_class === 'SIMPLE') return { leg: null, group_id: null }
  return { leg: order_class === 'OCO' ? 'TAKE_PROFIT' : 'ENTRY', group_id: orderId }
}

/** The order that takes another's place, as it stands right after its 202. */
export function pendingReplacement(
  order: Order,
  { quantity, expire_at, ...change }: Replacement,
  accepted: AcceptedOrder,
): Order {
  const left = decimal(quantity ?? order.quantity) - decimal(order.filled_quantity)
  return {
    ...order,
    ...change,
    order_id: accepted.order_id,
    client_order_id: accepted.client_order_id,
    status: 'PENDING',
    waiting_for: null,
    quantity: formatDecimal(left),
    filled_quantity: '0',
    price: null,
    expires_at: expire_at ?? order.expires_at,
    replaces: order.order_id,
    applied_exchange_rate: null,
    fee_krw: '0',
    filled_at: null,
    triggered_at: null,
    created_at: accepted.accepted_at,
    accepted_at: accepted.accepted_at,
    cancel_requested_at: null,
    cancel_result: null,
  }
}

/** The open orders without those in whose place another one of them stands already. */
export function withoutReplaced(open: readonly Order[]): Order[] {
  const replaced = new Set(open.map(({ replaces }) => replaces))
  return open.filter(({ order_id }) => !replaced.has(order_id))
}
