// An auditor of an account in memory: keeps no books of its own but adds everything up again, with
// its own arithmetic, and throws at the first thing that does not add up.

import assert from 'node:assert/strict'
import { findInstrument } from '@motu/shared/instrument.ts'
import { isFinal } from '@motu/shared/order.ts'
import { priceLimitsOf } from '@motu/shared/venues/price-limits.ts'
import type { OrderRecord } from '../../src/db/order-view.ts'
import type { FillRow } from '../../src/engine/books.ts'
import type { Account } from './account.ts'
import { receiptFaults } from './receipt-oracle.ts'

const ONE = 100_000_000n
const sum = (values: Iterable<bigint>): bigint => [...values].reduce((a, b) => a + b, 0n)
const isEqual = (actual: unknown, expected: unknown, what: string): void => {
  assert.deepEqual(actual, expected, what)
}

/** Everything that must hold of an account after every step. */
export function audit(account: Account, startingCash: bigint): void {
  auditMoney(account, startingCash)
  auditPositions(account)
  for (const order of account.orders.values()) auditOrder(account, order)
  auditEvents(account)
  auditGroups(account)
}

/** What the ledger says of an account of the user, in one unit. */
export function ledger({ legs }: Account, name: string, unit: string): bigint {
  const own = legs.filter((leg) => leg.unit === unit)
  const debits = own.filter(({ debit }) => debit === name).map(({ amount }) => amount)
  return sum(debits) - sum(own.filter(({ credit }) => credit === name).map((leg) => leg.amount))
}

function auditMoney(account: Account, startingCash: bigint): void {
  const { wallet, legs } = account
  const orders = [...account.orders.values()]
  assert(wallet.heldKrw >= 0n && wallet.heldKrw <= wallet.balanceKrw, 'held cash is there')
  isEqual(wallet.heldKrw, sum(orders.map(({ holdKrw }) => holdKrw)), 'held cash is the holds')
  isEqual(wallet.balanceKrw, startingCash + ledger(account, 'CASH', 'KRW'), 'cash is the ledger')
  const charged = ledger(account, 'FEE', 'KRW') + ledger(account, 'TAX', 'KRW')
  isEqual(charged, sum(orders.map(({ feeKrw }) => feeKrw)), 'charges are the ledger')
  assert(
    legs.every(({ amount }) => amount > 0n),
    'a leg moves something',
  )
  const keys = new Set(legs.map(({ sourceId, legNo }) => `${sourceId} ${legNo}`))
  isEqual(keys.size, legs.length, 'each leg once')
}

function auditPositions(account: Account): void {
  let realized = 0n
  for (const { tickerId, position } of account.positions.values()) {
    const { quantity, heldQuantity } = position
    const own = [...account.orders.values()].filter((order) => order.tickerId === tickerId)
    assert(heldQuantity >= 0n && heldQuantity <= quantity, `held ${tickerId} is there`)
    isEqual(heldQuantity, sum(own.map((order) => order.holdQuantity)), `held ${tickerId}`)
    isEqual(quantity, ledger(account, 'POSITION', tickerId), `${tickerId} is the ledger`)
    isEqual(-quantity, ledger(account, 'MARKET', tickerId), `${tickerId} came from the market`)
    realized += position.realizedPriceKrw + position.realizedFxKrw
  }
  isEqual(account.wallet.realizedPnlKrw, realized, 'realised profit')
}

function auditOrder(account: Account, order: OrderRecord): void {
  const rows = account.fills.get(order.id) ?? []
  const { id, status, side } = order
  if (isFinal(status)) {
    isEqual([order.holdKrw, order.holdQuantity, order.waitingFor], [0n, 0n, null], `${id} is over`)
  }
  assert(order.holdKrw >= 0n && order.holdQuantity >= 0n, `${id} holds nothing below nothing`)
  isEqual(
    rows.map(({ fillNo }) => fillNo),
    rows.map((_, index) => index + 1),
    `${id} numbers its fills`,
  )
  isEqual(order.fillCount, rows.length, `${id} counts its fills`)
  isEqual(order.filledQuantity, sum(rows.map(({ fill }) => fill.quantity)), `${id} quantity`)
  isEqual(order.notionalKrw, sum(rows.map(({ fill }) => fill.notionalKrw)), `${id} notional`)
  isEqual(order.feeKrw, sum(rows.map(({ fill }) => fill.feeKrw)), `${id} fee`)
  assert(order.filledQuantity <= order.requestedQuantity, `${id} fills no more than it asked`)
  assert(!(status === 'FAILED' && rows.length > 0), `${id} did not fail after a fill`)
  assert(status !== 'FILLED' || order.filledQuantity === order.requestedQuantity, `${id} is whole`)
  if (order.requestedNotional !== null) assert(order.notionalKrw <= order.requestedNotional)
  if (order.timeInForce === 'FOK') {
    assert(rows.length === 0 || status === 'FILLED', `${id}, FOK, is all or nothing`)
  }
  if (order.reduceOnly && rows.length > 0) isEqual(side, 'SELL', `${id} reduces`)
  for (const row of rows) auditFill(account, order, row)
  isEqual(receiptFaults({ ...order, orderId: id }, rows.map(receiptRow)), [], `${id}'s receipt`)
}

