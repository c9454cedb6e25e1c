// What admins hear of Motu itself: a feed that is out and back, a place that is gone. Each once, also
// over a restart, and in a place that works.

import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { FeedReport } from '@motu/shared/contract/status.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import { startNotifier } from '../../src/notifier/notifier.ts'
import { readNotifierSettings } from '../../src/notifier/notifier-settings.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { MessageServer } from './message-server.ts'

const log = pino({ level: 'silent' })
const ALERTS = '/api/webhooks/1/alerts-secret'
const HUMAN = '/api/webhooks/2/human-secret'
const ADMIN = '/api/webhooks/3/admin-secret'
const NOW = Date.parse('2026-11-20T01:00:00Z')

let database: TestDatabase
let server: MessageServer
let origin: string
let bus: ReturnType<typeof memoryBus>
let nowMs: number
let stop: (() => Promise<void>) | null
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = new MessageServer()
  origin = await server.start()
  bus = memoryBus({ now: Date.now })
  nowMs = NOW
  stop = null
  await database.sql`TRUNCATE notifications, deliveries, delivery_notifications, delivery_places`
})
afterEach(async () => {
  await stop?.()
  await server.stop()
})

async function start(env: Record<string, string>): Promise<void> {
  const settings = readNotifierSettings((name) => env[name] ?? null)
  const { url: postgresUrl, sql } = database
  stop = await startNotifier({ postgresUrl, sql, bus, settings, now: () => nowMs, log })
}

const textsAt = (path: string): string[] =>
  server.arrived.filter((one) => one.path === path).map(({ text }) => text)

/** What the feeder says for so long, at a clock of the test's own. */
async function feeds(state: 'live' | 'stale', ms: number): Promise<void> {
  const group = { group: 'CRYPTO-COIN', state, tickers: 2, since: new Date(nowMs).toISOString() }
  const report: FeedReport = {
    at: new Date(nowMs).toISOString(),
    feeds: [{ source: 'upbit', groups: [group], quarantined: [] }],
  }
  for (const end = nowMs + ms; nowMs < end; nowMs += 2_000)
    await bus.publish('feed_status', [report])
}

it('a feed that is out, and its return, are told to admins once, also over a restart', async () => {
  const env = {
    DISCORD_ALERTS_WEBHOOK_URL: origin + ALERTS,
    DISCORD_ADMIN_WEBHOOK_URL: origin + ADMIN,
  }
  await start(env)
  await feeds('live', 10_000)
  await feeds('stale', 180_000)
  await until(() => textsAt(ADMIN).length === 1)
  expect(textsAt(ADMIN)).toEqual(['📡 [장애] 10:00부터 코인 시세가 들어오지 않습니다.'])
  await stop!()
  await start(env)
  await feeds('stale', 180_000)
  await until(async () => {
    await feeds('live', 10_000)
    return textsAt(ADMIN).length === 2
  })
  expect(textsAt(ADMIN)[1]).toMatch(/^✅ \[복구\] 코인 시세가 다시 들어옵니다. \(\d+분 만에\)$/)
  expect(textsAt(ALERTS)).toEqual([])
})

it('a place that is gone is told where messages still arrive', async () => {
  server.behave = (_number, path) => (path === HUMAN ? 'gone' : 'ok')
  const news = { kind: 'bailout_processed', values: { nickname: 'a' }, simulated: false } as const
  const of = { userId: null, tickerId: null, occurredAtMs: nowMs }
  await writeNotifications(database.sql, [{ eventId: 'b', ...news, ...of }], nowMs)
  await start({
    DISCORD_ALERTS_WEBHOOK_URL: origin + ALERTS,
    DISCORD_HUMAN_WEBHOOK_URL: origin + HUMAN,
  })
  await until(() => textsAt(ALERTS).length === 1)
  expect(textsAt(ALERTS)[0]).toContain('discord:human')
  expect(textsAt(ALERTS)[0]).toContain('answered 404')
})
