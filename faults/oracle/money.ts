// Pure: no I/O, no clock, no randomness.
// The books: balances and quantities are what the ledger says, every fill has exactly its legs,
// every hold belongs to an open order, nothing is negative.

import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { notionalKrw } from '@motu/shared/fill.ts'
import { addTo, type Check, groupBy, isOpen, type Violation } from './evidence.ts'
import type { FillRow, LedgerRow, OrderRow } from './snapshot.ts'

/** Wallets and positions equal the sums of their ledger entries, and are not negative. */
export const checkBalances: Check = ({ snapshot, startingCashKrw }) => {
  const violations: Violation[] = []
  const sums = new Map<string, Decimal>()
  const grants = new Map<string, Decimal>()
  for (const { userId, kind, debit, credit, unit, amount } of snapshot.ledger) {
    const own = unit === 'KRW' ? 'CASH' : 'POSITION'
    if (debit === own) addTo(sums, `${userId} ${unit}`, amount)
    if (credit === own) addTo(sums, `${userId} ${unit}`, -amount)
    if (kind === 'grant' && debit === 'CASH' && credit === 'GRANT') addTo(grants, userId, amount)
  }
  const compare = (key: string, kept: Decimal) => {
    const booked = sums.get(key) ?? 0n
    sums.delete(key)
    if (kept === booked && kept >= 0n) return
    const detail = `kept as ${formatDecimal(kept)}, the ledger says ${formatDecimal(booked)}`
    violations.push({ promise: 'ledger', subject: key, detail })
  }
  for (const { userId, balanceKrw } of snapshot.wallets) {
    compare(`${userId} KRW`, balanceKrw)
    const granted = grants.get(userId) ?? 0n
    if (granted !== startingCashKrw) {
      const detail = `granted ${formatDecimal(granted)} KRW`
      violations.push({ promise: 'ledger', subject: userId, detail })
    }
  }
  for (const { userId, tickerId, quantity } of snapshot.positions) {
    compare(`${userId} ${tickerId}`, quantity)
  }
  for (const [subject, amount] of sums) {
    const detail = `the ledger moved ${formatDecimal(amount)}, but there is no balance`
    if (amount !== 0n) violations.push({ promise: 'ledger', subject, detail })
  }
  return violations
}

type Leg = Pick<LedgerRow, 'kind' | 'debit' | 'credit' | 'unit' | 'amount'>

/** The legs that a fill must have: the money, the shares, the fee and the taxes where there are any. */
function legsOf(order: OrderRow, fill: FillRow): Leg[] {
  const isBuy = order.side === 'BUY'
  const legs: Leg[] = [
    {
      kind: 'fill',
      debit: isBuy ? 'MARKET' : 'CASH',
      credit: isBuy ? 'CASH' : 'MARKET',
      unit: 'KRW',
      amount: fill.notionalKrw,
    },
    {
      kind: 'fill',
      debit: isBuy ? 'POSITION' : 'MARKET',
      credit: isBuy ? 'MARKET' : 'POSITION',
      unit: order.tickerId,
      amount: fill.quantity,
    },
  ]
  const commission = fill.evidence?.charges.find(({ kind }) => kind === 'commission')
  const fee = commission ? decimal(commission.amount_krw) : 0n
  const tax = fill.feeKrw - fee
  if (fee > 0n) legs.push({ kind: 'fee', debit: 'FEE', credit: 'CASH', unit: 'KRW', amount: fee })
  if (tax > 0n) legs.push({ kind: 'tax', debit: 'TAX', credit: 'CASH', unit: 'KRW', amount: tax })
  return legs
}

const spell = (legs: readonly Leg[]): string =>
  legs
    .map((leg) => `${leg.kind} ${leg.credit}→${leg.debit} ${formatDecimal(leg.amount)} ${leg.unit}`)
    .sort()
    .join('; ') || 'none'

/** What moves won between the user and the house without an order: the start, and an admin's act. */
const isGift = ({ kind, debit, credit, unit }: LedgerRow): boolean =>
  kind === 'grant' ||
  (kind === 'adjustment' && unit === 'KRW' && [debit, credit].sort().join() === 'CASH,GRANT')

