// Who reads a place of his own: his language, his zone, his hours of quiet, and where it is.

import type { ChatService } from '@motu/shared/channel-link.ts'
import type { Sql } from '../db/connect.ts'
import type { Locale } from './personal-words.ts'
import { minutesOf, type QuietHours } from './quiet-hours.ts'

/** Places with something to send that are looked at in one round. */
const PLACES_PER_ROUND = 1_000

/** How a user's own places are called: `own:push:ID`, `own:telegram:ID`, `own:discord:ID`. */
const OWN = 'own:'

export type OpenPlace = {
  readonly place: string
  readonly locale: Locale
  readonly timeZone: string
  readonly quiet: QuietHours | null
  /** The account he linked, as its service numbers it. */
  readonly chat: { readonly service: ChatService; readonly externalId: string } | null
  /** Its service said that he does not want to be written to. */
  readonly isSwitchedOff: boolean
  readonly push: {
    readonly endpoint: string
    readonly p256dh: string
    readonly auth: string
  } | null
}

type Row = {
  place: string
  locale: Locale | null
  time_zone: string | null
  quiet_from: string | null
  quiet_until: string | null
  endpoint: string | null
  p256dh: string | null
  auth: string | null
  service: ChatService | null
  external_id: string | null
  is_off: boolean
}

/**
 * The places of users that have something to send. One whose address is gone, by its user's will or
 * with his sign-in, has none. Of the many messages of a place only the first is looked at.
 */
export async function openPlaces(sql: Sql): Promise<OpenPlace[]> {
  const rows = await sql<Row[]>`
    WITH RECURSIVE open(place) AS (
      (SELECT place FROM deliveries WHERE state IN ('queued', 'sending') ORDER BY place LIMIT 1)
      UNION ALL
      SELECT (SELECT d.place FROM deliveries d
        WHERE d.state IN ('queued', 'sending') AND d.place > open.place ORDER BY d.place LIMIT 1)
      FROM open WHERE open.place IS NOT NULL
    )
    SELECT o.place, p.locale, n.time_zone, n.quiet_from, n.quiet_until, s.endpoint, s.p256dh, s.auth,
      l.service, l.external_id, d.switched_off_at IS NOT NULL AS is_off
    FROM open o
    LEFT JOIN delivery_places d ON d.place = o.place
    LEFT JOIN LATERAL (
      SELECT s.* FROM push_subscriptions s
      JOIN auth_sessions a ON a.id = s.session_id AND a.revoked_at IS NULL
      JOIN users u ON u.id = s.user_id AND u.disabled_at IS NULL
      WHERE o.place = 'own:push:' || s.id
        AND s.id = CASE WHEN o.place LIKE 'own:push:%' THEN split_part(o.place, ':', 3)::uuid END
    ) s ON true
    LEFT JOIN LATERAL (
      SELECT l.* FROM channel_links l
      JOIN users u ON u.id = l.user_id AND u.disabled_at IS NULL
      WHERE l.id = 'link:' || split_part(o.place, ':', 3) AND l.ended_at IS NULL
        AND l.service = split_part(o.place, ':', 2)
    ) l ON true
    LEFT JOIN users u ON u.id = coalesce(s.user_id, l.user_id)
    LEFT JOIN preferences p ON p.partition = u.partition AND p.user_id = u.id
    LEFT JOIN notification_settings n ON n.partition = u.partition AND n.user_id = u.id
    WHERE o.place LIKE ${`${OWN}%`} LIMIT ${PLACES_PER_ROUND}`
  return rows.map((row) => {
    const timeZone = row.time_zone ?? 'Asia/Seoul'
    const { service, external_id: externalId } = row
    const { quiet_from: from, quiet_until: until, endpoint, p256dh, auth } = row
    const hasQuiet = from !== null && until !== null
    return {
      ...{ place: row.place, locale: row.locale ?? 'ko', timeZone },
      quiet: hasQuiet
        ? { fromMinute: minutesOf(from), untilMinute: minutesOf(until), timeZone }
        : null,
      chat: service === null ? null : { service, externalId: externalId! },
      isSwitchedOff: row.is_off,
      push: endpoint === null ? null : { endpoint, p256dh: p256dh!, auth: auth! },
    }
  })
}

/** What was to be said where nobody is any more is not said. */
export async function giveUp(sql: Sql, place: string, error: string, nowMs: number): Promise<void> {
  await sql`
    UPDATE deliveries SET state = 'failed', error = ${error}, ended_at = ${new Date(nowMs)}
    WHERE place = ${place} AND state IN ('queued', 'sending')`
}

/** A device that its service does not know any more. */
export async function forgetDevice(sql: Sql, place: string): Promise<void> {
  await sql`DELETE FROM push_subscriptions WHERE id = ${place.slice('own:push:'.length)}::uuid`
}
