// What a settlement reads: one query per table, whatever the batch's size.
// Arguments are arrays of text, cast in SQL.

import { LINK_ID_PREFIX } from '@motu/shared/channel-link.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { isFinal } from '@motu/shared/order.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { columnsOf, quoted } from '../db/column.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import { ORDER_COLUMNS, type OrderRecord, type OrderRow, readOrder } from '../db/order-view.ts'
import { type Books, clientKey, positionKey } from './books.ts'
import { credentialKey } from './credentials.ts'
import { memberIds } from './groups.ts'

/** What a batch will look at; each list without duplicates. */
export type BooksKeys = {
  users: readonly string[]
  positions: readonly (readonly [userId: string, tickerId: string])[]
  /** Orders that exist, or may: to match, expire, cancel. */
  orders: readonly (readonly [userId: string, orderId: string])[]
  /** Orders to place, by the client order id that must be unique. */
  clientIds: readonly (readonly [userId: string, clientOrderId: string])[]
  /** Orders to place, by id: a cancel may have come first. */
  placed: readonly (readonly [userId: string, orderId: string])[]
  /** The sign-ins and API keys that gave the orders. */
  sessions: readonly string[]
  apiKeys: readonly string[]
}

/** The partition of the user that begins each key. */
const shard = ([userId]: readonly [string, string]): number => partitionOf(userId)
const first = ([userId]: readonly [string, string]): string => userId
const second = ([, id]: readonly [string, string]): string => id

/** The epochs of the batch's partitions, and the transaction that found them so. */
export type Epochs = { byPartition: ReadonlyMap<number, bigint>; xid: string }

/**
 * Reads the epoch of each partition and holds it against a successor until this transaction ends.
 * Of the row locks the weakest will do: a successor takes the strongest (`ownership.ts`), and the
 * heartbeat, which raises no epoch, need not wait for settlements nor they for it.
 */
export async function readEpochs(tx: Transaction, partitions: readonly number[]): Promise<Epochs> {
  const rows = await tx<{ partition: number; epoch: bigint; xid: string }[]>`
    SELECT partition, epoch, pg_current_xact_id()::text AS xid FROM partitions
    WHERE partition = ANY(${columnsOf(partitions)((one) => one)}::smallint[])
    ORDER BY partition FOR KEY SHARE`
  return {
    byPartition: new Map(rows.map((row) => [row.partition, row.epoch])),
    xid: rows[0]?.xid ?? '0',
  }
}

/**
 * Locks the wallets, sorted, and reads what they guard: a user's positions and orders are changed
 * only by who holds his wallet's row.
 */
export async function readBooks(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  // Sent together, answered in order: one round trip, and no statement runs before the one above.
  await Promise.all([
    lockWallets(tx, keys, books),
    readPositions(tx, keys.positions, books),
    readOrders(tx, keys, books),
    readClientIds(tx, keys, books),
    readEarlyCancels(tx, keys, books),
    readCredentials(tx, keys, books),
  ])
  // A cancel does not know its order's ticker.
  const unread = [...books.orders.values()]
    .filter((order) => !isFinal(order.status))
    .map((order) => [order.userId, order.tickerId] as const)
    .filter(([userId, tickerId]) => !books.positions.has(positionKey(userId, tickerId)))
  if (unread.length > 0) await readPositions(tx, unread, books)
}

