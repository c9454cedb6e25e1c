// Pure: no I/O, no clock, no randomness.
// What an order is, which status may follow which, and why an order ends.
//
//   PENDING ── stored, funds held ──► OPEN ── part of it filled ──► PARTIALLY_FILLED
//      │                               │                               │
//      └───────────────────────────────┴───────────────────────────────┴──► one final status:
//   FILLED (all of it) · CANCELLED (asked for, or the rest of an IOC) · EXPIRED (its time is over)
//   · FAILED (refused; never after a fill)
//
// PENDING is the 202: a promise, kept in the queue. Intake and fill may share one transaction, so
// an order may go from PENDING straight to a later status. Final statuses are final.

import { type Decimal, formatDecimal, isMultiple, multiply } from './decimal.ts'
import {
  findInstrument,
  type Instrument,
  lotOf,
  ORDER_NOTIONAL_MAX,
  tickOf,
  VENUE_RULES,
} from './instrument.ts'
import type { ProblemCode } from './problem.ts'
import type { TickerId } from './ticker.ts'

export const SIDES = ['BUY', 'SELL'] as const
export type Side = (typeof SIDES)[number]
export const ORDER_TYPES = ['MARKET', 'LIMIT'] as const
export type OrderType = (typeof ORDER_TYPES)[number]
export const TIMES_IN_FORCE = ['DAY', 'GTC', 'IOC', 'FOK'] as const
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]

export const ORDER_STATUSES = [
  'PENDING',
  'OPEN',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELLED',
  'EXPIRED',
  'FAILED',
] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

const FOLLOWING: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING: ['OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'EXPIRED', 'FAILED'],
  OPEN: ['PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'EXPIRED', 'FAILED'],
  PARTIALLY_FILLED: ['PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'EXPIRED'],
  FILLED: [],
  CANCELLED: [],
  EXPIRED: [],
  FAILED: [],
}

/** Whether an order may go from one status to the other. */
export function mayFollow(from: OrderStatus, to: OrderStatus): boolean {
  return FOLLOWING[from].includes(to)
}

/** Whether nothing can happen to the order any more. */
export function isFinal(status: OrderStatus): boolean {
  return FOLLOWING[status].length === 0
}

/** Why an order ended, or was refused. A closed list: a reason without a sentence cannot exist. */
export const REASONS = [
  'insufficient_funds',
  'insufficient_quantity',
  'price_limit',
  'tick_size',
  'lot_size',
  'min_notional',
  'too_large',
  'time_in_force',
  'market_closed',
  'halted',
  'stale_market_data',
  'post_only_would_take',
  'reduce_only',
  'ioc_unfilled',
  'fok_unfilled',
  'oco_sibling',
  'liquidation',
  'unknown_instrument',
  'unknown_user',
  'duplicate_mismatch',
  'replaced',
  'revoked',
  'cancelled_by_user',
  'unprocessable',
] as const
export type Reason = (typeof REASONS)[number]

export const CANCEL_RESULTS = ['DONE', 'TOO_LATE'] as const
export type CancelResult = (typeof CANCEL_RESULTS)[number]

/** What an open order waits for. */
export const WAITING_FOR = ['EVENT', 'PRICE'] as const
export type WaitingFor = (typeof WAITING_FOR)[number]

/** What a user asks for, parsed. Quantities and prices are decimals; the price in the instrument's currency. */
export type OrderDraft = {
  clientOrderId: string
  tickerId: TickerId
  side: Side
  type: OrderType
  quantity: Decimal
  limitPrice: Decimal | null
  timeInForce: TimeInForce
}

export const CLIENT_ORDER_ID_LENGTH_MAX = 64
export const ORDERS_PER_BATCH_MAX = 100

/** A refusal of a draft by the rules that need no balance and no quote. */
export type DraftRefusal = {
  reason: Reason
  problem: ProblemCode
  pointer: string
  detail: string
}

/** A limit order lives for the day on a stock exchange; coins know no day. A market order is of the moment. */
export function defaultTimeInForce(type: OrderType, tickerId: TickerId): TimeInForce {
  const venue = findInstrument(tickerId)?.venue
  return type === 'LIMIT' && venue !== 'CRYPTO' ? 'DAY' : 'GTC'
}

/**
 * The rules of the instrument: ticks, lots, amounts, time in force. The edge asks as a courtesy,
 * the engine asks again before it stores anything. `null` when there is nothing to refuse.
 */
export function checkDraft(draft: OrderDraft): DraftRefusal | null {
  const instrument = findInstrument(draft.tickerId)
  if (!instrument) {
    return {
      reason: 'unknown_instrument',
      problem: 'unknown-instrument',
      pointer: '#/ticker_id',
      detail: `${draft.tickerId} is not listed. GET /api/v1/market/quotes lists what can be traded.`,
    }
  }
  return (
    checkQuantity(draft, instrument) ??
    checkPrice(draft, instrument) ??
    checkTime(draft, instrument)
  )
}

function checkQuantity(draft: OrderDraft, instrument: Instrument): DraftRefusal | null {
  const lot = lotOf(instrument, draft.type)
  if (!isMultiple(draft.quantity, lot)) {
    return {
      reason: 'lot_size',
      problem: 'quantity-off-lot',
      pointer: '#/quantity',
      detail: `${instrument.tickerId} trades in steps of ${formatDecimal(lot)}.`,
    }
  }
  const price = draft.limitPrice ?? instrument.referencePrice
  const notional = multiply(draft.quantity, price, 'down')
  if (notional > ORDER_NOTIONAL_MAX[instrument.currency]) {
    return {
      reason: 'too_large',
      problem: 'quantity-too-large',
      pointer: '#/quantity',
      detail: 'The order is worth more than one order may be.',
    }
  }
  const { minNotional } = VENUE_RULES[instrument.venue]
  if (draft.type === 'LIMIT' && notional < minNotional) {
    return {
      reason: 'min_notional',
      problem: 'below-min-notional',
      pointer: '#/quantity',
      detail: `An order must be worth at least ${formatDecimal(minNotional)} KRW.`,
    }
  }
  return null
}

function checkPrice(draft: OrderDraft, instrument: Instrument): DraftRefusal | null {
  if (draft.limitPrice === null) return null
  const tick = tickOf(instrument, draft.limitPrice)
  if (isMultiple(draft.limitPrice, tick)) return null
  return {
    reason: 'tick_size',
    problem: 'price-off-tick',
    pointer: '#/limit_price',
    detail: `${instrument.tickerId} moves in steps of ${formatDecimal(tick)} ${instrument.currency} at this price.`,
  }
}

function checkTime(draft: OrderDraft, instrument: Instrument): DraftRefusal | null {
  if (instrument.venue !== 'CRYPTO' || draft.timeInForce !== 'DAY') return null
  return {
    reason: 'time_in_force',
    problem: 'time-in-force-refused',
    pointer: '#/time_in_force',
    detail: 'Coins trade around the clock and know no DAY: use GTC.',
  }
}
