// Pure: no I/O, no clock, no randomness.
// Money with its currency (dinero.js on bigint, scale 8), for valuation: adding won to dollars is
// an error here, not a number. The order path computes on the decimals inside.

import { add, type Dinero, type DineroCurrency, dinero, toSnapshot } from 'dinero.js/bigint'
import { type Decimal, multiply, type Rounding, SCALE_DIGITS } from './decimal.ts'
import type { Currency } from './instrument.ts'

export type Money<C extends Currency = Currency> = Dinero<bigint, C>

const UNITS: { readonly [C in Currency]: DineroCurrency<bigint, C> } = {
  KRW: { code: 'KRW', base: 10n, exponent: 0n },
  USD: { code: 'USD', base: 10n, exponent: 2n },
}

/** An amount of a currency. */
export function money<C extends Currency>(amount: Decimal, currency: C): Money<C> {
  return dinero({ amount, currency: UNITS[currency], scale: BigInt(SCALE_DIGITS) })
}

/** The decimal inside. */
export function amountOf(value: Money): Decimal {
  const { amount, scale } = toSnapshot(value as Dinero<bigint, string>)
  if (scale !== BigInt(SCALE_DIGITS)) throw new Error(`money at scale ${scale}`)
  return amount
}

/** Any money in won, at `rate` won for one unit of its currency (1 for won itself). */
export function toKrw(value: Money, rate: Decimal, rounding: Rounding): Money<'KRW'> {
  return money(multiply(amountOf(value), rate, rounding), 'KRW')
}

/** The sum of amounts in won. */
export function sumKrw(values: readonly Money<'KRW'>[]): Money<'KRW'> {
  return values.reduce((sum, value) => add(sum, value), money(0n, 'KRW'))
}
