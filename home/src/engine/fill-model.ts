// Pure: no I/O, no clock, no randomness.
// The fill model of an order that takes: what the displayed book gives it, at which prices.

import { type Decimal, toStep } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import type { FillProfile } from './fill-profile.ts'

/** Price in the instrument's currency, size in units. A level without price or size is not there. */
export type Level = readonly [price: Decimal, size: Decimal]

/** The displayed book at an event, best level first on each side. */
export type Depth = {
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  /** Only the best prices are known: nothing can be said about any price behind them. */
  readonly isTopOnly: boolean
}

export type Execution = { readonly price: Decimal; readonly quantity: Decimal }

/** A trade on the tape. The aggressor took what stood in the book; null where the venue is silent. */
export type Print = {
  readonly price: Decimal
  readonly quantity: Decimal
  readonly aggressor: Side | null
}

export type Taken = {
  /** In the order in which they happen, the best price first. */
  readonly executions: readonly Execution[]
  /** The size shown within reach of the order's limit and collar. */
  readonly displayed: Decimal
  /** The sum of the executions' quantities. */
  readonly quantity: Decimal
}

/** How a price and a quantity may move on the instrument. */
export type Steps = {
  /** The tick at a price: what separates it from the next price above. */
  readonly tickAt: (price: Decimal) => Decimal
  readonly lot: Decimal
}

export type TakingOrder = {
  readonly side: Side
  /** What is still to be filled. */
  readonly quantity: Decimal
  /** Null: a MARKET order. */
  readonly limitPrice: Decimal | null
  /** The collar: no execution beyond it. */
  readonly worstPrice: Decimal | null
}

/**
 * How far an order slips behind the displayed levels at the most. Who wants more than a hundred
 * times what a level shows would wait in any market; and a fill keeps a bounded number of rows.
 */
export const SLIPPED_TICKS_MAX = 100

/**
 * What an order takes from the displayed opposite side on one event: never beyond its limit or its
 * collar, never more than it asks, each execution a multiple of the lot. A profile that
 * `consumesOwnLiquidity` is shown the book through `offeredTo` (`consumption.ts`).
 */
export function takeDisplayed(
  profile: FillProfile,
  order: TakingOrder,
  depth: Depth,
  steps: Steps,
): Taken {
  const shown = oppositeOf(order.side, depth)
  const levels = shown.filter(([price]) => isWithin(order, price))
  const displayed = levels.reduce((sum, [, size]) => sum + size, 0n)
  const executions = profile.walksBook
    ? walk(order.quantity, levels, steps.lot)
    : atTouch(order.quantity, levels[0], steps.lot)
  // Only behind the last displayed level: the gaps between them are known to be empty.
  const isSlipping = profile.residual === 'slips' && levels.length === shown.length
  if (isSlipping && order.limitPrice === null) {
    executions.push(...slip(order, { levels, displayed, taken: quantityOf(executions) }, steps))
  }
  return { executions, displayed, quantity: quantityOf(executions) }
}

/** The side of the book that an order takes from; a level without price or size is left out. */
export function oppositeOf(side: Side, depth: Depth): readonly Level[] {
  return (side === 'BUY' ? depth.asks : depth.bids).filter(isThere)
}

/** The side of the book that an order rests on; a level without price or size is left out. */
export function ownOf(side: Side, depth: Depth): readonly Level[] {
  return (side === 'BUY' ? depth.bids : depth.asks).filter(isThere)
}

/** Whether a price is at least as good for the side as another: lower for a buy. */
export function isAsGood(side: Side, price: Decimal, other: Decimal): boolean {
  return side === 'BUY' ? price <= other : price >= other
}

export function quantityOf(executions: readonly Execution[]): Decimal {
  return executions.reduce((sum, { quantity }) => sum + quantity, 0n)
}

/** KRX shows a side that has nobody (at the day's limit) as price and size zero. */
function isThere([price, size]: Level): boolean {
  return price > 0n && size > 0n
}

function isWithin({ side, limitPrice, worstPrice }: TakingOrder, price: Decimal): boolean {
  if (limitPrice !== null && !isAsGood(side, price, limitPrice)) return false
  return worstPrice === null || isAsGood(side, price, worstPrice)
}

function atTouch(wanted: Decimal, touch: Level | undefined, lot: Decimal): Execution[] {
  const quantity = toStep(wanted, lot, 'down')
  return touch && quantity > 0n ? [{ price: touch[0], quantity }] : []
}

function walk(wanted: Decimal, levels: readonly Level[], lot: Decimal): Execution[] {
  const executions: Execution[] = []
  let left = wanted
  for (const [price, size] of levels) {
    const quantity = toStep(left < size ? left : size, lot, 'down')
    if (quantity > 0n) executions.push({ price, quantity })
    left -= quantity
    if (left < lot) break
  }
  return executions
}

type Walked = { levels: readonly Level[]; displayed: Decimal; taken: Decimal }

/** Beyond the displayed levels: tick by tick, each as large as a displayed price is on average. */
function slip(order: TakingOrder, { levels, displayed, taken }: Walked, steps: Steps): Execution[] {
  const last = levels.at(-1)
  if (!last) return []
  const prices = new Set(levels.map(([price]) => price)).size
  const perTick = toStep(displayed / BigInt(prices), steps.lot, 'down')
  const executions: Execution[] = []
  let left = toStep(order.quantity - taken, steps.lot, 'down')
  let price = nextPrice(order.side, last[0], steps)
  for (let ticks = 0; ticks < SLIPPED_TICKS_MAX && left > 0n && perTick > 0n; ticks += 1) {
    if (price <= 0n || !isWithin(order, price)) break
    const quantity = left < perTick ? left : perTick
    executions.push({ price, quantity })
    left -= quantity
    price = nextPrice(order.side, price, steps)
  }
  return executions
}

/** One tick away: down from where a coarser tick begins it is the finer one's step. */
function nextPrice(side: Side, price: Decimal, { tickAt }: Steps): Decimal {
  return side === 'BUY' ? price + tickAt(price) : price - tickAt(price - 1n)
}
