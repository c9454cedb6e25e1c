// API keys as their owner changes them: made, replaced, revoked, listed.

import { keyPrefix } from '@motu/shared/api-key.ts'
import type { Scope } from '@motu/shared/contract/access.ts'
import { ACTIVE_KEYS_PER_USER_MAX, type ApiKeyView } from '@motu/shared/contract/api-keys.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import { lockUser } from './users.ts'

/** The newest that a list shows, revoked ones included. */
const LISTED_MAX = 500
/** Keys in their grace count too: nobody collects keys by rotating one again and again. */
const ACTIVE_WITH_GRACE_MAX = 2 * ACTIVE_KEYS_PER_USER_MAX

export type NewKey = {
  keyId: string
  hash: string
  userId: string
  name: string
  scopes: readonly Scope[]
  networks: readonly string[]
  quotaPerMinute: number
  expiresAt: Date | null
}

type KeyRow = {
  id: string
  user_id: string
  name: string
  scopes: Scope[]
  allowed_networks: string[]
  quota_per_minute: number
  is_active: boolean
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
  last_used_address: string | null
  revoked_at: Date | null
  revoked_reason: string | null
  replaced_by: string | null
}

const COLUMNS = [
  ...['id', 'user_id', 'name', 'scopes', 'allowed_networks', 'quota_per_minute', 'is_active'],
  ...['created_at', 'expires_at', 'last_used_at', 'last_used_address', 'revoked_at'],
  ...['revoked_reason', 'replaced_by'],
]

/** As its owner sees it: what has expired, or ended its grace, is not active either. */
function keyView(row: KeyRow, nowMs: number): ApiKeyView {
  const isOver = row.expires_at !== null && row.expires_at.getTime() <= nowMs
  return {
    api_key_id: row.id,
    name: row.name,
    prefix: keyPrefix(row.id),
    scopes: row.scopes,
    allowed_networks: row.allowed_networks,
    quota_per_minute: row.quota_per_minute,
    is_active: row.is_active && !isOver,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    last_used_address: row.last_used_address,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    revoked_reason: row.revoked_reason,
    replaced_by: row.replaced_by,
  }
}

export async function insertKey(tx: Transaction, key: NewKey, nowMs: number): Promise<ApiKeyView> {
  await lockUser(tx, key.userId)
  await refuseBeyond(tx, { userId: key.userId, max: ACTIVE_KEYS_PER_USER_MAX }, nowMs)
  return writeKey(tx, key, nowMs)
}

async function refuseBeyond(
  tx: Transaction,
  { userId, max }: { userId: string; max: number },
  nowMs: number,
): Promise<void> {
  const [row] = await tx<{ count: number }[]>`
    SELECT count(*)::int AS count FROM api_keys WHERE user_id = ${userId} AND is_active
      AND (expires_at IS NULL OR expires_at > ${new Date(nowMs)})`
  if (row!.count < max) return
  throw new DomainError('too-many-api-keys', {
    detail: `At most ${ACTIVE_KEYS_PER_USER_MAX} API keys may be active: revoke one first.`,
  })
}

async function writeKey(tx: Transaction, key: NewKey, nowMs: number): Promise<ApiKeyView> {
  const [row] = await tx<KeyRow[]>`
    INSERT INTO api_keys (id, user_id, name, secret_sha256, scopes, allowed_networks,
      quota_per_minute, created_at, expires_at)
    VALUES (${key.keyId}, ${key.userId}, ${key.name}, ${key.hash}, ${[...key.scopes]}::text[],
      ${[...key.networks]}::text[], ${key.quotaPerMinute}, ${new Date(nowMs)}, ${key.expiresAt})
    RETURNING ${tx(COLUMNS)}`
  return keyView(row!, nowMs)
}

export type Replacement = { userId: string; keyId: string; graceMs: number }
type NextKey = { keyId: string; hash: string }

/**
 * Puts a new key with the same settings in the place of one that is good and was not replaced yet;
 * null when there is none. The old one ends with its grace, or when it would have anyway.
 */
export async function replaceKey(
  tx: Transaction,
  { userId, keyId, graceMs }: Replacement,
  next: NextKey,
  nowMs: number,
): Promise<ApiKeyView | null> {
  await lockUser(tx, userId)
  const at = new Date(nowMs)
  const [old] = await tx<KeyRow[]>`
    SELECT ${tx(COLUMNS)} FROM api_keys
    WHERE id = ${keyId} AND user_id = ${userId} AND is_active AND replaced_by IS NULL
      AND (expires_at IS NULL OR expires_at > ${at}) FOR UPDATE`
  if (!old) return null
  if (graceMs === 0) {
    await tx`
      UPDATE api_keys SET replaced_by = ${next.keyId}, is_active = false, revoked_at = ${at},
        revoked_reason = 'rotated' WHERE id = ${keyId}`
  } else {
    await refuseBeyond(tx, { userId, max: ACTIVE_WITH_GRACE_MAX }, nowMs)
    await tx`
      UPDATE api_keys SET replaced_by = ${next.keyId},
        expires_at = least(expires_at, ${new Date(nowMs + graceMs)}) WHERE id = ${keyId}`
  }
  const { name, scopes, allowed_networks: networks, quota_per_minute: quotaPerMinute } = old
  const key = { ...next, userId, name, scopes, networks, quotaPerMinute, expiresAt: old.expires_at }
  return writeKey(tx, key, nowMs)
}

/** Revokes one key of a user, for good. `known`: it was revoked before. */
export async function revokeKey(
  sql: Sql | Transaction,
  { userId, keyId, reason }: { userId: string; keyId: string; reason: string },
  nowMs: number,
): Promise<'revoked' | 'known' | 'unknown'> {
  const changed = await sql`
    UPDATE api_keys SET is_active = false, revoked_at = ${new Date(nowMs)}, revoked_reason = ${reason}
    WHERE id = ${keyId} AND user_id = ${userId} AND is_active RETURNING 1`
  if (changed.length > 0) return 'revoked'
  const rows = await sql`SELECT 1 FROM api_keys WHERE id = ${keyId} AND user_id = ${userId}`
  return rows.length > 0 ? 'known' : 'unknown'
}

/** Revokes all that a user has; answers which. */
export async function revokeAllKeys(
  tx: Transaction,
  { userId, reason }: { userId: string; reason: string },
  nowMs: number,
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    UPDATE api_keys SET is_active = false, revoked_at = ${new Date(nowMs)}, revoked_reason = ${reason}
    WHERE user_id = ${userId} AND is_active RETURNING id`
  return rows.map(({ id }) => id)
}

/** The newest first. */
export async function listKeys(sql: Sql, userId: string, nowMs: number): Promise<ApiKeyView[]> {
  const rows = await sql<KeyRow[]>`
    SELECT ${sql(COLUMNS)} FROM api_keys WHERE user_id = ${userId}
    ORDER BY created_at DESC, id LIMIT ${LISTED_MAX}`
  return rows.map((row) => keyView(row, nowMs))
}
