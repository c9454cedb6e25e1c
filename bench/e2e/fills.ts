// What became of the orders of a load, told apart by what their client order ids begin with.

import type { Sql } from '../../home/src/db/connect.ts'

/** Accepted orders that are not stored yet, and any order that is not final. */
export async function countOpen(
  sql: Sql,
  prefix: string,
  orderIds: readonly string[],
): Promise<number> {
  const [row] = await sql<{ open: number; stored: number }[]>`
    SELECT (SELECT count(*) FROM open_orders)::int AS open,
      (SELECT count(*) FROM orders WHERE client_order_id LIKE ${`${prefix}%`})::int AS stored`
  return row!.open + Math.max(0, orderIds.length - row!.stored)
}

type FillTimes = {
  filled: number
  /** From the first one accepted to the last one told. */
  seconds: number
  /** From `accepted_at` to the FILLED event being written. */
  p50: number
  p99: number
  max: number
}

/** How long orders took to be filled. */
export async function fillTimes(sql: Sql, prefix: string): Promise<FillTimes> {
  // `created_at` of an event is taken as its transaction begins to write: the commit follows.
  const [times] = await sql<FillTimes[]>`
    WITH filled AS (
      SELECT o.accepted_at, e.created_at AS told_at,
        extract(epoch FROM e.created_at - o.accepted_at)::float8 * 1000 AS ms
      FROM outbox e JOIN orders o ON o.partition = e.partition AND o.user_id = e.user_id
        AND o.id = e.order_id
      WHERE e.status = 'FILLED' AND o.client_order_id LIKE ${`${prefix}%`})
    SELECT count(*)::int AS filled,
      extract(epoch FROM max(told_at) - min(accepted_at))::float8 AS seconds,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::float8 AS p50,
      percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::float8 AS p99,
      max(ms)::float8 AS max
    FROM filled`
  return times!
}
