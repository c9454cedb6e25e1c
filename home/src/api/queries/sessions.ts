// Sign-ins and the refresh tokens that renew them. A sign-in is the family of its tokens: each is
// exchanged once for the next, and one that is shown again has been in two hands, so all end.

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { REFRESH_TOKEN_SECONDS, type Role } from '@motu/shared/access-token.ts'
import { type Session, SESSIONS_MAX } from '@motu/shared/contract/sessions.ts'
import type { Sql, Transaction } from '../../db/connect.ts'

/** A sign-in and the secret that renews it. Only the secret's hash is stored. */
export type SignIn = { sid: string; userId: string; role: Role; refreshToken: string }
/** Why a sign-in ended. */
export type EndReason = 'signed_out' | 'revoked' | 'reuse' | 'password_changed' | 'disabled'
export type NewSignIn = {
  userId: string
  /** `password`, `passkey`, or `oidc:` and the provider. */
  method: string
  address: string
  userAgent: string | null
  /** For a sign-in by password: the hash that was checked, which must be his still. */
  passwordHash?: string
}

/** More places nobody signs in from within weeks. */
const KNOWN_ADDRESSES_MAX = 1_000

const hashOf = (refreshToken: string): string =>
  createHash('sha256').update(refreshToken).digest('hex')

const newToken = (): string => randomBytes(32).toString('base64url')
const endAt = (nowMs: number): Date => new Date(nowMs + REFRESH_TOKEN_SECONDS * 1_000)

/** Opens a sign-in; null when the user is disabled, or his password is another by now. */
export async function insertSignIn(
  tx: Transaction,
  { userId, method, address, userAgent, passwordHash }: NewSignIn,
  nowMs: number,
): Promise<SignIn | null> {
  const sid = randomUUID()
  const refreshToken = newToken()
  const at = new Date(nowMs)
  // The lock lets nobody disable him, or change his password, in between, and leave a sign-in behind.
  const [user] = await tx<{ role: Role }[]>`
    SELECT role FROM users WHERE id = ${userId} AND disabled_at IS NULL
      ${passwordHash === undefined ? tx`` : tx`AND password_hash = ${passwordHash}`}
    FOR SHARE`
  if (!user) return null
  await tx`
    INSERT INTO auth_sessions (id, user_id, method, address, user_agent, created_at, expires_at)
    VALUES (${sid}, ${userId}, ${method}, ${address}, ${userAgent}, ${at}, ${endAt(nowMs)})`
  await insertToken(tx, { sid, refreshToken }, nowMs)
  return { sid, userId, role: user.role, refreshToken }
}

/** `reused`: the token was exchanged before, and its sign-in was ended for it just now. */
export type Renewal =
  | { kind: 'renewed'; signIn: SignIn }
  | { kind: 'reused'; sid: string; userId: string }
  | { kind: 'refused' }

