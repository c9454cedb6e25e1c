// Pure: no I/O, no clock, no randomness.
// The arithmetic of one fill: notional, exchange rate, fee. Rounding is never in the user's favour.

import { type Decimal, divide, multiply, SCALE } from './decimal.ts'
import type { Side } from './order.ts'

/** Part of an order, executed. Price in the instrument's currency; the rest in KRW. */
export type Fill = {
  readonly quantity: Decimal
  readonly price: Decimal
  /** Won for one unit of the price's currency, spread included; one for KRW. */
  readonly appliedExchangeRate: Decimal
  /** Before the fee: what a buy costs, what a sell brings. */
  readonly notionalKrw: Decimal
  readonly feeKrw: Decimal
}

/**
 * The spread around the USD/KRW mid when won become dollars or back: 1 % list, 90 % of it waived,
 * as Korean brokers grant.
 */
export const FX_SPREAD_RATE: Decimal = 100_000n

/**
 * The rate a fill is booked with: mid × (1 + s) for a buy, mid × (1 − s) for a sell; 1 for KRW. The
 * spread s is a fraction; a fill profile may grant another than brokers do.
 */
export function appliedExchangeRate(
  mid: Decimal,
  side: Side,
  spread: Decimal = FX_SPREAD_RATE,
): Decimal {
  return side === 'BUY'
    ? multiply(mid, SCALE + spread, 'up')
    : multiply(mid, SCALE - spread, 'down')
}

/** Price × quantity × rate, rounded once: up for what a buy costs, down for what a sell brings. */
export function notionalKrw(
  side: Side,
  amounts: { price: Decimal; quantity: Decimal; rate: Decimal },
): Decimal {
  const product = amounts.price * amounts.quantity * amounts.rate
  return divide(product, SCALE * SCALE, side === 'BUY' ? 'up' : 'down')
}

/**
 * The commission of the next fill of an order: that on the running total, less what was charged
 * already, so that slicing an order into fills changes nothing. All charges of a fill, by date:
 * `chargesOf` of `venues/charges.ts`.
 */
export function nextFeeKrw(
  commissionPercent: Decimal,
  order: { notionalKrw: Decimal; feeKrw: Decimal },
  nextNotionalKrw: Decimal,
): Decimal {
  const total = (order.notionalKrw + nextNotionalKrw) * commissionPercent
  return divide(total, SCALE * 100n, 'up') - order.feeKrw
}

/** How far above the ask a market buy may fill, where the venue has no daily limit: what it holds for. */
export const MARKET_BUY_COLLAR: Decimal = 105_000_000n
