// API keys: found by their public id, told from others by the hash of the whole text.

import { timingSafeEqual } from 'node:crypto'
import { parseApiKey, secretHash } from '@motu/shared/api-key.ts'
import type { Role } from '@motu/shared/access-token.ts'
import type { Principal, Scope } from '@motu/shared/contract/access.ts'
import type { Sql } from '../../db/connect.ts'
import { isWithin } from '../networks.ts'

/** A key that is good at this moment. */
export type LiveKey = {
  principal: Principal
  scopes: Scope[]
  networks: string[]
  quotaPerMinute: number
  expiresAt: Date | null
}

/** What a text stands for when it is used from an address; null when nothing, or not from there. */
export async function verifyApiKey(
  sql: Sql,
  text: string,
  { address, nowMs }: { address: string; nowMs: number },
): Promise<LiveKey | null> {
  const parts = parseApiKey(text)
  if (!parts) return null
  const key = await findLiveKey(sql, { keyId: parts.keyId, hash: secretHash(text) }, nowMs)
  if (!key) return null
  return key.networks.length === 0 || isWithin(address, key.networks) ? key : null
}

type LiveRow = {
  user_id: string
  role: Role
  secret_sha256: string
  scopes: Scope[]
  allowed_networks: string[]
  quota_per_minute: number
  expires_at: Date | null
}

/** The key with this id and hash, if it and its owner are good now. */
export async function findLiveKey(
  sql: Sql,
  { keyId, hash }: { keyId: string; hash: string },
  nowMs: number,
): Promise<LiveKey | null> {
  const [row] = await sql<LiveRow[]>`
    SELECT k.user_id, u.role, k.secret_sha256, k.scopes, k.allowed_networks, k.quota_per_minute,
      k.expires_at
    FROM api_keys k JOIN users u ON u.id = k.user_id
    WHERE k.id = ${keyId} AND k.is_active AND u.disabled_at IS NULL
      AND (k.expires_at IS NULL OR k.expires_at > ${new Date(nowMs)})`
  if (!row || !isEqual(row.secret_sha256, hash)) return null
  const { user_id: userId, role, scopes } = row
  return {
    principal: { userId, role, via: { kind: 'key', keyId, scopes } },
    scopes,
    networks: row.allowed_networks,
    quotaPerMinute: row.quota_per_minute,
    expiresAt: row.expires_at,
  }
}

/** In constant time, so that no answer's delay tells how much of a guess was right. */
function isEqual(kept: string, shown: string): boolean {
  return kept.length === shown.length && timingSafeEqual(Buffer.from(kept), Buffer.from(shown))
}

/** Where a key was used last, of all that a report tells of it. */
export type LastUse = { keyId: string; address: string; atMs: number }

/** Notes last uses, each key once; what is older than what is known already changes nothing. */
export async function noteLastUses(sql: Sql, uses: readonly LastUse[]): Promise<void> {
  if (uses.length === 0) return
  const rows = uses.map(({ keyId, address, atMs }) => [
    keyId,
    address,
    new Date(atMs).toISOString(),
  ])
  await sql`
    UPDATE api_keys k SET last_used_at = u.at::timestamptz, last_used_address = u.address
    FROM (VALUES ${sql(rows)}) AS u (id, address, at)
    WHERE k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.at::timestamptz)`
}

/** What the suspicion rules need to know of a key. */
export type WatchedKey = { keyId: string; userId: string; name: string; quotaPerMinute: number }

/** Of these ids those of keys that are active. */
export async function findWatchedKeys(sql: Sql, keyIds: readonly string[]): Promise<WatchedKey[]> {
  if (keyIds.length === 0) return []
  const rows = await sql<{ id: string; user_id: string; name: string; quota_per_minute: number }[]>`
    SELECT id, user_id, name, quota_per_minute FROM api_keys
    WHERE id IN ${sql(keyIds)} AND is_active`
  return rows.map(({ id, user_id, name, quota_per_minute }) => ({
    ...{ keyId: id, userId: user_id, name, quotaPerMinute: quota_per_minute },
  }))
}

/** Ends the keys whose date or grace is over, in their rows too; answers which. */
export async function endExpiredKeys(sql: Sql, nowMs: number): Promise<string[]> {
  const at = new Date(nowMs)
  const rows = await sql<{ id: string }[]>`
    UPDATE api_keys SET is_active = false, revoked_at = ${at},
      revoked_reason = CASE WHEN replaced_by IS NULL THEN 'expired' ELSE 'rotated' END
    WHERE is_active AND expires_at <= ${at} RETURNING id`
  return rows.map(({ id }) => id)
}
