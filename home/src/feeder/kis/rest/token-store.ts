// Tokens in Postgres, one row an app key: what all processes share, and what keeps them from asking
// for one twice in a minute. The clock of the minute is the database's, the same for all.

import type { Sql } from '../../../db/connect.ts'

export type StoredToken = { sealedToken: string; expiresAtMs: number }

export async function loadToken(sql: Sql, appKeyHash: string): Promise<StoredToken | null> {
  const [row] = await sql<{ sealed_token: string; expires_at: Date }[]>`
    SELECT sealed_token, expires_at FROM kis_tokens
    WHERE app_key_hash = ${appKeyHash} AND sealed_token IS NOT NULL AND expires_at IS NOT NULL`
  return row ? { sealedToken: row.sealed_token, expiresAtMs: row.expires_at.getTime() } : null
}

/** Whether the caller is the one who may ask now: nobody did within the interval. */
export async function claimRequest(
  sql: Sql,
  { appKeyHash, intervalMs }: { appKeyHash: string; intervalMs: number },
): Promise<boolean> {
  const rows = await sql`
    INSERT INTO kis_tokens (app_key_hash, asked_at) VALUES (${appKeyHash}, clock_timestamp())
    ON CONFLICT (app_key_hash) DO UPDATE SET asked_at = EXCLUDED.asked_at
      WHERE kis_tokens.asked_at
        <= EXCLUDED.asked_at - ${intervalMs}::double precision * interval '1 millisecond'
    RETURNING 1`
  return rows.length > 0
}

export async function saveToken(sql: Sql, appKeyHash: string, token: StoredToken): Promise<void> {
  await sql`
    UPDATE kis_tokens SET sealed_token = ${token.sealedToken},
      expires_at = ${new Date(token.expiresAtMs)}
    WHERE app_key_hash = ${appKeyHash}`
}
