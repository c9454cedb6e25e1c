// Addresses and tokens of services are in no line of the log, whatever the service or Postgres does. The
// log is read before anything is hidden in it.

import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryBus } from '../../src/bus/memory.ts'
import { startNotifier } from '../../src/notifier/notifier.ts'
import { readNotifierSettings } from '../../src/notifier/notifier-settings.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { type Behaviour, MessageServer } from './message-server.ts'

const SECRETS = ['webhook-secret', 'bot-secret']

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

/** Starts a notifier that has one message to tell in two places, until the log says `expected`. */
async function run(origin: string, expected: RegExp): Promise<string> {
  const { sql, url: postgresUrl } = database
  await sql`TRUNCATE notifications, deliveries, delivery_notifications, delivery_places`
  const values = { nickname: 'a', ticker: 'T', equity: '1', liability: '2' }
  const one = { eventId: 'l1', kind: 'liquidation', userId: null, tickerId: null } as const
  const now = Date.now()
  await writeNotifications(sql, [{ ...one, values, simulated: false, occurredAtMs: now }], now)
  const env: Record<string, string> = {
    DISCORD_ALERTS_WEBHOOK_URL: `${origin}/api/webhooks/1/webhook-secret`,
    TELEGRAM_BOT_TOKEN: '42:bot-secret',
    TELEGRAM_ALERTS_CHAT_ID: '7',
    MOTU_TELEGRAM_URL: origin,
  }
  const lines: string[] = []
  const output = { write: (line: string) => void lines.push(line) }
  const stop = await startNotifier({
    ...{ postgresUrl, sql, bus: memoryBus({ now: Date.now }), now: Date.now },
    settings: readNotifierSettings((name) => env[name] ?? null),
    log: pino({ level: 'trace' }, output),
  })
  try {
    await until(() => lines.filter((line) => expected.test(line)).length >= 2)
  } finally {
    await stop()
  }
  return lines.join('')
}

it.each<[Behaviour, RegExp]>([
  ['error', /answered 500/],
  ['bad', /answered 400/],
  ['gone', /answered 404/],
  ['limited', /limited/],
  ['dropped', /no answer/],
])('says no address of a service whose answer is %s', async (behaviour, expected) => {
  const server = new MessageServer()
  server.behave = () => behaviour
  const text = await run(await server.start(), expected)
  await server.stop()
  for (const secret of SECRETS) expect(text).not.toContain(secret)
})

it('says no address of a service that is not there', async () => {
  const text = await run('http://127.0.0.1:9', /no answer/)
  for (const secret of SECRETS) expect(text).not.toContain(secret)
})
