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

import type { Decimal } from './decimal.ts'
import { findInstrument } from './instrument.ts'
import type { TickerId } from './ticker.ts'

export const SIDES = ['BUY', 'SELL'] as const
export type Side = (typeof SIDES)[number]
/**
 * `STOP` becomes a MARKET order and `STOP_LIMIT` a LIMIT order once the last trade reaches the stop
 * price; the stop of a `TRAILING_STOP` follows the best trade at a distance.
 */
export const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT', 'TRAILING_STOP'] as const
export type OrderType = (typeof ORDER_TYPES)[number]
/** `GTD`: until the instant that the order names. */
export const TIMES_IN_FORCE = ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'] as const
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]
/** The sessions an order may ask to trade in; which of them a venue has, its calendar says. */
export const ORDER_SESSIONS = ['regular', 'pre', 'after', 'day'] as const
export type OrderSession = (typeof ORDER_SESSIONS)[number]

/**
 * Orders that belong together. `OTO`: an entry, and one exit that works once the entry has filled.
 * `BRACKET`: an entry and two exits. `OCO`: two exits at once. Of two exits, what one fills the
 * other no longer may: they share one hold.
 */
export const ORDER_CLASSES = ['SIMPLE', 'BRACKET', 'OCO', 'OTO'] as const
export type OrderClass = (typeof ORDER_CLASSES)[number]
/** An order's place among those that belong together. */
export const LEGS = ['ENTRY', 'TAKE_PROFIT', 'STOP_LOSS'] as const
export type Leg = (typeof LEGS)[number]

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
  'session',
  'halted',
  'delisted',
  'stale_market_data',
  'post_only_would_take',
  'reduce_only',
  'ioc_unfilled',
  'fok_unfilled',
  'no_liquidity',
  'expired',
  'oco_sibling',
  'entry_ended',
  'liquidation',
  'unknown_instrument',
  'unknown_user',
  'duplicate_mismatch',
  'replaced',
  'replace_too_late',
  'corporate_action',
  'revoked',
  'cancelled_by_user',
  'unprocessable',
] as const
export type Reason = (typeof REASONS)[number]

export const CANCEL_RESULTS = ['DONE', 'TOO_LATE'] as const
export type CancelResult = (typeof CANCEL_RESULTS)[number]

/**
 * What an open order waits for: its first market event, a price, the last trade at its stop, the
 * opening of a session, or the fill of its entry.
 */
export const WAITING_FOR = ['EVENT', 'PRICE', 'TRIGGER', 'SESSION', 'ENTRY'] as const
export type WaitingFor = (typeof WAITING_FOR)[number]

/** When an order trades: what an order and each of its exits says for itself. */
export type OrderTerms = {
  readonly type: OrderType
  /** In the instrument's currency; null for the types that have none. */
  readonly limitPrice: Decimal | null
  readonly timeInForce: TimeInForce
  readonly stopPrice?: Decimal
  /** How far a trailing stop stays behind: in the instrument's currency, or in percent. */
  readonly trailAmount?: Decimal
  readonly trailPercent?: Decimal
  /** For GTD, in milliseconds since 1970. */
  readonly expireAt?: number
}

/** What a user asks for, parsed. What is absent was not asked for. */
export type OrderDraft = OrderTerms & {
  readonly clientOrderId: string
  readonly tickerId: TickerId
  readonly side: Side
  /** Zero where `notional` says what to spend. */
  readonly quantity: Decimal
  /** Won to spend, fees excluded: for market buys. */
  readonly notional?: Decimal
  /** Refused rather than taking from the book at once. */
  readonly postOnly?: boolean
  /** Never more than what is held: the quantity is cut to it. */
  readonly reduceOnly?: boolean
  readonly sessions?: readonly OrderSession[]
  /** Outside its hours a DAY order waits for the next opening instead of being refused. */
  readonly queueForOpen?: boolean
  readonly orderClass?: OrderClass
  readonly takeProfit?: OrderTerms
  readonly stopLoss?: OrderTerms
  /** The order it takes the place of. */
  readonly replaces?: string
}

export const CLIENT_ORDER_ID_LENGTH_MAX = 64
export const ORDERS_PER_BATCH_MAX = 100

/** An order on a stock exchange lives for the day; coins know no day. */
export function defaultTimeInForce(type: OrderType, tickerId: TickerId): TimeInForce {
  const venue = findInstrument(tickerId)?.venue
  return type !== 'MARKET' && venue !== 'CRYPTO' ? 'DAY' : 'GTC'
}

/** Whether it waits for the last trade to reach its stop. */
export function isStop(type: OrderType): boolean {
  return type === 'STOP' || type === 'STOP_LIMIT' || type === 'TRAILING_STOP'
}

/** Whether it takes the price it finds, at once or once triggered. */
export function isAtMarket(type: OrderType): boolean {
  return type !== 'LIMIT' && type !== 'STOP_LIMIT'
}
