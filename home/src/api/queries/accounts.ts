// Users, their wallets and their passwords.

import { randomUUID } from 'node:crypto'
import type { Role } from '@motu/shared/access-token.ts'
import type { Profile, User } from '@motu/shared/contract/auth.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql, Transaction } from '../../db/connect.ts'

const UNIQUE_VIOLATION = '23505'

type UserRow = {
  id: string
  username: string
  nickname: string
  role: Role
  password_hash: string | null
}

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
  /** Null: he signs in by passkey or elsewhere only. */
  passwordHash: string | null
  startingCashKrw: string
}

/**
 * A user with a wallet, the grant that fills it and its first worth, in one transaction with what `alongside` writes
 * of him.
 */
export async function insertUser(
  sql: Sql,
  user: NewUser,
  nowMs: number,
  alongside: (tx: Transaction, made: User) => Promise<void>,
): Promise<User> {
  try {
    return await sql.begin(async (tx) => {
      const made = await writeUser(tx, user, nowMs)
      await alongside(tx, made)
      return made
    })
  } catch (error) {
    if (!isUsernameTaken(error)) throw error
    throw new DomainError('username-taken', {
      detail: `The user name ${user.username} is taken: choose another.`,
      errors: [{ pointer: '#/username', detail: 'is taken' }],
    })
  }
}

/** The rows of a new user; whoever owns the transaction learns that the name is taken. */
export async function writeUser(tx: Transaction, user: NewUser, nowMs: number): Promise<User> {
  const id = randomUUID()
  const partition = partitionOf(id)
  const at = new Date(nowMs)
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
  await tx`
    INSERT INTO net_worth_points (partition, user_id, at, net_worth_krw, deposited_krw, keep)
    VALUES (${partition}, ${id}, ${at}, ${user.startingCashKrw}, ${user.startingCashKrw}, 2)`
  return userView(row!)
}

export function isUsernameTaken(error: unknown): boolean {
  const { code, constraint_name } = error as { code?: string; constraint_name?: string }
  return code === UNIQUE_VIOLATION && constraint_name === 'users_username'
}

export async function findUserByName(
  sql: Sql,
  username: string,
): Promise<(User & { passwordHash: string | null }) | null> {
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

/** Who somebody is, for himself. */
export async function findProfile(sql: Sql, userId: string): Promise<Profile | null> {
  const [row] = await sql<(UserRow & { created_at: Date })[]>`
    SELECT id, username, nickname, role, password_hash, created_at FROM users
    WHERE id = ${userId} AND disabled_at IS NULL`
  if (!row) return null
  const { password_hash, created_at } = row
  return {
    ...userView(row),
    has_password: password_hash !== null,
    created_at: created_at.toISOString(),
  }
}

/** The hash of a user's password, null when he has none; undefined for nobody. */
export async function findPasswordHash(
  sql: Sql,
  userId: string,
): Promise<string | null | undefined> {
  const [row] = await sql<{ password_hash: string | null }[]>`
    SELECT password_hash FROM users WHERE id = ${userId} AND disabled_at IS NULL`
  return row?.password_hash
}

/** Sets a password where the old one is still the one that was checked; false when it is not. */
export async function replacePassword(
  tx: Transaction,
  { userId, oldHash, newHash }: { userId: string; oldHash: string | null; newHash: string },
): Promise<boolean> {
  const rows = await tx`
    UPDATE users SET password_hash = ${newHash}
    WHERE id = ${userId} AND password_hash IS NOT DISTINCT FROM ${oldHash} AND disabled_at IS NULL
    RETURNING 1`
  return rows.length > 0
}

export async function renameUser(
  tx: Transaction,
  { userId, nickname }: { userId: string; nickname: string },
): Promise<void> {
  await tx`UPDATE users SET nickname = ${nickname} WHERE id = ${userId}`
}
