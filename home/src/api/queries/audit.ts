// The audit log's rows: added, and read by admins. Nothing changes or removes one.

import type { AuditEntry, AuditList } from '@motu/shared/contract/admin.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type postgres from 'postgres'
import type { Sql, Transaction } from '../../db/connect.ts'

export type AuditRow = {
  action: string
  actorId: string | null
  actorVia: string | null
  target: string | null
  address: string | null
  requestId: string | null
  detail: Readonly<Record<string, postgres.JSONValue>>
}

/** Texts come from requests: Postgres refuses NUL, and nobody needs a novel. */
const TEXT_LENGTH_MAX = 200
const plain = (text: string | null): string | null =>
  text?.replaceAll('\0', '').slice(0, TEXT_LENGTH_MAX) ?? null

export async function insertAuditRow(
  sql: Sql | Transaction,
  row: AuditRow,
  nowMs: number,
): Promise<void> {
  await sql`
    INSERT INTO audit_log (at, action, actor_id, actor_via, target, address, request_id, detail)
    VALUES (${new Date(nowMs)}, ${row.action}, ${row.actorId}, ${plain(row.actorVia)},
      ${plain(row.target)}, ${plain(row.address)}, ${plain(row.requestId)},
      ${sql.json(row.detail)})`
}

export type AuditPage = {
  action?: string | undefined
  userId?: string | undefined
  limit: number
  cursor?: string | undefined
}

type Row = {
  id: bigint
  at: Date
  action: string
  actor_id: string | null
  actor_via: string | null
  target: string | null
  address: string | null
  request_id: string | null
  detail: Record<string, unknown>
}

/** One page, newest first; a user's entries are those he did and those done to him. */
export async function listAudit(sql: Sql, page: AuditPage): Promise<AuditList> {
  const { action, userId, limit } = page
  const before = page.cursor === undefined ? null : parseCursor(page.cursor)
  const rows = await sql<Row[]>`
    SELECT id, at, action, actor_id, actor_via, target, address, request_id, detail FROM audit_log
    WHERE true
      ${action === undefined ? sql`` : sql`AND action = ${action}`}
      ${userId === undefined ? sql`` : sql`AND (actor_id = ${userId} OR target = ${`user:${userId}`})`}
      ${before === null ? sql`` : sql`AND id < ${before}`}
    ORDER BY id DESC LIMIT ${limit + 1}`
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { entries: shown.map(entryOf), next_cursor: last ? last.id.toString() : null }
}

function entryOf({ id, at, ...row }: Row): AuditEntry {
  return { audit_id: id.toString(), at: at.toISOString(), ...row }
}

function parseCursor(cursor: string): string {
  if (/^\d{1,18}$/.test(cursor)) return cursor
  throw new DomainError('invalid-request', {
    detail: 'The cursor is none of ours.',
    errors: [{ pointer: '#/cursor', detail: 'is none of ours' }],
  })
}
