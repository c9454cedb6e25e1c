// What a settlement writes: one `unnest` statement per table, whatever the batch's size. Arguments
// are arrays of text, cast in SQL.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { Transaction } from '../db/connect.ts'
import type { OrderRecord } from '../db/order-view.ts'
import type { Books, FillRow } from './books.ts'
import { shards } from './read-books.ts'

const text = (value: Decimal | null): string | null =>
  value === null ? null : formatDecimal(value)
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
const flag = (value: boolean): string => (value ? 't' : 'f')

type Written = { count: number }
const NOTHING: Written = { count: 0 }

/** A table, how many of its rows were meant, and how many were touched. */
export type WriteCount = { table: string; meant: number; touched: number }

/**
 * Writes what changed; the statements are sent together and run in order. Answers what each one
 * touched: the caller asserts that it is every row it meant.
 */
export async function writeBooks(
  tx: Transaction,
  books: Books,
  nowMs: number,
): Promise<WriteCount[]> {
  const at = new Date(nowMs).toISOString()
  const fills = [...books.fills.values()].flat()
  const writes: [table: string, meant: number, written: Promise<Written>][] = [
    ['orders, new', books.insertedOrders.size, insertOrders(tx, [...books.insertedOrders])],
    ['orders', books.updatedOrders.size, updateOrders(tx, [...books.updatedOrders])],
    ['wallets', books.changedWallets.size, updateWallets(tx, books, at)],
    ['portfolios', books.changedPositions.size, upsertPositions(tx, books)],
    ['fills', fills.length, insertFills(tx, fills)],
    ['ledger_entries', books.legs.length, insertLegs(tx, books, at)],
    ['outbox', books.events.length, insertEvents(tx, books, at)],
    ['early_cancels', books.newEarlyCancels.size, insertEarlyCancels(tx, books)],
  ]
  const written = await Promise.all(writes.map((write) => write[2]))
  return writes.map(([table, meant], index) => ({ table, meant, touched: written[index]!.count }))
}

async function insertOrders(tx: Transaction, orders: OrderRecord[]): Promise<Written> {
  if (orders.length === 0) return NOTHING
  return tx`
    INSERT INTO orders (partition, user_id, id, client_order_id, ticker_id, side, type,
      time_in_force, requested_quantity, limit_price, status, reason, waiting_for, price, quantity,
      applied_exchange_rate, notional_krw, fee_krw, hold_krw, hold_quantity, fill_count,
      settled_late, created_at, accepted_at, stored_at, filled_at, cancel_requested_at,
      cancel_result)
    SELECT partition, user_id, id, client_order_id, ticker_id, side, type, time_in_force,
      requested_quantity, limit_price, status, reason, waiting_for, price, quantity,
      applied_exchange_rate, notional_krw, fee_krw, hold_krw, hold_quantity, fill_count,
      settled_late, accepted_at, accepted_at, stored_at, filled_at, cancel_requested_at,
      cancel_result
    FROM unnest(
      ${shards(orders.map((order) => order.userId))}::smallint[],
      ${orders.map((order) => order.userId)}::uuid[],
      ${orders.map((order) => order.id)}::uuid[],
      ${orders.map((order) => order.clientOrderId)}::text[],
      ${orders.map((order) => order.tickerId)}::text[],
      ${orders.map((order) => order.side)}::text[],
      ${orders.map((order) => order.type)}::text[],
      ${orders.map((order) => order.timeInForce)}::text[],
      ${orders.map((order) => text(order.requestedQuantity))}::numeric[],
      ${orders.map((order) => text(order.limitPrice))}::numeric[],
      ${orders.map((order) => order.status)}::text[],
      ${orders.map((order) => order.reason)}::text[],
      ${orders.map((order) => order.waitingFor)}::text[],
      ${orders.map((order) => text(order.price))}::numeric[],
      ${orders.map((order) => text(order.filledQuantity))}::numeric[],
      ${orders.map((order) => text(order.appliedExchangeRate))}::numeric[],
      ${orders.map((order) => text(order.notionalKrw))}::numeric[],
      ${orders.map((order) => text(order.feeKrw))}::numeric[],
      ${orders.map((order) => text(order.holdKrw))}::numeric[],
      ${orders.map((order) => text(order.holdQuantity))}::numeric[],
      ${orders.map((order) => String(order.fillCount))}::smallint[],
      ${orders.map((order) => flag(order.settledLate))}::boolean[],
      ${orders.map((order) => iso(order.acceptedAt))}::timestamptz[],
      ${orders.map((order) => iso(order.storedAt))}::timestamptz[],
      ${orders.map((order) => iso(order.filledAt))}::timestamptz[],
      ${orders.map((order) => iso(order.cancelRequestedAt))}::timestamptz[],
      ${orders.map((order) => order.cancelResult)}::text[]
    ) AS o(partition, user_id, id, client_order_id, ticker_id, side, type, time_in_force,
      requested_quantity, limit_price, status, reason, waiting_for, price, quantity,
      applied_exchange_rate, notional_krw, fee_krw, hold_krw, hold_quantity, fill_count,
      settled_late, accepted_at, stored_at, filled_at, cancel_requested_at, cancel_result)`
}

