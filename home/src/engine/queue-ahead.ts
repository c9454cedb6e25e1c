// Pure: no I/O, no clock, no randomness.
// The fill model of an order that rests: who stands before it at its price, and what reaches it.
//
// A venue serves a price in order of arrival. An order of ours is not in the venue's queue, so its
// place is reckoned: it stands behind everything displayed at its price on the first event it may
// use, and moves up only by what is seen. That first event's prints are not counted (they may be
// older than the order): `joinQueue` on it, `advanceQueue` on each one after it.

import { type Decimal, DECIMAL_MAX, toStep } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import {
  type Depth,
  type Execution,
  isAsGood,
  oppositeOf,
  ownOf,
  type Print,
} from './fill-model.ts'
import type { FillProfile } from './fill-profile.ts'

/** Units before an order at its price. `initial`: when it joined, or when that was first seen. */
export type Queue = { readonly initial: Decimal; readonly ahead: Decimal }

/**
 * `ahead` of an order that rests deeper than the book is displayed. Nothing traded at its price
 * fills it until its level has been seen once (all of that then counts as ahead); a trade through
 * its price does. Any guess of a size would fill somebody who was not yet due.
 */
export const UNKNOWN_AHEAD: Decimal = DECIMAL_MAX

export type RestingOrder = {
  readonly side: Side
  readonly limitPrice: Decimal
  readonly remaining: Decimal
}

/** What one event shows: the trades since the event before it, then the book as it stands. */
export type Seen = { readonly prints: readonly Print[]; readonly depth: Depth }

/** The place of an order that begins to rest: behind all that is displayed at its price. */
export function joinQueue(
  profile: FillProfile,
  side: Side,
  limitPrice: Decimal,
  depth: Depth,
): Queue {
  if (profile.queue === 'touch') return { initial: 0n, ahead: 0n }
  const ahead = displayedAt({ side, limitPrice }, depth) ?? UNKNOWN_AHEAD
  return { initial: ahead, ahead }
}

/**
 * What an event does to a resting order: its place after it, and what it fills at its own price,
 * one execution at the most. Its place never gets worse.
 *
 * 1. Trades strictly through its price prove that nobody stands before it any more, and fill it by
 *    `printThrough`. Whose aggression it was does not matter: a seller got less than it would pay.
 * 2. Trades at its price by the opposite aggressor take those before it, then the order.
 * 3. A displayed opposite price that reaches it has nobody before it either, and fills what it shows.
 * 4. The size displayed at its price is the most that can be before it: cancelling moves it up.
 */
export function advanceQueue(
  profile: FillProfile,
  order: RestingOrder,
  queue: Queue,
  seen: Seen,
  lot: Decimal,
): { readonly queue: Queue; readonly executions: readonly Execution[] } {
  const reaching = reachingSize(order, seen.depth)
  if (profile.queue === 'touch') {
    const isTouched =
      reaching > 0n ||
      seen.prints.some(({ price, quantity }) => quantity > 0n && touches(order, price))
    return { queue, executions: filled(order, isTouched ? order.remaining : 0n, lot) }
  }
  const trades = passTrades(order, queue.ahead, seen)
  const isPassed = trades.through > 0n || reaching > 0n
  const level = profile.printThrough === 'level' && trades.through > 0n ? queue.initial : 0n
  const through = level > trades.through ? level : trades.through
  const ahead = isPassed ? 0n : shrink(trades.ahead, displayedAt(order, seen.depth))
  const initial = queue.initial === UNKNOWN_AHEAD ? ahead : queue.initial
  return {
    queue: { initial, ahead },
    executions: filled(order, through + trades.left + reaching, lot),
  }
}

type Resting = Pick<RestingOrder, 'side' | 'limitPrice'>

/** Lets the trades pass an order one by one: what is then ahead, and what they left for it. */
function passTrades(
  order: Resting,
  aheadBefore: Decimal,
  { prints, depth }: Seen,
): { ahead: Decimal; through: Decimal; left: Decimal } {
  let ahead = aheadBefore
  let through = 0n
  let left = 0n
  for (const print of prints) {
    if (print.quantity <= 0n || !touches(order, print.price)) continue
    if (print.price !== order.limitPrice) {
      through += print.quantity
      ahead = 0n
    } else if (ahead !== UNKNOWN_AHEAD && aggressorOf(print, depth) === opposite(order.side)) {
      const served = print.quantity < ahead ? print.quantity : ahead
      ahead -= served
      left += print.quantity - served
    }
  }
  return { ahead, through, left }
}

/** Whether a trade or a displayed opposite price is at an order's price or through it. */
function touches({ side, limitPrice }: Resting, price: Decimal): boolean {
  return isAsGood(side, price, limitPrice)
}

/** The size displayed on the opposite side at an order's price or through it. */
function reachingSize(order: Resting, depth: Depth): Decimal {
  let size = 0n
  for (const [price, shown] of oppositeOf(order.side, depth)) {
    if (touches(order, price)) size += shown
  }
  return size
}

/**
 * The size displayed on an order's own side at its price: zero where the book is displayed and has
 * nobody there; null where it is not displayed that deep.
 */
function displayedAt({ side, limitPrice }: Resting, depth: Depth): Decimal | null {
  const levels = ownOf(side, depth)
  if (levels.length === 0) return depth.isTopOnly ? null : 0n
  // As good for the side is as deep in its book, or deeper.
  if (!levels.some(([price]) => isAsGood(side, price, limitPrice))) return null
  return levels.reduce((sum, [price, size]) => (price === limitPrice ? sum + size : sum), 0n)
}

function shrink(ahead: Decimal, displayed: Decimal | null): Decimal {
  return displayed !== null && displayed < ahead ? displayed : ahead
}

/**
 * Whose aggression a trade was. Where the venue is silent the book says it: a trade nearer to the
 * ask lifted it, one nearer to the bid hit it; in the very middle, or without both, nobody knows,
 * and nobody's place moves.
 */
function aggressorOf(print: Print, depth: Depth): Side | null {
  if (print.aggressor !== null) return print.aggressor
  const bid = ownOf('BUY', depth)[0]?.[0]
  const ask = ownOf('SELL', depth)[0]?.[0]
  if (bid === undefined || ask === undefined) return null
  const twice = print.price * 2n
  if (twice === bid + ask) return null
  return twice > bid + ask ? 'BUY' : 'SELL'
}

function opposite(side: Side): Side {
  return side === 'BUY' ? 'SELL' : 'BUY'
}

function filled(order: RestingOrder, reached: Decimal, lot: Decimal): Execution[] {
  const most = reached < order.remaining ? reached : order.remaining
  const quantity = toStep(most, lot, 'down')
  return quantity > 0n ? [{ price: order.limitPrice, quantity }] : []
}
