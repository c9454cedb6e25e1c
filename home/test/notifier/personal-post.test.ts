// What is for one alone reaches his devices: encrypted, once, not in his hours of quiet, and not where
// he signed out.

import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { exportJWK, generateKeyPair } from 'jose'
import { partitionOf } from '@motu/shared/partition.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import type { PersonalNotification } from '../../src/notifier/notification.ts'
import { startNotifier } from '../../src/notifier/notifier.ts'
import { readNotifierSettings } from '../../src/notifier/notifier-settings.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import type { PushKey } from '../../src/push-keys.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { MessageServer } from './message-server.ts'
import { keysOf, newDevice } from './push-device.ts'
import { PushServer } from './push-server.ts'

const AT = new Date('2026-11-20T01:02:03.004Z')
const SAMSUNG = 'KRX-STOCK-005930'

let database: TestDatabase
let server: PushServer
let key: PushKey
let stop: (() => Promise<void>) | null
/** What the notifier takes for the time: 10:02 in Seoul. */
let nowMs: number
let linked = 1_000
const logged: string[] = []
const log = pino({ level: 'info' }, { write: (line) => void logged.push(line) })
beforeAll(async () => {
  database = await createDatabase()
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  key = (await exportJWK(privateKey)) as PushKey
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = new PushServer()
  server.now = () => nowMs
  await server.start()
  nowMs = AT.getTime()
  stop = null
  logged.length = 0
  await database.sql`TRUNCATE notifications, deliveries, delivery_notifications, delivery_places`
})
afterEach(async () => {
  await stop?.()
  await server.stop()
})

async function start(env: Record<string, string> = {}): Promise<void> {
  const settings = readNotifierSettings((name) => env[name] ?? null)
  const { url: postgresUrl, sql } = database
  const now = () => nowMs
  const contact = 'mailto:me@motu.example'
  const pushes = { key, contact, origins: [server.origin], now }
  stop = await startNotifier({
    ...{ postgresUrl, sql, bus: memoryBus({ now }), settings, pushes, now, log },
  })
}

type Person = { id: string; partition: number; sessionId: string }

async function person(quiet: [string, string] | null = null, locale = 'ko'): Promise<Person> {
  const { sql } = database
  const id = randomUUID()
  const sessionId = randomUUID()
  const partition = partitionOf(id)
  const name = id.slice(0, 8)
  const own = { partition, user_id: id }
  await sql`INSERT INTO users ${sql({
    ...{ id, partition, username: name, nickname: name, created_at: AT },
  })}`
  await sql`INSERT INTO auth_sessions ${sql({
    ...{ id: sessionId, user_id: id, created_at: AT, expires_at: AT },
  })}`
  await sql`INSERT INTO preferences ${sql({
    ...{ ...own, locale, theme: 'system', colours: 'up_red', confirm_orders: true },
    ...{ fill_toasts: true, updated_at: AT },
  })}`
  await sql`INSERT INTO notification_settings ${sql({
    ...{ ...own, hidden_from_public: false, quiet_from: quiet?.[0] ?? null },
    ...{ quiet_until: quiet?.[1] ?? null, time_zone: 'Asia/Seoul', updated_at: AT },
  })}`
  await sql`INSERT INTO notification_choices ${sql({
    ...{ ...own, kind: 'order_filled', channel: 'push', chosen_at: AT },
  })}`
  return { id, partition, sessionId }
}

/** A device of his; answers its path at the service. */
async function device({ id, partition, sessionId }: Person): Promise<string> {
  const { sql } = database
  const path = `/push/${randomUUID()}`
  const keys = newDevice()
  server.devices.set(path, keys)
  await sql`INSERT INTO push_subscriptions ${sql({
    ...{ id: randomUUID(), partition, user_id: id, session_id: sessionId },
    ...{ endpoint: server.origin + path, ...keysOf(keys), created_at: AT },
  })}`
  return path
}

