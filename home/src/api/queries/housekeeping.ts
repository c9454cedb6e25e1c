// Removes what has ended. A refresh token is kept until it would have ended, so that its reuse shows;
// a sign-in for as long as its address counts as known; a price alert for a season after it was told;
// the audit log for ever.

import type { Sql } from '../../db/connect.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
export const SIGN_IN_KEPT_MS = 60 * DAY_MS
export const TOLD_ALERT_KEPT_MS = 90 * DAY_MS
/** Rows of a table at a time: nobody waits behind a long delete. */
export const ROWS_MAX = 10_000

/** All of it, however much that is: what comes in faster than it goes out would stay for ever. */
export async function deleteEnded(sql: Sql, nowMs: number): Promise<void> {
  const at = new Date(nowMs)
  const sessionsAt = new Date(nowMs - SIGN_IN_KEPT_MS)
  await untilFew(
    () => sql`DELETE FROM challenges WHERE id IN (
      SELECT id FROM challenges WHERE expires_at < ${at} LIMIT ${ROWS_MAX})`,
  )
  await untilFew(
    () => sql`DELETE FROM refresh_tokens WHERE token_sha256 IN (
      SELECT token_sha256 FROM refresh_tokens WHERE expires_at < ${at} LIMIT ${ROWS_MAX})`,
  )
  await untilFew(
    () => sql`DELETE FROM auth_sessions WHERE id IN (
      SELECT s.id FROM auth_sessions s
      WHERE s.expires_at < ${sessionsAt}
        AND NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.session_id = s.id)
      LIMIT ${ROWS_MAX})`,
  )
  const toldAt = new Date(nowMs - TOLD_ALERT_KEPT_MS)
  await untilFew(
    () => sql`DELETE FROM price_alerts WHERE (partition, user_id, id) IN (
      SELECT partition, user_id, id FROM price_alerts WHERE told_at < ${toldAt} LIMIT ${ROWS_MAX})`,
  )
}

async function untilFew(remove: () => PromiseLike<{ count: number }>): Promise<void> {
  while ((await remove()).count === ROWS_MAX);
}
