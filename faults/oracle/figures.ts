// Pure: no I/O, no clock, no randomness.
// The figures of an order are those of its fills: quantity, notional, fee, price, limit, moment.

import { type Decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { findInstrument, type Instrument } from '@motu/shared/instrument.ts'
import { type ReceiptFill, receiptFaults } from '../../home/test/engine/receipt-oracle.ts'
import { addTo, type Check, groupBy, type Violation } from './evidence.ts'
import type { FillRow, OrderRow } from './snapshot.ts'

/** Every order's figures follow from its fills, and every fill's from price, quantity and rate. */
export const checkFigures: Check = ({ snapshot }) => {
  const violations: Violation[] = []
  const fillsByOrder = groupBy(snapshot.fills, (fill) => fill.orderId)
  for (const order of snapshot.orders) {
    const detail = wrongFigure(order, fillsByOrder.get(order.id) ?? [])
    fillsByOrder.delete(order.id)
    if (detail) violations.push({ promise: 'figures', subject: order.id, detail })
  }
  for (const subject of fillsByOrder.keys()) {
    violations.push({ promise: 'figures', subject, detail: 'fills without an order' })
  }
  return violations
}

function wrongFigure(order: OrderRow, fills: readonly FillRow[]): string | null {
  const instrument = findInstrument(order.tickerId)
  if (!instrument) return fills.length === 0 ? null : 'filled, though it is not listed'
  const charged = { quantity: 0n, notionalKrw: 0n, feeKrw: 0n }
  for (const fill of [...fills].sort((a, b) => a.fillNo - b.fillNo)) {
    const detail = wrongFill(order, fill, instrument)
    if (detail) return `fill ${fill.fillNo}: ${detail}`
    charged.quantity += fill.quantity
    charged.notionalKrw += fill.notionalKrw
    charged.feeKrw += fill.feeKrw
  }
  const inTurn = [...fills].sort((a, b) => a.fillNo - b.fillNo)
  const [fault] = receiptFaults({ ...order, orderId: order.id }, inTurn.map(receiptOf))
  if (fault) return fault
  if (order.filledQuantity !== charged.quantity) return 'the quantity is not that of its fills'
  if (order.notionalKrw !== charged.notionalKrw) return 'the notional is not that of its fills'
  if (order.feeKrw !== charged.feeKrw) return 'the fee is not that of its fills'
  if (order.fillCount !== fills.length) return `counts ${order.fillCount} fills of ${fills.length}`
  const isFilled = order.filledQuantity === order.requestedQuantity
  if ((order.status === 'FILLED') !== isFilled) return `${order.status}, filled or not`
  if (order.status === 'FAILED' && fills.length > 0) return 'FAILED after a fill'
  return null
}

function wrongFill(order: OrderRow, fill: FillRow, instrument: Instrument): string | null {
  const { price, quantity, appliedExchangeRate: rate } = fill
  if (quantity <= 0n || price <= 0n || rate <= 0n) return 'a figure is not above zero'
  if (instrument.currency === 'KRW' && rate !== SCALE) return 'an exchange rate for won'
  if (!fill.evidence) return 'has no evidence'
  const { limitPrice } = order
  const isWorse =
    limitPrice !== null && (order.side === 'BUY' ? price > limitPrice : price < limitPrice)
  if (isWorse) return 'filled at a price worse than its limit'
  if (fill.filledAt <= order.acceptedAt) return 'filled on an event from before its 202'
  return null
}

/** A fill as its receipt shows it: from that alone, every amount is reckoned again. */
function receiptOf(fill: FillRow, index: number): ReceiptFill {
  return {
    // How they are numbered is another promise.
    fillNo: index + 1,
    quantity: formatDecimal(fill.quantity),
    price: formatDecimal(fill.price),
    appliedExchangeRate: formatDecimal(fill.appliedExchangeRate),
    notionalKrw: formatDecimal(fill.notionalKrw),
    feeKrw: formatDecimal(fill.feeKrw),
    evidence: fill.evidence!,
  }
}

/**
 * Cost and profit: what a position cost is what its buys cost, less what its sells brought, plus
 * the profit that was realised; and the wallet's profit is the sum of the positions'.
 */
export const checkCosts: Check = ({ snapshot }) => {
  const violations: Violation[] = []
  const orders = new Map(snapshot.orders.map((order) => [order.id, order]))
  const spent = new Map<string, Decimal>()
  for (const fill of snapshot.fills) {
    const order = orders.get(fill.orderId)
    if (!order) continue
    const amount = order.side === 'BUY' ? fill.notionalKrw : -fill.notionalKrw
    addTo(spent, `${fill.userId} ${order.tickerId}`, amount)
  }
  const realized = new Map<string, Decimal>()
  for (const { userId, tickerId, costKrw, realizedKrw } of snapshot.positions) {
    addTo(realized, userId, realizedKrw)
    if (costKrw === (spent.get(`${userId} ${tickerId}`) ?? 0n) + realizedKrw) continue
    const detail = `cost ${formatDecimal(costKrw)} KRW is not what its fills and profit give`
    violations.push({ promise: 'figures', subject: `${userId} ${tickerId}`, detail })
  }
  for (const { userId, realizedPnlKrw } of snapshot.wallets) {
    if (realizedPnlKrw === (realized.get(userId) ?? 0n)) continue
    const detail = `realised profit ${formatDecimal(realizedPnlKrw)} is not the positions' sum`
    violations.push({ promise: 'figures', subject: userId, detail })
  }
  return violations
}