async function lockWallets(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  const users = columnsOf(keys.users)
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
    FROM unnest(${users(partitionOf)}::smallint[], ${users((userId) => userId)}::uuid[]) AS k(partition, user_id)
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

async function readPositions(
  tx: Transaction,
  keys: BooksKeys['positions'],
  books: Books,
): Promise<void> {
  if (keys.length === 0) return
  const column = columnsOf(keys)
  const rows = await tx<Record<string, string>[]>`
    SELECT p.user_id, p.ticker_id, p.quantity, p.held_quantity, p.average_price, p.cost_native,
      p.cost_krw, p.realized_price_krw, p.realized_fx_krw
    FROM unnest(${column(shard)}::smallint[], ${column(first)}::uuid[], ${column(second)}::text[])
      AS k(partition, user_id, ticker_id)
    JOIN portfolios p USING (partition, user_id, ticker_id)`
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

async function readOrders(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  if (keys.orders.length === 0) return
  for (const order of await selectOrders(tx, keys.orders)) books.orders.set(order.id, order)
}

/** Orders by id. */
export async function selectOrders(
  tx: Transaction,
  ids: BooksKeys['orders'],
): Promise<OrderRecord[]> {
  const column = columnsOf(ids)
  const rows = await tx<OrderRow[]>`
    SELECT ${tx(ORDER_COLUMNS.map((column) => `o.${column}`))}
    FROM unnest(${column(shard)}::smallint[], ${column(first)}::uuid[], ${column(second)}::uuid[])
      AS k(partition, user_id, id)
    JOIN orders o USING (partition, user_id, id)`
  return rows.map(readOrder)
}

/**
 * The other orders of the groups that are open in the books, with those that replaced them: known by
 * their ids, since these are made from the leader's. Most batches have none, and no query.
 */
export async function readGroups(tx: Transaction, books: Books): Promise<void> {
  const asked = new Set(books.orders.keys())
  for (;;) {
    const wanted = [...books.orders.values()].flatMap((order) => {
      const ids = order.groupId === null ? [] : memberIds(order.groupId)
      if (order.groupId !== null && order.replacedBy !== null) ids.push(order.replacedBy)
      return ids.filter((id) => !asked.has(id)).map((id) => [order.userId, id] as const)
    })
    if (wanted.length === 0) return
    for (const [, id] of wanted) asked.add(id)
    for (const order of await selectOrders(tx, wanted)) books.orders.set(order.id, order)
  }
}

async function readClientIds(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  if (keys.clientIds.length === 0) return
  const column = columnsOf(keys.clientIds)
  const rows = await tx<OrderRow[]>`
    SELECT ${tx(ORDER_COLUMNS.map((column) => `o.${column}`))}
    FROM unnest(${column(shard)}::smallint[], ${column(first)}::uuid[],
        ${column((key) => quoted(key[1]))}::text[])
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
  const column = columnsOf(keys.placed)
  const rows = await tx<{ order_id: string; requested_at: Date }[]>`
    SELECT c.order_id, c.requested_at
    FROM unnest(${column(shard)}::smallint[], ${column(first)}::uuid[], ${column(second)}::uuid[])
      AS k(partition, user_id, order_id)
    JOIN early_cancels c USING (partition, user_id, order_id)`
  for (const row of rows) books.earlyCancels.set(row.order_id, row.requested_at.getTime())
}

async function readCredentials(tx: Transaction, keys: BooksKeys, books: Books): Promise<void> {
  const { sessions, apiKeys } = keys
  const ended: Promise<{ user_id: string; id: string; ended_at: Date | null }[]>[] = []
  if (sessions.length > 0) {
    ended.push(tx`
      SELECT s.user_id, s.id, least(s.revoked_at, u.disabled_at) AS ended_at
      FROM unnest(${columnsOf(sessions)((id) => id)}::uuid[]) AS k(id)
      JOIN auth_sessions s USING (id) JOIN users u ON u.id = s.user_id`)
  }
  if (apiKeys.length > 0) {
    ended.push(tx`
      SELECT a.user_id, a.id, least(a.revoked_at, a.expires_at, u.disabled_at) AS ended_at
      FROM unnest(${columnsOf(apiKeys)(quoted)}::text[]) AS k(id)
      JOIN api_keys a USING (id) JOIN users u ON u.id = a.user_id`)
  }
  const links = apiKeys.filter((id) => id.startsWith(LINK_ID_PREFIX))
  if (links.length > 0) {
    // One that may not trade never could: it had ended as it began.
    ended.push(tx`
      SELECT l.user_id, l.id, least(l.ended_at, u.disabled_at,
        CASE WHEN NOT l.may_trade THEN l.linked_at END) AS ended_at
      FROM unnest(${columnsOf(links)(quoted)}::text[]) AS k(id)
      JOIN channel_links l USING (id) JOIN users u ON u.id = l.user_id`)
  }
  for (const row of (await Promise.all(ended)).flat()) {
    books.credentialEnds.set(credentialKey(row.user_id, row.id), row.ended_at?.getTime() ?? null)
  }
}

/** Every order of a partition that still waits, oldest first. */
export async function readWaitingOrders(sql: Sql, partition: number): Promise<OrderRecord[]> {
  const rows = await sql<OrderRow[]>`
    SELECT ${sql(ORDER_COLUMNS.map((column) => `o.${column}`))}
    FROM open_orders w JOIN orders o
      ON o.partition = w.partition AND o.user_id = w.user_id AND o.id = w.order_id
    WHERE w.partition = ${partition} ORDER BY o.accepted_at, o.id`
  return rows.map(readOrder)
}