/** Conditional on the old status: a final order is only ever given its cancel's result. */
async function updateOrders(tx: Transaction, orders: OrderRecord[]): Promise<Written> {
  if (orders.length === 0) return NOTHING
  return tx`
    UPDATE orders SET status = o.status, reason = o.reason, waiting_for = o.waiting_for,
      price = o.price, quantity = o.quantity, applied_exchange_rate = o.applied_exchange_rate,
      notional_krw = o.notional_krw, fee_krw = o.fee_krw, hold_krw = o.hold_krw,
      hold_quantity = o.hold_quantity, fill_count = o.fill_count, settled_late = o.settled_late,
      filled_at = o.filled_at, cancel_requested_at = o.cancel_requested_at,
      cancel_result = o.cancel_result
    FROM unnest(
      ${shards(orders.map((order) => order.userId))}::smallint[],
      ${orders.map((order) => order.userId)}::uuid[],
      ${orders.map((order) => order.id)}::uuid[],
      ${orders.map((order) => order.status)}::text[],
      ${orders.map((order) => order.reason)}::text[],
      ${orders.map((order) => order.waitingFor)}::text[],
      ${orders.map((order) => text(order.price))}::numeric[],
      ${orders.map((order) => text(order.filledQuantity))}::numeric[],
      ${orders.map((order) => text(order.appliedExchangeRate))}::numeric[],
      ${orders.map((order) => text(order.notionalKrw))}::numeric[],
      ${orders.map((order) => text(order.feeKrw))}::numeric[],
      ${orders.map((order) => text(order.holdKrw))}::numeric[],
      ${orders.map((order) => text(order.holdQuantity))}::numeric[],
      ${orders.map((order) => String(order.fillCount))}::smallint[],
      ${orders.map((order) => flag(order.settledLate))}::boolean[],
      ${orders.map((order) => iso(order.filledAt))}::timestamptz[],
      ${orders.map((order) => iso(order.cancelRequestedAt))}::timestamptz[],
      ${orders.map((order) => order.cancelResult)}::text[]
    ) AS o(partition, user_id, id, status, reason, waiting_for, price, quantity,
      applied_exchange_rate, notional_krw, fee_krw, hold_krw, hold_quantity, fill_count,
      settled_late, filled_at, cancel_requested_at, cancel_result)
    WHERE orders.partition = o.partition AND orders.user_id = o.user_id AND orders.id = o.id
      AND (orders.status IN ('OPEN', 'PARTIALLY_FILLED')
        OR (orders.status = o.status AND orders.quantity = o.quantity))`
}

async function updateWallets(tx: Transaction, books: Books, at: string): Promise<Written> {
  const wallets = [...books.changedWallets]
  if (wallets.length === 0) return NOTHING
  return tx`
    UPDATE wallets SET balance_krw = w.balance_krw, held_krw = w.held_krw,
      realized_pnl_krw = w.realized_pnl_krw, event_seq = w.event_seq,
      last_updated = ${at}::timestamptz
    FROM unnest(
      ${wallets.map((wallet) => String(wallet.partition))}::smallint[],
      ${wallets.map((wallet) => wallet.userId)}::uuid[],
      ${wallets.map((wallet) => text(wallet.balanceKrw))}::numeric[],
      ${wallets.map((wallet) => text(wallet.heldKrw))}::numeric[],
      ${wallets.map((wallet) => text(wallet.realizedPnlKrw))}::numeric[],
      ${wallets.map((wallet) => String(wallet.eventSeq))}::bigint[]
    ) AS w(partition, user_id, balance_krw, held_krw, realized_pnl_krw, event_seq)
    WHERE wallets.partition = w.partition AND wallets.user_id = w.user_id`
}

async function upsertPositions(tx: Transaction, books: Books): Promise<Written> {
  const rows = [...books.changedPositions]
  if (rows.length === 0) return NOTHING
  return tx`
    INSERT INTO portfolios (partition, user_id, ticker_id, quantity, held_quantity, average_price,
      cost_native, cost_krw, realized_price_krw, realized_fx_krw, currency)
    SELECT * FROM unnest(
      ${shards(rows.map((row) => row.userId))}::smallint[],
      ${rows.map((row) => row.userId)}::uuid[],
      ${rows.map((row) => row.tickerId)}::text[],
      ${rows.map((row) => text(row.position.quantity))}::numeric[],
      ${rows.map((row) => text(row.position.heldQuantity))}::numeric[],
      ${rows.map((row) => text(row.position.averagePrice))}::numeric[],
      ${rows.map((row) => text(row.position.costNative))}::numeric[],
      ${rows.map((row) => text(row.position.costKrw))}::numeric[],
      ${rows.map((row) => text(row.position.realizedPriceKrw))}::numeric[],
      ${rows.map((row) => text(row.position.realizedFxKrw))}::numeric[],
      ${rows.map((row) => findInstrument(row.tickerId)!.currency)}::text[]
    )
    ON CONFLICT (partition, user_id, ticker_id) DO UPDATE SET quantity = EXCLUDED.quantity,
      held_quantity = EXCLUDED.held_quantity, average_price = EXCLUDED.average_price,
      cost_native = EXCLUDED.cost_native, cost_krw = EXCLUDED.cost_krw,
      realized_price_krw = EXCLUDED.realized_price_krw, realized_fx_krw = EXCLUDED.realized_fx_krw`
}

