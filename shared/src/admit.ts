// Pure: no I/O, no clock, no randomness.
// Whether an order may be stored, and what it holds while it waits. Nothing here fills anything.

import { type Decimal, multiply, SCALE, toStep } from './decimal.ts'
import { appliedExchangeRate, MARKET_BUY_COLLAR, notionalKrw } from './fill.ts'
import type { Instrument } from './instrument.ts'
import type { OrderType, Reason, Side } from './order.ts'
import { highestChargesKrw } from './venues/charges.ts'
import { notionalLimitsOf } from './venues/lots.ts'
import type { PriceLimits } from './venues/price-limits.ts'

/** Of an order, what its admission depends on. */
export type AdmissibleOrder = {
  readonly side: Side
  readonly type: OrderType
  readonly requestedQuantity: Decimal
  readonly requestedNotional: Decimal | null
  readonly limitPrice: Decimal | null
  readonly stopPrice: Decimal | null
  readonly reduceOnly: boolean
}

/** The market as it is known when an order is stored: it sizes holds, it never fills. */
export type Reference = {
  readonly bid: Decimal
  readonly ask: Decimal
  readonly limits: PriceLimits | null
  /** Won for a dollar, mid; one for won. */
  readonly fxMid: Decimal
  readonly fxSpreadRate: Decimal
  readonly lot: Decimal
  /** In the venue's zone. */
  readonly tradeDate: string
}

/** What the user has free for the order. */
export type Available = { readonly cashKrw: Decimal; readonly quantity: Decimal }
export type Hold = { readonly krw: Decimal; readonly quantity: Decimal }

export type Admission =
  /** `quantity`: as asked, cut to what is held (`reduce_only`), or reckoned from an amount. */
  | { readonly kind: 'admit'; readonly hold: Hold; readonly quantity: Decimal }
  | { readonly kind: 'reject'; readonly reason: Reason }

/** Judges an order against the day's band, the smallest amount, and what its user has free. */
export function admit(
  order: AdmissibleOrder,
  instrument: Instrument,
  reference: Reference,
  available: Available,
): Admission {
  const { limits } = reference
  const isOutside = [order.limitPrice, order.stopPrice].some(
    (price) => limits && price !== null && (price > limits.upper || price < limits.lower),
  )
  if (isOutside) return { kind: 'reject', reason: 'price_limit' }
  return order.side === 'SELL'
    ? admitSell(order, instrument, reference, available)
    : admitBuy(order, instrument, reference, available)
}

function admitSell(
  order: AdmissibleOrder,
  instrument: Instrument,
  reference: Reference,
  { quantity: free }: Available,
): Admission {
  let quantity = order.requestedQuantity
  if (order.reduceOnly && quantity > free) {
    quantity = toStep(free, reference.lot, 'down')
    if (quantity === 0n) return { kind: 'reject', reason: 'reduce_only' }
  }
  if (quantity > free) return { kind: 'reject', reason: 'insufficient_quantity' }
  if (isTooSmall(order, instrument, quantity, reference.bid)) {
    return { kind: 'reject', reason: 'min_notional' }
  }
  return { kind: 'admit', hold: { krw: 0n, quantity }, quantity }
}

function admitBuy(
  order: AdmissibleOrder,
  instrument: Instrument,
  reference: Reference,
  { cashKrw }: Available,
): Admission {
  const rate =
    instrument.currency === 'KRW'
      ? SCALE
      : appliedExchangeRate(reference.fxMid, 'BUY', reference.fxSpreadRate)
  const { requestedNotional: amount } = order
  const quantity =
    amount === null
      ? order.requestedQuantity
      : affordable(amount, { price: reference.ask, rate, lot: reference.lot })
  if (quantity === 0n || isTooSmall(order, instrument, quantity, reference.ask)) {
    return { kind: 'reject', reason: 'min_notional' }
  }
  // An amount is never exceeded: it is all that its quantity can cost.
  const notional =
    amount ?? notionalKrw('BUY', { price: highestPrice(order, reference), quantity, rate })
  const { tradeDate } = reference
  const krw =
    notional +
    highestChargesKrw(instrument, 'BUY', notional, {
      quantity,
      appliedExchangeRate: rate,
      tradeDate,
    })
  if (krw > cashKrw) return { kind: 'reject', reason: 'insufficient_funds' }
  return { kind: 'admit', hold: { krw, quantity: 0n }, quantity }
}

/** What an amount of won buys at a price, down to the step. */
export function affordable(
  amountKrw: Decimal,
  at: { price: Decimal; rate: Decimal; lot: Decimal },
): Decimal {
  const product = at.price * at.rate
  return product === 0n ? 0n : toStep((amountKrw * SCALE * SCALE) / product, at.lot, 'down')
}

/**
 * What a buy is held for: its limit; else the day's upper limit (as KRX brokers hold market buys),
 * and where there is none the price it will find plus a collar.
 */
function highestPrice(order: AdmissibleOrder, reference: Reference): Decimal {
  if (order.limitPrice !== null) return order.limitPrice
  if (reference.limits) return reference.limits.upper
  const from =
    order.stopPrice !== null && order.stopPrice > reference.ask ? order.stopPrice : reference.ask
  return multiply(from, MARKET_BUY_COLLAR, 'up')
}

/** An order without a price of its own is counted at the one it would find. */
function isTooSmall(
  order: AdmissibleOrder,
  instrument: Instrument,
  quantity: Decimal,
  touch: Decimal,
): boolean {
  const price = order.limitPrice ?? order.stopPrice ?? touch
  return multiply(price, quantity, 'down') < notionalLimitsOf(instrument).min
}
