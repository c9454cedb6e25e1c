// A user's watch lists. The id is the client's choice and part of a key that begins with the user: the
// same id of two users names two lists.

import { type WatchList, WATCH_LISTS_MAX } from '@motu/shared/contract/watch-lists.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql } from '../../db/connect.ts'
import { lockUser } from './users.ts'

type Row = { id: string; name: string; tickers: string[] }

const viewOf = ({ id, name, tickers }: Row): WatchList => ({ watch_list_id: id, name, tickers })

/** In the order they were made. */
export async function listWatchLists(sql: Sql, userId: string): Promise<WatchList[]> {
  const rows = await sql<Row[]>`
    SELECT id, name, tickers FROM watch_lists
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} ORDER BY created_at, id`
  return rows.map(viewOf)
}

/** Makes a list, or writes it anew; refuses one more than a user may have. */
export async function putWatchList(
  sql: Sql,
  userId: string,
  { watch_list_id: id, name, tickers }: WatchList,
  nowMs: number,
): Promise<WatchList> {
  const partition = partitionOf(userId)
  return sql.begin(async (tx) => {
    await lockUser(tx, userId)
    const [row] = await tx<Row[]>`
      INSERT INTO watch_lists (partition, user_id, id, name, tickers, created_at)
      VALUES (${partition}, ${userId}, ${id}, ${name}, ${tickers}::text[], ${new Date(nowMs)})
      ON CONFLICT (partition, user_id, id) DO UPDATE
        SET name = EXCLUDED.name, tickers = EXCLUDED.tickers
      RETURNING id, name, tickers`
    const [lists] = await tx<{ count: number }[]>`
      SELECT count(*)::int AS count FROM watch_lists
      WHERE partition = ${partition} AND user_id = ${userId}`
    if (lists!.count > WATCH_LISTS_MAX) {
      throw new DomainError('too-many-watch-lists', {
        detail: `There may be ${WATCH_LISTS_MAX} watch lists: delete one first.`,
      })
    }
    return viewOf(row!)
  })
}

/** False when he has no such list. */
export async function deleteWatchList(sql: Sql, userId: string, id: string): Promise<boolean> {
  const { count } = await sql`
    DELETE FROM watch_lists
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} AND id = ${id}`
  return count > 0
}
