// Writes down what happened, once by its id.

import { columnsOf, quoted } from '../db/column.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import type { AnyNotification } from './notification.ts'

/** Answers how many of them were new. */
export async function writeNotifications(
  sql: Sql | Transaction,
  found: readonly AnyNotification[],
  nowMs: number,
): Promise<number> {
  if (found.length === 0) return 0
  const column = columnsOf(found)
  const { count } = await sql`
    INSERT INTO notifications (event_id, kind, user_id, ticker_id, values, simulated, occurred_at,
      found_at)
    SELECT *, ${new Date(nowMs)}::timestamptz FROM unnest(
      ${column(({ eventId }) => quoted(eventId))}::text[],
      ${column(({ kind }) => kind)}::text[],
      ${column(({ userId }) => userId)}::uuid[],
      ${column(({ tickerId }) => (tickerId === null ? null : quoted(tickerId)))}::text[],
      ${column(({ values }) => quoted(JSON.stringify(values)))}::json[],
      ${column(({ simulated }) => simulated)}::boolean[],
      ${column(({ occurredAtMs }) => new Date(occurredAtMs).toISOString())}::timestamptz[]
    )
    ON CONFLICT (event_id) DO NOTHING`
  return count
}
