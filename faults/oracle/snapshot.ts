// What the oracle looks at: the books as they stand in the database, and what still waits in the
// queues. Read in one REPEATABLE READ transaction, so that all tables show the same moment.

import type { Evidence } from '@motu/shared/contract/receipt.ts'
import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { OrderStatus, OrderType, Side } from '@motu/shared/order.ts'
import type postgres from 'postgres'

export type WalletRow = {
  userId: string
  balanceKrw: Decimal
  heldKrw: Decimal
  realizedPnlKrw: Decimal
  eventSeq: bigint
}

export type PositionRow = {
  userId: string
  tickerId: string
  quantity: Decimal
  heldQuantity: Decimal
  costKrw: Decimal
  realizedKrw: Decimal
}

export type OrderRow = {
  userId: string
  id: string
  clientOrderId: string
  tickerId: string
  side: Side
  type: OrderType
  status: OrderStatus
  reason: string | null
  requestedQuantity: Decimal
  limitPrice: Decimal | null
  filledQuantity: Decimal
  notionalKrw: Decimal
  feeKrw: Decimal
  holdKrw: Decimal
  holdQuantity: Decimal
  fillCount: number
  acceptedAt: number
  cancelResult: string | null
  /** The order that leads its bracket or OCO; null: it stands alone. */
  groupId: string | null
  waitingFor: string | null
}

export type FillRow = {
  userId: string
  orderId: string
  fillNo: number
  quantity: Decimal
  price: Decimal
  appliedExchangeRate: Decimal
  notionalKrw: Decimal
  feeKrw: Decimal
  /** When home observed the market event that decided. */
  filledAt: number
  /** What its receipt shows; null where nothing was written down. */
  evidence: Evidence | null
}

export type LedgerRow = {
  userId: string
  sourceId: string
  kind: string
  debit: string
  credit: string
  unit: string
  amount: Decimal
}

/** What a user was told about an order. */
export type EventRow = {
  userId: string
  seq: bigint
  /** Counts up in the order of writing. */
  id: bigint
  /** Of the ownership it was written under. */
  epoch: bigint
  orderId: string
  status: OrderStatus
  filledQuantity: Decimal
  price: Decimal | null
  feeKrw: Decimal
  cancelResult: string | null
}

export type Snapshot = {
  wallets: WalletRow[]
  positions: PositionRow[]
  orders: OrderRow[]
  fills: FillRow[]
  ledger: LedgerRow[]
  events: EventRow[]
  /** The orders that an engine loads when it takes a partition over. */
  openOrderIds: string[]
  /** Bodies of messages kept as dead letters, by SHA-256 (hex). */
  deadLetterHashes: string[]
  /** Messages that still wait: in each order queue, in the dead-letter queue, at the edge. */
  waiting: { where: string; count: number }[]
}

/** Everything of a snapshot that the database holds. */
export type Books = Omit<Snapshot, 'waiting'>

type Sql = postgres.Sql<{ bigint: bigint }>
type Transaction = postgres.TransactionSql<{ bigint: bigint }>

const maybe = (text: string | null): Decimal | null => (text === null ? null : decimal(text))

/**
 * Reads the books. The caller adds what waits outside the database. All statements are sent at once:
 * the transaction is never idle, however long its rows take to be mapped.
 */
export async function readBooks(sql: Sql): Promise<Books> {
  return sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const [wallets, positions, orders, fills, ledger, events, openOrderIds, deadLetterHashes] =
      await Promise.all([
        readWallets(tx),
        readPositions(tx),
        readOrders(tx),
        readFills(tx),
        readLedger(tx),
        readEvents(tx),
        readTexts(tx`SELECT order_id AS text FROM open_orders`),
        readTexts(tx`SELECT body_sha256 AS text FROM dead_letters`),
      ])
    return { wallets, positions, orders, fills, ledger, events, openOrderIds, deadLetterHashes }
  })
}

async function readTexts(query: postgres.PendingQuery<postgres.Row[]>): Promise<string[]> {
  return (await query).map((row) => row.text as string)
}

async function readWallets(tx: Transaction): Promise<WalletRow[]> {
  const rows = await tx`SELECT * FROM wallets`
  return rows.map((row) => ({
    userId: row.user_id,
    balanceKrw: decimal(row.balance_krw),
    heldKrw: decimal(row.held_krw),
    realizedPnlKrw: decimal(row.realized_pnl_krw),
    eventSeq: row.event_seq,
  }))
}

async function readPositions(tx: Transaction): Promise<PositionRow[]> {
  const rows = await tx`SELECT * FROM portfolios`
  return rows.map((row) => ({
    userId: row.user_id,
    tickerId: row.ticker_id,
    quantity: decimal(row.quantity),
    heldQuantity: decimal(row.held_quantity),
    costKrw: decimal(row.cost_krw),
    realizedKrw: decimal(row.realized_price_krw) + decimal(row.realized_fx_krw),
  }))
}

async function readOrders(tx: Transaction): Promise<OrderRow[]> {
  const rows = await tx`SELECT * FROM orders`
  return rows.map((row) => ({
    userId: row.user_id,
    id: row.id,
    clientOrderId: row.client_order_id,
    tickerId: row.ticker_id,
    side: row.side,
    type: row.type,
    status: row.status,
    reason: row.reason,
    requestedQuantity: decimal(row.requested_quantity),
    limitPrice: maybe(row.limit_price),
    filledQuantity: decimal(row.quantity),
    notionalKrw: decimal(row.notional_krw),
    feeKrw: decimal(row.fee_krw),
    holdKrw: decimal(row.hold_krw),
    holdQuantity: decimal(row.hold_quantity),
    fillCount: row.fill_count,
    acceptedAt: row.accepted_at.getTime(),
    cancelResult: row.cancel_result,
    groupId: row.group_id,
    waitingFor: row.waiting_for,
  }))
}

async function readFills(tx: Transaction): Promise<FillRow[]> {
  const rows = await tx`SELECT * FROM fills ORDER BY user_id, order_id, fill_no`
  return rows.map((row) => ({
    userId: row.user_id,
    orderId: row.order_id,
    fillNo: row.fill_no,
    quantity: decimal(row.quantity),
    price: decimal(row.price),
    appliedExchangeRate: decimal(row.applied_exchange_rate),
    notionalKrw: decimal(row.notional_krw),
    feeKrw: decimal(row.fee_krw),
    filledAt: row.filled_at.getTime(),
    evidence: row.evidence,
  }))
}

async function readLedger(tx: Transaction): Promise<LedgerRow[]> {
  const rows = await tx`SELECT * FROM ledger_entries`
  return rows.map((row) => ({
    userId: row.user_id,
    sourceId: row.source_id,
    kind: row.kind,
    debit: row.debit_account,
    credit: row.credit_account,
    unit: row.unit,
    amount: decimal(row.amount),
  }))
}

async function readEvents(tx: Transaction): Promise<EventRow[]> {
  const rows = await tx`SELECT * FROM outbox ORDER BY user_id, seq`
  return rows.map((row) => ({
    userId: row.user_id,
    seq: row.seq,
    id: row.id,
    epoch: row.epoch,
    orderId: row.order_id,
    status: row.status,
    filledQuantity: decimal(row.quantity),
    price: maybe(row.price),
    feeKrw: decimal(row.fee_krw),
    cancelResult: row.cancel_result,
  }))
}
