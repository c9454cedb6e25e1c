// What a settlement reads: one query per table, whatever the batch's size. Arguments are arrays of
// text, cast in SQL.

import { decimal } from '@motu/shared/decimal.ts'
import { isFinal } from '@motu/shared/order.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import { ORDER_COLUMNS, type OrderRecord, type OrderRow, readOrder } from '../db/order-view.ts'
import { type Books, clientKey, positionKey } from './books.ts'

/** What a batch will look at; each list without duplicates. Locks are taken in sorted order. */
export type BooksKeys = {
  users: readonly string[]
  positions: readonly (readonly [userId: string, tickerId: string])[]
  /** Orders that exist, or may: to match, expire, cancel. */
  orders: readonly (readonly [userId: string, orderId: string])[]
  /** Orders to place, by the client order id that must be unique. */
  clientIds: readonly (readonly [userId: string, clientOrderId: string])[]
  /** Orders to place, by id: a cancel may have come first. */
  placed: readonly (readonly [userId: string, orderId: string])[]
}

const first = <T>(rows: readonly (readonly [T, unknown])[]): T[] => rows.map((row) => row[0])
const second = <T>(rows: readonly (readonly [unknown, T])[]): T[] => rows.map((row) => row[1])
/** The partitions of users, as text. */
export const shards = (userIds: readonly string[]): string[] =>
  userIds.map((userId) => String(partitionOf(userId)))

/** The epoch of each partition, held against a successor until this transaction ends. */
export async function readEpochs(
  tx: Transaction,
  partitions: readonly number[],
): Promise<Map<number, bigint>> {
  const rows = await tx<{ partition: number; epoch: bigint }[]>`
    SELECT partition, epoch FROM partitions
    WHERE partition = ANY(${partitions.map(String)}::smallint[])
    ORDER BY partition FOR SHARE`
  return new Map(rows.map((row) => [row.partition, row.epoch]))
}

/** Locks wallets, then positions, then orders, each sorted, and reads them into the books. */
export async function readBooks(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  // Sent together, answered in order: one round trip, and no statement runs before the one above.
  await Promise.all([
    lockWallets(tx, keys, books),
    lockPositions(tx, keys.positions, books),
    lockOrders(tx, keys, books),
    readClientIds(tx, keys, books),
    readEarlyCancels(tx, keys, books),
  ])
  // A cancel does not know its order's ticker. The wallet's lock, taken above, guards these rows.
  const unread = [...books.orders.values()]
    .filter((order) => !isFinal(order.status))
    .map((order) => [order.userId, order.tickerId] as const)
    .filter(([userId, tickerId]) => !books.positions.has(positionKey(userId, tickerId)))
  if (unread.length > 0) await lockPositions(tx, unread, books)
}

async function lockWallets(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  const rows = await tx<
    {
      partition: number
      user_id: string
      balance_krw: string
      held_krw: string
      realized_pnl_krw: string
      event_seq: bigint
    }[]
  >`
    SELECT w.partition, w.user_id, w.balance_krw, w.held_krw, w.realized_pnl_krw, w.event_seq
    FROM unnest(${shards(keys.users)}::smallint[], ${[...keys.users]}::uuid[]) AS k(partition, user_id)
    JOIN wallets w USING (partition, user_id)
    ORDER BY w.partition, w.user_id FOR UPDATE OF w`
  for (const row of rows) {
    books.wallets.set(row.user_id, {
      partition: row.partition,
      userId: row.user_id,
      balanceKrw: decimal(row.balance_krw),
      heldKrw: decimal(row.held_krw),
      realizedPnlKrw: decimal(row.realized_pnl_krw),
      eventSeq: row.event_seq,
    })
  }
}

