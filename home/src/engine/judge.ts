// Pure: no I/O, no clock, no randomness.
// What one market event gives an order, before money is asked: nothing, a trigger, executions, or
// an end. `decide` prices what comes out of here.

import { type Decimal, multiply, SCALE, toStep } from '@motu/shared/decimal.ts'
import { MARKET_BUY_COLLAR } from '@motu/shared/fill.ts'
import { isAtMarket, type Side } from '@motu/shared/order.ts'
import type { PriceLimits } from '@motu/shared/venues/price-limits.ts'
import { type Consumption, consume, offeredTo } from './consumption.ts'
import { type Depth, oppositeOf, takeDisplayed } from './fill-model.ts'
import type { FillProfile } from './fill-profile.ts'
import { onCandle } from './judge-candle.ts'
import {
  crosses,
  hasRested,
  type JudgedOrder,
  type Judgement,
  type Moment,
  momentaryEnd,
  NO_LIQUIDITY,
  type Progress,
  WOULD_TAKE,
} from './judgement.ts'
import { advanceQueue, joinQueue } from './queue-ahead.ts'
import { watchStop } from './stop.ts'

/** What is left of an order: `wanted` is the quantity, as far as it is known. */
export function judge(
  order: JudgedOrder,
  wanted: Decimal,
  moment: Moment,
  profile: FillProfile,
  before: Progress,
): Judgement {
  const progress = { ...before, seenAt: moment.quote.receivedAt }
  if (order.waitingFor === 'ENTRY') return { kind: 'rest', progress }
  if (order.waitingFor === 'TRIGGER') return watchStop(order, moment, progress)
  const { quote, phase, limits } = moment
  if (limits && order.limitPrice !== null && isOutside(limits, order.limitPrice)) {
    // A price of yesterday that today's band does not know (KRX checks what waits each morning).
    return { kind: 'end', end: { status: 'EXPIRED', reason: 'price_limit' } }
  }
  if (quote.uncross !== null && (phase === 'auction' || phase === 'continuous')) {
    return inAuction(order, wanted, moment, progress)
  }
  if (phase !== 'continuous') {
    const end = momentaryEnd(order.timeInForce)
    return end ? { kind: 'end', end } : { kind: 'rest', progress }
  }
  if (quote.candle) return onCandle(order, wanted, moment, progress)
  const isTaker =
    !hasRested(order, progress) || isAtMarket(order.type) || momentaryEnd(order.timeInForce)
  return isTaker
    ? take(order, wanted, moment, profile, progress)
    : wait(order, wanted, moment, profile, progress)
}

/** Auctions fill at their single price only: everyone whose limit allows it, whole. */
function inAuction(
  order: JudgedOrder,
  wanted: Decimal,
  moment: Moment,
  progress: Progress,
): Judgement {
  const price = moment.quote.uncross!
  if (!crosses(order, price)) return { kind: 'rest', progress }
  const quantity = toStep(wanted, moment.steps.lot, 'down')
  return {
    kind: 'execute',
    executions: quantity > 0n ? [{ price, quantity }] : [],
    role: 'auction',
    displayed: 0n,
    queue: null,
    then: isAtMarket(order.type) ? NO_LIQUIDITY : null,
    progress: { ...progress, isMet: true },
  }
}

/** Takes what is displayed: at the market, at once, or on the first event a limit may use. */
function take(
  order: JudgedOrder,
  wanted: Decimal,
  moment: Moment,
  profile: FillProfile,
  progress: Progress,
): Judgement {
  const { quote, steps } = moment
  const { side } = order
  const depth = offered(profile, progress, side, quote.depth)
  const touch = side === 'BUY' ? quote.ask : quote.bid
  if (order.postOnly && touch > 0n && crosses(order, touch)) return { kind: 'end', end: WOULD_TAKE }
  const limitPrice = isAtMarket(order.type) ? null : order.limitPrice
  const worstPrice = limitPrice === null ? collarOf(side, touch, moment.limits) : null
  const taken = takeDisplayed(
    profile,
    { side, quantity: wanted, limitPrice, worstPrice },
    depth,
    steps,
  )
  const momentary = momentaryEnd(order.timeInForce)
  if (order.timeInForce === 'FOK' && taken.quantity < wanted)
    return { kind: 'end', end: momentary! }
  const then = momentary ?? (limitPrice === null ? NO_LIQUIDITY : null)
  const next: Progress = {
    ...progress,
    isMet: true,
    queue: limitPrice === null ? null : joinQueue(profile, side, limitPrice, quote.depth),
    consumed: consumedAfter(profile, progress, side, quote.depth, taken.quantity),
  }
  if (taken.executions.length === 0) {
    return then ? { kind: 'end', end: then } : { kind: 'rest', progress: next }
  }
  const { executions, displayed } = taken
  return {
    kind: 'execute',
    executions,
    role: 'taker',
    displayed,
    queue: null,
    then,
    progress: next,
  }
}

/** Stands in the book: moves up by what trades, and is filled at its own price. */
function wait(
  order: JudgedOrder,
  wanted: Decimal,
  moment: Moment,
  profile: FillProfile,
  progress: Progress,
): Judgement {
  const { quote, steps } = moment
  const { side } = order
  const limitPrice = order.limitPrice!
  const queue = progress.queue ?? joinQueue(profile, side, limitPrice, quote.depth)
  const depth = offered(profile, progress, side, quote.depth)
  // Met for the first time since a restart, it may be the event on which it came to rest: what
  // traded until then was not for it.
  const prints = progress.isMet ? quote.prints : []
  const resting = { side, limitPrice, remaining: wanted }
  const advanced = advanceQueue(profile, resting, queue, { prints, depth }, steps.lot)
  const filled = advanced.executions.reduce((sum, { quantity }) => sum + quantity, 0n)
  const next: Progress = {
    ...progress,
    isMet: true,
    queue: advanced.queue,
    consumed: consumedAfter(profile, progress, side, quote.depth, filled),
  }
  if (advanced.executions.length === 0) return { kind: 'rest', progress: next }
  const displayed = oppositeOf(side, quote.depth)
    .filter(([price]) => crosses(order, price))
    .reduce((sum, [, size]) => sum + size, 0n)
  const { executions } = advanced
  return {
    kind: 'execute',
    executions,
    role: 'maker',
    displayed,
    queue,
    then: null,
    progress: next,
  }
}

/** The worst price an order at the market may get: the day's limit, or the collar. */
function collarOf(side: Side, touch: Decimal, limits: PriceLimits | null): Decimal {
  if (limits) return side === 'BUY' ? limits.upper : limits.lower
  return side === 'BUY'
    ? multiply(touch, MARKET_BUY_COLLAR, 'down')
    : multiply(touch, 2n * SCALE - MARKET_BUY_COLLAR, 'up')
}

function isOutside(limits: PriceLimits, price: Decimal): boolean {
  return price > limits.upper || price < limits.lower
}

function offered(profile: FillProfile, progress: Progress, side: Side, depth: Depth): Depth {
  if (!profile.consumesOwnLiquidity || progress.consumed.size === 0) return depth
  return side === 'BUY'
    ? { ...depth, asks: offeredTo(progress.consumed, depth.asks) }
    : { ...depth, bids: offeredTo(progress.consumed, depth.bids) }
}

function consumedAfter(
  profile: FillProfile,
  progress: Progress,
  side: Side,
  depth: Depth,
  quantity: Decimal,
): Consumption {
  if (!profile.consumesOwnLiquidity) return progress.consumed
  return consume(progress.consumed, oppositeOf(side, depth), quantity)
}
