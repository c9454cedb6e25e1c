// Accounts elsewhere and the users they open. An account is its provider and its subject there; an
// email address is never looked at: whoever gets hold of one would get hold of its user.

import type { Identities } from '@motu/shared/contract/oidc.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import { lockWaysIn } from './ways-in.ts'

export type Identity = { provider: string; subject: string }

/** The user an account opens, whether or not he may come in; null when it opens none. */
export async function findUserByIdentity(
  sql: Sql,
  { provider, subject }: Identity,
): Promise<string | null> {
  const [row] = await sql<{ userId: string }[]>`
    SELECT user_id AS "userId" FROM oidc_identities
    WHERE provider = ${provider} AND subject = ${subject}`
  return row?.userId ?? null
}

export type NewIdentity = Identity & { label: string }

/** Writes down that an account opens a user; `false` when it, or one like it, does already. */
export async function insertIdentity(
  tx: Transaction,
  { userId, identity }: { userId: string; identity: NewIdentity },
  nowMs: number,
): Promise<boolean> {
  const { provider, subject, label } = identity
  const rows = await tx`
    INSERT INTO oidc_identities (provider, subject, user_id, label, linked_at)
    VALUES (${provider}, ${subject}, ${userId}, ${label}, ${new Date(nowMs)})
    ON CONFLICT DO NOTHING RETURNING 1`
  return rows.length > 0
}

/** Takes over what the account is called by now; `false` when it is not this user's. */
export async function renameIdentity(
  tx: Transaction,
  { userId, identity }: { userId: string; identity: NewIdentity },
): Promise<boolean> {
  const { provider, subject, label } = identity
  const rows = await tx`
    UPDATE oidc_identities SET label = ${label}
    WHERE provider = ${provider} AND subject = ${subject} AND user_id = ${userId} RETURNING 1`
  return rows.length > 0
}

export async function listIdentities(sql: Sql, userId: string): Promise<Identities> {
  const rows = await sql<{ provider: string; label: string; linkedAt: Date }[]>`
    SELECT provider, label, linked_at AS "linkedAt" FROM oidc_identities
    WHERE user_id = ${userId} ORDER BY linked_at, provider`
  return {
    identities: rows.map(({ provider, label, linkedAt }) => ({
      ...{ provider, label, linked_at: linkedAt.toISOString() },
    })),
  }
}

/** Unlinks an account, unless nothing else would be left; `providers` are those that work. */
export async function deleteIdentity(
  tx: Transaction,
  { userId, provider }: { userId: string; provider: string },
  providers: readonly string[],
): Promise<void> {
  const ways = await lockWaysIn(tx, userId, providers)
  const [row] = await tx`
    DELETE FROM oidc_identities WHERE user_id = ${userId} AND provider = ${provider} RETURNING 1`
  if (!row) throw new DomainError('not-found', { detail: 'No account of this provider is linked.' })
  const isWay = providers.includes(provider)
  if (ways - (isWay ? 1 : 0) < 1) throw new DomainError('last-way-in')
}