const fill = (userId: string, changes: Partial<PersonalNotification> = {}) =>
  ({
    ...{ eventId: `order:${randomUUID()}`, kind: 'order_filled', userId, tickerId: SAMSUNG },
    values: { side: 'BUY', status: 'FILLED', quantity: '10', filled: '10', price: '71200' },
    ...{ simulated: false, occurredAtMs: nowMs, ...changes },
  }) as PersonalNotification
const write = (...found: PersonalNotification[]) => writeNotifications(database.sql, found, nowMs)
const open = async (): Promise<number> =>
  (await database.sql`SELECT 1 FROM deliveries WHERE state IN ('queued', 'sending')`).length
const states = async (): Promise<unknown[]> =>
  (await database.sql`SELECT state FROM deliveries ORDER BY id`).map(
    ({ state }) => state as unknown,
  )
const titles = (path: string): string[] =>
  server.arrived.filter((one) => one.path === path).map(({ payload }) => payload.title)

it('reaches each of his devices once, as only they can read it', async () => {
  const [his, other] = [await person(), await person(null, 'en')]
  const [phone, desk, another] = [await device(his), await device(his), await device(other)]
  const told = fill(his.id)
  await start()
  await write(told, fill(other.id))
  await until(() => server.arrived.length === 3)
  expect([titles(phone), titles(desk), titles(another)]).toEqual([
    ['매수 체결'],
    ['매수 체결'],
    ['Buy filled'],
  ])
  const [push] = server.arrived.filter(({ path }) => path === phone)
  expect(push!.payload).toMatchObject({ path: '/orders', tag: told.eventId })
  expect(push!.headers).toMatchObject({ ttl: '86400', 'content-encoding': 'aes128gcm' })
  await until(async () => (await open()) === 0)
  // What was said to him is kept by nobody, and where it went is in no log.
  expect([...(await database.sql`SELECT DISTINCT body FROM deliveries`)]).toEqual([{ body: null }])
  expect(logged.join()).not.toContain('/push/')
})

it('waits for the end of his hours of quiet, and is told together', async () => {
  const his = await person(['22:00', '10:10'])
  const phone = await device(his)
  await start()
  const waiting = Array.from({ length: 6 }, () => fill(his.id))
  await write(...waiting)
  await until(async () => (await open()) === 6)
  nowMs = Date.parse('2026-11-20T01:09:59.999Z')
  await write(fill(his.id))
  await until(async () => (await open()) === 7)
  expect(server.calls).toBe(0)
  nowMs = Date.parse('2026-11-20T01:10:00Z')
  await write(fill(his.id))
  await until(() => server.arrived.length === 2)
  expect(titles(phone)).toEqual(['🕰️ 그동안의 알림 7건', '매수 체결'])
  expect(server.arrived[0]!.payload.body).toMatch(/외 2건$/)
  const lines = await database.sql`SELECT event_id FROM delivery_notifications`
  expect(new Set(lines.map((line) => line['event_id'] as string)).size).toBe(8)
  expect(lines).toHaveLength(8)
})

it('is told at once when he does not want quiet any more', async () => {
  const his = await person(['00:00', '23:59'])
  const phone = await device(his)
  await start()
  await write(fill(his.id))
  await until(async () => (await open()) === 1)
  await database.sql`UPDATE notification_settings SET quiet_from = NULL, quiet_until = NULL`
  await until(() => titles(phone).length === 1)
  expect(titles(phone)).toEqual(['매수 체결'])
})

it.each([404, 410])('removes a device that its service answers %d for', async (status) => {
  const his = await person()
  const [lost, kept] = [await device(his), await device(his)]
  server.statuses.set(lost, status)
  await start()
  await write(fill(his.id), fill(his.id))
  await until(() => titles(kept).length === 2)
  await until(async () => (await open()) === 0)
  expect((await states()).sort()).toEqual(['failed', 'failed', 'sent', 'sent'])
  const left = await database.sql`SELECT endpoint FROM push_subscriptions WHERE user_id = ${his.id}`
  expect([...left]).toEqual([{ endpoint: server.origin + kept }])
})

