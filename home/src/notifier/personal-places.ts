// A user's own places: each of his devices is `own:push:ID`, an account he linked `own:telegram:ID` or
// `own:discord:ID`, by the id of the link: one that is linked anew is another place.

import { columnsOf } from '../db/column.ts'
import type { Transaction } from '../db/connect.ts'
import type { PersonalNotification } from './notification.ts'
import { wishKey } from './plan-personal.ts'

/** The places that users chose for these kinds, by `wishKey`; of who is shut out there are none. */
export async function personalPlaces(
  tx: Transaction,
  found: readonly PersonalNotification[],
): Promise<Map<string, string[]>> {
  const users = [...new Set(found.flatMap(({ userId }) => userId ?? []))]
  const places = new Map<string, string[]>()
  if (users.length === 0) return places
  const column = columnsOf(users)
  const rows = await tx<{ user_id: string; kind: string; place: string }[]>`
    SELECT c.user_id, c.kind, 'own:push:' || s.id AS place
    FROM notification_choices c
    JOIN users u ON u.id = c.user_id AND u.disabled_at IS NULL
    JOIN push_subscriptions s ON s.partition = c.partition AND s.user_id = c.user_id
    JOIN auth_sessions a ON a.id = s.session_id AND a.revoked_at IS NULL
    WHERE c.channel = 'push' AND c.user_id = ANY(${column((id) => id)}::uuid[])
    UNION ALL
    SELECT c.user_id, c.kind, 'own:' || l.service || ':' || substr(l.id, 6)
    FROM notification_choices c
    JOIN users u ON u.id = c.user_id AND u.disabled_at IS NULL
    JOIN channel_links l ON l.user_id = c.user_id AND l.service = c.channel AND l.ended_at IS NULL
    WHERE c.user_id = ANY(${column((id) => id)}::uuid[])
    ORDER BY place`
  for (const { user_id: userId, kind, place } of rows) {
    const key = wishKey(userId, kind)
    places.set(key, [...(places.get(key) ?? []), place])
  }
  return places
}
