// What a user is told about his account.

import { randomUUID } from 'node:crypto'
import { type Notice, NOTICES_MAX, type NoticeKind } from '@motu/shared/contract/sessions.ts'
import type { Sql, Transaction } from '../../db/connect.ts'

/** `detail` is shown to him: nothing secret is in it. */
export type NewNotice = {
  userId: string
  kind: NoticeKind
  detail: Record<string, string | number | null>
}

export async function insertNotice(
  sql: Sql | Transaction,
  { userId, kind, detail }: NewNotice,
  nowMs: number,
): Promise<void> {
  await sql`
    INSERT INTO notices (id, user_id, kind, detail, created_at)
    VALUES (${randomUUID()}, ${userId}, ${kind}, ${sql.json(detail)}, ${new Date(nowMs)})`
}

type NoticeRow = {
  id: string
  kind: NoticeKind
  detail: Record<string, unknown>
  created_at: Date
  read_at: Date | null
}

/** The newest first. */
export async function listNotices(sql: Sql, userId: string): Promise<Notice[]> {
  const rows = await sql<NoticeRow[]>`
    SELECT id, kind, detail, created_at, read_at FROM notices
    WHERE user_id = ${userId} ORDER BY created_at DESC, id LIMIT ${NOTICES_MAX}`
  return rows.map(({ id, kind, detail, created_at, read_at }) => ({
    notice_id: id,
    ...{ kind, detail },
    created_at: created_at.toISOString(),
    read_at: read_at?.toISOString() ?? null,
  }))
}

/** Notes when he read it first; false when he has no such notice. */
export async function markNoticeRead(
  sql: Sql,
  { userId, noticeId }: { userId: string; noticeId: string },
  nowMs: number,
): Promise<boolean> {
  const rows = await sql`
    UPDATE notices SET read_at = coalesce(read_at, ${new Date(nowMs)})
    WHERE user_id = ${userId} AND id = ${noticeId} RETURNING 1`
  return rows.length > 0
}