it('follows no detour, and tries again', async () => {
  const his = await person()
  const phone = await device(his)
  server.statuses.set(phone, 302)
  server.devices.set('/elsewhere', newDevice())
  await start()
  await write(fill(his.id))
  await until(() => server.calls === 1)
  await until(async () => (await states()).join() === 'queued')
  server.statuses.delete(phone)
  nowMs += 60_000
  await until(() => titles(phone).length === 1)
  expect(server.arrived.map(({ path }) => path)).toEqual([phone])
})

it('goes to no address that is not allowed, though it is in the table', async () => {
  const his = await person()
  await device(his)
  await database.sql`
    UPDATE push_subscriptions SET endpoint = replace(endpoint, '127.0.0.1', 'localhost')`
  await start()
  await write(fill(his.id))
  await until(async () => (await states()).join() === 'failed')
  expect(server.calls).toBe(0)
})

it('is not for who signed out, was shut out, or removed the device meanwhile', async () => {
  const people = [await person(['22:00', '10:10']), await person(['22:00', '10:10'])]
  const third = await person(['22:00', '10:10'])
  for (const one of [...people, third]) await device(one)
  await start()
  await write(...[...people, third].map(({ id }) => fill(id)))
  await until(async () => (await open()) === 3)
  const { sql } = database
  await sql`UPDATE auth_sessions SET revoked_at = ${AT}, revoked_reason = 'signed_out'
    WHERE id = ${people[0]!.sessionId}`
  await sql`UPDATE users SET disabled_at = ${AT} WHERE id = ${people[1]!.id}`
  await sql`DELETE FROM push_subscriptions WHERE user_id = ${third.id}`
  nowMs += 600_000
  await until(async () => (await states()).join() === 'failed,failed,failed')
  expect(server.calls).toBe(0)
})

it('is not told of a replay, unless that is switched on', async () => {
  const his = await person()
  const phone = await device(his)
  await start()
  await write(fill(his.id, { simulated: true }))
  const untold = async () => [...(await database.sql`SELECT untold FROM notifications`)]
  await until(async () => (await untold())[0]?.['untold'] === 'simulated')
  await stop!()
  await start({ MOTU_NOTIFY_SIMULATED: '1' })
  await write(fill(his.id, { simulated: true }))
  await until(() => titles(phone).length === 1)
})

it.each([
  [
    'telegram',
    '/bot42:secret/sendMessage',
    { TELEGRAM_BOT_TOKEN: '42:secret' },
    'MOTU_TELEGRAM_URL',
  ],
  ['discord', '/channels/1/messages', { DISCORD_BOT_TOKEN: 'secret' }, 'MOTU_DISCORD_URL'],
] as const)('reaches the account he linked at %s, until it is unlinked', async (...row) => {
  const [service, path, token, url] = row
  const chats = new MessageServer()
  const origin = await chats.start()
  try {
    const his = await person(['22:00', '10:10'])
    const { sql } = database
    await sql`INSERT INTO notification_choices ${sql({
      ...{ partition: his.partition, user_id: his.id, kind: 'order_filled' },
      ...{ channel: service, chosen_at: AT },
    })}`
    await sql`INSERT INTO channel_links ${sql({
      ...{ id: `link:${randomUUID()}`, user_id: his.id, service, external_id: String(++linked) },
      ...{ display_name: 'x', may_trade: false, linked_at: AT },
    })}`
    await start({ ...token, [url]: origin })
    nowMs += 600_000
    await write(fill(his.id))
    const texts = () => chats.arrived.filter((one) => one.path === path).map(({ text }) => text)
    await until(() => texts().length === 1)
    expect(texts()[0]).toMatch(/^매수 체결\n삼성전자 10주 · 71,200/)
    await until(async () => (await open()) === 0)
    await sql`UPDATE channel_links SET ended_at = ${AT}, ended_reason = 'unlinked'
      WHERE user_id = ${his.id}`
    await write(fill(his.id))
    const untold = async () => [...(await sql`SELECT untold FROM notifications ORDER BY id DESC`)]
    await until(async () => (await untold())[0]?.['untold'] === 'no_place')
    expect(texts()).toHaveLength(1)
    expect(logged.join()).not.toContain('secret')
  } finally {
    await chats.stop()
  }
})
