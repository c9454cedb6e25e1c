// Pure: no I/O, no clock, no randomness.
// What clients were promised: every 202 is exactly one order, settled or resting, as it was asked.

import { formatDecimal } from '@motu/shared/decimal.ts'
import { isFinal } from '@motu/shared/order.ts'
import { draftOfRequest, type PlaceEntry } from '../journal.ts'
import { type Check, groupBy, isOpen, type Violation } from './evidence.ts'
import type { OrderRow } from './snapshot.ts'

/** Every 202 has its order, under the id it named. */
export const checkLost: Check = ({ journal, snapshot }) => {
  const stored = new Set(snapshot.orders.map((order) => order.id))
  return journal
    .accepted()
    .filter((entry) => !stored.has(entry.orderId))
    .map((entry) => ({
      promise: 'lost',
      subject: entry.orderId,
      detail: `accepted, but there is no such order (client order id ${entry.order.client_order_id})`,
    }))
}

/** Every accepted MARKET order is final; every LIMIT order is final, or rests with its hold. */
export const checkSettled: Check = ({ journal, snapshot }) => {
  const orders = new Map(snapshot.orders.map((order) => [order.id, order]))
  const violations: Violation[] = []
  for (const { orderId } of journal.accepted()) {
    const order = orders.get(orderId)
    if (!order || isFinal(order.status)) continue
    const holds = order.side === 'BUY' ? order.holdKrw > 0n : order.holdQuantity > 0n
    if (order.type === 'LIMIT' && isOpen(order) && holds) continue
    const detail = `${order.type} order is ${order.status}${holds ? '' : ' without a hold'}`
    violations.push({ promise: 'unsettled', subject: orderId, detail })
  }
  return violations
}

/** The list of open orders, which a takeover loads, holds exactly those that are open. */
export const checkWatched: Check = ({ snapshot }) => {
  const watched = new Set(snapshot.openOrderIds)
  const violations: Violation[] = []
  for (const order of snapshot.orders) {
    if (watched.delete(order.id) === isOpen(order)) continue
    const detail = isOpen(order) ? 'open, but no engine would load it' : 'closed, but still listed'
    violations.push({ promise: 'watched', subject: order.id, detail })
  }
  for (const subject of watched) {
    violations.push({ promise: 'watched', subject, detail: 'listed as open, but not stored' })
  }
  return violations
}

/** One row for an order id, one order for a client order id, fills up to what was asked for. */
export const checkDuplicated: Check = ({ snapshot }) => {
  const violations: Violation[] = []
  const report = (subject: string, detail: string) =>
    violations.push({ promise: 'duplicated', subject, detail })
  for (const [id, rows] of groupBy(snapshot.orders, (order) => order.id)) {
    if (rows.length > 1) report(id, `${rows.length} orders carry this id`)
  }
  const owners = snapshot.orders.filter((order) => order.reason !== 'duplicate_mismatch')
  for (const [key, rows] of groupBy(owners, (order) => `${order.userId} ${order.clientOrderId}`)) {
    if (rows.length > 1) report(key, `${rows.length} orders share one client order id`)
  }
  const orders = new Map(snapshot.orders.map((order) => [order.id, order]))
  for (const [id, fills] of groupBy(snapshot.fills, (fill) => fill.orderId)) {
    const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0n)
    const asked = orders.get(id)?.requestedQuantity ?? 0n
    if (filled > asked) {
      report(id, `filled ${formatDecimal(filled)} of ${formatDecimal(asked)}`)
    }
    const numbers = fills.map((fill) => fill.fillNo).sort((a, b) => a - b)
    if (numbers.some((number, index) => number !== index + 1)) {
      report(id, `fills are numbered ${numbers.join(', ')}`)
    }
  }
  return violations
}

/** No order that nobody sent, none that was refused, none other than it was sent. */
export const checkUnexpected: Check = ({ journal, snapshot }) => {
  const violations: Violation[] = []
  const report = (subject: string, detail: string) =>
    violations.push({ promise: 'unexpected', subject, detail })
  const sent = groupBy(journal.places(), (entry) => entry.orderId)
  const injected = new Set(journal.injected().map((entry) => entry.orderId))
  for (const order of snapshot.orders) {
    const entries = sent.get(order.id)
    if (entries) {
      if (entries.every((entry) => entry.outcome.kind === 'refused')) {
        report(order.id, 'stored, though every request for it was refused')
      }
      if (!isAsAsked(order, entries[0]!)) report(order.id, 'stored other than it was asked for')
    } else if (!injected.has(order.id)) {
      report(order.id, 'nobody sent this order')
    }
  }
  for (const { orderId, outcome } of journal.places()) {
    if (outcome.kind === 'accepted' && outcome.orderId !== orderId) {
      report(orderId, `accepted under another id, ${outcome.orderId}`)
    }
  }
  for (const [key, rows] of groupBy(
    snapshot.orders,
    (one) => `${one.userId} ${one.clientOrderId}`,
  )) {
    if (rows.every((order) => order.reason === 'duplicate_mismatch')) {
      report(key, 'every order of this client order id was refused as a mismatch')
    }
  }
  return violations
}

function isAsAsked(order: OrderRow, entry: PlaceEntry): boolean {
  const draft = draftOfRequest(entry.order)
  return (
    order.userId === entry.userId &&
    order.clientOrderId === draft.clientOrderId &&
    order.tickerId === draft.tickerId &&
    order.side === draft.side &&
    order.type === draft.type &&
    order.requestedQuantity === draft.quantity &&
    order.limitPrice === draft.limitPrice
  )
}

/** Every accepted cancel of an order has one result, and the order's status agrees with it. */
export const checkCancels: Check = ({ journal, snapshot }) => {
  const violations: Violation[] = []
  const report = (subject: string, detail: string) =>
    violations.push({ promise: 'cancel', subject, detail })
  const requests = groupBy(journal.cancels(), (entry) => entry.orderId)
  for (const order of snapshot.orders) {
    const entries = requests.get(order.id) ?? []
    const { cancelResult, status } = order
    if (cancelResult === null) {
      const wasPromised = entries.some((entry) => entry.outcome.kind === 'accepted')
      if (wasPromised) report(order.id, `a cancel was accepted; the order is ${status}, no result`)
      continue
    }
    if (entries.every((entry) => entry.outcome.kind === 'refused')) {
      report(order.id, `cancel result ${cancelResult}, though no cancel was taken`)
    }
    if (cancelResult === 'DONE' && status !== 'CANCELLED') {
      report(order.id, `cancel result DONE, but the order is ${status}`)
    }
    if (!isFinal(status)) report(order.id, `cancel result ${cancelResult}, but it is ${status}`)
  }
  return violations
}