/** Every fill has exactly its legs in the ledger; nothing but gifts moves money besides. */
export const checkLegs: Check = ({ snapshot }) => {
  const violations: Violation[] = []
  const fills = groupBy(snapshot.fills, (fill) => `${fill.userId} ${fill.orderId}`)
  const moved = snapshot.ledger.filter((entry) => !isGift(entry))
  const booked = groupBy(moved, (entry) => `${entry.userId} ${entry.sourceId}`)
  for (const order of snapshot.orders) {
    const key = `${order.userId} ${order.id}`
    const meant = spell((fills.get(key) ?? []).flatMap((fill) => legsOf(order, fill)))
    const found = spell(booked.get(key) ?? [])
    booked.delete(key)
    if (meant === found) continue
    const detail = `legs should be: ${meant}; they are: ${found}`
    violations.push({ promise: 'ledger', subject: order.id, detail })
  }
  for (const [subject, legs] of booked) {
    const detail = `entries that belong to no order: ${spell(legs)}`
    violations.push({ promise: 'ledger', subject, detail })
  }
  return violations
}

/** What is held is the sum of what open orders hold, and each of them holds enough. */
export const checkHolds: Check = ({ snapshot }) => {
  const violations: Violation[] = []
  const report = (subject: string, detail: string) =>
    violations.push({ promise: 'hold', subject, detail })
  const held = new Map<string, Decimal>()
  for (const order of snapshot.orders) {
    if (order.holdKrw !== 0n) addTo(held, order.userId, order.holdKrw)
    if (order.holdQuantity !== 0n) {
      addTo(held, `${order.userId} ${order.tickerId}`, order.holdQuantity)
    }
    const detail = wrongHold(order)
    if (detail) report(order.id, detail)
  }
  const exits = snapshot.orders.filter(
    (order) => order.groupId !== null && order.side === 'SELL' && isOpen(order),
  )
  for (const [groupId, ofGroup] of groupBy(exits, (exit) => exit.groupId!)) {
    const detail = wrongExits(ofGroup)
    if (detail) report(groupId, detail)
  }
  const compare = (key: string, kept: Decimal, total: Decimal) => {
    const explained = held.get(key) ?? 0n
    held.delete(key)
    if (kept === explained && kept >= 0n && kept <= total) return
    report(key, `${formatDecimal(kept)} held, open orders hold ${formatDecimal(explained)}`)
  }
  for (const wallet of snapshot.wallets) compare(wallet.userId, wallet.heldKrw, wallet.balanceKrw)
  for (const { userId, tickerId, heldQuantity, quantity } of snapshot.positions) {
    compare(`${userId} ${tickerId}`, heldQuantity, quantity)
  }
  for (const [key, amount] of held) {
    if (amount !== 0n) report(key, `orders hold ${formatDecimal(amount)} of nothing`)
  }
  return violations
}

function wrongHold(order: OrderRow): string | null {
  const { holdKrw, holdQuantity } = order
  if (!isOpen(order)) {
    return holdKrw === 0n && holdQuantity === 0n ? null : `${order.status}, but it still holds`
  }
  const rest = order.requestedQuantity - order.filledQuantity
  if (order.side === 'SELL') {
    // Of two exits one holds for both; `wrongExits` looks at them together.
    if (order.groupId !== null) return holdKrw === 0n ? null : 'a sell must hold no cash'
    return holdQuantity === rest && holdKrw === 0n ? null : 'a sell must hold just what it sells'
  }
  if (holdQuantity !== 0n) return 'a buy must hold no shares'
  if (order.limitPrice === null || order.tickerId.startsWith('US-')) return null
  const least = notionalKrw('BUY', { price: order.limitPrice, quantity: rest, rate: 100_000_000n })
  return holdKrw >= least ? null : `holds less than the ${formatDecimal(least)} KRW it may cost`
}

/** Two exits of one position leave as much of it, and hold it once; behind an entry they hold nothing. */
function wrongExits(exits: readonly OrderRow[]): string | null {
  const rests = exits.map((exit) => exit.requestedQuantity - exit.filledQuantity)
  const held = exits.reduce((sum, exit) => sum + exit.holdQuantity, 0n)
  if (exits.some(({ waitingFor }) => waitingFor === 'ENTRY')) {
    return held === 0n ? null : 'an exit holds before its entry has filled'
  }
  if (rests.some((rest) => rest !== rests[0])) return 'two exits do not leave the same'
  return held === rests[0]
    ? null
    : `exits of ${formatDecimal(rests[0]!)} hold ${formatDecimal(held)}`
}
