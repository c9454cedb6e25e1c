// Pure: no I/O, no clock, no randomness.
// What of the viewer's own trading the chart shows: his open orders as lines, his fills as marks.

import type { OwnFill } from '@motu/shared/contract/fills.ts'
import type { Order } from '@motu/shared/contract/orders.ts'
import { type Decimal, decimal, toStep } from '@motu/shared/decimal.ts'
import { type Instrument, tickOf } from '@motu/shared/instrument.ts'
import { isFinal, type Side } from '@motu/shared/order.ts'
import type { TickerId } from '@motu/shared/ticker.ts'

/** A line at the price an open order waits for. */
export type OrderLine = {
  readonly order: Order
  readonly side: Side
  /** What is not filled yet; null where the order names an amount instead. */
  readonly remaining: Decimal | null
  readonly price: Decimal
  /** Which of its prices the line stands at: moving the line changes that one. */
  readonly kind: 'limit' | 'stop'
  /** False once a cancel or a replacement is under way, and before home has stored it. */
  readonly isMovable: boolean
}

/** One fill of one's own. */
export type FillMark = {
  readonly id: string
  readonly side: Side
  readonly price: Decimal
  readonly quantity: Decimal
  /** In ms since 1970. */
  readonly at: number
}

/** The lines of a ticker's open orders: a stop's at its stop until that triggered, else its limit. */
export function orderLinesOf(orders: readonly Order[], tickerId: TickerId): OrderLine[] {
  return orders.flatMap((order) => {
    if (order.ticker_id !== tickerId || isFinal(order.status)) return []
    const isStop = order.stop_price !== null && order.triggered_at === null
    const price = isStop ? order.stop_price : order.limit_price
    if (price === null) return []
    const quantity = order.notional === null ? decimal(order.quantity) : null
    return [
      {
        order,
        side: order.side,
        remaining: quantity === null ? null : quantity - decimal(order.filled_quantity),
        price: decimal(price),
        kind: isStop ? 'stop' : 'limit',
        isMovable: order.status !== 'PENDING' && order.cancel_requested_at === null,
      } satisfies OrderLine,
    ]
  })
}

/** Own orders of a ticker that have fills, the newest first. */
export function filledOrdersOf(orders: readonly Order[], tickerId: TickerId): Order[] {
  return orders.filter(
    (order) => order.ticker_id === tickerId && decimal(order.filled_quantity) > 0n,
  )
}

/**
 * Whether an order alone says what its mark is. A market order fills on one event: its average
 * price and its time are those of its fill. Of any other order the fills are asked for.
 */
function isOneFill({ type, status, filled_at, price }: Order): boolean {
  return type === 'MARKET' && status === 'FILLED' && filled_at !== null && price !== null
}

/** Changes when there is a fill that these orders do not tell by themselves. */
export function keyOfFills(orders: readonly Order[]): string {
  const silent = orders.filter((order) => !isOneFill(order))
  return silent.map(({ order_id, filled_quantity }) => `${order_id} ${filled_quantity}`).join()
}

/** The mark of a fill. */
function markOf(fill: OwnFill): FillMark {
  return {
    id: fill.fill_id,
    side: fill.side,
    price: decimal(fill.price),
    quantity: decimal(fill.quantity),
    at: Date.parse(fill.filled_at),
  }
}

/** The marks of the fills that are known, and of orders that alone say what theirs is. */
export function fillMarksOf(orders: readonly Order[], fills: readonly OwnFill[]): FillMark[] {
  const told = new Set(fills.map(({ order_id }) => order_id))
  const alone = orders.filter((order) => isOneFill(order) && !told.has(order.order_id))
  return [...alone.map(markOfOne), ...fills.map(markOf)]
}

function markOfOne({ order_id: id, side, price, filled_quantity, filled_at }: Order): FillMark {
  const at = Date.parse(filled_at!)
  return { id, side, price: decimal(price!), quantity: decimal(filled_quantity), at }
}

/**
 * The price a line may be put down at: the nearest tick, within the day's limits. `to` comes from
 * the screen, a float; from here on it is a decimal again. Null for what is no price.
 */
export function snapPrice(
  to: number,
  instrument: Instrument,
  limits: { readonly upper: Decimal; readonly lower: Decimal } | null,
): Decimal | null {
  if (!Number.isFinite(to) || to <= 0) return null
  const raw = decimal(to.toFixed(8).replace(/\.?0+$/, ''))
  const price = toStep(raw, tickOf(instrument, raw), 'half_up')
  if (limits && price > limits.upper) return limits.upper
  if (limits && price < limits.lower) return limits.lower
  return price > 0n ? price : null
}
