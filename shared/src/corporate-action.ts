// Pure: no I/O, no clock, no randomness.
// What a split and a cash dividend do to a position, to a candle, and to cash. What they do to an
// order that waits: `order-adjustment.ts`. Nothing is rounded in the user's favour.
//
// Split: `from` shares become `to`. Whole lots stay; the fraction that is left is sold at the adjusted
// base price (단주대금, cash in lieu), without fee or tax. Costs stay what they were in total, less
// the part of the fraction, whose profit is realised.
//
// Dividend: for what was held at the close before the ex-date, less what is withheld. Credited at
// the ex-date: companies pay weeks later, and nobody waits for that here.

import { type Decimal, divide, multiply, ratio, SCALE } from './decimal.ts'
import type { Currency } from './instrument.ts'

/** `from` shares become `to`: 1 and 50 for a split of 50:1, 10 and 1 for a reverse split. */
export type Split = { readonly kind: 'SPLIT'; readonly from: Decimal; readonly to: Decimal }
/** A share, before tax, in the instrument's currency. */
export type CashDividend = { readonly kind: 'CASH_DIVIDEND'; readonly amount: Decimal }
export type ActionTerms = Split | CashDividend

/** Nothing was ever split further, or joined more. */
export const RATIO_MAX: Decimal = 1_000n * SCALE

/** The part of a position an action changes. Costs exclude fees. */
export type Holding = {
  readonly quantity: Decimal
  readonly averagePrice: Decimal
  readonly costNative: Decimal
  readonly costKrw: Decimal
  readonly realizedPriceKrw: Decimal
  readonly realizedFxKrw: Decimal
}

export type SplitTerms = {
  readonly split: Split
  /** How much of the holding is from before the ex-date; the rest was traded at the new price. */
  readonly eligible: Decimal
  readonly lot: Decimal
  /** The last price before the ex-date, not adjusted, in the instrument's currency. */
  readonly basePrice: Decimal
  readonly currency: Currency
  /** Won for one unit of the currency, as applied to a sell. */
  readonly exchangeRate: Decimal
}

/** A holding after a split, and what its fraction brought. */
export function splitHolding<T extends Holding>(
  holding: T,
  terms: SplitTerms,
): { holding: T; fractionKrw: Decimal } {
  const { split, eligible, lot, basePrice, currency, exchangeRate } = terms
  const { from, to } = split
  // In units of 1 / `from`, so that a third stays a third.
  const shares = eligible * to
  const whole = (shares / (from * lot)) * lot
  const fraction = shares - whole * from
  const quantity = holding.quantity - eligible + whole
  const out = (cost: Decimal): Decimal =>
    quantity === 0n ? cost : divide(cost * fraction, holding.quantity * to, 'half_even')
  const nativeOut = out(holding.costNative)
  const krwOut = out(holding.costKrw)
  const fractionKrw = divide(basePrice * fraction * exchangeRate, to * SCALE * SCALE, 'down')
  const profit = fraction === 0n ? 0n : fractionKrw - krwOut
  const proceeds = divide(basePrice * fraction, to * SCALE, 'half_even')
  const pricePart =
    currency === 'KRW' || fraction === 0n
      ? profit
      : multiply(proceeds - nativeOut, exchangeRate, 'half_even')
  const costNative = holding.costNative - nativeOut
  return {
    holding: {
      ...holding,
      quantity,
      costNative,
      costKrw: holding.costKrw - krwOut,
      averagePrice: quantity === 0n ? 0n : ratio(costNative, quantity, 'half_even'),
      realizedPriceKrw: holding.realizedPriceKrw + pricePart,
      realizedFxKrw: holding.realizedFxKrw + profit - pricePart,
    },
    fractionKrw,
  }
}

/** A price of before a split, in shares of after it. */
export function splitPrice(price: Decimal, { from, to }: Split): Decimal {
  return divide(price * from, to, 'half_even')
}

/** The prices and the volume of a candle. */
export type Bar = Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', Decimal>>

/** A candle of before a split as if it had been traded after it. */
export function splitBar<T extends Bar>(bar: T, split: Split): T {
  return {
    ...bar,
    open: splitPrice(bar.open, split),
    high: splitPrice(bar.high, split),
    low: splitPrice(bar.low, split),
    close: splitPrice(bar.close, split),
    volume: divide(bar.volume * split.to, split.from, 'half_even'),
  }
}

export type Dividend = { readonly grossKrw: Decimal; readonly taxKrw: Decimal }

/** What a dividend brings: the gross rounded down, the tax on it up. */
export function dividendOf(
  { amount }: CashDividend,
  held: { quantity: Decimal; exchangeRate: Decimal; taxPercent: Decimal },
): Dividend {
  const grossKrw = divide(amount * held.quantity * held.exchangeRate, SCALE * SCALE, 'down')
  return { grossKrw, taxKrw: divide(grossKrw * held.taxPercent, SCALE * 100n, 'up') }
}
