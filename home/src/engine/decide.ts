// Pure: no I/O, no clock, no randomness.
// Order path, file 6 of 6. The decision: risk → price → fill, rest or reject. The engine, a replay
// and a backtest all call it; that is what makes them agree.

import { type Decimal, DECIMAL_MAX, divide, multiply, SCALE } from '@motu/shared/decimal.ts'
import {
  appliedExchangeRate,
  type Fill,
  MARKET_BUY_COLLAR,
  nextFeeKrw,
  notionalKrw,
} from '@motu/shared/fill.ts'
import { type Instrument, VENUE_RULES } from '@motu/shared/instrument.ts'
import type { OrderType, Reason, Side, TimeInForce } from '@motu/shared/order.ts'
import { krxPriceLimits } from '@motu/shared/venues/krx/rules.ts'

/** Of an order, what a decision looks at. */
export type DecidableOrder = {
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly limitPrice: Decimal | null
  readonly requestedQuantity: Decimal
  readonly filledQuantity: Decimal
  readonly notionalKrw: Decimal
  readonly feeKrw: Decimal
  readonly holdKrw: Decimal
}

/** What the market shows: prices in the instrument's currency, and won for one unit of it. */
export type DecidableQuote = {
  readonly bid: Decimal
  readonly ask: Decimal
  readonly basePrice: Decimal
  /** The USD/KRW mid for dollars; one for won. */
  readonly fxMid: Decimal
}

/** What the user has free beyond what this order already holds. */
export type Available = { readonly cashKrw: Decimal; readonly quantity: Decimal }

export type Decision =
  | { readonly kind: 'fill'; readonly fills: readonly Fill[] }
  /** Waits for a better price, with its hold. */
  | { readonly kind: 'rest' }
  /** Ends without another fill: CANCELLED for an IOC or FOK, FAILED otherwise. */
  | { readonly kind: 'reject'; readonly reason: Reason }

export type Hold = { readonly krw: Decimal; readonly quantity: Decimal }
export type Admission =
  | { readonly kind: 'admit'; readonly hold: Hold }
  | { readonly kind: 'reject'; readonly reason: Reason }

const NO_HOLD: Hold = { krw: 0n, quantity: 0n }

/**
 * Whether an order may be stored, and what it holds while it waits. `quote` is the last one known:
 * it sizes the hold of a market buy (KRX: the day's upper limit; elsewhere the ask plus a collar),
 * it never fills anything.
 */
export function admit(
  order: Omit<DecidableOrder, 'holdKrw'>,
  instrument: Instrument,
  quote: DecidableQuote,
  available: Available,
): Admission {
  const limits = instrument.venue === 'KRX' ? krxPriceLimits(quote.basePrice) : null
  const { limitPrice } = order
  if (limits && limitPrice !== null && (limitPrice > limits.upper || limitPrice < limits.lower)) {
    return { kind: 'reject', reason: 'price_limit' }
  }
  if (limitPrice === null && isTooSmall(order, instrument, quote)) {
    return { kind: 'reject', reason: 'min_notional' }
  }
  if (order.side === 'SELL') {
    if (order.requestedQuantity > available.quantity) {
      return { kind: 'reject', reason: 'insufficient_quantity' }
    }
    return { kind: 'admit', hold: { ...NO_HOLD, quantity: order.requestedQuantity } }
  }
  const highest = limitPrice ?? limits?.upper ?? multiply(quote.ask, MARKET_BUY_COLLAR, 'up')
  const cost = priced({ ...order, holdKrw: 0n }, instrument, quote, highest)
  const krw = cost.notionalKrw + cost.feeKrw
  if (krw > available.cashKrw) return { kind: 'reject', reason: 'insufficient_funds' }
  return { kind: 'admit', hold: { ...NO_HOLD, krw } }
}

/** A market order has no price to count the smallest order by: it is counted at the last one. */
function isTooSmall(
  order: Pick<DecidableOrder, 'side' | 'requestedQuantity'>,
  instrument: Instrument,
  quote: DecidableQuote,
): boolean {
  const price = order.side === 'BUY' ? quote.ask : quote.bid
  const notional = multiply(price, order.requestedQuantity, 'down')
  return notional < VENUE_RULES[instrument.venue].minNotional
}

/** The decision on one eligible market event: the whole rest at the displayed price, or nothing. */
export function decide(
  order: DecidableOrder,
  instrument: Instrument,
  quote: DecidableQuote,
  available: Available,
): Decision {
  const price = order.side === 'BUY' ? quote.ask : quote.bid
  if (!crosses(order, price)) return unfilled(order)
  const fill = priced(order, instrument, quote, price)
  if (order.side === 'BUY') {
    const debit = fill.notionalKrw + fill.feeKrw
    if (debit > order.holdKrw + available.cashKrw) {
      return { kind: 'reject', reason: 'insufficient_funds' }
    }
  } else if (fill.notionalKrw > DECIMAL_MAX / 2n) {
    return { kind: 'reject', reason: 'too_large' }
  }
  // A fraction of a won may round to nothing; a fill is never free and never without worth.
  if (fill.notionalKrw === 0n) return { kind: 'reject', reason: 'min_notional' }
  return { kind: 'fill', fills: [fill] }
}

/** Whether an order trades at a price: always for MARKET, at the limit or better for LIMIT. */
export function crosses(
  order: Pick<DecidableOrder, 'side' | 'limitPrice'>,
  price: Decimal,
): boolean {
  if (order.limitPrice === null) return true
  return order.side === 'BUY' ? price <= order.limitPrice : price >= order.limitPrice
}

function unfilled(order: DecidableOrder): Decision {
  if (order.timeInForce === 'IOC') return { kind: 'reject', reason: 'ioc_unfilled' }
  if (order.timeInForce === 'FOK') return { kind: 'reject', reason: 'fok_unfilled' }
  return { kind: 'rest' }
}

/** The fill of an order's whole rest at a price. */
function priced(
  order: DecidableOrder,
  instrument: Instrument,
  quote: DecidableQuote,
  price: Decimal,
): Fill {
  const quantity = order.requestedQuantity - order.filledQuantity
  const rate = instrument.currency === 'KRW' ? SCALE : appliedExchangeRate(quote.fxMid, order.side)
  const notional = notionalKrw(order.side, { price, quantity, rate })
  const { commissionPercent } = VENUE_RULES[instrument.venue]
  const feeKrw = nextFeeKrw(commissionPercent, order, notional)
  return { quantity, price, appliedExchangeRate: rate, notionalKrw: notional, feeKrw }
}

/** The notional-weighted mean of two rates or prices, for an order of several fills. */
export function weightedMean(
  a: { value: Decimal; weight: Decimal },
  b: { value: Decimal; weight: Decimal },
): Decimal {
  return divide(a.value * a.weight + b.value * b.weight, a.weight + b.weight, 'half_even')
}