/** Never outside the limit, the day's band, the collar; nor, when strict, the displayed book. */
function auditFill(account: Account, order: OrderRecord, { fill, quote }: FillRow): void {
  const { side, limitPrice, id } = order
  const { price, quantity, role } = fill
  const isBuy = side === 'BUY'
  assert(price > 0n && quantity > 0n && fill.notionalKrw > 0n, `${id} fills something`)
  if (limitPrice !== null) {
    assert(isBuy ? price <= limitPrice : price >= limitPrice, `${id} within its limit`)
  }
  const instrument = findInstrument(order.tickerId)!
  const limits = priceLimitsOf(instrument, quote.basePrice, '2026-11-20')
  if (limits) assert(price <= limits.upper && price >= limits.lower, `${id} within the band`)
  if (role === 'taker' && limitPrice === null && !limits) {
    // Five percent from the best price; counted in hundredths to stay with whole numbers.
    const touch = isBuy ? quote.ask : quote.bid
    assert(
      isBuy ? price * 100n <= touch * 105n : price * 100n >= touch * 95n,
      `${id} in its collar`,
    )
  }
  if (role === 'auction') isEqual(price, quote.uncross, `${id} at the single price`)
  if (role === 'maker') isEqual(price, limitPrice, `${id} at its own price`)
  if (account.market.profile.name === 'strict' && role === 'taker') {
    const levels = isBuy ? quote.depth.asks : quote.depth.bids
    const shown = levels.filter(([level]) => level === price).map(([, size]) => size)
    assert(quantity <= sum(shown), `${id} takes what is displayed`)
  }
  const isFromOpen = quote.receivedAt > order.acceptedAt
  assert(isFromOpen, `${id} fills on an event after it`)
}

function auditEvents(account: Account): void {
  isEqual(
    account.events.map(({ seq }) => seq),
    account.events.map((_, index) => BigInt(index + 1)),
    'events are numbered',
  )
  const last = new Map(account.events.map(({ order }) => [order.id, order]))
  for (const order of account.orders.values()) {
    const told = last.get(order.id)
    isEqual(told?.status, order.status, `${order.id} told its status`)
    isEqual(told?.filledQuantity, order.filledQuantity, `${order.id} told its fills`)
  }
}

/** Two exits leave as much as each other, and hold it once. */
function auditGroups(account: Account): void {
  const groups = Map.groupBy(account.orders.values(), ({ groupId, leg }) =>
    leg === 'ENTRY' ? null : groupId,
  )
  for (const [id, members] of groups) {
    if (id === null) continue
    const open = members.filter(
      ({ status, waitingFor }) => !isFinal(status) && waitingFor !== 'ENTRY',
    )
    if (open.length === 0) continue
    const left = open.map((order) => order.requestedQuantity - order.filledQuantity)
    isEqual(new Set(left).size, 1, `${id} has exits alike`)
    isEqual(sum(open.map((order) => order.holdQuantity)), left[0], `${id} holds once for its exits`)
  }
}

/** Average price and cost of a ticker, folded from its fills with fractions of whole numbers. */
export function foldOf(
  account: Account,
  tickerId: string,
): { costNative: bigint; costKrw: bigint } {
  const rows = account.booked.filter((row) => row.order.tickerId === tickerId)
  let quantity = 0n
  let costNative = 0n
  let costKrw = 0n
  for (const { order, fill } of rows) {
    if (order.side === 'BUY') {
      quantity += fill.quantity
      costNative += halfEven(fill.price * fill.quantity, ONE)
      costKrw += fill.notionalKrw
      continue
    }
    const isLast = fill.quantity === quantity
    costNative -= isLast ? costNative : halfEven(costNative * fill.quantity, quantity)
    costKrw -= isLast ? costKrw : halfEven(costKrw * fill.quantity, quantity)
    quantity -= fill.quantity
  }
  return { costNative, costKrw }
}

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const twice = 2n * numerator + denominator
  const up = twice / (2n * denominator)
  const isTie = twice % (2n * denominator) === 0n
  return isTie && up % 2n !== 0n ? up - 1n : up
}

/** A fill's row as it is stored. */
export function receiptRow({ fillNo, fill, evidence }: FillRow) {
  return {
    fillNo,
    quantity: text(fill.quantity),
    price: text(fill.price),
    appliedExchangeRate: text(fill.appliedExchangeRate),
    notionalKrw: text(fill.notionalKrw),
    feeKrw: text(fill.feeKrw),
    evidence,
  }
}

function text(value: bigint): string {
  const digits = value.toString().padStart(9, '0')
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`
}
