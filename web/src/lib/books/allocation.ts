// Pure: no I/O, no clock, no randomness.
// Of what the account is made: cash, and positions one by one or by market.

import type { Decimal } from '@motu/shared/decimal.ts'
import { parseTickerId } from '@motu/shared/ticker.ts'
import type { Valuation, ValuedPosition } from '#lib/trade/valuation.ts'
import { weightsOf } from './weights.ts'

/** More segments than this cannot be told apart: the smaller positions become one. */
const POSITIONS_SHOWN_MAX = 7

export type Grouping = 'position' | 'market'
/** `key`: a ticker id, a market, or one of `cash`, `held`, `others`. */
export type Part = { readonly key: string; readonly value: Decimal; readonly percent: Decimal }

/** The parts that are worth something, the largest first, cash last; together exactly 100 percent. */
export function allocationOf(valuation: Valuation, grouping: Grouping): Part[] {
  const groups = grouping === 'position' ? byPosition(valuation) : byMarket(valuation)
  const parts = [...groups, ['held', valuation.heldKrw], ['cash', valuation.cashKrw]] as const
  const shown = parts.filter(([, value]) => value > 0n)
  const weights = weightsOf(shown.map(([, value]) => value))
  return shown.map(([key, value], index) => ({ key, value, percent: weights[index]! }))
}

/** What each position is of the whole account, in percent; with the cash they make 100. */
export function positionWeights({
  positions,
  cashKrw,
  heldKrw,
}: Valuation): ReadonlyMap<string, Decimal> {
  const weights = weightsOf([...positions.map(valueOf), cashKrw, heldKrw])
  return new Map(positions.map(({ view }, index) => [view.ticker_id, weights[index]!]))
}

type Group = readonly [key: string, value: Decimal]

function byPosition({ positions }: Valuation): Group[] {
  const all = positions.map((one): Group => [one.view.ticker_id, valueOf(one)]).sort(byValue)
  if (all.length <= POSITIONS_SHOWN_MAX) return all
  const rest = all.slice(POSITIONS_SHOWN_MAX - 1)
  const others = rest.reduce((sum, [, value]) => sum + value, 0n)
  return [...all.slice(0, POSITIONS_SHOWN_MAX - 1), ['others', others]]
}

function byMarket({ positions }: Valuation): Group[] {
  const sums = new Map<string, Decimal>()
  for (const position of positions) {
    const market = parseTickerId(position.view.ticker_id)?.market ?? 'others'
    sums.set(market, (sums.get(market) ?? 0n) + valueOf(position))
  }
  return [...sums].sort(byValue)
}

function valueOf({ valueKrw }: ValuedPosition): Decimal {
  return valueKrw ?? 0n
}

function byValue([, a]: Group, [, b]: Group): number {
  return a === b ? 0 : a < b ? 1 : -1
}
