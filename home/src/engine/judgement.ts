// Pure: no I/O, no clock, no randomness.
// What judging an order on a market event starts from and comes to.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { MarketPhase } from '@motu/shared/market-data.ts'
import type {
  OrderStatus,
  OrderType,
  Reason,
  Side,
  TimeInForce,
  WaitingFor,
} from '@motu/shared/order.ts'
import type { PriceLimits } from '@motu/shared/venues/price-limits.ts'
import { type Consumption, NOTHING_CONSUMED } from './consumption.ts'
import type { EngineQuote } from './engine-quote.ts'
import { type Execution, isAsGood, type Steps } from './fill-model.ts'
import type { Queue } from './queue-ahead.ts'

/** Of an order, what the market's side looks at. */
export type JudgedOrder = {
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly limitPrice: Decimal | null
  readonly stopPrice: Decimal | null
  readonly trailAmount: Decimal | null
  readonly trailPercent: Decimal | null
  readonly postOnly: boolean
  readonly waitingFor: WaitingFor | null
  readonly markPrice: Decimal | null
}

/** What an order has seen of the market: kept in memory, begun anew after a restart. */
export type Progress = {
  /** The first event that it may use has been met. */
  readonly isMet: boolean
  readonly queue: Queue | null
  /** The best trade that a trailing stop has seen. */
  readonly mark: Decimal | null
  readonly consumed: Consumption
  /** When the last event that it was held against was received. */
  readonly seenAt: number
}

export const NO_PROGRESS: Progress = {
  isMet: false,
  queue: null,
  mark: null,
  consumed: NOTHING_CONSUMED,
  seenAt: 0,
}

/** One event as one order meets it. */
export type Moment = {
  readonly quote: EngineQuote
  /** By the venue's word and by its calendar, for the sessions the order may trade in. */
  readonly phase: MarketPhase
  /** The day's price limits; null where the venue has none. */
  readonly limits: PriceLimits | null
  readonly steps: Steps
}

/** How an execution came about: from the book, from waiting in it, in an auction, from a candle. */
export type Role = 'taker' | 'maker' | 'auction' | 'candle'

export type End = { readonly status: OrderStatus; readonly reason: Reason }

export type Judgement =
  | { readonly kind: 'rest'; readonly progress: Progress }
  /** The last trade reached the stop: from the next event on it is a MARKET or LIMIT order. */
  | { readonly kind: 'trigger'; readonly progress: Progress }
  | { readonly kind: 'end'; readonly end: End }
  | {
      readonly kind: 'execute'
      readonly executions: readonly Execution[]
      readonly role: Role
      /** The size shown within reach. */
      readonly displayed: Decimal
      /** Its place before this event, for an order that waited in the book. */
      readonly queue: Queue | null
      /** What becomes of the part that was not filled; null: it waits. */
      readonly then: End | null
      readonly progress: Progress
    }

/** Whether an order trades at a price: always at the market, at the limit or better for a limit. */
export function crosses(order: Pick<JudgedOrder, 'side' | 'limitPrice'>, price: Decimal): boolean {
  return order.limitPrice === null || isAsGood(order.side, price, order.limitPrice)
}

/** Whether an order stands in the book: of a post-only order its row says so too. */
export function hasRested(
  order: Pick<JudgedOrder, 'postOnly' | 'waitingFor'>,
  progress: Progress,
): boolean {
  return progress.isMet || (order.postOnly && order.waitingFor === 'PRICE')
}

export const NO_LIQUIDITY: End = { status: 'CANCELLED', reason: 'no_liquidity' }
export const WOULD_TAKE: End = { status: 'FAILED', reason: 'post_only_would_take' }

/** How an order of the moment ends with what it did not get; null for one that may wait. */
export function momentaryEnd(timeInForce: TimeInForce): End | null {
  if (timeInForce === 'IOC') return { status: 'CANCELLED', reason: 'ioc_unfilled' }
  if (timeInForce === 'FOK') return { status: 'CANCELLED', reason: 'fok_unfilled' }
  return null
}
