// Users as admins see and change them.

import type { Role } from '@motu/shared/access-token.ts'
import type { AdminUser, AdminUserList } from '@motu/shared/contract/admin.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import { invalidRequest } from '../problem.ts'

export type UserPage = {
  query?: string | undefined
  limit: number
  cursor?: string | undefined
}

type Row = {
  id: string
  username: string
  nickname: string
  role: Role
  created_at: Date
  disabled_at: Date | null
  last_sign_in_at: Date | null
  balance_krw: string
  held_krw: string
}

/** One page, by user name; the cursor is the last name of the page. */
export async function listUsers(sql: Sql, page: UserPage): Promise<AdminUserList> {
  const { query, limit } = page
  const after = page.cursor === undefined ? null : parseCursor(page.cursor)
  const wanted = query ? `%${query.replaceAll(/[\\%_]/g, '\\$&')}%` : null
  const rows = await sql<Row[]>`
    SELECT u.id, u.username, u.nickname, u.role, u.created_at, u.disabled_at, w.balance_krw,
      w.held_krw, (SELECT max(s.created_at) FROM auth_sessions s WHERE s.user_id = u.id)
        AS last_sign_in_at
    FROM users u JOIN wallets w ON w.partition = u.partition AND w.user_id = u.id
    WHERE true
      ${wanted === null ? sql`` : sql`AND (u.username ILIKE ${wanted} OR u.nickname ILIKE ${wanted})`}
      ${after === null ? sql`` : sql`AND lower(u.username) > ${after}`}
    ORDER BY lower(u.username) LIMIT ${limit + 1}`
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { users: shown.map(viewOf), next_cursor: last ? formatCursor(last.username) : null }
}

function viewOf(row: Row): AdminUser {
  return {
    user_id: row.id,
    username: row.username,
    nickname: row.nickname,
    role: row.role,
    created_at: row.created_at.toISOString(),
    disabled_at: row.disabled_at?.toISOString() ?? null,
    last_sign_in_at: row.last_sign_in_at?.toISOString() ?? null,
    balance_krw: formatDecimal(decimal(row.balance_krw)),
    held_krw: formatDecimal(decimal(row.held_krw)),
  }
}

const formatCursor = (username: string): string =>
  Buffer.from(username.toLowerCase()).toString('base64url')

function parseCursor(cursor: string): string {
  const username = Buffer.from(cursor, 'base64url').toString()
  if (formatCursor(username) === cursor && !username.includes('\0')) return username
  throw invalidRequest([{ path: ['cursor'], message: 'is none of ours' }])
}

/** Shuts a user out; false when he was already. His sign-ins and keys are the caller's to end. */
export async function disableUser(
  tx: Transaction,
  userId: string,
  nowMs: number,
): Promise<boolean> {
  await keepAnAdmin(tx, userId)
  const rows = await tx`
    UPDATE users SET disabled_at = ${new Date(nowMs)} WHERE id = ${userId} AND disabled_at IS NULL
    RETURNING 1`
  return rows.length > 0
}

/** Lets a user in again; false when he was not shut out. */
export async function enableUser(tx: Transaction, userId: string): Promise<boolean> {
  const rows = await tx`
    UPDATE users SET disabled_at = NULL WHERE id = ${userId} AND disabled_at IS NOT NULL
    RETURNING 1`
  if (rows.length === 0) await refuseUnknown(tx, userId)
  return rows.length > 0
}

/** Changes a role; false when he has it already. */
export async function changeRole(
  tx: Transaction,
  { userId, role }: { userId: string; role: Role },
): Promise<boolean> {
  if (role === 'USER') await keepAnAdmin(tx, userId)
  const rows = await tx`
    UPDATE users SET role = ${role} WHERE id = ${userId} AND role <> ${role} RETURNING 1`
  if (rows.length === 0) await refuseUnknown(tx, userId)
  return rows.length > 0
}

/**
 * Refuses what would leave nobody to let anyone in again. All active admins are locked, so that two
 * of them cannot undo each other at once.
 */
async function keepAnAdmin(tx: Transaction, userId: string): Promise<void> {
  await refuseUnknown(tx, userId)
  const admins = await tx<{ id: string }[]>`
    SELECT id FROM users WHERE role = 'ADMIN' AND disabled_at IS NULL
    ORDER BY id FOR NO KEY UPDATE`
  if (admins.length === 1 && admins[0]!.id === userId) {
    throw new DomainError('last-admin', { detail: 'Make someone else an admin first.' })
  }
}

/**
 * Holds a user against whoever else changes what he has so many of, or disables him: two requests at
 * once cannot both be the last that a limit allows.
 */
export async function lockUser(tx: Transaction, userId: string): Promise<void> {
  const rows = await tx`
    SELECT 1 FROM users WHERE id = ${userId} AND disabled_at IS NULL FOR NO KEY UPDATE`
  if (rows.length === 0) throw new DomainError('unauthenticated')
}

export async function refuseUnknown(tx: Transaction, userId: string): Promise<void> {
  const rows = await tx`SELECT 1 FROM users WHERE id = ${userId}`
  if (rows.length === 0) throw new DomainError('not-found', { detail: 'No user has this id.' })
}

export type AnyUser = {
  userId: string
  role: Role
  passwordHash: string | null
  isDisabled: boolean
}

/** A user by name, shut out or not. */
export async function findAnyUser(sql: Sql, username: string): Promise<AnyUser | null> {
  const [row] = await sql<
    { id: string; role: Role; password_hash: string | null; disabled_at: Date | null }[]
  >`
    SELECT id, role, password_hash, disabled_at FROM users WHERE lower(username) = lower(${username})`
  if (!row) return null
  const { id: userId, role, password_hash: passwordHash, disabled_at: disabledAt } = row
  return { userId, role, passwordHash, isDisabled: disabledAt !== null }
}

export async function setPasswordAndRole(
  tx: Transaction,
  { userId, role, hash }: { userId: string; role: Role; hash: string },
): Promise<void> {
  await tx`UPDATE users SET password_hash = ${hash}, role = ${role} WHERE id = ${userId}`
}
