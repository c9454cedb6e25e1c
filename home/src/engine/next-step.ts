// Pure: no I/O, no clock, no randomness.
// What happens next to the waiting orders of one user whose past is made up for.

import { UNCROSS_GRACE_MS } from '@motu/shared/hours.ts'
import type { EngineQuote } from './engine-quote.ts'
import type { WaitingOrder } from './waiting.ts'

/** An order meets an event that does something to it; without one, its time is over. */
export type Step = {
  readonly waiting: WaitingOrder
  readonly quote: EngineQuote | null
  readonly at: number
}

export type Market = {
  /** The events an order has not met yet, oldest first. */
  unmet(waiting: WaitingOrder): readonly EngineQuote[]
  /** Whether nothing comes of it when an order meets an event: it has then moved past it. */
  rests(waiting: WaitingOrder, quote: EngineQuote): boolean
}

/**
 * The earliest thing up to an instant (included) that comes to one of the orders: an event, or the
 * end of its time. Of several at one instant an event goes before an end; whose event goes first,
 * `inTurn` says. Null when there is nothing.
 */
export function nextStep(
  orders: Iterable<WaitingOrder>,
  untilMs: number,
  market: Market,
): Step | null {
  let next: Step | null = null
  for (const waiting of inTurn(orders)) {
    if (waiting.inSettlement) continue
    next = earlier(waiting, next, untilMs, market) ?? next
  }
  return next
}

/** What comes to an order before the step that is next so far; null when that goes first. */
function earlier(
  waiting: WaitingOrder,
  next: Step | null,
  untilMs: number,
  market: Market,
): Step | null {
  const { expiresAt, waitingFor } = waiting.order
  // The auction that ends a day is told of a moment after it.
  const endsAt = expiresAt === null ? Infinity : expiresAt + UNCROSS_GRACE_MS
  const eventsUntil = Math.min(
    untilMs,
    endsAt,
    next ? (next.quote ? next.at - 1 : next.at) : untilMs,
  )
  for (const quote of waitingFor === 'ENTRY' ? [] : market.unmet(waiting)) {
    if (quote.receivedAt > eventsUntil) break
    if (!market.rests(waiting, quote)) return { waiting, quote, at: quote.receivedAt }
  }
  const isEnd = expiresAt !== null && endsAt <= untilMs && (next === null || endsAt < next.at)
  return isEnd ? { waiting, quote: null, at: endsAt } : null
}

/**
 * As an event that is observed meets them: first who is under watch, stops before the rest, then the
 * book, buys before sells, each at its best price.
 */
function inTurn(orders: Iterable<WaitingOrder>): WaitingOrder[] {
  return [...orders].sort(
    (a, b) => rankOf(a) - rankOf(b) || byPrice(a, b) || a.order.acceptedAt - b.order.acceptedAt,
  )
}

function rankOf({ order, resting }: WaitingOrder): number {
  if (resting === null) return order.waitingFor === 'TRIGGER' ? 0 : 1
  return order.side === 'BUY' ? 2 : 3
}

/** Of two orders that rest on one side; 0 for those that do not. */
function byPrice(a: WaitingOrder, b: WaitingOrder): number {
  if (a.resting === null || b.resting === null || a.resting.price === b.resting.price) return 0
  return a.resting.price < b.resting.price === (a.order.side === 'SELL') ? -1 : 1
}
