// Pure: no I/O, no clock, no randomness.
// What happens to an order in the books: matched, ended, cancelled, and what follows for its group.
// How it gets there: `place.ts`.

import { findInstrument } from '@motu/shared/instrument.ts'
import { isFinal, type OrderStatus, type Reason } from '@motu/shared/order.ts'
import type { CancelMessage } from '@motu/shared/order-message.ts'
import type { OrderRecord } from '../db/order-view.ts'
import type { Books } from './books.ts'
import { isRevoked } from './credentials.ts'
import { decide, type Decision } from './decide.ts'
import type { EngineQuote } from './engine-quote.ts'
import { end, membersOf, settleGroup, siblingOf, type Turn } from './groups.ts'
import { UNCROSS_GRACE_MS } from '@motu/shared/hours.ts'
import { NO_PROGRESS, type Progress } from './judgement.ts'
import type { MarketView } from './market-view.ts'

export type ApplyContext = { readonly market: MarketView; readonly nowMs: number }

/**
 * Holds an order, and the orders of its group, against every event they may use, in the order of
 * the events; of two exits that one event reaches, the stop goes first: never the lucky one.
 */
export function walk(context: ApplyContext, books: Books, order: OrderRecord): void {
  const { market } = context
  for (const quote of market.eligible(order)) {
    const members = membersOf(books, order)
    const inTurn = [members.get('STOP_LOSS'), members.get('TAKE_PROFIT'), members.get('ENTRY')]
    const all = order.groupId === null ? [order] : inTurn.filter((one) => one !== undefined)
    for (const one of all) {
      if (isFinal(one.status) || !market.isEligible(one, quote)) continue
      if (!expireBy(context, books, one, quote)) decideOn(context, books, one, quote)
      // Each tells before the next may fill: the events of a user are in the order of his fills.
      if (all.length > 1 && books.isChanged(one)) books.tell(one)
    }
    if (all.every(({ status }) => isFinal(status))) return
  }
}

/** Ends an order whose time was over before an event; an auction's end may come a moment later. */
function expireBy(
  context: ApplyContext,
  books: Books,
  order: OrderRecord,
  quote: EngineQuote,
): boolean {
  if (order.expiresAt === null) return false
  const grace = context.market.told(quote).uncross === null ? 0 : UNCROSS_GRACE_MS
  if (quote.receivedAt <= order.expiresAt + grace) return false
  const why = { status: 'EXPIRED', reason: 'expired' } as const
  finish(books, order, why, turnAt(context, order.expiresAt))
  return true
}

/** One decision, booked. Leaves the order as it is when it rests. */
function decideOn(
  context: ApplyContext,
  books: Books,
  order: OrderRecord,
  quote: EngineQuote,
): void {
  const instrument = findInstrument(order.tickerId)!
  const market = context.market.market(order, instrument, quote)
  if (!market) return
  const { profile } = context.market
  const sibling = siblingOf(books, order)
  // One event reached the stop and the target: which came first is not known, so the stop did.
  if (sibling?.triggeredAt === quote.receivedAt) return
  if (sibling) books.moveHold(sibling, order)
  const progress = books.progress.get(order.id) ?? NO_PROGRESS
  const decision = decide(order, instrument, market, profile, books.available(order), progress)
  book(context, books, order, { decision, quote })
}

function book(
  context: ApplyContext,
  books: Books,
  order: OrderRecord,
  { decision, quote }: { decision: Decision; quote: EngineQuote },
): void {
  const at = quote.receivedAt
  switch (decision.kind) {
    case 'rest':
      books.progress.set(order.id, decision.progress)
      // It stands in the book now: from here on it may be taken from.
      if (mustRest(order)) books.amend(order, { waitingFor: 'PRICE' })
      return
    case 'trigger': {
      books.progress.set(order.id, decision.progress)
      const waitingFor = order.type === 'STOP_LIMIT' ? 'PRICE' : 'EVENT'
      books.amend(order, { waitingFor, triggeredAt: at, markPrice: decision.progress.mark })
      return
    }
    case 'end':
      return finish(books, order, decision.end, turnAt(context, at))
    case 'fill': {
      const before = order.filledQuantity
      books.progress.set(order.id, decision.progress)
      const { profile } = context.market
      for (const fill of decision.fills) books.fill(order, fill, { quote, profile })
      // An order by amount asked for as much as its amount bought.
      if (order.requestedNotional !== null) {
        books.amend(order, { requestedQuantity: order.filledQuantity })
      }
      const isWhole = order.filledQuantity === order.requestedQuantity
      books.advance(order, isWhole ? 'FILLED' : 'PARTIALLY_FILLED')
      if (!isWhole) order.waitingFor = 'PRICE'
      if (!isWhole && decision.then) end(books, order, ...endOf(order, decision.then))
      settleGroup(books, order, before, turnAt(context, at))
    }
  }
}

