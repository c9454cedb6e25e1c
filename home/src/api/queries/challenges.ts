// Questions under way: each is answered once, in time, or not at all.

import { createHash } from 'node:crypto'
import type postgres from 'postgres'
import type { Sql } from '../../db/connect.ts'

/** How many that nobody answered are cleared away with each new one. */
const CLEARED_AT_ONCE = 10

export type ChallengeKind = 'oidc' | 'passkey-registration' | 'passkey-sign-in' | 'channel-link'
export type Challenge<T> = { userId: string | null; detail: T }

type NewChallenge = {
  kind: ChallengeKind
  /** What comes back with the answer. Only its hash is stored: reading the table opens nothing. */
  secret: string
  userId?: string
  detail?: postgres.JSONValue
  lifetimeMs: number
}

const idOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

export async function insertChallenge(sql: Sql, given: NewChallenge, nowMs: number): Promise<void> {
  const { kind, secret, userId = null, detail = {}, lifetimeMs } = given
  await sql`
    WITH old AS (
      DELETE FROM challenges WHERE id IN (
        SELECT id FROM challenges WHERE expires_at <= ${new Date(nowMs)}
        LIMIT ${CLEARED_AT_ONCE} FOR UPDATE SKIP LOCKED))
    INSERT INTO challenges (id, kind, user_id, detail, expires_at)
    VALUES (${idOf(secret)}, ${kind}, ${userId}, ${sql.json(detail)},
      ${new Date(nowMs + lifetimeMs)})`
}

/** Takes back what a user was given of a kind, so that only what he is given next counts. */
export async function dropChallenges(
  sql: Sql,
  { kind, userId }: { kind: ChallengeKind; userId: string },
): Promise<void> {
  await sql`DELETE FROM challenges WHERE kind = ${kind} AND user_id = ${userId}`
}

/**
 * Takes the question an answer belongs to, so that no second answer finds it; null: there is none.
 * With a user, only what he was asked: nobody uses up the question of another.
 */
export async function takeChallenge<T>(
  sql: Sql,
  { kind, secret, userId }: Pick<NewChallenge, 'kind' | 'secret' | 'userId'>,
  nowMs: number,
): Promise<Challenge<T> | null> {
  const onlyHis = userId ?? null
  const [row] = await sql<{ userId: string | null; detail: T }[]>`
    DELETE FROM challenges
    WHERE id = ${idOf(secret)} AND kind = ${kind} AND expires_at > ${new Date(nowMs)}
      AND (${onlyHis}::uuid IS NULL OR user_id = ${onlyHis})
    RETURNING user_id AS "userId", detail`
  return row ?? null
}
