// Pure: no I/O, no clock, no randomness.
// A statement, folded: what was booked for one user, in the order it was booked, becomes lines with a
// running balance and what each realised. Positions move by the engine's own arithmetic.

import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { LedgerKind } from '@motu/shared/contract/performance.ts'
import type { Fill } from '@motu/shared/fill.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import type { Side } from '@motu/shared/order.ts'
import { bought, EMPTY_POSITION, type Position, sold } from '../engine/position.ts'

/** A fill of the user's, with the part of its fee that is tax. */
export type FillEntry = {
  readonly kind: 'fill'
  readonly orderId: string
  readonly fillNo: number
  readonly tickerId: string
  readonly side: Side
  readonly currency: Currency
  readonly fill: Fill
  readonly taxKrw: Decimal
  readonly filledAt: number
}
/** Money that moved without an order. */
export type MoveEntry = {
  readonly kind: Exclude<LedgerKind, 'buy' | 'sell'>
  readonly sourceId: string
  readonly tickerId: string | null
  readonly amountKrw: Decimal
  readonly taxKrw: Decimal
  readonly at: number
}
/** What a corporate action left of a position, and the cash it gave for a fraction. */
export type ChangeEntry = {
  readonly kind: 'change'
  readonly actionId: string
  readonly tickerId: string
  readonly position: Omit<Position, 'heldQuantity'>
  readonly fractionKrw: Decimal
  readonly at: number
}
export type Entry = FillEntry | MoveEntry | ChangeEntry

export type Line = {
  readonly lineNo: bigint
  readonly at: number
  readonly kind: LedgerKind
  readonly sourceId: string
  readonly part: number
  readonly tickerId: string | null
  readonly amountKrw: Decimal
  readonly feeKrw: Decimal
  readonly taxKrw: Decimal
  readonly balanceKrw: Decimal
  readonly realizedPriceKrw: Decimal
  readonly realizedFxKrw: Decimal
}

/** Where a statement stands: its last line, and the positions behind it. */
export type Standing = {
  lineNo: bigint
  balanceKrw: Decimal
  positions: Map<string, Position>
}

export const newStanding = (): Standing => ({ lineNo: 0n, balanceKrw: 0n, positions: new Map() })

/** Moves a standing on by what was booked next; answers the lines of it. */
export function fold(standing: Standing, entries: readonly Entry[]): Line[] {
  return entries.flatMap((entry) => lineOf(standing, entry) ?? [])
}

type Plain = Omit<Line, 'lineNo' | 'balanceKrw'>
const NOTHING = { feeKrw: 0n, taxKrw: 0n, realizedPriceKrw: 0n, realizedFxKrw: 0n } as const

function lineOf(standing: Standing, entry: Entry): Line | null {
  if (entry.kind === 'fill') return write(standing, filled(standing, entry))
  if (entry.kind === 'change') {
    const line = changed(standing, entry)
    return line && write(standing, line)
  }
  const { at, kind, sourceId, tickerId, amountKrw, taxKrw } = entry
  return write(standing, { ...NOTHING, at, kind, sourceId, tickerId, amountKrw, taxKrw, part: 0 })
}

function write(standing: Standing, line: Plain): Line {
  standing.lineNo += 1n
  standing.balanceKrw += line.amountKrw
  return { ...line, lineNo: standing.lineNo, balanceKrw: standing.balanceKrw }
}

function filled(standing: Standing, entry: FillEntry): Plain {
  const { tickerId, side, fill, currency, taxKrw } = entry
  const before = standing.positions.get(tickerId) ?? EMPTY_POSITION
  const isBuy = side === 'BUY'
  const after = isBuy ? bought(before, fill) : sold(before, fill, currency)
  standing.positions.set(tickerId, after)
  return {
    ...{ at: entry.filledAt, kind: isBuy ? 'buy' : 'sell', tickerId },
    ...{ sourceId: entry.orderId, part: entry.fillNo },
    amountKrw: (isBuy ? -fill.notionalKrw : fill.notionalKrw) - fill.feeKrw,
    feeKrw: fill.feeKrw - taxKrw,
    taxKrw,
    ...realizedBetween(before, after),
  }
}

/** A split without a fraction moves shares alone: no line of cash. */
function changed(standing: Standing, entry: ChangeEntry): Plain | null {
  const { tickerId, fractionKrw } = entry
  const before = standing.positions.get(tickerId) ?? EMPTY_POSITION
  const after = { ...entry.position, heldQuantity: 0n }
  standing.positions.set(tickerId, after)
  const realized = realizedBetween(before, after)
  const isNothing = realized.realizedPriceKrw === 0n && realized.realizedFxKrw === 0n
  if (fractionKrw === 0n && isNothing) return null
  return {
    ...NOTHING,
    ...{ at: entry.at, kind: 'fraction', sourceId: entry.actionId, part: 0, tickerId },
    amountKrw: fractionKrw,
    ...realized,
  }
}

function realizedBetween(before: Position, after: Position) {
  return {
    realizedPriceKrw: after.realizedPriceKrw - before.realizedPriceKrw,
    realizedFxKrw: after.realizedFxKrw - before.realizedFxKrw,
  }
}

type StoredPosition = [
  quantity: string,
  averagePrice: string,
  costNative: string,
  costKrw: string,
  realizedPriceKrw: string,
  realizedFxKrw: string,
]
/** Positions as a head keeps them. What is held by orders is no part of a statement. */
export type StoredPositions = Record<string, StoredPosition>

export function storePositions(positions: Standing['positions']): StoredPositions {
  return Object.fromEntries(
    [...positions].map(([tickerId, one]) => [
      tickerId,
      [
        one.quantity,
        one.averagePrice,
        one.costNative,
        one.costKrw,
        one.realizedPriceKrw,
        one.realizedFxKrw,
      ].map(formatDecimal) as StoredPosition,
    ]),
  )
}

export function readPositions(stored: StoredPositions): Standing['positions'] {
  return new Map(
    Object.entries(stored).map(([tickerId, texts]) => {
      const [quantity, averagePrice, costNative, costKrw, realizedPriceKrw, realizedFxKrw] =
        texts.map(decimal) as [Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]
      return [
        tickerId,
        {
          ...{ quantity, heldQuantity: 0n, averagePrice, costNative, costKrw },
          ...{ realizedPriceKrw, realizedFxKrw },
        },
      ]
    }),
  )
}