/** Whether a post-only order has yet to show that it takes nothing. */
export function mustRest(order: OrderRecord): boolean {
  return order.postOnly && order.waitingFor === 'EVENT'
}

type End = { status: OrderStatus; reason: Reason }

/** Ends an order without a fill, and what follows from it for its group. */
function finish(books: Books, order: OrderRecord, why: End, turn: Turn): void {
  end(books, order, ...endOf(order, why))
  settleGroup(books, order, order.filledQuantity, turn)
}

function turnAt({ market }: ApplyContext, at: number): Turn {
  return { at, endOfDay: (order, since) => market.endOfDay(order, since) }
}

/** An order that has a fill never fails: it is cancelled. */
function endOf(order: OrderRecord, { status, reason }: End): [OrderStatus, Reason] {
  return [status === 'FAILED' && order.filledQuantity > 0n ? 'CANCELLED' : status, reason]
}

/** A market event that may fill a waiting order. */
export function match(
  context: ApplyContext,
  books: Books,
  orderId: string,
  { quote, progress }: { quote: EngineQuote; progress: Progress },
): OrderRecord | null {
  const order = books.orders.get(orderId)
  if (!order || isFinal(order.status)) return order ?? null
  if (!context.market.isEligible(order, quote)) return order
  books.progress.set(orderId, progress)
  if (!expireBy(context, books, order, quote)) decideOn(context, books, order, quote)
  if (books.isChanged(order)) books.tell(order)
  return order
}

/** A waiting order whose time is over, or that cannot go on. */
export function finishWaiting(
  context: ApplyContext,
  books: Books,
  orderId: string,
  { why, at = context.nowMs }: { why: End; at?: number },
): OrderRecord | null {
  const order = books.orders.get(orderId)
  if (!order || isFinal(order.status)) return order ?? null
  finish(books, order, why, turnAt(context, at))
  books.tell(order)
  return order
}

/** Notes how far a waiting order has come: the best trade of its trailing stop, its opened session. */
export function note(
  books: Books,
  orderId: string,
  changes: Pick<Partial<OrderRecord>, 'markPrice' | 'waitingFor'>,
): OrderRecord | null {
  const order = books.orders.get(orderId)
  if (!order || isFinal(order.status)) return order ?? null
  books.amend(order, changes)
  if (changes.waitingFor) books.tell(order)
  return order
}

/** Exactly one result per order, DONE or TOO_LATE; a second request changes nothing. */
export function cancel(
  context: ApplyContext,
  books: Books,
  message: CancelMessage,
): OrderRecord | null {
  const requestedAt = Date.parse(message.cancel_requested_at)
  const found = books.orders.get(message.order_id)
  const order = found?.userId === message.user_id ? found : undefined
  // Asked for under a sign-in that had ended: as if nobody had asked.
  if (isRevoked(message, books.credentialEnds)) return order ?? null
  if (!order) {
    books.cancelEarly(message.user_id, message.order_id, requestedAt)
    return null
  }
  if (order.cancelResult !== null) return order
  if (isFinal(order.status)) noteTooLate(order, requestedAt)
  else cancelOpen(context, books, order, requestedAt)
  books.tell(order)
  return order
}

export function noteTooLate(order: OrderRecord, requestedAt: number): void {
  order.cancelRequestedAt = requestedAt
  order.cancelResult = 'TOO_LATE'
}

export function cancelOpen(
  context: ApplyContext,
  books: Books,
  order: OrderRecord,
  requestedAt: number,
): void {
  order.cancelRequestedAt = requestedAt
  order.cancelResult = 'DONE'
  const why = { status: 'CANCELLED', reason: 'cancelled_by_user' } as const
  finish(books, order, why, turnAt(context, requestedAt))
}
