// Routes notifications: for each, once, the messages that will tell it, or why nobody is told.

import { columnsOf, quoted } from '../db/column.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import { hiddenAmong } from '../db/hidden-users.ts'
import {
  type AnyNotification,
  isPublic,
  type Notification,
  type PersonalNotification,
  type PublicPlace,
} from './notification.ts'
import { personalPlaces } from './personal-places.ts'
import {
  coolDownKey,
  planDeliveries,
  type PlannedDelivery,
  type Routing,
} from './plan-deliveries.ts'
import { planPersonal } from './plan-personal.ts'

const ROUTED_AT_ONCE = 1_000

export type RouteOptions = {
  readonly sql: Sql
  readonly places: ReadonlySet<PublicPlace>
  readonly tellsSimulated: boolean
  readonly coolDownMs: number
}

/** Routes what waits, oldest first; answers how many: 0 when nothing is left. */
export async function route(options: RouteOptions, nowMs: number): Promise<number> {
  return options.sql.begin(async (tx) => {
    const found = await readUnrouted(tx)
    if (found.length === 0) return 0
    const news = found.filter(isPublic)
    const optedOut = await hiddenAmong(
      tx,
      news.flatMap(({ userId }) => userId ?? []),
    )
    const lastToldMs = await readLastTold(tx, news)
    const switchedOff = await readSwitchedOff(tx)
    const rules = { ...options, nowMs, lastToldMs, optedOut, switchedOff }
    const own = found.filter((one): one is PersonalNotification => !isPublic(one))
    const placesOf = await personalPlaces(tx, own)
    for (const { routings, deliveries } of [
      planDeliveries(news, rules),
      planPersonal(own, { ...options, nowMs, placesOf }),
    ]) {
      await writeDeliveries(tx, deliveries, nowMs)
      await writeRoutings(tx, routings, nowMs)
    }
    return found.length
  })
}

async function readUnrouted(tx: Transaction): Promise<AnyNotification[]> {
  const rows = await tx<NotificationRow[]>`
    SELECT ${tx(NOTIFICATION_COLUMNS)} FROM notifications WHERE routed_at IS NULL
    ORDER BY id LIMIT ${ROUTED_AT_ONCE} FOR UPDATE`
  return rows.map(readNotification)
}

export const NOTIFICATION_COLUMNS = [
  ...['event_id', 'kind', 'user_id', 'ticker_id', 'values', 'simulated', 'occurred_at'],
]

export type NotificationRow = {
  event_id: string
  kind: AnyNotification['kind']
  user_id: string | null
  ticker_id: string | null
  values: Notification['values']
  simulated: boolean
  occurred_at: Date
}

/** A row of `notifications`, as selected by `NOTIFICATION_COLUMNS`. */
export function readNotification(row: NotificationRow): AnyNotification {
  const notification = {
    eventId: row.event_id,
    kind: row.kind,
    userId: row.user_id,
    tickerId: row.ticker_id,
    values: row.values,
    simulated: row.simulated,
    occurredAtMs: row.occurred_at.getTime(),
  }
  return notification as AnyNotification
}

async function readSwitchedOff(tx: Transaction): Promise<Set<PublicPlace>> {
  const rows = await tx<{ place: PublicPlace }[]>`
    SELECT place FROM delivery_places WHERE switched_off_at IS NOT NULL`
  return new Set(rows.map(({ place }) => place))
}

/** When the users of these were last told of, in the tickers of these. */
async function readLastTold(
  tx: Transaction,
  found: readonly Notification[],
): Promise<Map<string, number>> {
  const whales = found.filter((one) => one.userId !== null && one.tickerId !== null)
  if (whales.length === 0) return new Map()
  const column = columnsOf(whales)
  const rows = await tx<{ user_id: string; ticker_id: string; last: Date }[]>`
    SELECT n.user_id, n.ticker_id, max(n.occurred_at) AS last
    FROM (SELECT DISTINCT * FROM unnest(
      ${column(({ userId }) => userId)}::uuid[],
      ${column(({ tickerId }) => quoted(tickerId!))}::text[]) AS k(user_id, ticker_id)) k
    JOIN notifications n ON n.user_id = k.user_id AND n.ticker_id = k.ticker_id
      AND n.kind = 'whale_trade' AND n.routed_at IS NOT NULL AND n.untold IS NULL
    GROUP BY n.user_id, n.ticker_id`
  return new Map(rows.map((row) => [coolDownKey(row.user_id, row.ticker_id), row.last.getTime()]))
}

/** In the order they are sent: ids are given in the order of the rows. */
async function writeDeliveries(
  tx: Transaction,
  deliveries: readonly PlannedDelivery[],
  nowMs: number,
): Promise<void> {
  if (deliveries.length === 0) return
  const at = new Date(nowMs)
  const column = columnsOf(deliveries)
  const ids = await tx<{ id: bigint }[]>`
    INSERT INTO deliveries (place, is_summary, not_before, created_at)
    SELECT place, is_summary, ${at}, ${at} FROM unnest(
      ${column(({ place }) => place)}::text[],
      ${column(({ isSummary }) => isSummary)}::boolean[]
    ) WITH ORDINALITY AS d(place, is_summary, n) ORDER BY n
    RETURNING id`
  const lines = deliveries.flatMap(({ place, eventIds }, index) =>
    eventIds.map((eventId) => ({ place, eventId, deliveryId: ids[index]!.id })),
  )
  const line = columnsOf(lines)
  await tx`
    INSERT INTO delivery_notifications (delivery_id, event_id, place)
    SELECT * FROM unnest(
      ${line(({ deliveryId }) => deliveryId)}::bigint[],
      ${line(({ eventId }) => quoted(eventId))}::text[],
      ${line(({ place }) => place)}::text[])`
}

async function writeRoutings(
  tx: Transaction,
  routings: readonly Routing<AnyNotification>[],
  nowMs: number,
): Promise<void> {
  if (routings.length === 0) return
  const column = columnsOf(routings)
  await tx`
    UPDATE notifications n SET routed_at = ${new Date(nowMs)}, untold = r.untold
    FROM unnest(
      ${column(({ notification }) => quoted(notification.eventId))}::text[],
      ${column(({ untold }) => untold)}::text[]
    ) AS r(event_id, untold) WHERE n.event_id = r.event_id`
}
