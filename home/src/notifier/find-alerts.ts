// Finds the price alerts that were told in the app, for those who asked to be told outside of it too.
// Their rows say so, whichever process told them.

import type { Sql } from '../db/connect.ts'
import { type AlertRow, viewAlert } from '../db/price-alert-view.ts'
import type { PersonalNotification } from './notification.ts'
import { writeNotifications } from './write-notifications.ts'

const ALERTS_PER_READ = 500
/** What was told so long ago is no news outside. */
const NEWS_FOR_MS = 24 * 60 * 60_000

type FoundRow = AlertRow & { user_id: string; is_wanted: boolean; simulated: boolean }

/** Writes down the alerts that were told since the last look; answers how many are to be told outside. */
export async function findAlerts(sql: Sql, nowMs: number): Promise<number> {
  for (let count = 0; ;) {
    const page = await readPage(sql, nowMs)
    count += page.written
    if (page.isWhole) return count
  }
}

async function readPage(sql: Sql, nowMs: number): Promise<{ written: number; isWhole: boolean }> {
  return sql.begin(async (tx) => {
    const rows = await tx<FoundRow[]>`
      WITH told AS (
        SELECT partition, user_id, id FROM price_alerts
        WHERE told_at IS NOT NULL AND announced_at IS NULL
        ORDER BY told_at LIMIT ${ALERTS_PER_READ} FOR UPDATE SKIP LOCKED
      ), announced AS (
        UPDATE price_alerts a SET announced_at = ${new Date(nowMs)} FROM told t
        WHERE a.partition = t.partition AND a.user_id = t.user_id AND a.id = t.id
        RETURNING a.*
      )
      SELECT a.id, a.user_id, a.ticker_id, a.condition, a.price, a.currency, a.note, a.created_at,
        a.told_at, a.told_price,
        EXISTS (SELECT 1 FROM notification_choices c
          WHERE c.partition = a.partition AND c.user_id = a.user_id AND c.kind = 'price_alert'
            AND c.chosen_at <= a.told_at) AS is_wanted,
        coalesce((SELECT c.simulated FROM candles c
          WHERE c.ticker_id = a.ticker_id AND c.interval = '1m' AND c.open_at <= a.told_at
          ORDER BY c.open_at DESC LIMIT 1), true) AS simulated
      FROM announced a ORDER BY a.told_at, a.id`
    const news = rows.filter((row) => row.is_wanted && row.told_at!.getTime() > nowMs - NEWS_FOR_MS)
    const written = await writeNotifications(tx, news.map(notificationOf), nowMs)
    return { written, isWhole: rows.length < ALERTS_PER_READ }
  })
}

function notificationOf(row: FoundRow): PersonalNotification {
  const { condition, price, currency, note, told_price: toldPrice } = viewAlert(row)
  const toldAtMs = row.told_at!.getTime()
  return {
    // Its id is its owner's own choice, and an alert that is moved may be told again.
    eventId: `alert:${row.user_id}:${row.id}:${toldAtMs}`,
    kind: 'price_alert',
    userId: row.user_id,
    tickerId: row.ticker_id,
    values: { condition, line: price, price: toldPrice!, currency, note },
    simulated: row.simulated,
    occurredAtMs: toldAtMs,
  }
}
