// The ways into an account: a password, accounts elsewhere, passkeys. One must always be left.

import type { Sql, Transaction } from '../../db/connect.ts'

/**
 * Counts them, and holds the user against everyone else who takes one away: two who each leave one
 * would leave none. An account of a provider that is no longer configured opens nothing.
 */
export async function lockWaysIn(
  tx: Transaction,
  userId: string,
  providers: readonly string[],
): Promise<number> {
  await tx`SELECT 1 FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
  const [row] = await tx<{ count: number }[]>`
    SELECT (SELECT count(*) FROM users WHERE id = ${userId} AND password_hash IS NOT NULL)::int
      + (SELECT count(*) FROM oidc_identities
         WHERE user_id = ${userId} AND provider = ANY(${[...providers]}))::int
      + (SELECT count(*) FROM passkeys WHERE user_id = ${userId})::int AS count`
  return row!.count
}

/** Whether a sign-in goes on, of a user who may come in. */
export async function isSignInOpen(
  sql: Sql,
  { userId, sid }: { userId: string; sid: string },
  nowMs: number,
): Promise<boolean> {
  const [row] = await sql`
    SELECT 1 FROM auth_sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = ${sid} AND s.user_id = ${userId} AND s.revoked_at IS NULL
      AND s.expires_at > ${new Date(nowMs)} AND u.disabled_at IS NULL`
  return row !== undefined
}
