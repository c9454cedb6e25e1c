// What a settlement writes: one `unnest` statement per table, whatever the batch's size.

import { findInstrument } from '@motu/shared/instrument.ts'
import { isFinal } from '@motu/shared/order.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { columnsOf, quoted } from '../db/column.ts'
import type { Transaction } from '../db/connect.ts'
import { type Books, type FillRow, isLate } from './books.ts'
import {
  deleteOpen,
  insertOpen,
  insertOrders,
  isSpecial,
  updateOrders,
  writeSpecials,
} from './write-orders.ts'
import { decimalText, instantText, NOTHING, type Written } from './written.ts'

/** A table, how many of its rows were meant, and how many were touched. */
export type WriteCount = { table: string; meant: number; touched: number }

/**
 * Writes what changed; the statements are sent together and run in order. Answers what each one
 * touched: the caller asserts that it is every row it meant.
 */
export async function writeBooks(
  tx: Transaction,
  books: Books,
  owner: { epochs: ReadonlyMap<number, bigint>; nowMs: number },
): Promise<WriteCount[]> {
  const at = new Date(owner.nowMs).toISOString()
  const fills = [...books.fills.values()].flat()
  const opened = [...books.insertedOrders].filter((order) => !isFinal(order.status))
  const closed = [...books.closedOrders]
  const specials = [...books.insertedOrders, ...books.updatedOrders].filter(isSpecial)
  const writes: [table: string, meant: number, written: Promise<Written>][] = [
    ['orders, new', books.insertedOrders.size, insertOrders(tx, [...books.insertedOrders])],
    // What was asked for before what became of it: an order by amount is filled as far as it asks.
    ['orders, special', specials.length, writeSpecials(tx, specials)],
    ['orders', books.updatedOrders.size, updateOrders(tx, [...books.updatedOrders])],
    ['open_orders, new', opened.length, insertOpen(tx, opened)],
    ['open_orders', closed.length, deleteOpen(tx, closed)],
    ['wallets', books.changedWallets.size, updateWallets(tx, books, at)],
    ['portfolios', books.changedPositions.size, upsertPositions(tx, books)],
    ['fills', fills.length, insertFills(tx, fills)],
    ['ledger_entries', books.legs.length, insertLegs(tx, books, at)],
    ['outbox', books.events.length, insertEvents(tx, books, { ...owner, at })],
    ['early_cancels', books.newEarlyCancels.size, insertEarlyCancels(tx, books)],
  ]
  const written = await Promise.all(writes.map((write) => write[2]))
  return writes.map(([table, meant], index) => ({ table, meant, touched: written[index]!.count }))
}

async function updateWallets(tx: Transaction, books: Books, at: string): Promise<Written> {
  const wallets = [...books.changedWallets]
  if (wallets.length === 0) return NOTHING
  const column = columnsOf(wallets)
  return tx`
    UPDATE wallets SET balance_krw = w.balance_krw, held_krw = w.held_krw,
      realized_pnl_krw = w.realized_pnl_krw, event_seq = w.event_seq,
      last_updated = ${at}::timestamptz
    FROM unnest(
      ${column((wallet) => wallet.partition)}::smallint[],
      ${column((wallet) => wallet.userId)}::uuid[],
      ${column((wallet) => decimalText(wallet.balanceKrw))}::numeric[],
      ${column((wallet) => decimalText(wallet.heldKrw))}::numeric[],
      ${column((wallet) => decimalText(wallet.realizedPnlKrw))}::numeric[],
      ${column((wallet) => wallet.eventSeq)}::bigint[]
    ) AS w(partition, user_id, balance_krw, held_krw, realized_pnl_krw, event_seq)
    WHERE wallets.partition = w.partition AND wallets.user_id = w.user_id`
}

async function upsertPositions(tx: Transaction, books: Books): Promise<Written> {
  const rows = [...books.changedPositions]
  if (rows.length === 0) return NOTHING
  const column = columnsOf(rows)
  return tx`
    INSERT INTO portfolios (partition, user_id, ticker_id, quantity, held_quantity, average_price,
      cost_native, cost_krw, realized_price_krw, realized_fx_krw, currency)
    SELECT * FROM unnest(
      ${column((row) => partitionOf(row.userId))}::smallint[],
      ${column((row) => row.userId)}::uuid[],
      ${column((row) => row.tickerId)}::text[],
      ${column((row) => decimalText(row.position.quantity))}::numeric[],
      ${column((row) => decimalText(row.position.heldQuantity))}::numeric[],
      ${column((row) => decimalText(row.position.averagePrice))}::numeric[],
      ${column((row) => decimalText(row.position.costNative))}::numeric[],
      ${column((row) => decimalText(row.position.costKrw))}::numeric[],
      ${column((row) => decimalText(row.position.realizedPriceKrw))}::numeric[],
      ${column((row) => decimalText(row.position.realizedFxKrw))}::numeric[],
      ${column((row) => findInstrument(row.tickerId)!.currency)}::text[]
    )
    ON CONFLICT (partition, user_id, ticker_id) DO UPDATE SET quantity = EXCLUDED.quantity,
      held_quantity = EXCLUDED.held_quantity, average_price = EXCLUDED.average_price,
      cost_native = EXCLUDED.cost_native, cost_krw = EXCLUDED.cost_krw,
      realized_price_krw = EXCLUDED.realized_price_krw, realized_fx_krw = EXCLUDED.realized_fx_krw`
}

