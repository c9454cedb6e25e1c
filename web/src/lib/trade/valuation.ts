// Pure: no I/O, no clock, no randomness.
// A portfolio at the prices of this moment: the server's books, valued anew with each quote.

import type { Portfolio, PositionView } from '@motu/shared/contract/portfolio.ts'
import { type Decimal, decimal, divide, multiply, SCALE } from '@motu/shared/decimal.ts'
import { share } from './share.ts'

/** A price in the instrument's currency, and won for one unit of it. */
export type Mark = { readonly mid: Decimal; readonly fxMid: Decimal }
export type MarkOf = (position: PositionView) => Mark | null

export type ValuedPosition = {
  readonly view: PositionView
  readonly quantity: Decimal
  readonly freeQuantity: Decimal
  readonly averagePrice: Decimal
  readonly mid: Decimal | null
  /** Null while no price is known, ever. */
  readonly valueKrw: Decimal | null
  readonly unrealizedKrw: Decimal | null
  /** In percent of the cost. */
  readonly returnPercent: Decimal | null
}

export type Valuation = {
  readonly cashKrw: Decimal
  readonly heldKrw: Decimal
  readonly positionsKrw: Decimal
  readonly equityKrw: Decimal
  readonly realizedKrw: Decimal
  readonly unrealizedKrw: Decimal
  readonly positions: readonly ValuedPosition[]
}

export function valuate(portfolio: Portfolio, markOf: MarkOf): Valuation {
  const positions = portfolio.positions.map((view) => valued(view, markOf(view)))
  const cashKrw = decimal(portfolio.cash_krw)
  const heldKrw = decimal(portfolio.held_krw)
  const positionsKrw = sum(positions.map((each) => each.valueKrw ?? 0n))
  return {
    cashKrw,
    heldKrw,
    positionsKrw,
    equityKrw: cashKrw + heldKrw + positionsKrw,
    realizedKrw: decimal(portfolio.realized_pnl_krw),
    unrealizedKrw: sum(positions.map((each) => each.unrealizedKrw ?? 0n)),
    positions,
  }
}

function valued(view: PositionView, mark: Mark | null): ValuedPosition {
  const quantity = decimal(view.quantity)
  const heard = view.value_krw === null ? null : decimal(view.value_krw)
  const valueKrw = mark ? divide(mark.mid * quantity * mark.fxMid, SCALE * SCALE, 'down') : heard
  const costKrw = costOf(view, quantity, mark)
  const unrealizedKrw = valueKrw === null || costKrw === null ? null : valueKrw - costKrw
  return {
    view,
    quantity,
    freeQuantity: quantity - decimal(view.held_quantity),
    averagePrice: decimal(view.average_price),
    mid: mark?.mid ?? (view.price === null ? null : decimal(view.price)),
    valueKrw,
    unrealizedKrw,
    returnPercent:
      unrealizedKrw === null || costKrw === null ? null : share(unrealizedKrw, costKrw),
  }
}

/** The cost in won as the server booked it; before its first valuation, from the average price. */
function costOf(view: PositionView, quantity: Decimal, mark: Mark | null): Decimal | null {
  if (view.value_krw !== null && view.unrealized_pnl_krw !== null) {
    return decimal(view.value_krw) - decimal(view.unrealized_pnl_krw)
  }
  if (!mark) return null
  return multiply(multiply(decimal(view.average_price), quantity, 'up'), mark.fxMid, 'up')
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total + value, 0n)
}
