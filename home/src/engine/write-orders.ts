// The orders' part of what a settlement writes.

import { partitionOf } from '@motu/shared/partition.ts'
import { columnsOf, quoted } from '../db/column.ts'
import type { Transaction } from '../db/connect.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { decimalText, instantText, NOTHING, type Written } from './written.ts'

/** New orders, whatever became of them at once. */
export async function insertOrders(tx: Transaction, orders: OrderRecord[]): Promise<Written> {
  if (orders.length === 0) return NOTHING
  const column = columnsOf(orders)
  return tx`
    INSERT INTO orders (partition, user_id, id, client_order_id, ticker_id, side, type,
      time_in_force, requested_quantity, limit_price, expires_at, status, reason, waiting_for, price, quantity,
      applied_exchange_rate, notional_krw, fee_krw, hold_krw, hold_quantity, fill_count,
      settled_late, created_at, accepted_at, stored_at, filled_at, cancel_requested_at,
      cancel_result)
    SELECT partition, user_id, id, client_order_id, ticker_id, side, type, time_in_force,
      requested_quantity, limit_price, expires_at, status, reason, waiting_for, price, quantity,
      applied_exchange_rate, notional_krw, fee_krw, hold_krw, hold_quantity, fill_count,
      settled_late, accepted_at, accepted_at, stored_at, filled_at, cancel_requested_at,
      cancel_result
    FROM unnest(
      ${column((order) => partitionOf(order.userId))}::smallint[],
      ${column((order) => order.userId)}::uuid[],
      ${column((order) => order.id)}::uuid[],
      ${column((order) => quoted(order.clientOrderId))}::text[],
      ${column((order) => order.tickerId)}::text[],
      ${column((order) => order.side)}::text[],
      ${column((order) => order.type)}::text[],
      ${column((order) => order.timeInForce)}::text[],
      ${column((order) => decimalText(order.requestedQuantity))}::numeric[],
      ${column((order) => decimalText(order.limitPrice))}::numeric[],
      ${column((order) => instantText(order.expiresAt))}::timestamptz[],
      ${column((order) => order.status)}::text[],
      ${column((order) => order.reason)}::text[],
      ${column((order) => order.waitingFor)}::text[],
      ${column((order) => decimalText(order.price))}::numeric[],
      ${column((order) => decimalText(order.filledQuantity))}::numeric[],
      ${column((order) => decimalText(order.appliedExchangeRate))}::numeric[],
      ${column((order) => decimalText(order.notionalKrw))}::numeric[],
      ${column((order) => decimalText(order.feeKrw))}::numeric[],
      ${column((order) => decimalText(order.holdKrw))}::numeric[],
      ${column((order) => decimalText(order.holdQuantity))}::numeric[],
      ${column((order) => order.fillCount)}::smallint[],
      ${column((order) => order.settledLate)}::boolean[],
      ${column((order) => instantText(order.acceptedAt))}::timestamptz[],
      ${column((order) => instantText(order.storedAt))}::timestamptz[],
      ${column((order) => instantText(order.filledAt))}::timestamptz[],
      ${column((order) => instantText(order.cancelRequestedAt))}::timestamptz[],
      ${column((order) => order.cancelResult)}::text[]
    ) AS o(partition, user_id, id, client_order_id, ticker_id, side, type, time_in_force,
      requested_quantity, limit_price, expires_at, status, reason, waiting_for, price, quantity,
      applied_exchange_rate, notional_krw, fee_krw, hold_krw, hold_quantity, fill_count,
      settled_late, accepted_at, stored_at, filled_at, cancel_requested_at, cancel_result)`
}

/** Conditional on the old status: a final order is only ever given its cancel's result. */
export async function updateOrders(tx: Transaction, orders: OrderRecord[]): Promise<Written> {
  if (orders.length === 0) return NOTHING
  const column = columnsOf(orders)
  return tx`
    UPDATE orders SET status = o.status, reason = o.reason, waiting_for = o.waiting_for,
      price = o.price, quantity = o.quantity, applied_exchange_rate = o.applied_exchange_rate,
      notional_krw = o.notional_krw, fee_krw = o.fee_krw, hold_krw = o.hold_krw,
      hold_quantity = o.hold_quantity, fill_count = o.fill_count, settled_late = o.settled_late,
      filled_at = o.filled_at, cancel_requested_at = o.cancel_requested_at,
      cancel_result = o.cancel_result
    FROM unnest(
      ${column((order) => partitionOf(order.userId))}::smallint[],
      ${column((order) => order.userId)}::uuid[],
      ${column((order) => order.id)}::uuid[],
      ${column((order) => order.status)}::text[],
      ${column((order) => order.reason)}::text[],
      ${column((order) => order.waitingFor)}::text[],
      ${column((order) => decimalText(order.price))}::numeric[],
      ${column((order) => decimalText(order.filledQuantity))}::numeric[],
      ${column((order) => decimalText(order.appliedExchangeRate))}::numeric[],
      ${column((order) => decimalText(order.notionalKrw))}::numeric[],
      ${column((order) => decimalText(order.feeKrw))}::numeric[],
      ${column((order) => decimalText(order.holdKrw))}::numeric[],
      ${column((order) => decimalText(order.holdQuantity))}::numeric[],
      ${column((order) => order.fillCount)}::smallint[],
      ${column((order) => order.settledLate)}::boolean[],
      ${column((order) => instantText(order.filledAt))}::timestamptz[],
      ${column((order) => instantText(order.cancelRequestedAt))}::timestamptz[],
      ${column((order) => order.cancelResult)}::text[]
    ) AS o(partition, user_id, id, status, reason, waiting_for, price, quantity,
      applied_exchange_rate, notional_krw, fee_krw, hold_krw, hold_quantity, fill_count,
      settled_late, filled_at, cancel_requested_at, cancel_result)
    WHERE orders.partition = o.partition AND orders.user_id = o.user_id AND orders.id = o.id
      AND (orders.status IN ('OPEN', 'PARTIALLY_FILLED')
        OR (orders.status = o.status AND orders.quantity = o.quantity))`
}