async function insertFills(tx: Transaction, rows: FillRow[]): Promise<Written> {
  if (rows.length === 0) return NOTHING
  const column = columnsOf(rows)
  return tx`
    INSERT INTO fills (partition, user_id, order_id, fill_no, ticker_id, side, quantity, price,
      currency, applied_exchange_rate, notional_krw, fee_krw, filled_at, event_epoch, event_seq,
      settled_late, evidence)
    SELECT * FROM unnest(
      ${column((row) => partitionOf(row.order.userId))}::smallint[],
      ${column((row) => row.order.userId)}::uuid[],
      ${column((row) => row.order.id)}::uuid[],
      ${column((row) => row.fillNo)}::smallint[],
      ${column((row) => row.order.tickerId)}::text[],
      ${column((row) => row.order.side)}::text[],
      ${column((row) => decimalText(row.fill.quantity))}::numeric[],
      ${column((row) => decimalText(row.fill.price))}::numeric[],
      ${column((row) => findInstrument(row.order.tickerId)!.currency)}::text[],
      ${column((row) => decimalText(row.fill.appliedExchangeRate))}::numeric[],
      ${column((row) => decimalText(row.fill.notionalKrw))}::numeric[],
      ${column((row) => decimalText(row.fill.feeKrw))}::numeric[],
      ${column((row) => instantText(row.quote.receivedAt))}::timestamptz[],
      ${column((row) => quoted(row.quote.epoch))}::text[],
      ${column((row) => row.quote.seq)}::bigint[],
      ${column((row) => isLate(row.quote))}::boolean[],
      ${column((row) => quoted(JSON.stringify(row.evidence)))}::json[]
    )`
}

async function insertLegs(tx: Transaction, books: Books, at: string): Promise<Written> {
  const { legs } = books
  if (legs.length === 0) return NOTHING
  const column = columnsOf(legs)
  return tx`
    INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
      credit_account, unit, amount, created_at)
    SELECT *, ${at}::timestamptz FROM unnest(
      ${column((leg) => partitionOf(leg.userId))}::smallint[],
      ${column((leg) => leg.userId)}::uuid[],
      ${column((leg) => leg.sourceId)}::uuid[],
      ${column((leg) => leg.legNo)}::smallint[],
      ${column((leg) => leg.kind)}::text[],
      ${column((leg) => leg.debit)}::text[],
      ${column((leg) => leg.credit)}::text[],
      ${column((leg) => leg.unit)}::text[],
      ${column((leg) => decimalText(leg.amount))}::numeric[]
    )`
}

async function insertEvents(
  tx: Transaction,
  books: Books,
  { epochs, at }: { epochs: ReadonlyMap<number, bigint>; at: string },
): Promise<Written> {
  const { events } = books
  if (events.length === 0) return NOTHING
  const column = columnsOf(events)
  return tx`
    INSERT INTO outbox (partition, user_id, seq, epoch, order_id, status, reason, waiting_for, price,
      quantity, applied_exchange_rate, fee_krw, settled_late, filled_at, cancel_requested_at,
      cancel_result, fill_count, new_fills, created_at)
    SELECT *, ${at}::timestamptz FROM unnest(
      ${column(({ order }) => partitionOf(order.userId))}::smallint[],
      ${column(({ order }) => order.userId)}::uuid[],
      ${column(({ seq }) => seq)}::bigint[],
      ${column(({ order }) => epochs.get(partitionOf(order.userId))!)}::bigint[],
      ${column(({ order }) => order.id)}::uuid[],
      ${column(({ order }) => order.status)}::text[],
      ${column(({ order }) => order.reason)}::text[],
      ${column(({ order }) => order.waitingFor)}::text[],
      ${column(({ order }) => decimalText(order.price))}::numeric[],
      ${column(({ order }) => decimalText(order.filledQuantity))}::numeric[],
      ${column(({ order }) => decimalText(order.appliedExchangeRate))}::numeric[],
      ${column(({ order }) => decimalText(order.feeKrw))}::numeric[],
      ${column(({ order }) => order.settledLate)}::boolean[],
      ${column(({ order }) => instantText(order.filledAt))}::timestamptz[],
      ${column(({ order }) => instantText(order.cancelRequestedAt))}::timestamptz[],
      ${column(({ order }) => order.cancelResult)}::text[],
      ${column(({ order }) => order.fillCount)}::smallint[],
      ${column(({ newFills }) => newFills)}::smallint[]
    )`
}

async function insertEarlyCancels(tx: Transaction, books: Books): Promise<Written> {
  const rows = [...books.newEarlyCancels]
  if (rows.length === 0) return NOTHING
  const column = columnsOf(rows)
  return tx`
    INSERT INTO early_cancels (partition, user_id, order_id, requested_at)
    SELECT * FROM unnest(
      ${column(([, row]) => partitionOf(row.userId))}::smallint[],
      ${column(([, row]) => row.userId)}::uuid[],
      ${column(([orderId]) => orderId)}::uuid[],
      ${column(([, row]) => instantText(row.requestedAt))}::timestamptz[]
    )
    ON CONFLICT (partition, user_id, order_id) DO UPDATE SET requested_at = early_cancels.requested_at`
}
