// What was revoked: the rows are the truth, every list of it elsewhere is a copy.

import { ACCESS_TOKEN_SECONDS, OUTAGE_GRACE_MS } from '@motu/shared/access-token.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import type { Sql } from '../../db/connect.ts'

/** A token given out a moment before ends after half an hour; a dark edge lets it live on. */
export const REVOCATION_MATTERS_MS = ACCESS_TOKEN_SECONDS * 1_000 + OUTAGE_GRACE_MS

/** The revocation of something that ended at this moment. */
export function revocationOf(kind: Revocation['kind'], id: string, atMs: number): Revocation {
  return {
    ...{ kind, id },
    at: new Date(atMs).toISOString(),
    until: new Date(atMs + REVOCATION_MATTERS_MS).toISOString(),
  }
}

type Row = { kind: Revocation['kind']; id: string; revoked_at: Date }

/** All that was revoked at or after an instant. A link is a key whose text nobody has. */
export async function readRevocations(sql: Sql, sinceMs: number): Promise<Revocation[]> {
  const since = new Date(sinceMs)
  const rows = await sql<Row[]>`
    SELECT 'session' AS kind, id::text AS id, revoked_at FROM auth_sessions
    WHERE revoked_at >= ${since}
    UNION ALL
    SELECT 'key', id, revoked_at FROM api_keys WHERE revoked_at >= ${since}
    UNION ALL
    SELECT 'key', id, ended_at FROM channel_links WHERE ended_at >= ${since}`
  return rows.map(({ kind, id, revoked_at }) => revocationOf(kind, id, revoked_at.getTime()))
}

/** Whether a sign-in or a key was revoked, asked of its row. */
export async function isRevokedInRow(
  sql: Sql,
  { kind, id }: Pick<Revocation, 'kind' | 'id'>,
): Promise<boolean> {
  const rows =
    kind === 'session'
      ? await sql`SELECT 1 FROM auth_sessions WHERE id = ${id} AND revoked_at IS NOT NULL`
      : kind === 'key'
        ? await sql`SELECT 1 FROM api_keys WHERE id = ${id} AND revoked_at IS NOT NULL`
        : await sql`SELECT 1 FROM users WHERE id = ${id} AND disabled_at IS NOT NULL`
  return rows.length > 0
}