/** Whether there is anything left to renew, or to end: what is not ours costs no transaction. */
export async function isFamilyAlive(
  sql: Sql,
  refreshToken: string,
  nowMs: number,
): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM refresh_tokens t JOIN auth_sessions s ON s.id = t.session_id
    WHERE t.token_sha256 = ${hashOf(refreshToken)} AND s.revoked_at IS NULL
      AND s.expires_at > ${new Date(nowMs)}`
  return rows.length > 0
}

/** Exchanges a refresh token for its successor, once. */
export async function renewSignIn(
  tx: Transaction,
  refreshToken: string,
  nowMs: number,
): Promise<Renewal> {
  const signIn = await exchangeToken(tx, refreshToken, nowMs)
  if (signIn) return { kind: 'renewed', signIn }
  const reused = await endReused(tx, refreshToken, nowMs)
  return reused ? { kind: 'reused', ...reused } : { kind: 'refused' }
}

async function exchangeToken(
  tx: Transaction,
  refreshToken: string,
  nowMs: number,
): Promise<SignIn | null> {
  const at = new Date(nowMs)
  // Of many at once one finds `used_at` empty: the others wait for its row, and look again.
  const [token] = await tx<{ session_id: string }[]>`
    UPDATE refresh_tokens t SET used_at = ${at}
    FROM auth_sessions s JOIN users u ON u.id = s.user_id
    WHERE t.token_sha256 = ${hashOf(refreshToken)} AND t.used_at IS NULL AND t.expires_at > ${at}
      AND s.id = t.session_id AND s.revoked_at IS NULL AND s.expires_at > ${at}
      AND u.disabled_at IS NULL
    RETURNING t.session_id`
  if (!token) return null
  const [row] = await tx<{ user_id: string; role: Role }[]>`
    UPDATE auth_sessions s SET last_used_at = ${at}, expires_at = ${endAt(nowMs)}
    FROM users u
    WHERE s.id = ${token.session_id} AND s.revoked_at IS NULL AND u.id = s.user_id
    RETURNING s.user_id, u.role`
  // It was ended since the statement before.
  if (!row) return null
  const next = { sid: token.session_id, refreshToken: newToken() }
  await insertToken(tx, next, nowMs)
  return { ...next, userId: row.user_id, role: row.role }
}

/** Ends the sign-in of a token that was exchanged before; null when there is nothing to end. */
async function endReused(
  tx: Transaction,
  refreshToken: string,
  nowMs: number,
): Promise<{ sid: string; userId: string } | null> {
  const [row] = await tx<{ sid: string; user_id: string }[]>`
    UPDATE auth_sessions s SET revoked_at = ${new Date(nowMs)}, revoked_reason = 'reuse'
    FROM refresh_tokens t
    WHERE t.token_sha256 = ${hashOf(refreshToken)} AND t.used_at IS NOT NULL
      AND s.id = t.session_id AND s.revoked_at IS NULL
    RETURNING s.id AS sid, s.user_id`
  return row ? { sid: row.sid, userId: row.user_id } : null
}

async function insertToken(
  tx: Transaction,
  { sid, refreshToken }: { sid: string; refreshToken: string },
  nowMs: number,
): Promise<void> {
  await tx`
    INSERT INTO refresh_tokens (token_sha256, session_id, issued_at, expires_at)
    VALUES (${hashOf(refreshToken)}, ${sid}, ${new Date(nowMs)}, ${endAt(nowMs)})`
}

/** The sign-in a refresh token belongs to, used or not; null for an unknown token. */
export async function findSignIn(
  sql: Sql,
  refreshToken: string,
): Promise<{ sid: string; userId: string } | null> {
  const [row] = await sql<{ sid: string; user_id: string }[]>`
    SELECT s.id AS sid, s.user_id FROM refresh_tokens t JOIN auth_sessions s ON s.id = t.session_id
    WHERE t.token_sha256 = ${hashOf(refreshToken)}`
  return row ? { sid: row.sid, userId: row.user_id } : null
}

/** Which sign-ins of a user to end: one, all others, or all. */
export type Which = { only: string } | { except: string } | 'all'

/** Ends sign-ins of a user; answers those that were still open. */
export async function endSignIns(
  sql: Sql | Transaction,
  { userId, which, reason }: { userId: string; which: Which; reason: EndReason },
  nowMs: number,
): Promise<string[]> {
  const only = typeof which === 'object' && 'only' in which ? which.only : null
  const except = typeof which === 'object' && 'except' in which ? which.except : null
  const rows = await sql<{ id: string }[]>`
    UPDATE auth_sessions SET revoked_at = ${new Date(nowMs)}, revoked_reason = ${reason}
    WHERE user_id = ${userId} AND revoked_at IS NULL
      AND (${only}::uuid IS NULL OR id = ${only}) AND (${except}::uuid IS NULL OR id <> ${except})
    RETURNING id`
  return rows.map(({ id }) => id)
}

/** Ends sign-ins by their ids alone, as signed out; answers those that were still open. */
export async function endSignedOut(
  tx: Transaction,
  sids: readonly string[],
  nowMs: number,
): Promise<{ sid: string; userId: string }[]> {
  const rows = await tx<{ id: string; user_id: string }[]>`
    UPDATE auth_sessions SET revoked_at = ${new Date(nowMs)}, revoked_reason = 'signed_out'
    WHERE id = ANY(${[...sids]}::uuid[]) AND revoked_at IS NULL RETURNING id, user_id`
  return rows.map(({ id, user_id }) => ({ sid: id, userId: user_id }))
}

export async function isOwnSignIn(sql: Sql, userId: string, sid: string): Promise<boolean> {
  const rows = await sql`SELECT 1 FROM auth_sessions WHERE id = ${sid} AND user_id = ${userId}`
  return rows.length > 0
}

type SessionRow = {
  id: string
  method: string
  address: string | null
  user_agent: string | null
  created_at: Date
  last_used_at: Date | null
  expires_at: Date
}

/** The sign-ins that are open, the newest first; `sid` is the one that asks. */
export async function listSessions(
  sql: Sql,
  { userId, sid }: { userId: string; sid: string },
  nowMs: number,
): Promise<Session[]> {
  const rows = await sql<SessionRow[]>`
    SELECT id, method, address, user_agent, created_at, last_used_at, expires_at
    FROM auth_sessions
    WHERE user_id = ${userId} AND revoked_at IS NULL AND expires_at > ${new Date(nowMs)}
    ORDER BY created_at DESC, id LIMIT ${SESSIONS_MAX}`
  return rows.map(({ id, method, address, user_agent, created_at, last_used_at, expires_at }) => ({
    session_id: id,
    ...{ method, address, user_agent },
    created_at: created_at.toISOString(),
    last_used_at: last_used_at?.toISOString() ?? null,
    expires_at: expires_at.toISOString(),
    current: id === sid,
  }))
}

/** Where this account was signed in to from since then, each address once. */
export async function listKnownAddresses(
  sql: Sql,
  username: string,
  sinceMs: number,
): Promise<string[]> {
  if (username.includes('\0')) return []
  const rows = await sql<{ address: string }[]>`
    SELECT DISTINCT s.address FROM auth_sessions s JOIN users u ON u.id = s.user_id
    WHERE lower(u.username) = lower(${username}) AND s.address IS NOT NULL
      AND s.created_at > ${new Date(sinceMs)}
    LIMIT ${KNOWN_ADDRESSES_MAX}`
  return rows.map(({ address }) => address)
}
