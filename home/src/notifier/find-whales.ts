// Finds the orders that moved much money, among events of the outbox.

import { SIDE_WORDS } from '@motu/shared/message-template.ts'
import { columnsOf } from '../db/column.ts'
import type { Sql } from '../db/connect.ts'
import type { OutboxEvent } from '../db/outbox.ts'
import type { Notification } from './notification.ts'

/**
 * Of every order whose fills, added up, crossed the threshold the event that crossed it: an order is
 * told once.
 */
export async function whalesAmong(
  sql: Sql,
  events: readonly OutboxEvent[],
  thresholdKrw: string,
): Promise<Notification[]> {
  const trades = events.filter(({ newFills }) => newFills > 0)
  if (trades.length === 0) return []
  const column = columnsOf(trades)
  const rows = await sql<
    {
      order_id: string
      user_id: string
      nickname: string
      ticker_id: string
      side: 'BUY' | 'SELL'
      price: string
      quantity: string
      notional: string
      simulated: boolean
      filled_at: Date
    }[]
  >`
    WITH event AS (
      SELECT * FROM unnest(
        ${column(({ order }) => order.order_id)}::uuid[],
        ${column(({ user_id }) => user_id)}::uuid[],
        ${column(({ fillCount }) => fillCount)}::smallint[],
        ${column(({ newFills }) => newFills)}::smallint[]
      ) AS e(order_id, user_id, fill_count, new_fills)
    )
    SELECT e.order_id, e.user_id, u.nickname, f.*
    FROM event e JOIN users u ON u.id = e.user_id
    CROSS JOIN LATERAL (
      SELECT min(f.ticker_id) AS ticker_id, min(f.side) AS side, max(f.filled_at) AS filled_at,
        sum(f.quantity) AS quantity, sum(f.notional_krw) AS notional,
        trunc(sum(f.price * f.quantity) / sum(f.quantity), 8) AS price,
        bool_or(coalesce((f.evidence->'event'->>'simulated')::boolean, true)) AS simulated,
        coalesce(sum(f.notional_krw) FILTER (WHERE f.fill_no <= e.fill_count - e.new_fills), 0)
          AS notional_before
      FROM fills f
      WHERE f.partition = u.partition AND f.user_id = e.user_id AND f.order_id = e.order_id
        AND f.fill_no <= e.fill_count
    ) f
    WHERE f.notional >= ${thresholdKrw}::numeric AND f.notional_before < ${thresholdKrw}::numeric`
  return rows.map((row) => ({
    eventId: `whale:${row.order_id}`,
    kind: 'whale_trade',
    userId: row.user_id,
    tickerId: row.ticker_id,
    values: {
      nickname: row.nickname,
      ticker: row.ticker_id,
      side: SIDE_WORDS[row.side],
      price: row.price,
      quantity: row.quantity,
      notional: row.notional,
    },
    simulated: row.simulated,
    occurredAtMs: row.filled_at.getTime(),
  }))
}
