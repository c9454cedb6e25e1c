// An order in its three shapes: the row Postgres answers, the record the engine computes with
// (bigints, milliseconds), and the view a client gets.

import type { Order } from '@motu/shared/contract/orders.ts'
import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type {
  CancelResult,
  Leg,
  OrderSession,
  OrderStatus,
  OrderType,
  Reason,
  Side,
  TimeInForce,
  WaitingFor,
} from '@motu/shared/order.ts'

/** The sessions of an order that names none. */
const REGULAR: readonly OrderSession[] = ['regular']

/** A row of `orders`, as selected by `ORDER_COLUMNS`. */
export type OrderRow = {
  user_id: string
  id: string
  client_order_id: string
  ticker_id: string
  side: Side
  type: OrderType
  time_in_force: TimeInForce
  requested_quantity: string
  limit_price: string | null
  stop_price: string | null
  trail_amount: string | null
  trail_percent: string | null
  requested_notional: string | null
  post_only: boolean
  reduce_only: boolean
  sessions: string | null
  expires_at: Date | null
  group_id: string | null
  leg: Leg | null
  replaces: string | null
  replaced_by: string | null
  triggered_at: Date | null
  mark_price: string | null
  status: OrderStatus
  reason: Reason | null
  waiting_for: WaitingFor | null
  price: string | null
  quantity: string
  applied_exchange_rate: string | null
  notional_krw: string
  fee_krw: string
  hold_krw: string
  hold_quantity: string
  fill_count: number
  settled_late: boolean
  accepted_at: Date
  stored_at: Date
  filled_at: Date | null
  cancel_requested_at: Date | null
  cancel_result: CancelResult | null
}

export const ORDER_COLUMNS = [
  'user_id',
  'id',
  'client_order_id',
  'ticker_id',
  'side',
  'type',
  'time_in_force',
  'requested_quantity',
  'limit_price',
  'stop_price',
  'trail_amount',
  'trail_percent',
  'requested_notional',
  'post_only',
  'reduce_only',
  'sessions',
  'expires_at',
  'group_id',
  'leg',
  'replaces',
  'replaced_by',
  'triggered_at',
  'mark_price',
  'status',
  'reason',
  'waiting_for',
  'price',
  'quantity',
  'applied_exchange_rate',
  'notional_krw',
  'fee_krw',
  'hold_krw',
  'hold_quantity',
  'fill_count',
  'settled_late',
  'accepted_at',
  'stored_at',
  'filled_at',
  'cancel_requested_at',
  'cancel_result',
] as const

/** An order as the engine holds it. Amounts are decimals, instants milliseconds since 1970. */
export type OrderRecord = {
  userId: string
  id: string
  clientOrderId: string
  tickerId: string
  side: Side
  type: OrderType
  timeInForce: TimeInForce
  requestedQuantity: Decimal
  limitPrice: Decimal | null
  stopPrice: Decimal | null
  trailAmount: Decimal | null
  trailPercent: Decimal | null
  /** Won to spend; `requestedQuantity` then follows the price. */
  requestedNotional: Decimal | null
  postOnly: boolean
  reduceOnly: boolean
  /** Null: the regular session only. */
  sessions: readonly OrderSession[] | null
  /** When its time is over; null: when it is cancelled. */
  expiresAt: number | null
  /** The id of the order that leads its group, and its place in it. */
  groupId: string | null
  leg: Leg | null
  replaces: string | null
  replacedBy: string | null
  /** Since when it works: the fill of its entry, or its stop's trigger; null: since acceptance. */
  triggeredAt: number | null
  /** The best trade a trailing stop had seen when it was last written down. */
  markPrice: Decimal | null
  status: OrderStatus
  reason: Reason | null
  waitingFor: WaitingFor | null
  /** Average price of what was filled, in the instrument's currency. */
  price: Decimal | null
  filledQuantity: Decimal
  appliedExchangeRate: Decimal | null
  notionalKrw: Decimal
  feeKrw: Decimal
  holdKrw: Decimal
  holdQuantity: Decimal
  fillCount: number
  settledLate: boolean
  acceptedAt: number
  storedAt: number
  filledAt: number | null
  cancelRequestedAt: number | null
  cancelResult: CancelResult | null
}

