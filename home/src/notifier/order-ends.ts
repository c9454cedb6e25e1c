// The ends of orders, for those who asked to be told of theirs.

import type { Order } from '@motu/shared/contract/orders.ts'
import { columnsOf, quoted } from '../db/column.ts'
import type { Sql } from '../db/connect.ts'
import type { OutboxEvent } from '../db/outbox.ts'
import { kindOfEnd, type OrderEndKind } from './kind-of-end.ts'
import type { PersonalNotification } from './notification.ts'

type End = { readonly event: OutboxEvent; readonly kind: OrderEndKind }

/** The events with which an order ended of whose end its user wants to hear. */
export async function orderEndsAmong(
  sql: Sql,
  events: readonly OutboxEvent[],
): Promise<PersonalNotification[]> {
  const ends = events.flatMap((event): End[] => {
    const kind = kindOfEnd(event.order)
    return kind === null ? [] : [{ event, kind }]
  })
  if (ends.length === 0) return []
  const wanted = await wantedAmong(sql, ends)
  const simulated = await simulatedAmong(sql, wanted)
  return wanted.map(({ event, kind }) => ({
    eventId: `order:${event.order.order_id}`,
    kind,
    userId: event.user_id,
    tickerId: event.order.ticker_id,
    values: valuesOf(event.order),
    simulated: simulated.has(event.order.order_id),
    occurredAtMs: event.createdAtMs,
  }))
}

async function wantedAmong(sql: Sql, ends: readonly End[]): Promise<End[]> {
  const column = columnsOf(ends)
  const rows = await sql<{ n: number }[]>`
    SELECT e.n::int AS n FROM unnest(
      ${column(({ event }) => event.user_id)}::uuid[],
      ${column(({ kind }) => kind)}::text[]
    ) WITH ORDINALITY AS e(user_id, kind, n)
    WHERE EXISTS (SELECT 1 FROM notification_choices c
      WHERE c.user_id = e.user_id AND c.kind = e.kind)`
  const numbers = new Set(rows.map(({ n }) => n))
  return ends.filter((_, index) => numbers.has(index + 1))
}

/**
 * Whose order the market did not decide: by its fills' evidence; without a fill by the last candle of
 * its ticker. What does not say that it is real is not.
 */
async function simulatedAmong(sql: Sql, ends: readonly End[]): Promise<Set<string>> {
  if (ends.length === 0) return new Set()
  const column = columnsOf(ends)
  const rows = await sql<{ order_id: string }[]>`
    SELECT e.order_id FROM unnest(
      ${column(({ event }) => event.order.order_id)}::uuid[],
      ${column(({ event }) => event.user_id)}::uuid[],
      ${column(({ event }) => quoted(event.order.ticker_id))}::text[]
    ) AS e(order_id, user_id, ticker_id)
    JOIN users u ON u.id = e.user_id
    CROSS JOIN LATERAL (
      SELECT bool_or(coalesce((f.evidence->'event'->>'simulated')::boolean, true)) AS simulated
      FROM fills f
      WHERE f.partition = u.partition AND f.user_id = e.user_id AND f.order_id = e.order_id
    ) f
    WHERE coalesce(f.simulated, (
      SELECT c.simulated FROM candles c WHERE c.ticker_id = e.ticker_id AND c.interval = '1m'
      ORDER BY c.open_at DESC LIMIT 1), true)`
  return new Set(rows.map((row) => row.order_id))
}

function valuesOf(order: Order): PersonalNotification['values'] {
  const { side, status, reason, quantity, filled_quantity: filled, price, currency } = order
  const values = { side, status, reason, quantity, filled, price, currency }
  return Object.fromEntries(Object.entries(values).filter((entry) => entry[1] !== null)) as Record<
    string,
    string
  >
}