async function lockPositions(
  tx: Transaction,
  keys: BooksKeys['positions'],
  books: Books,
): Promise<void> {
  if (keys.length === 0) return
  const users = first(keys)
  const rows = await tx<Record<string, string>[]>`
    SELECT p.user_id, p.ticker_id, p.quantity, p.held_quantity, p.average_price, p.cost_native,
      p.cost_krw, p.realized_price_krw, p.realized_fx_krw
    FROM unnest(${shards(users)}::smallint[], ${users}::uuid[], ${second(keys)}::text[])
      AS k(partition, user_id, ticker_id)
    JOIN portfolios p USING (partition, user_id, ticker_id)
    ORDER BY p.partition, p.user_id, p.ticker_id FOR UPDATE OF p`
  for (const row of rows) {
    const userId = row.user_id!
    const tickerId = row.ticker_id!
    books.positions.set(positionKey(userId, tickerId), {
      userId,
      tickerId,
      position: {
        quantity: decimal(row.quantity!),
        heldQuantity: decimal(row.held_quantity!),
        averagePrice: decimal(row.average_price!),
        costNative: decimal(row.cost_native!),
        costKrw: decimal(row.cost_krw!),
        realizedPriceKrw: decimal(row.realized_price_krw!),
        realizedFxKrw: decimal(row.realized_fx_krw!),
      },
    })
  }
}

async function lockOrders(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  if (keys.orders.length === 0) return
  for (const order of await selectOrders(tx, keys.orders)) books.orders.set(order.id, order)
}

/** Orders by id, locked in sorted order. */
export async function selectOrders(
  tx: Transaction,
  ids: BooksKeys['orders'],
): Promise<OrderRecord[]> {
  const users = first(ids)
  const rows = await tx<OrderRow[]>`
    SELECT ${tx(ORDER_COLUMNS.map((column) => `o.${column}`))}
    FROM unnest(${shards(users)}::smallint[], ${users}::uuid[], ${second(ids)}::uuid[])
      AS k(partition, user_id, id)
    JOIN orders o USING (partition, user_id, id)
    ORDER BY o.partition, o.user_id, o.id FOR UPDATE OF o`
  return rows.map(readOrder)
}

async function readClientIds(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  if (keys.clientIds.length === 0) return
  const users = first(keys.clientIds)
  const rows = await tx<OrderRow[]>`
    SELECT ${tx(ORDER_COLUMNS.map((column) => `o.${column}`))}
    FROM unnest(${shards(users)}::smallint[], ${users}::uuid[], ${second(keys.clientIds)}::text[])
      AS k(partition, user_id, client_order_id)
    JOIN orders o ON o.partition = k.partition AND o.user_id = k.user_id
      AND o.client_order_id = k.client_order_id
      AND o.reason IS DISTINCT FROM 'duplicate_mismatch'`
  for (const row of rows) {
    const order = books.orders.get(row.id) ?? readOrder(row)
    books.orders.set(order.id, order)
    books.clientIds.set(clientKey(order.userId, order.clientOrderId), order)
  }
}

async function readEarlyCancels(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  if (keys.placed.length === 0) return
  const users = first(keys.placed)
  const rows = await tx<{ order_id: string; requested_at: Date }[]>`
    SELECT c.order_id, c.requested_at
    FROM unnest(${shards(users)}::smallint[], ${users}::uuid[], ${second(keys.placed)}::uuid[])
      AS k(partition, user_id, order_id)
    JOIN early_cancels c USING (partition, user_id, order_id)`
  for (const row of rows) books.earlyCancels.set(row.order_id, row.requested_at.getTime())
}

/** Every order of a partition that still waits, oldest first. */
export async function readWaitingOrders(sql: Sql, partition: number): Promise<OrderRecord[]> {
  const rows = await sql<OrderRow[]>`
    SELECT ${sql(ORDER_COLUMNS)} FROM orders
    WHERE partition = ${partition} AND status IN ('OPEN', 'PARTIALLY_FILLED')
    ORDER BY accepted_at, id`
  return rows.map(readOrder)
}