async function insertFills(tx: Transaction, rows: FillRow[]): Promise<Written> {
  if (rows.length === 0) return NOTHING
  return tx`
    INSERT INTO fills (partition, user_id, order_id, fill_no, ticker_id, side, quantity, price,
      currency, applied_exchange_rate, notional_krw, fee_krw, filled_at, event_epoch, event_seq,
      event_received_at, settled_late)
    SELECT partition, user_id, order_id, fill_no, ticker_id, side, quantity, price, currency,
      applied_exchange_rate, notional_krw, fee_krw, received_at, event_epoch, event_seq,
      received_at, settled_late
    FROM unnest(
      ${shards(rows.map((row) => row.order.userId))}::smallint[],
      ${rows.map((row) => row.order.userId)}::uuid[],
      ${rows.map((row) => row.order.id)}::uuid[],
      ${rows.map((row) => String(row.fillNo))}::smallint[],
      ${rows.map((row) => row.order.tickerId)}::text[],
      ${rows.map((row) => row.order.side)}::text[],
      ${rows.map((row) => text(row.fill.quantity))}::numeric[],
      ${rows.map((row) => text(row.fill.price))}::numeric[],
      ${rows.map((row) => findInstrument(row.order.tickerId)!.currency)}::text[],
      ${rows.map((row) => text(row.fill.appliedExchangeRate))}::numeric[],
      ${rows.map((row) => text(row.fill.notionalKrw))}::numeric[],
      ${rows.map((row) => text(row.fill.feeKrw))}::numeric[],
      ${rows.map((row) => iso(row.quote.receivedAt))}::timestamptz[],
      ${rows.map((row) => row.quote.epoch)}::text[],
      ${rows.map((row) => String(row.quote.seq))}::bigint[],
      ${rows.map((row) => flag(row.quote.afterGap))}::boolean[]
    ) AS f(partition, user_id, order_id, fill_no, ticker_id, side, quantity, price, currency,
      applied_exchange_rate, notional_krw, fee_krw, received_at, event_epoch, event_seq,
      settled_late)`
}

async function insertLegs(tx: Transaction, books: Books, at: string): Promise<Written> {
  const { legs } = books
  if (legs.length === 0) return NOTHING
  return tx`
    INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
      credit_account, unit, amount, created_at)
    SELECT *, ${at}::timestamptz FROM unnest(
      ${shards(legs.map((leg) => leg.userId))}::smallint[],
      ${legs.map((leg) => leg.userId)}::uuid[],
      ${legs.map((leg) => leg.sourceId)}::uuid[],
      ${legs.map((leg) => String(leg.legNo))}::smallint[],
      ${legs.map((leg) => leg.kind)}::text[],
      ${legs.map((leg) => leg.debit)}::text[],
      ${legs.map((leg) => leg.credit)}::text[],
      ${legs.map((leg) => leg.unit)}::text[],
      ${legs.map((leg) => text(leg.amount))}::numeric[]
    )`
}

async function insertEvents(tx: Transaction, books: Books, at: string): Promise<Written> {
  const { events } = books
  if (events.length === 0) return NOTHING
  return tx`
    INSERT INTO outbox (partition, user_id, seq, "order", fills, created_at)
    SELECT *, ${at}::timestamptz FROM unnest(
      ${shards(events.map((event) => event.userId))}::smallint[],
      ${events.map((event) => event.userId)}::uuid[],
      ${events.map((event) => String(event.seq))}::bigint[],
      ${events.map((event) => event.order)}::json[],
      ${events.map((event) => event.fills)}::json[]
    )`
}

async function insertEarlyCancels(tx: Transaction, books: Books): Promise<Written> {
  const rows = [...books.newEarlyCancels]
  if (rows.length === 0) return NOTHING
  const users = rows.map(([, row]) => row.userId)
  return tx`
    INSERT INTO early_cancels (partition, user_id, order_id, requested_at)
    SELECT * FROM unnest(
      ${shards(users)}::smallint[],
      ${users}::uuid[],
      ${rows.map(([orderId]) => orderId)}::uuid[],
      ${rows.map(([, row]) => iso(row.requestedAt))}::timestamptz[]
    )
    ON CONFLICT (partition, user_id, order_id) DO UPDATE SET requested_at = early_cancels.requested_at`
}
