// Of whom nothing public may tell is told nowhere public, whatever he does.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Notification } from '../../src/notifier/notification.ts'
import { route } from '../../src/notifier/route.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import { createDatabase, type TestDatabase } from '../database.ts'

const AT = new Date('2026-11-20T01:02:03.004Z')
const NOW = AT.getTime() + 1_000

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

async function user(isHidden: boolean | null): Promise<string> {
  const { sql } = database
  const id = randomUUID()
  const partition = partitionOf(id)
  const name = id.slice(0, 8)
  await sql`INSERT INTO users ${sql({
    ...{ id, partition, username: name, nickname: name, created_at: AT },
  })}`
  if (isHidden !== null) {
    await sql`INSERT INTO notification_settings ${sql({
      ...{ partition, user_id: id, hidden_from_public: isHidden, updated_at: AT },
    })}`
  }
  return id
}

const about = (kind: 'whale_trade' | 'liquidation', userId: string): Notification => ({
  ...{ eventId: `${kind}:${userId}`, kind, userId, tickerId: 'CRYPTO-COIN-BTC', values: {} },
  ...{ simulated: false, occurredAtMs: AT.getTime() },
})

it.each(['whale_trade', 'liquidation'] as const)(
  'of %s: who said so, and nobody else',
  async (kind) => {
    const { sql } = database
    const [hidden, shown, silent] = [await user(true), await user(false), await user(null)]
    const found = [hidden, shown, silent].map((id) => about(kind, id))
    await writeNotifications(sql, found, NOW)
    const places = new Set(['discord:alerts'] as const)
    await route({ sql, places, tellsSimulated: false, coolDownMs: 0 }, NOW)
    const rows = await sql<{ event_id: string; untold: string | null; told: boolean }[]>`
    SELECT n.event_id, n.untold, d.event_id IS NOT NULL AS told
    FROM notifications n LEFT JOIN delivery_notifications d USING (event_id)
    WHERE n.kind = ${kind} ORDER BY n.id`
    expect([...rows]).toEqual([
      { event_id: `${kind}:${hidden}`, untold: 'opted_out', told: false },
      { event_id: `${kind}:${shown}`, untold: null, told: true },
      { event_id: `${kind}:${silent}`, untold: null, told: true },
    ])
  },
)
