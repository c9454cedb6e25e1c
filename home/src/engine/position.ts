// Pure: no I/O, no clock, no randomness.
// Position arithmetic: cost basis, average price, realised profit.

import { type Decimal, divide, multiply, ratio } from '@motu/shared/decimal.ts'
import type { Fill } from '@motu/shared/fill.ts'
import type { Currency } from '@motu/shared/instrument.ts'

/** One user's holding of one instrument. Costs exclude fees. */
export type Position = {
  quantity: Decimal
  heldQuantity: Decimal
  averagePrice: Decimal
  costNative: Decimal
  costKrw: Decimal
  /** Realised so far, in KRW: what the price did, and what the exchange rate did. */
  realizedPriceKrw: Decimal
  realizedFxKrw: Decimal
}

export const EMPTY_POSITION: Readonly<Position> = {
  quantity: 0n,
  heldQuantity: 0n,
  averagePrice: 0n,
  costNative: 0n,
  costKrw: 0n,
  realizedPriceKrw: 0n,
  realizedFxKrw: 0n,
}

/** After a buy: cost grows, the average is cost by quantity. */
export function bought(position: Position, fill: Fill): Position {
  const quantity = position.quantity + fill.quantity
  const costNative = position.costNative + multiply(fill.price, fill.quantity, 'half_even')
  return {
    ...position,
    quantity,
    costNative,
    costKrw: position.costKrw + fill.notionalKrw,
    averagePrice: ratio(costNative, quantity, 'half_even'),
  }
}

/**
 * After a sell: cost leaves pro rata, the last share takes the remainder; the average stays. The
 * profit in won is proceeds less the won cost removed; its price part is the native profit at the
 * rate of the sell, its exchange part the rest (nothing for an instrument in won).
 */
export function sold(position: Position, fill: Fill, currency: Currency): Position {
  const { quantity: held, costNative, costKrw } = position
  const isLast = fill.quantity === held
  const nativeOut = isLast ? costNative : divide(costNative * fill.quantity, held, 'half_even')
  const krwOut = isLast ? costKrw : divide(costKrw * fill.quantity, held, 'half_even')
  const profit = fill.notionalKrw - krwOut
  const nativeProfit = multiply(fill.price, fill.quantity, 'half_even') - nativeOut
  const pricePart =
    currency === 'KRW' ? profit : multiply(nativeProfit, fill.appliedExchangeRate, 'half_even')
  return {
    ...position,
    quantity: held - fill.quantity,
    costNative: costNative - nativeOut,
    costKrw: costKrw - krwOut,
    averagePrice: isLast ? 0n : position.averagePrice,
    realizedPriceKrw: position.realizedPriceKrw + pricePart,
    realizedFxKrw: position.realizedFxKrw + profit - pricePart,
  }
}