const maybe = (text: string | null): Decimal | null => (text === null ? null : decimal(text))
const format = (value: Decimal | null): string | null =>
  value === null ? null : formatDecimal(value)
const millis = (instant: Date | null): number | null => instant?.getTime() ?? null
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** Row to record. */
export function readOrder(row: OrderRow): OrderRecord {
  return {
    userId: row.user_id,
    id: row.id,
    clientOrderId: row.client_order_id,
    tickerId: row.ticker_id,
    side: row.side,
    type: row.type,
    timeInForce: row.time_in_force,
    requestedQuantity: decimal(row.requested_quantity),
    limitPrice: maybe(row.limit_price),
    stopPrice: maybe(row.stop_price),
    trailAmount: maybe(row.trail_amount),
    trailPercent: maybe(row.trail_percent),
    requestedNotional: maybe(row.requested_notional),
    postOnly: row.post_only,
    reduceOnly: row.reduce_only,
    sessions: row.sessions === null ? null : (row.sessions.split(',') as OrderSession[]),
    expiresAt: millis(row.expires_at),
    groupId: row.group_id,
    leg: row.leg,
    replaces: row.replaces,
    replacedBy: row.replaced_by,
    triggeredAt: millis(row.triggered_at),
    markPrice: maybe(row.mark_price),
    status: row.status,
    reason: row.reason,
    waitingFor: row.waiting_for,
    price: maybe(row.price),
    filledQuantity: decimal(row.quantity),
    appliedExchangeRate: maybe(row.applied_exchange_rate),
    notionalKrw: decimal(row.notional_krw),
    feeKrw: decimal(row.fee_krw),
    holdKrw: decimal(row.hold_krw),
    holdQuantity: decimal(row.hold_quantity),
    fillCount: row.fill_count,
    settledLate: row.settled_late,
    acceptedAt: row.accepted_at.getTime(),
    storedAt: row.stored_at.getTime(),
    filledAt: millis(row.filled_at),
    cancelRequestedAt: millis(row.cancel_requested_at),
    cancelResult: row.cancel_result,
  }
}

/** Record to what the client gets. */
export function viewOrder(order: OrderRecord): Order {
  const acceptedAt = new Date(order.acceptedAt).toISOString()
  return {
    order_id: order.id,
    client_order_id: order.clientOrderId,
    ticker_id: order.tickerId,
    side: order.side,
    type: order.type,
    time_in_force: order.timeInForce,
    status: order.status,
    reason: order.reason,
    waiting_for: order.waitingFor,
    quantity: formatDecimal(order.requestedQuantity),
    filled_quantity: formatDecimal(order.filledQuantity),
    price: format(order.price),
    limit_price: format(order.limitPrice),
    stop_price: format(order.stopPrice),
    trail_amount: format(order.trailAmount),
    trail_percent: format(order.trailPercent),
    notional: format(order.requestedNotional),
    post_only: order.postOnly,
    reduce_only: order.reduceOnly,
    sessions: [...(order.sessions ?? REGULAR)],
    expires_at: iso(order.expiresAt),
    leg: order.leg,
    group_id: order.groupId,
    replaces: order.replaces,
    replaced_by: order.replacedBy,
    triggered_at: iso(order.triggeredAt),
    currency: findInstrument(order.tickerId)?.currency ?? 'KRW',
    applied_exchange_rate: format(order.appliedExchangeRate),
    fee_krw: formatDecimal(order.feeKrw),
    settled_late: order.settledLate,
    created_at: acceptedAt,
    accepted_at: acceptedAt,
    filled_at: iso(order.filledAt),
    cancel_requested_at: iso(order.cancelRequestedAt),
    cancel_result: order.cancelResult,
  }
}

/** Row to what the client gets. */
export function orderView(row: OrderRow): Order {
  return viewOrder(readOrder(row))
}
