// Pure: no I/O, no clock, no randomness.
// In which order positions stand, and of what their profit is made.

import { type Decimal, divide } from '@motu/shared/decimal.ts'
import type { ValuedPosition } from '#lib/trade/valuation.ts'

export const SORT_KEYS = ['name', 'price', 'value', 'gain', 'return'] as const
export type SortKey = (typeof SORT_KEYS)[number]
export type Sorting = { readonly key: SortKey; readonly isDescending: boolean }

/** The positions in an order; those without a figure come last, whichever way it goes. */
export function sortedPositions(
  positions: readonly ValuedPosition[],
  { key, isDescending }: Sorting,
  nameOf: (position: ValuedPosition) => string,
): ValuedPosition[] {
  const direction = isDescending ? -1 : 1
  const byName = (a: ValuedPosition, b: ValuedPosition) => nameOf(a).localeCompare(nameOf(b), 'ko')
  if (key === 'name') return [...positions].sort((a, b) => direction * byName(a, b))
  return [...positions].sort((a, b) => {
    const [left, right] = [figureOf(a, key), figureOf(b, key)]
    if (left === right) return byName(a, b)
    if (left === null) return 1
    if (right === null) return -1
    return left < right ? -direction : direction
  })
}

/** A click on a head: the same one turns the order round, another begins with the most. */
export function nextSorting(sorting: Sorting, key: SortKey): Sorting {
  if (sorting.key === key) return { key, isDescending: !sorting.isDescending }
  return { key, isDescending: key !== 'name' }
}

/**
 * What the exchange rate did to the worth of a position, in won; null while a price is missing, and
 * for what is priced in won. As the books split a sell: the profit in the currency at today's rate
 * is the price's part, the rest is the exchange rate's.
 */
export function fxPartOf(position: ValuedPosition): Decimal | null {
  const { valueKrw, unrealizedKrw, mid, averagePrice, view } = position
  if (view.currency === 'KRW' || valueKrw === null || unrealizedKrw === null || !mid) return null
  return unrealizedKrw - divide(valueKrw * (mid - averagePrice), mid, 'half_even')
}

/** The exchange rate's part over all positions; null where none is priced in another currency. */
export function fxPartOfAll(positions: readonly ValuedPosition[]): Decimal | null {
  const parts = positions.map(fxPartOf).filter((part) => part !== null)
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0n)
}

function figureOf(position: ValuedPosition, key: Exclude<SortKey, 'name'>): Decimal | null {
  switch (key) {
    case 'price':
      return position.mid
    case 'value':
      return position.valueKrw
    case 'gain':
      return position.unrealizedKrw
    case 'return':
      return position.returnPercent
  }
}
