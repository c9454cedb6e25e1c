// Order events read back from the outbox: the order as it stood at that moment, with what never
// changes joined from `orders`.

import type { OrderEvent } from '@motu/shared/upstream.ts'
import type { Sql } from './connect.ts'
import { type OrderRow, orderView } from './order-view.ts'

/** An event with its place in the commit order, and how many fills it brings. */
export type OutboxEvent = OrderEvent & { xid: string; id: bigint; newFills: number }

type OutboxRow = OrderRow & { seq: bigint; xid: string; event_id: bigint; new_fills: number }

const EVENT_COLUMNS = `o.user_id, o.id, o.client_order_id, o.ticker_id, o.side, o.type,
  o.time_in_force, o.requested_quantity, o.limit_price, e.status, e.reason, e.waiting_for, e.price,
  e.quantity, e.applied_exchange_rate, o.notional_krw, e.fee_krw, o.hold_krw, o.hold_quantity,
  e.fill_count, e.settled_late, o.accepted_at, o.stored_at, e.filled_at, e.cancel_requested_at,
  e.cancel_result, e.seq, e.xid::text AS xid, e.id AS event_id, e.new_fills`

/** One look-up per event: `OFFSET 0` keeps the planner from scanning all orders instead. */
const ORDER_OF_EVENT = `CROSS JOIN LATERAL (
    SELECT * FROM orders o
    WHERE o.partition = e.partition AND o.user_id = e.user_id AND o.id = e.order_id OFFSET 0) o`

/**
 * Events in the order they were committed, after a reader's place. A plain cursor on an id would
 * lose rows that commit late: only rows older than every running transaction are read.
 */
export async function readCommitted(
  sql: Sql,
  after: { xid: string; id: bigint },
  limit: number,
): Promise<OutboxEvent[]> {
  const rows = await sql<OutboxRow[]>`
    SELECT ${sql.unsafe(EVENT_COLUMNS)}
    FROM (
      SELECT * FROM outbox
      WHERE (xid, id) > (${after.xid}::xid8, ${String(after.id)}::bigint)
        AND xid < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY xid, id LIMIT ${limit}) e
    ${sql.unsafe(ORDER_OF_EVENT)}
    ORDER BY e.xid, e.id`
  return rows.map(readEvent)
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
    newFills: row.new_fills,
  }
}
