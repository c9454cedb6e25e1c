// Who does not want to be told of in public. Whatever Motu says where others read it asks here first.

import { columnsOf } from './column.ts'
import type { Sql, Transaction } from './connect.ts'

/** Of these users, those of whom nothing public may tell. */
export async function hiddenAmong(
  sql: Sql | Transaction,
  userIds: readonly string[],
): Promise<Set<string>> {
  if (userIds.length === 0) return new Set()
  const column = columnsOf(userIds)
  const rows = await sql<{ user_id: string }[]>`
    SELECT user_id FROM notification_settings
    WHERE hidden_from_public AND user_id = ANY(${column((id) => id)}::uuid[])`
  return new Set(rows.map((row) => row.user_id))
}
