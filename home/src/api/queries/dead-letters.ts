// Messages that could not become orders, as the engine buried them.

import {
  DEAD_LETTER_BODY_SHOWN_MAX,
  type DeadLetter,
  type DeadLetterList,
} from '@motu/shared/contract/dead-letters.ts'
import type { Sql } from '../../db/connect.ts'
import { hideSecrets } from '../../log.ts'
import { invalidRequest } from '../problem.ts'

type Row = {
  id: bigint
  created_at: Date
  reason: string
  detail: string | null
  order_id: string | null
  user_id: string | null
  username: string | null
  body: string
}

/** One page, newest first; the cursor is the last id of the page. */
export async function listDeadLetters(
  sql: Sql,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<DeadLetterList> {
  const before = cursor === undefined ? null : parseCursor(cursor)
  const rows = await sql<Row[]>`
    SELECT d.id, d.created_at, d.reason, d.detail, d.order_id, d.user_id, u.username, d.body
    FROM dead_letters d LEFT JOIN users u ON u.id = d.user_id
    WHERE ${before === null ? sql`true` : sql`d.id < ${before}`}
    ORDER BY d.id DESC LIMIT ${limit + 1}`
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { dead_letters: shown.map(viewOf), next_cursor: last ? last.id.toString() : null }
}

/** An order's message holds no secret; what could not be read may hold anything. */
function viewOf({ id, created_at, body, detail, ...row }: Row): DeadLetter {
  const shown = hideSecrets(body)
  return {
    dead_letter_id: id.toString(),
    at: created_at.toISOString(),
    ...row,
    detail: detail === null ? null : hideSecrets(detail),
    body: shown.slice(0, DEAD_LETTER_BODY_SHOWN_MAX).toWellFormed(),
    is_cut: shown.length > DEAD_LETTER_BODY_SHOWN_MAX,
  }
}

function parseCursor(cursor: string): string {
  if (/^\d{1,18}$/.test(cursor)) return cursor
  throw invalidRequest([{ path: ['cursor'], message: 'is none of ours' }])
}
