// Pure: no I/O, no clock, no randomness.
// What a client sends, as the draft it stands for: texts become decimals, what was left out is absent.

import type { OrderExit, PlaceOrder } from './contract/order-request.ts'
import { decimal } from './decimal.ts'
import { defaultTimeInForce, type OrderDraft, type OrderTerms } from './order.ts'

/** The draft of a request that fits `placeOrderSchema`; its own client order id is not looked at. */
export function draftOfRequest(order: PlaceOrder, clientOrderId: string): OrderDraft {
  const { sessions } = order
  return {
    clientOrderId,
    tickerId: order.ticker_id,
    side: order.side,
    quantity: order.quantity ? decimal(order.quantity) : 0n,
    ...termsOf(order, order.ticker_id),
    ...(order.notional && { notional: decimal(order.notional) }),
    ...(order.post_only && { postOnly: true }),
    ...(order.reduce_only && { reduceOnly: true }),
    ...(sessions && { sessions: [...new Set(sessions)] }),
    ...(order.queue_for_open && { queueForOpen: true }),
    ...(order.order_class && order.order_class !== 'SIMPLE' && { orderClass: order.order_class }),
    ...(order.take_profit && { takeProfit: termsOf(order.take_profit, order.ticker_id) }),
    ...(order.stop_loss && { stopLoss: termsOf(order.stop_loss, order.ticker_id) }),
  }
}

function termsOf(order: OrderExit, tickerId: string): OrderTerms {
  return {
    type: order.type,
    limitPrice: order.limit_price ? decimal(order.limit_price) : null,
    timeInForce: order.time_in_force ?? defaultTimeInForce(order.type, tickerId),
    ...(order.stop_price && { stopPrice: decimal(order.stop_price) }),
    ...(order.trail_amount && { trailAmount: decimal(order.trail_amount) }),
    ...(order.trail_percent && { trailPercent: decimal(order.trail_percent) }),
    ...(order.expire_at && { expireAt: Date.parse(order.expire_at) }),
  }
}
