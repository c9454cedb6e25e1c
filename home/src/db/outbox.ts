// Order events read back from the outbox: the order as it stood at that moment, with what never
// changes joined from `orders`.

import type { OrderEvent } from '@motu/shared/upstream.ts'
import { columnsOf } from './column.ts'
import type { Sql, Transaction } from './connect.ts'
import { ORDER_COLUMNS, type OrderRow, orderView } from './order-view.ts'

/** An event with its place in the commit order, its order's fills so far, and those it brings. */
export type OutboxEvent = OrderEvent & {
  xid: string
  id: bigint
  fillCount: number
  newFills: number
  createdAtMs: number
}

type OutboxRow = OrderRow & {
  seq: bigint
  xid: string
  event_id: bigint
  new_fills: number
  event_at: Date
}

/** What an event says for itself; all else of its order is read from the order. */
const OF_EVENT: ReadonlySet<string> = new Set([
  'status',
  'reason',
  'waiting_for',
  'price',
  'quantity',
  'applied_exchange_rate',
  'fee_krw',
  'fill_count',
  'settled_late',
  'filled_at',
  'cancel_requested_at',
  'cancel_result',
])

const EVENT_COLUMNS = [
  ...ORDER_COLUMNS.map((column) => `${OF_EVENT.has(column) ? 'e' : 'o'}.${column}`),
  'e.seq, e.xid::text AS xid, e.id AS event_id, e.new_fills, e.created_at AS event_at',
].join(', ')

/** One look-up per event: `OFFSET 0` keeps the planner from scanning all orders instead. */
const ORDER_OF_EVENT = `CROSS JOIN LATERAL (
    SELECT * FROM orders o
    WHERE o.partition = e.partition AND o.user_id = e.user_id AND o.id = e.order_id OFFSET 0) o`

/** How far a reader has come: a transaction, and the last of its rows. */
export type OutboxPlace = { xid: string; id: bigint }
/** Behind every row of a transaction. */
export const AFTER_TRANSACTION = 9_223_372_036_854_775_807n
const BEGINNING: OutboxPlace = { xid: '0', id: 0n }

/** A transaction id above all that were given out so far. */
export async function nextTransaction(sql: Sql): Promise<bigint> {
  // Not a snapshot's `xmax`: that is one past the last that has ended, and may still be running.
  const [row] = await sql<{ xid: string }[]>`SELECT pg_current_xact_id()::text AS xid`
  return BigInt(row!.xid)
}

/** Every transaction below this one has ended. */
export async function oldestRunning(sql: Sql): Promise<bigint> {
  const [row] = await sql<{ xid: string }[]>`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid`
  return BigInt(row!.xid)
}

/**
 * Events of a partition in the order they were committed, after a reader's place and before a
 * transaction. A plain cursor on an id would lose rows that commit late: only rows older than every
 * running transaction are safe to pass (see `oldestRunning`).
 */
export async function readCommitted(
  sql: Sql,
  partition: number,
  { after, before, limit }: { after: OutboxPlace; before: bigint; limit: number },
): Promise<OutboxEvent[]> {
  const rows = await sql<OutboxRow[]>`
    SELECT ${sql.unsafe(EVENT_COLUMNS)}
    FROM (
      SELECT * FROM outbox
      WHERE (xid, id) > (${after.xid}::xid8, ${String(after.id)}::bigint)
        AND xid < ${String(before)}::xid8 AND partition = ${partition}
      ORDER BY xid, id LIMIT ${limit}) e
    ${sql.unsafe(ORDER_OF_EVENT)}
    ORDER BY e.xid, e.id`
  return rows.map(readEvent)
}

/** Who reads the outbox, each at a pace of his own. */
export type OutboxReader = 'relay' | 'notifier'

const readerOf = (reader: OutboxReader, partition: number): string => `${reader}:${partition}`

/** How far a reader has come in a partition; null: he has not begun. */
export async function findPlace(
  sql: Sql,
  reader: OutboxReader,
  partition: number,
): Promise<OutboxPlace | null> {
  const [row] = await sql<OutboxPlace[]>`
    SELECT xid::text AS xid, id FROM outbox_cursors WHERE reader = ${readerOf(reader, partition)}`
  return row ?? null
}

/** How far the relay has come in a partition. */
export async function readPlace(sql: Sql, partition: number): Promise<OutboxPlace> {
  return (await findPlace(sql, 'relay', partition)) ?? BEGINNING
}

/** Writes places down; one that is further already stays. */
export async function writePlaces(
  sql: Sql | Transaction,
  places: ReadonlyMap<number, OutboxPlace>,
  reader: OutboxReader = 'relay',
): Promise<void> {
  if (places.size === 0) return
  const column = columnsOf([...places])
  await sql`
    INSERT INTO outbox_cursors AS c (reader, xid, id)
    SELECT * FROM unnest(
      ${column(([partition]) => readerOf(reader, partition))}::text[],
      ${column(([, place]) => place.xid)}::xid8[],
      ${column(([, place]) => place.id)}::bigint[])
    ON CONFLICT (reader) DO UPDATE SET xid = EXCLUDED.xid, id = EXCLUDED.id
    WHERE (EXCLUDED.xid, EXCLUDED.id) > (c.xid, c.id)`
}

/** One user's events after a `seq`, oldest first. */
export async function readUserEvents(
  sql: Sql,
  user: { partition: number; userId: string },
  afterSeq: number,
  limit: number,
): Promise<OutboxEvent[]> {
  const rows = await sql<OutboxRow[]>`
    SELECT ${sql.unsafe(EVENT_COLUMNS)}
    FROM (
      SELECT * FROM outbox
      WHERE partition = ${user.partition} AND user_id = ${user.userId} AND seq > ${afterSeq}
      ORDER BY seq LIMIT ${limit}) e
    ${sql.unsafe(ORDER_OF_EVENT)}
    ORDER BY e.seq`
  return rows.map(readEvent)
}

function readEvent(row: OutboxRow): OutboxEvent {
  return {
    user_id: row.user_id,
    seq: Number.parseInt(String(row.seq), 10),
    order: orderView(row),
    xid: row.xid,
    id: row.event_id,
    fillCount: row.fill_count,
    newFills: row.new_fills,
    createdAtMs: row.event_at.getTime(),
  }
}
