// Pure: no I/O, no clock, no randomness.
// The order that takes another's place: all that the old one asked for, with some of it changed. It is
// an order like any other, and home decides whether it may; the group of the old one it inherits there.

import type { ReplaceOrder } from '@motu/shared/contract/order-request.ts'
import type { Order } from '@motu/shared/contract/orders.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { isFinal, type OrderDraft, type OrderTerms, type OrderType } from '@motu/shared/order.ts'
import { DomainError } from '@motu/shared/problem.ts'

/** The types whose prices a replacement may change, by field. */
const TYPES_WITH: readonly (readonly [field: keyof ReplaceOrder, types: readonly OrderType[]])[] = [
  ['limit_price', ['LIMIT', 'STOP_LIMIT']],
  ['stop_price', ['STOP', 'STOP_LIMIT']],
  ['trail_amount', ['TRAILING_STOP']],
  ['trail_percent', ['TRAILING_STOP']],
]

/**
 * The draft that replaces an order; what a change leaves out stays as it is. Throws
 * `order-contradicts-itself` for a change that the order's type does not have.
 */
export function replacementOf(
  order: Order,
  changes: ReplaceOrder,
  clientOrderId: string,
): OrderDraft {
  const fault = faultOf(order, changes)
  if (fault) throw contradiction(...fault)
  const { sessions, notional } = order
  const isRegular = sessions.length === 1 && sessions[0] === 'regular'
  const isByAmount = notional !== null && changes.quantity === undefined
  const terms = termsOf(order, changes)
  return {
    clientOrderId,
    tickerId: order.ticker_id,
    side: order.side,
    quantity: isByAmount ? 0n : decimal(changes.quantity ?? order.quantity),
    ...terms,
    ...(isByAmount && { notional: decimal(notional) }),
    ...(order.post_only && { postOnly: true }),
    ...(order.reduce_only && { reduceOnly: true }),
    ...(!isRegular && { sessions }),
    // The old one may be waiting for its session: so may the one in its place.
    ...(terms.timeInForce === 'DAY' && { queueForOpen: true }),
    replaces: order.order_id,
  }
}

/**
 * Throws why an order, as it stands, cannot be replaced by this draft. What has filled never becomes
 * less, so that an old answer about the order refuses nothing that could still be done.
 */
export function refuseReplacement(order: Order, draft: OrderDraft): void {
  if (isFinal(order.status)) {
    const detail = `Order ${order.order_id} is ${order.status}.`
    throw new DomainError('order-not-working', { detail })
  }
  if (draft.notional !== undefined) {
    throw contradiction('quantity', 'An order by amount is replaced by one that names a quantity.')
  }
  if (draft.quantity <= decimal(order.filled_quantity)) {
    const detail = `The quantity counts what has filled: it must be above ${order.filled_quantity}.`
    throw contradiction('quantity', detail)
  }
}

function faultOf({ type }: Order, changes: ReplaceOrder): [field: string, detail: string] | null {
  for (const [field, types] of TYPES_WITH) {
    if (changes[field] !== undefined && !types.includes(type)) {
      return [field, `A ${type} order has no ${field}.`]
    }
  }
  if (changes.trail_amount !== undefined && changes.trail_percent !== undefined) {
    return ['trail_percent', 'A trailing stop follows at an amount or at a percentage, not both.']
  }
  return null
}

function termsOf(order: Order, changes: ReplaceOrder): OrderTerms {
  const timeInForce = changes.time_in_force ?? order.time_in_force
  const limitPrice = changes.limit_price ?? order.limit_price
  // A trailing stop may show where its stop stands by now, which nobody asked for.
  const stopPrice = order.type === 'TRAILING_STOP' ? null : (changes.stop_price ?? order.stop_price)
  const trails = changes.trail_amount ?? changes.trail_percent
  const { trail_amount, trail_percent } = trails === undefined ? order : changes
  const kept = timeInForce === 'GTD' ? order.expires_at : null
  const expireAt = changes.expire_at ?? (order.time_in_force === 'GTD' ? kept : null)
  return {
    type: order.type,
    limitPrice: limitPrice === null ? null : decimal(limitPrice),
    timeInForce,
    ...(stopPrice !== null && { stopPrice: decimal(stopPrice) }),
    ...(trail_amount && { trailAmount: decimal(trail_amount) }),
    ...(trail_percent && { trailPercent: decimal(trail_percent) }),
    ...(expireAt !== null && { expireAt: Date.parse(expireAt) }),
  }
}

function contradiction(field: string, detail: string): DomainError {
  return new DomainError('order-contradicts-itself', {
    detail,
    errors: [{ pointer: `#/${field}`, detail }],
  })
}
