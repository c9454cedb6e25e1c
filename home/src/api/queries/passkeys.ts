// Passkeys: their public keys, and what they last counted.

import { type Passkey, PASSKEYS_MAX } from '@motu/shared/contract/passkeys.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import { lockWaysIn } from './ways-in.ts'

type PasskeyRow = { id: string; name: string; createdAt: Date; lastUsedAt: Date | null }

const viewOf = ({ id, name, createdAt, lastUsedAt }: PasskeyRow): Passkey => ({
  ...{ passkey_id: id, name },
  created_at: createdAt.toISOString(),
  last_used_at: lastUsedAt?.toISOString() ?? null,
})

/** Whom a passkey is made for, and the ones he has. */
export async function findPasskeyOwner(
  sql: Sql,
  userId: string,
): Promise<{
  owner: { userId: string; username: string; nickname: string }
  known: { id: string; transports: string[] }[]
} | null> {
  const [owner] = await sql<{ userId: string; username: string; nickname: string }[]>`
    SELECT id AS "userId", username, nickname FROM users
    WHERE id = ${userId} AND disabled_at IS NULL`
  if (!owner) return null
  const known = await sql<{ id: string; transports: string[] }[]>`
    SELECT id, transports FROM passkeys WHERE user_id = ${userId}`
  return { owner, known: [...known] }
}

export async function listPasskeys(sql: Sql, userId: string): Promise<Passkey[]> {
  const rows = await sql<PasskeyRow[]>`
    SELECT id, name, created_at AS "createdAt", last_used_at AS "lastUsedAt" FROM passkeys
    WHERE user_id = ${userId} ORDER BY created_at, id`
  return rows.map(viewOf)
}

type NewPasskey = {
  userId: string
  name: string
  key: { id: string; publicKey: Uint8Array; counter: number; transports: readonly string[] }
}

export async function insertPasskey(
  tx: Transaction,
  { userId, name, key }: NewPasskey,
  nowMs: number,
): Promise<Passkey> {
  // Two that are added at once count each other.
  await tx`SELECT 1 FROM users WHERE id = ${userId} FOR NO KEY UPDATE`
  const [{ count } = { count: 0 }] = await tx<{ count: number }[]>`
    SELECT count(*)::int AS count FROM passkeys WHERE user_id = ${userId}`
  if (count >= PASSKEYS_MAX) {
    throw new DomainError('invalid-request', {
      detail: `An account has at most ${PASSKEYS_MAX} passkeys: remove one first.`,
    })
  }
  const [row] = await tx<PasskeyRow[]>`
    INSERT INTO passkeys (id, user_id, name, public_key, counter, transports, created_at)
    VALUES (${key.id}, ${userId}, ${name}, ${Buffer.from(key.publicKey)}, ${key.counter},
      ${[...key.transports]}, ${new Date(nowMs)})
    ON CONFLICT DO NOTHING
    RETURNING id, name, created_at AS "createdAt", last_used_at AS "lastUsedAt"`
  if (!row) throw new DomainError('way-in-taken')
  return viewOf(row)
}

export type KnownPasskey = {
  id: string
  name: string
  userId: string
  publicKey: Buffer
  transports: string[]
}

/** Whether its user may come in is asked when his sign-in is opened. */
export async function findPasskey(sql: Sql, id: string): Promise<KnownPasskey | null> {
  const [row] = await sql<KnownPasskey[]>`
    SELECT id, name, user_id AS "userId", public_key AS "publicKey", transports
    FROM passkeys WHERE id = ${id}`
  return row ?? null
}

/**
 * Notes a use. False when its counter did not go on, and so somebody has a copy; those that do not
 * count at all always say zero.
 */
export async function countUse(
  sql: Sql,
  { id, counter }: { id: string; counter: number },
  nowMs: number,
): Promise<boolean> {
  const rows = await sql`
    UPDATE passkeys SET counter = ${counter}, last_used_at = ${new Date(nowMs)}
    WHERE id = ${id} AND (counter < ${counter} OR (counter = 0 AND ${counter} = 0))
    RETURNING 1`
  return rows.length > 0
}

/** Removes a passkey, unless nothing else would be left; `providers` are those that work. */
export async function deletePasskey(
  tx: Transaction,
  { userId, id }: { userId: string; id: string },
  providers: readonly string[],
): Promise<void> {
  const ways = await lockWaysIn(tx, userId, providers)
  const [row] = await tx`
    DELETE FROM passkeys WHERE id = ${id} AND user_id = ${userId} RETURNING 1`
  if (!row) throw new DomainError('not-found', { detail: 'You have no such passkey.' })
  if (ways < 2) throw new DomainError('last-way-in')
}
