// Pure: no I/O, no clock, no randomness.
// Where one's own fills stand on the chart: those of one candle and side are one mark.

import { type Decimal, divide } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import { type CandleGrid, opensAtOf } from './candle-former.ts'
import type { FillMark } from './marks.ts'

/** What is placed, and on which candles. */
export type MarkSource = {
  readonly fills: readonly FillMark[]
  /** When the candles began, the oldest first. */
  readonly opensAts: readonly number[]
  readonly grid: CandleGrid
}

/** The fills of one side within one candle. */
export type PlacedMark = {
  readonly id: string
  readonly side: Side
  readonly quantity: Decimal
  /** On average, by quantity. */
  readonly price: Decimal
  readonly count: number
  /** When the candle began. */
  readonly opensAt: number
}

/**
 * Each at the last candle that began by then; what is older than the oldest candle is left out.
 */
export function placeMarks({ fills, opensAts, grid }: MarkSource): PlacedMark[] {
  const groups = new Map<string, { opensAt: number; fills: FillMark[] }>()
  for (const fill of fills) {
    const opensAt = candleAt(opensAtOf(fill.at, grid), opensAts, grid)
    if (opensAt === null) continue
    const id = `${fill.side} ${opensAt}`
    const group = groups.get(id) ?? { opensAt, fills: [] }
    group.fills.push(fill)
    groups.set(id, group)
  }
  return [...groups]
    .map(([id, group]) => ({ id, opensAt: group.opensAt, ...sumOf(group.fills) }))
    .sort((a, b) => a.opensAt - b.opensAt)
}

function sumOf(fills: readonly FillMark[]): Omit<PlacedMark, 'id' | 'opensAt'> {
  const [{ side, price }] = fills as [FillMark]
  const quantity = fills.reduce((sum, fill) => sum + fill.quantity, 0n)
  const paid = fills.reduce((sum, fill) => sum + fill.price * fill.quantity, 0n)
  const average = fills.length === 1 ? price : divide(paid, quantity, 'half_up')
  return { side, quantity, price: average, count: fills.length }
}

function candleAt(opensAt: number, opensAts: readonly number[], grid: CandleGrid): number | null {
  return opensAts.findLast((each) => opensAtOf(each, grid) <= opensAt) ?? null
}
