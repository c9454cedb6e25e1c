// Pure: no I/O, no clock, no randomness.
// A small world in which every promise is kept: what the oracle's tests doctor. One user, one coin:
// a buy and a sell that filled, a buy and a sell that rest, one cancelled, one refused mismatch.

import type { Evidence as FillEvidence } from '@motu/shared/contract/receipt.ts'
import { type Decimal, decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { nextFeeKrw, notionalKrw } from '@motu/shared/fill.ts'
import { findInstrument, VENUE_RULES } from '@motu/shared/instrument.ts'
import type { OrderStatus } from '@motu/shared/order.ts'
import { seedOf } from '../home/src/engine/fill-profile.ts'
import { expectedOrderId, Journal, type PlaceEntry } from './journal.ts'
import type { Evidence } from './oracle/evidence.ts'
import type { FillRow, LedgerRow, OrderRow, Snapshot } from './oracle/snapshot.ts'

export const USER_ID = '3f2c1b6e-58a1-4c58-9b8e-0d2f6a7c1e11'
const TICKER_ID = 'CRYPTO-COIN-ETH'
const ACCEPTED_AT_MS = Date.UTC(2026, 10, 20)
const STARTING_CASH = decimal('100000000')
const { commissionPercent } = VENUE_RULES[findInstrument(TICKER_ID)!.venue]

type Planned = {
  name: string
  side: 'BUY' | 'SELL'
  quantity: string
  limit?: string
  status: OrderStatus
  fillPrice?: string
  /** Of another order, whose client order id this one takes. */
  sameClientIdAs?: string
  cancelled?: boolean
}

const PLANNED: readonly Planned[] = [
  { name: 'buy', side: 'BUY', quantity: '2', status: 'FILLED', fillPrice: '4000000' },
  { name: 'sell', side: 'SELL', quantity: '0.5', status: 'FILLED', fillPrice: '4200000' },
  { name: 'resting-buy', side: 'BUY', quantity: '1', limit: '3000000', status: 'OPEN' },
  { name: 'resting-sell', side: 'SELL', quantity: '1', limit: '5000000', status: 'OPEN' },
  {
    name: 'cancelled',
    side: 'BUY',
    quantity: '1',
    limit: '3100000',
    status: 'CANCELLED',
    cancelled: true,
  },
  {
    name: 'mismatch',
    side: 'SELL',
    quantity: '2',
    status: 'FAILED',
    sameClientIdAs: 'buy',
  },
]

/** Evidence without a flaw, made anew each time, so that a test may spoil it. */
export function soundEvidence(): Evidence {
  const journal = new Journal()
  const snapshot = emptySnapshot()
  for (const planned of PLANNED) enter(planned, journal, snapshot)
  addBalances(snapshot)
  return { journal, snapshot, startingCashKrw: STARTING_CASH }
}

/** The order of that name in sound evidence. */
export function orderNamed({ journal, snapshot }: Evidence, name: string): OrderRow {
  const index = PLANNED.findIndex((planned) => planned.name === name)
  const { orderId } = journal.places()[index]!
  return snapshot.orders.find((order) => order.id === orderId)!
}

function emptySnapshot(): Snapshot {
  return {
    wallets: [],
    positions: [],
    orders: [],
    fills: [],
    ledger: [],
    events: [],
    openOrderIds: [],
    deadLetterHashes: [],
    waiting: [{ where: 'orders.0', count: 0 }],
  }
}

function enter(planned: Planned, journal: Journal, snapshot: Snapshot): void {
  const entry = sent(planned)
  journal.add(entry)
  if (planned.cancelled) {
    const { userId, orderId, sentAtMs, outcome } = entry
    journal.add({ kind: 'cancel', userId, orderId, sentAtMs, outcome })
  }
  const order = stored(planned, entry)
  if (planned.fillPrice) fillOrder(order, decimal(planned.fillPrice), snapshot)
  snapshot.orders.push(order)
  if (planned.status === 'OPEN') snapshot.openOrderIds.push(order.id)
  const path: OrderStatus[] = planned.status === 'FAILED' ? ['FAILED'] : ['OPEN', planned.status]
  for (const status of new Set(path)) {
    const isLast = status === planned.status
    snapshot.events.push({
      userId: USER_ID,
      seq: BigInt(snapshot.events.length + 1),
      id: BigInt(snapshot.events.length + 1),
      epoch: 1n,
      orderId: order.id,
      status,
      filledQuantity: isLast ? order.filledQuantity : 0n,
      price: isLast && planned.fillPrice ? decimal(planned.fillPrice) : null,
      feeKrw: isLast ? order.feeKrw : 0n,
      cancelResult: isLast ? order.cancelResult : null,
    })
  }
}

function sent(planned: Planned): PlaceEntry {
  const order = {
    client_order_id: planned.sameClientIdAs ?? planned.name,
    ticker_id: TICKER_ID,
    side: planned.side,
    type: planned.limit ? ('LIMIT' as const) : ('MARKET' as const),
    quantity: planned.quantity,
    ...(planned.limit ? { limit_price: planned.limit } : {}),
  }
  const orderId = expectedOrderId(USER_ID, order)
  const acceptedAt = new Date(ACCEPTED_AT_MS).toISOString()
  return {
    kind: 'place',
    userId: USER_ID,
    orderId,
    order,
    session: { sid: null, exp: 0 },
    sentAtMs: ACCEPTED_AT_MS,
    outcome: { kind: 'accepted', acceptedAt, orderId },
  }
}

function stored(planned: Planned, { order, orderId }: PlaceEntry): OrderRow {
  const quantity = decimal(planned.quantity)
  const limitPrice = planned.limit ? decimal(planned.limit) : null
  const isOpen = planned.status === 'OPEN'
  const cost =
    limitPrice === null ? 0n : notionalKrw('BUY', { price: limitPrice, quantity, rate: SCALE })
  const fee = nextFeeKrw(commissionPercent, { notionalKrw: 0n, feeKrw: 0n }, cost)
  return {
    userId: USER_ID,
    id: orderId,
    clientOrderId: order.client_order_id,
    tickerId: TICKER_ID,
    side: planned.side,
    type: order.type,
    status: planned.status,
    reason: planned.sameClientIdAs ? 'duplicate_mismatch' : null,
    requestedQuantity: quantity,
    limitPrice,
    filledQuantity: 0n,
    notionalKrw: 0n,
    feeKrw: 0n,
    holdKrw: isOpen && planned.side === 'BUY' ? cost + fee : 0n,
    holdQuantity: isOpen && planned.side === 'SELL' ? quantity : 0n,
    fillCount: 0,
    acceptedAt: ACCEPTED_AT_MS,
    cancelResult: planned.cancelled ? 'DONE' : null,
    groupId: null,
    waitingFor: isOpen ? 'PRICE' : null,
  }
}

function fillOrder(order: OrderRow, price: Decimal, snapshot: Snapshot): void {
  const { side, requestedQuantity: quantity } = order
  const notional = notionalKrw(side, { price, quantity, rate: SCALE })
  const feeKrw = nextFeeKrw(commissionPercent, order, notional)
  Object.assign(order, { filledQuantity: quantity, notionalKrw: notional, feeKrw, fillCount: 1 })
  const fill = {
    userId: USER_ID,
    orderId: order.id,
    fillNo: 1,
    quantity,
    price,
    appliedExchangeRate: SCALE,
    notionalKrw: notional,
    feeKrw,
    filledAt: ACCEPTED_AT_MS + 250,
  }
  snapshot.fills.push({ ...fill, evidence: evidenceOf(fill) })
  const isBuy = side === 'BUY'
  const leg = { userId: USER_ID, sourceId: order.id, kind: 'fill' }
  const legs: LedgerRow[] = [
    { ...leg, ...pair(isBuy, 'MARKET', 'CASH'), unit: 'KRW', amount: notional },
    { ...leg, ...pair(isBuy, 'POSITION', 'MARKET'), unit: TICKER_ID, amount: quantity },
    { ...leg, kind: 'fee', debit: 'FEE', credit: 'CASH', unit: 'KRW', amount: feeKrw },
  ]
  snapshot.ledger.push(...legs)
}

/** What a receipt of a coin's fill says, whole, of a quiet market. */
function evidenceOf(fill: Omit<FillRow, 'evidence'>): FillEvidence {
  const instant = new Date(ACCEPTED_AT_MS + 250).toISOString()
  const at = formatDecimal(fill.price)
  return {
    ...{ model: 'standard@1', seed: seedOf(fill.orderId), latency_ms: 0, role: 'taker' },
    event: {
      ...{ source: 'test', epoch: 'epoch-1', seq: 1, simulated: true, age_ms: 0 },
      ...{ venue_time: instant, received_at: instant, bid: at, ask: at, last: at },
    },
    displayed: '1000',
    queue: null,
    fx: { mid: '1', spread_rate: '0', at: null, source: null },
    charges: [
      {
        ...{ kind: 'commission', rule: 'upbit-commission', unit: 'percent_of_notional', cap: null },
        base: formatDecimal(fill.notionalKrw),
        rate: formatDecimal(commissionPercent),
        amount_krw: formatDecimal(fill.feeKrw),
      },
    ],
  }
}

const pair = (isBuy: boolean, debit: string, credit: string) =>
  isBuy ? { debit, credit } : { debit: credit, credit: debit }

/** The wallet and the position that the fills and holds above give, written out by hand. */
function addBalances(snapshot: Snapshot): void {
  const [bought, sold] = snapshot.fills as [FillRow, FillRow]
  const costOut = bought.notionalKrw / 4n
  const realized = sold.notionalKrw - costOut
  const sum = (amounts: Decimal[]) => amounts.reduce((total, amount) => total + amount, 0n)
  snapshot.ledger.push({
    userId: USER_ID,
    sourceId: USER_ID,
    kind: 'grant',
    debit: 'CASH',
    credit: 'GRANT',
    unit: 'KRW',
    amount: STARTING_CASH,
  })
  snapshot.wallets.push({
    userId: USER_ID,
    balanceKrw: STARTING_CASH - bought.notionalKrw - bought.feeKrw + sold.notionalKrw - sold.feeKrw,
    heldKrw: sum(snapshot.orders.map((order) => order.holdKrw)),
    realizedPnlKrw: realized,
    eventSeq: BigInt(snapshot.events.length),
  })
  snapshot.positions.push({
    userId: USER_ID,
    tickerId: TICKER_ID,
    quantity: bought.quantity - sold.quantity,
    heldQuantity: sum(snapshot.orders.map((order) => order.holdQuantity)),
    costKrw: bought.notionalKrw - costOut,
    realizedKrw: realized,
  })
}
