// Pure: no I/O, no clock, no randomness.
// What an order will cost, before it is placed: the engine's own arithmetic on the last quote.

import { type Decimal, divide, multiply, SCALE, toStep } from '@motu/shared/decimal.ts'
import {
  appliedExchangeRate,
  MARKET_BUY_COLLAR,
  nextFeeKrw,
  notionalKrw,
} from '@motu/shared/fill.ts'
import { type Instrument, lotOf, tickOf, VENUE_RULES } from '@motu/shared/instrument.ts'
import type { OrderType, Side } from '@motu/shared/order.ts'
import { krxPriceLimits } from '@motu/shared/venues/krx/rules.ts'

/** The market as the ticket sees it. Prices in the instrument's currency. */
export type TicketMarket = {
  readonly price: Decimal
  readonly bid: Decimal
  readonly ask: Decimal
  readonly changePercent: Decimal
  /** Won for one unit of the currency; one for won. */
  readonly fxMid: Decimal
}

export type TicketTerms = {
  readonly instrument: Instrument
  readonly side: Side
  readonly type: OrderType
  readonly limitPrice: Decimal | null
}

export type Cost = {
  readonly price: Decimal
  readonly notional: Decimal
  readonly notionalKrw: Decimal
  /** Null for an instrument in won. */
  readonly exchangeRate: Decimal | null
  readonly feeKrw: Decimal
  /** What a buy takes, or a sell brings, after the fee. */
  readonly totalKrw: Decimal
  /** Reserved until the order ends: for a market buy more than the total, nothing for a sell. */
  readonly holdKrw: Decimal
}

/** The cost of a quantity on these terms; null while the market or the price is unknown. */
export function estimateCost(
  terms: TicketTerms,
  quantity: Decimal,
  market: TicketMarket | null,
): Cost | null {
  const price = market && expectedPrice(terms, market)
  if (!price) return null
  const { instrument, side } = terms
  const paid = pay(terms, { price, quantity, fxMid: market.fxMid })
  const total = side === 'BUY' ? paid.notionalKrw + paid.feeKrw : paid.notionalKrw - paid.feeKrw
  return {
    ...paid,
    price,
    notional: multiply(price, quantity, side === 'BUY' ? 'up' : 'down'),
    exchangeRate: instrument.currency === 'KRW' ? null : paid.rate,
    totalKrw: total,
    holdKrw: side === 'BUY' ? holdOf(terms, quantity, market) : 0n,
  }
}

/** The largest quantity that `cashKrw` can hold for, on the lot; zero while nothing is known. */
export function affordableQuantity(
  terms: TicketTerms,
  cashKrw: Decimal,
  market: TicketMarket | null,
): Decimal {
  const highest = market && highestPrice(terms, market)
  if (!highest || cashKrw <= 0n) return 0n
  const lot = lotOf(terms.instrument, terms.type)
  const { commissionPercent } = VENUE_RULES[terms.instrument.venue]
  const rate = rateOf(terms, market.fxMid)
  // cash = quantity × price × rate × (1 + fee), solved for the quantity and floored to the lot.
  const cashAfterFee = divide(cashKrw * 100n * SCALE, 100n * SCALE + commissionPercent, 'down')
  const quantity = toStep(divide(cashAfterFee * SCALE * SCALE, highest * rate, 'down'), lot, 'down')
  // Notional and fee round up, each: together they may be a hair above the cash.
  const isAbove = quantity > 0n && holdOf(terms, quantity, market) > cashKrw
  return isAbove ? quantity - lot : quantity
}

/** The limit price one tick up or down; a ladder's border belongs to the side it is left towards. */
export function stepPrice(instrument: Instrument, price: Decimal, direction: 1 | -1): Decimal {
  if (direction === 1) {
    const tick = tickOf(instrument, price)
    return toStep(price, tick, 'down') + tick
  }
  const tick = tickOf(instrument, price > 0n ? price - 1n : 0n)
  const next = toStep(price, tick, 'up') - tick
  return next > 0n ? next : tick
}

/** The previous close, from the price and its change; the feed's base prices lie on ticks. */
export function basePriceOf(instrument: Instrument, market: TicketMarket): Decimal {
  const base = divide(market.price * 100n * SCALE, 100n * SCALE + market.changePercent, 'half_up')
  return toStep(base, tickOf(instrument, base), 'half_up')
}

function expectedPrice({ side, limitPrice, type }: TicketTerms, market: TicketMarket) {
  const offered = side === 'BUY' ? market.ask : market.bid
  if (type === 'MARKET') return offered
  if (limitPrice === null) return null
  // A limit that the market already meets trades at the market's price, or better than the limit.
  const crosses = side === 'BUY' ? offered <= limitPrice : offered >= limitPrice
  return crosses ? offered : limitPrice
}

/** The highest price the engine reserves for. */
function highestPrice({ instrument, type, limitPrice }: TicketTerms, market: TicketMarket) {
  if (type === 'LIMIT') return limitPrice
  if (instrument.venue !== 'KRX') return multiply(market.ask, MARKET_BUY_COLLAR, 'up')
  return krxPriceLimits(basePriceOf(instrument, market)).upper
}

function holdOf(terms: TicketTerms, quantity: Decimal, market: TicketMarket): Decimal {
  const price = highestPrice(terms, market)
  if (price === null) return 0n
  const paid = pay(terms, { price, quantity, fxMid: market.fxMid })
  return paid.notionalKrw + paid.feeKrw
}

function pay(terms: TicketTerms, at: { price: Decimal; quantity: Decimal; fxMid: Decimal }) {
  const rate = rateOf(terms, at.fxMid)
  const notional = notionalKrw(terms.side, { price: at.price, quantity: at.quantity, rate })
  const { commissionPercent } = VENUE_RULES[terms.instrument.venue]
  const feeKrw = nextFeeKrw(commissionPercent, { notionalKrw: 0n, feeKrw: 0n }, notional)
  return { rate, notionalKrw: notional, feeKrw }
}

function rateOf({ instrument, side }: TicketTerms, fxMid: Decimal): Decimal {
  return instrument.currency === 'KRW' ? SCALE : appliedExchangeRate(fxMid, side)
}