/**
 * What only some orders have: stops, amounts, sessions, an end of their time, others they belong to.
 * A statement of its own, so that an ordinary order does not pay for it.
 */
export async function writeSpecials(tx: Transaction, orders: OrderRecord[]): Promise<Written> {
  if (orders.length === 0) return NOTHING
  const column = columnsOf(orders)
  return tx`
    UPDATE orders SET requested_quantity = o.requested_quantity, stop_price = o.stop_price,
      trail_amount = o.trail_amount, trail_percent = o.trail_percent,
      requested_notional = o.requested_notional, post_only = o.post_only,
      reduce_only = o.reduce_only, sessions = o.sessions, expires_at = o.expires_at,
      group_id = o.group_id, leg = o.leg, replaces = o.replaces, replaced_by = o.replaced_by,
      triggered_at = o.triggered_at, mark_price = o.mark_price
    FROM unnest(
      ${column((order) => partitionOf(order.userId))}::smallint[],
      ${column((order) => order.userId)}::uuid[],
      ${column((order) => order.id)}::uuid[],
      ${column((order) => decimalText(order.requestedQuantity))}::numeric[],
      ${column((order) => decimalText(order.stopPrice))}::numeric[],
      ${column((order) => decimalText(order.trailAmount))}::numeric[],
      ${column((order) => decimalText(order.trailPercent))}::numeric[],
      ${column((order) => decimalText(order.requestedNotional))}::numeric[],
      ${column((order) => order.postOnly)}::boolean[],
      ${column((order) => order.reduceOnly)}::boolean[],
      ${column(({ sessions }) => (sessions === null ? null : quoted(sessions.join(','))))}::text[],
      ${column((order) => instantText(order.expiresAt))}::timestamptz[],
      ${column((order) => order.groupId)}::uuid[],
      ${column((order) => order.leg)}::text[],
      ${column((order) => order.replaces)}::uuid[],
      ${column((order) => order.replacedBy)}::uuid[],
      ${column((order) => instantText(order.triggeredAt))}::timestamptz[],
      ${column((order) => decimalText(order.markPrice))}::numeric[]
    ) AS o(partition, user_id, id, requested_quantity, stop_price, trail_amount, trail_percent,
      requested_notional, post_only, reduce_only, sessions, expires_at, group_id, leg, replaces,
      replaced_by, triggered_at, mark_price)
    WHERE orders.partition = o.partition AND orders.user_id = o.user_id AND orders.id = o.id`
}

/** Whether an order has anything that an ordinary one does not have. */
export function isSpecial(order: OrderRecord): boolean {
  return (
    order.stopPrice !== null ||
    order.trailAmount !== null ||
    order.trailPercent !== null ||
    order.requestedNotional !== null ||
    order.postOnly ||
    order.reduceOnly ||
    order.sessions !== null ||
    order.groupId !== null ||
    order.replaces !== null ||
    order.replacedBy !== null
  )
}

/** Enters the orders that stay open. */
export async function insertOpen(tx: Transaction, orders: OrderRecord[]): Promise<Written> {
  if (orders.length === 0) return NOTHING
  const column = columnsOf(orders)
  return tx`
    INSERT INTO open_orders (partition, user_id, order_id)
    SELECT * FROM unnest(
      ${column((order) => partitionOf(order.userId))}::smallint[],
      ${column((order) => order.userId)}::uuid[],
      ${column((order) => order.id)}::uuid[]
    )`
}

/** Strikes out the orders that are final now. */
export async function deleteOpen(tx: Transaction, orders: OrderRecord[]): Promise<Written> {
  if (orders.length === 0) return NOTHING
  const column = columnsOf(orders)
  return tx`
    DELETE FROM open_orders USING unnest(
      ${column((order) => partitionOf(order.userId))}::smallint[],
      ${column((order) => order.userId)}::uuid[],
      ${column((order) => order.id)}::uuid[]
    ) AS o(partition, user_id, order_id)
    WHERE open_orders.partition = o.partition AND open_orders.user_id = o.user_id
      AND open_orders.order_id = o.order_id`
}
