// Users, their wallets and their sign-ins.

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { REFRESH_TOKEN_SECONDS, type Role } from '@motu/shared/access-token.ts'
import type { User } from '@motu/shared/contract/auth.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql } from '../../db/connect.ts'

const UNIQUE_VIOLATION = '23505'

type UserRow = { id: string; username: string; nickname: string; role: Role; password_hash: string }

const userView = (row: Omit<UserRow, 'password_hash'>): User => ({
  user_id: row.id,
  username: row.username,
  nickname: row.nickname,
  role: row.role,
})

export type NewUser = {
  username: string
  nickname: string
  role: Role
  passwordHash: string
  startingCashKrw: string
}

/** A user with a wallet and the grant that fills it, in one transaction. */
export async function insertUser(sql: Sql, user: NewUser, nowMs: number): Promise<User> {
  const id = randomUUID()
  const partition = partitionOf(id)
  const at = new Date(nowMs)
  try {
    return await sql.begin(async (tx) => {
      const [row] = await tx<UserRow[]>`
        INSERT INTO users (id, partition, username, nickname, role, password_hash, created_at)
        VALUES (${id}, ${partition}, ${user.username}, ${user.nickname}, ${user.role},
          ${user.passwordHash}, ${at})
        RETURNING id, username, nickname, role`
      await tx`
        INSERT INTO wallets (partition, user_id, balance_krw, last_updated)
        VALUES (${partition}, ${id}, ${user.startingCashKrw}, ${at})`
      await tx`
        INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
          credit_account, unit, amount, created_at)
        VALUES (${partition}, ${id}, ${id}, 0, 'grant', 'CASH', 'GRANT', 'KRW',
          ${user.startingCashKrw}, ${at})`
      return userView(row!)
    })
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error
    throw new DomainError('username-taken', {
      detail: `The user name ${user.username} is taken: choose another.`,
      errors: [{ pointer: '#/username', detail: 'is taken' }],
    })
  }
}

export async function findUserByName(
  sql: Sql,
  username: string,
): Promise<(User & { passwordHash: string }) | null> {
  // Postgres refuses NUL in text: nobody has such a name.
  if (username.includes('\0')) return null
  const [row] = await sql<UserRow[]>`
    SELECT id, username, nickname, role, password_hash FROM users
    WHERE lower(username) = lower(${username}) AND disabled_at IS NULL`
  return row ? { ...userView(row), passwordHash: row.password_hash } : null
}

export async function findUser(sql: Sql, userId: string): Promise<User | null> {
  const [row] = await sql<UserRow[]>`
    SELECT id, username, nickname, role FROM users WHERE id = ${userId} AND disabled_at IS NULL`
  return row ? userView(row) : null
}

const hashOf = (refreshToken: string): string =>
  createHash('sha256').update(refreshToken).digest('hex')

/** A sign-in and the secret that renews it. Only the secret's hash is stored. */
export type SignIn = { sid: string; userId: string; role: Role; refreshToken: string }

export async function insertSignIn(
  sql: Sql,
  user: { userId: string; role: Role },
  nowMs: number,
): Promise<SignIn> {
  const sid = randomUUID()
  const refreshToken = randomBytes(32).toString('base64url')
  await sql`
    INSERT INTO auth_sessions (id, user_id, refresh_hash, created_at, expires_at)
    VALUES (${sid}, ${user.userId}, ${hashOf(refreshToken)}, ${new Date(nowMs)},
      ${new Date(nowMs + REFRESH_TOKEN_SECONDS * 1000)})`
  return { ...user, sid, refreshToken }
}

/** Exchanges a refresh token for its successor, once; null when it is not (or no longer) good. */
export async function rotateSignIn(
  sql: Sql,
  refreshToken: string,
  nowMs: number,
): Promise<SignIn | null> {
  const next = randomBytes(32).toString('base64url')
  const [row] = await sql<{ id: string; user_id: string; role: Role }[]>`
    UPDATE auth_sessions s SET refresh_hash = ${hashOf(next)},
      expires_at = ${new Date(nowMs + REFRESH_TOKEN_SECONDS * 1000)}
    FROM users u
    WHERE s.refresh_hash = ${hashOf(refreshToken)} AND s.revoked_at IS NULL
      AND s.expires_at > ${new Date(nowMs)} AND u.id = s.user_id AND u.disabled_at IS NULL
    RETURNING s.id, s.user_id, u.role`
  return row ? { sid: row.id, userId: row.user_id, role: row.role, refreshToken: next } : null
}

export async function revokeSignIn(sql: Sql, sid: string, nowMs: number): Promise<void> {
  await sql`
    UPDATE auth_sessions SET revoked_at = ${new Date(nowMs)}
    WHERE id = ${sid} AND revoked_at IS NULL`
}
