// The history of messages, as the notifier keeps it.

import {
  DELIVERY_PLACES_MAX,
  type Delivery,
  type DeliveryList,
  type DeliveryPlace,
  type DeliveryState,
} from '@motu/shared/contract/deliveries.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import { invalidRequest } from '../problem.ts'

type Row = {
  id: bigint
  place: string
  state: DeliveryState
  attempts: number
  may_repeat: boolean
  error: string | null
  body: string | null
  created_at: Date
  not_before: Date
  ended_at: Date | null
}

const COLUMNS = [
  ...['id', 'place', 'state', 'attempts', 'may_repeat', 'error', 'body'],
  ...['created_at', 'not_before', 'ended_at'],
]

export type DeliveryPage = {
  state?: DeliveryState | undefined
  place?: string | undefined
  limit: number
  cursor?: string | undefined
}

/** One page, newest first; the cursor is the last id of the page. */
export async function listDeliveries(sql: Sql, page: DeliveryPage): Promise<DeliveryList> {
  const { state, place, limit, cursor } = page
  const before = cursor === undefined ? null : parseCursor(cursor)
  const rows = await sql<Row[]>`
    SELECT ${sql(COLUMNS)} FROM deliveries
    WHERE true
      ${state === undefined ? sql`` : sql`AND state = ${state}`}
      ${place === undefined ? sql`` : sql`AND place = ${place}`}
      ${before === null ? sql`` : sql`AND id < ${before}`}
    ORDER BY id DESC LIMIT ${limit + 1}`
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const deliveries = await withEvents(sql, shown)
  return { deliveries, next_cursor: last ? last.id.toString() : null }
}

/** As it is; null where there is none. */
export async function readDelivery(sql: Sql, id: string): Promise<Delivery | null> {
  const rows = await sql<Row[]>`SELECT ${sql(COLUMNS)} FROM deliveries WHERE id = ${id}`
  return (await withEvents(sql, rows))[0] ?? null
}

/** Lets a failed one wait for its next try; false where it has not failed. */
export async function requeueFailed(tx: Transaction, id: string, nowMs: number): Promise<boolean> {
  const { count } = await tx`
    UPDATE deliveries SET state = 'queued', ended_at = NULL, not_before = ${new Date(nowMs)}
    WHERE id = ${id} AND state = 'failed'`
  return count > 0
}

async function withEvents(sql: Sql, rows: readonly Row[]): Promise<Delivery[]> {
  if (rows.length === 0) return []
  const events = await sql<
    { delivery_id: bigint; event_id: string; kind: string; occurred_at: Date }[]
  >`
    SELECT d.delivery_id, n.event_id, n.kind, n.occurred_at
    FROM delivery_notifications d JOIN notifications n USING (event_id)
    WHERE d.delivery_id IN ${sql(rows.map(({ id }) => id))} ORDER BY n.id`
  const told = Map.groupBy(events, ({ delivery_id }) => delivery_id)
  return rows.map((row) => ({
    delivery_id: row.id.toString(),
    place: row.place,
    state: row.state,
    attempts: row.attempts,
    may_repeat: row.may_repeat,
    error: row.error,
    text: row.body,
    created_at: row.created_at.toISOString(),
    next_try_at: row.ended_at === null ? row.not_before.toISOString() : null,
    ended_at: row.ended_at?.toISOString() ?? null,
    events: (told.get(row.id) ?? []).map(({ event_id, kind, occurred_at }) => ({
      ...{ event_id, kind },
      occurred_at: occurred_at.toISOString(),
    })),
  }))
}

type PlaceRow = {
  place: string
  paused_until: Date | null
  switched_off_at: Date | null
  error: string | null
  waiting: number
}

/** Those that are switched off first. */
export async function listDeliveryPlaces(sql: Sql): Promise<DeliveryPlace[]> {
  const rows = await sql<PlaceRow[]>`
    SELECT p.place, p.paused_until, p.switched_off_at, p.error, (
      SELECT count(*)::int FROM deliveries d
      WHERE d.place = p.place AND d.state IN ('queued', 'sending')
    ) AS waiting
    FROM delivery_places p WHERE p.place NOT LIKE 'own:%'
    ORDER BY p.switched_off_at NULLS LAST, p.place LIMIT ${DELIVERY_PLACES_MAX}`
  return rows.map((row) => ({
    ...row,
    paused_until: row.paused_until?.toISOString() ?? null,
    switched_off_at: row.switched_off_at?.toISOString() ?? null,
  }))
}

/** Lets a place that was gone be tried again; false where it is on. */
export async function switchPlaceOn(tx: Transaction, place: string): Promise<boolean> {
  const { count } = await tx`
    UPDATE delivery_places SET switched_off_at = NULL, error = NULL, paused_until = NULL
    WHERE place = ${place} AND switched_off_at IS NOT NULL`
  return count > 0
}

function parseCursor(cursor: string): string {
  if (/^\d{1,18}$/.test(cursor)) return cursor
  throw invalidRequest([{ path: ['cursor'], message: 'is none of ours' }])
}
