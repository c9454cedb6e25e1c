// Finds the orders that moved much money, in the outbox: durable, in the order of the commits, each
// page together with the place it was read up to.

import { SIDE_WORDS } from '@motu/shared/message-template.ts'
import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import { columnsOf } from '../db/column.ts'
import type { Sql } from '../db/connect.ts'
import {
  AFTER_TRANSACTION,
  findPlace,
  oldestRunning,
  type OutboxEvent,
  readCommitted,
  writePlaces,
} from '../db/outbox.ts'
import type { Notification } from './notification.ts'
import { writeNotifications } from './write-notifications.ts'

const EVENTS_PER_READ = 500

/** From what notional, in KRW as a decimal text, an order is a whale's. */
export type WhaleOptions = { readonly sql: Sql; readonly thresholdKrw: string }

/**
 * Writes down every order whose fills, added up, have crossed the threshold since the last look: once
 * per order, by the event that crossed it. Who looks for the first time begins now: nobody wants to
 * read of last week's whales. Answers how many are new.
 */
export async function findWhales(options: WhaleOptions, nowMs: number): Promise<number> {
  let written = 0
  for (let partition = 0; partition < PARTITION_COUNT; partition += 1) {
    for (let isWhole = false; !isWhole;) {
      const page = await readPage(options, partition, nowMs)
      isWhole = page.isWhole
      written += page.written
    }
  }
  return written
}

async function readPage(
  { sql, thresholdKrw }: WhaleOptions,
  partition: number,
  nowMs: number,
): Promise<{ written: number; isWhole: boolean }> {
  const before = await oldestRunning(sql)
  const after = await findPlace(sql, 'notifier', partition)
  if (after === null) {
    const beginning = { xid: String(before - 1n), id: AFTER_TRANSACTION }
    await writePlaces(sql, new Map([[partition, beginning]]), 'notifier')
    return { written: 0, isWhole: true }
  }
  const events = await readCommitted(sql, partition, { after, before, limit: EVENTS_PER_READ })
  const last = events.at(-1)
  if (!last) return { written: 0, isWhole: true }
  const whales = await whalesAmong(sql, events, thresholdKrw)
  const written = await sql.begin(async (tx) => {
    const count = await writeNotifications(tx, whales, nowMs)
    await writePlaces(tx, new Map([[partition, { xid: last.xid, id: last.id }]]), 'notifier')
    return count
  })
  return { written, isWhole: events.length < EVENTS_PER_READ }
}

/** The events with whose fills an order's notional went over the threshold. */
async function whalesAmong(
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
