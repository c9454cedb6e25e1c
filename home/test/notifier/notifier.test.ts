// Messages reach a server that behaves as Discord and Telegram do: each once, in order, whatever the
// service answers, and as the template says at that moment.

import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memoryBus } from '../../src/bus/memory.ts'
import { addVersion } from '../../src/db/message-templates.ts'
import type { Notification } from '../../src/notifier/notification.ts'
import { startNotifier } from '../../src/notifier/notifier.ts'
import { readNotifierSettings } from '../../src/notifier/notifier-settings.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { MessageServer } from './message-server.ts'

const log = pino({ level: 'silent' })
const ALERTS = '/api/webhooks/1/alerts-secret'
const HUMAN = '/api/webhooks/2/human-secret'
const TELEGRAM = '/bot42:telegram-secret/sendMessage'

let database: TestDatabase
let server: MessageServer
let origin: string
let bus: ReturnType<typeof memoryBus>
let stop: (() => Promise<void>) | null
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = new MessageServer()
  origin = await server.start()
  bus = memoryBus({ now: Date.now })
  stop = null
  const { sql } = database
  await sql`TRUNCATE notifications, deliveries, delivery_notifications, delivery_places`
  await sql`DELETE FROM message_templates`
})
afterEach(async () => {
  await stop?.()
  await server.stop()
})

async function start(env: Record<string, string> = {}): Promise<void> {
  const all: Record<string, string> = {
    DISCORD_ALERTS_WEBHOOK_URL: origin + ALERTS,
    DISCORD_HUMAN_WEBHOOK_URL: origin + HUMAN,
    ...env,
  }
  const settings = readNotifierSettings((name) => all[name] || null)
  const { url: postgresUrl, sql } = database
  stop = await startNotifier({ postgresUrl, sql, bus, settings, now: Date.now, log })
}

function bailout(nickname: string, changes: Partial<Notification> = {}): Notification {
  return {
    eventId: `bailout:${nickname}`,
    kind: 'bailout_processed',
    userId: null,
    tickerId: null,
    values: { nickname },
    simulated: false,
    occurredAtMs: Date.now(),
    ...changes,
  }
}

const write = (...found: Notification[]): Promise<number> =>
  writeNotifications(database.sql, found, Date.now())
const texts = (path = HUMAN): string[] =>
  server.arrived.filter((one) => one.path === path).map(({ text }) => text)
const said = (nickname: string): string => `😭 [파산] ${nickname}님 구제금융 처리`
const states = async (): Promise<string[]> =>
  (await database.sql<{ state: string }[]>`SELECT state FROM deliveries ORDER BY id`).map(
    ({ state }) => state,
  )

describe('a message', () => {
  it('is sent once, in order, with mentions switched off', async () => {
    await write(bailout('가'), bailout('나'))
    await write(bailout('나'), bailout('다'))
    await start()
    await until(() => texts().length === 3)
    expect(texts()).toEqual([said('가'), said('나'), said('다')])
    expect(server.arrived[0]!.body).toMatchObject({ allowed_mentions: { parse: [] } })
    await until(async () => (await states()).every((state) => state === 'sent'))
  })

  it('comes from the bus too, once by its event id, and is refused where it is nonsense', async () => {
    await start()
    const news = { event_id: 'e1', kind: 'bailout_processed', values: { nickname: '라' } }
    await bus.publish('human_events', [
      { ...news, simulated: false },
      { ...news, simulated: false },
      { ...news, event_id: 'e2' },
      { kind: 'nonsense' },
      'nonsense',
      null,
    ])
    await until(() => texts().length === 1)
    const rows = await database.sql<{ event_id: string; untold: string | null }[]>`
      SELECT event_id, untold FROM notifications ORDER BY id`
    // Nobody said of the second that it is real.
    expect([...rows]).toEqual([
      { event_id: 'bailout_processed:e1', untold: null },
      { event_id: 'bailout_processed:e2', untold: 'simulated' },
    ])
    expect(texts()).toEqual([said('라')])
  })

  it('says what the template says now', async () => {
    await start()
    await write(bailout('마'))
    await bus.publish('human_events', ['wake'])
    await until(() => texts().length === 1)
    await database.sql.begin((tx) =>
      addVersion(tx, {
        key: 'bailout_processed',
        content: '{nickname} 화이팅 {unknown}',
        changedBy: randomUUID(),
        nowMs: Date.now(),
      }),
    )
    await bus.writeTexts(new Map([['bailout_processed', '{nickname} 화이팅 {unknown}']]))
    await write(bailout('바'))
    await bus.publish('human_events', ['wake'])
    await until(() => texts().length === 2)
    expect(texts()[1]).toBe('바 화이팅 {unknown}')
  })

  it('of a simulated feed goes nowhere, unless that is switched on', async () => {
    await write(bailout('사', { simulated: true }))
    await start()
    const untold = async (): Promise<unknown[]> => [
      ...(await database.sql`SELECT untold FROM notifications WHERE routed_at IS NOT NULL`),
    ]
    await until(async () => (await untold()).length === 1)
    expect(await untold()).toMatchObject([{ untold: 'simulated' }])
    await stop!()
    await start({ MOTU_NOTIFY_SIMULATED: '1' })
    await write(bailout('아', { simulated: true }))
    await until(() => texts().length === 1)
    expect(texts()).toEqual([said('아')])
  })

  it('goes to Telegram as well, as plain text', async () => {
    await start({
      TELEGRAM_BOT_TOKEN: '42:telegram-secret',
      TELEGRAM_ALERTS_CHAT_ID: '7',
      MOTU_TELEGRAM_URL: origin,
    })
    const values = { nickname: '*a*', ticker: 'B', equity: '1200', liability: '5E+4' }
    await write(bailout('x', { eventId: 'l1', kind: 'liquidation', values }))
    await until(() => server.arrived.length === 2)
    expect(texts(TELEGRAM)).toEqual([
      '📉 [속보] *a*님이 B 포지션 강제 청산! (순자산 1,200 / 부채 50,000)',
    ])
    expect(texts(ALERTS)).toEqual([
      String.raw`📉 [속보] \*a\*님이 B 포지션 강제 청산! (순자산 1,200 / 부채 50,000)`,
    ])
  })
})

describe('a service', () => {
  it.each(['limited', 'error'] as const)(
    'that is %s is asked again, and told once',
    async (how) => {
      server.behave = (number) => (number < 2 ? how : 'ok')
      await write(bailout('a'), bailout('b'))
      await start()
      await until(() => texts().length === 2)
      expect(texts()).toEqual([said('a'), said('b')])
    },
  )

  it('whose answer is lost is told twice, and the second one says so', async () => {
    server.behave = (number) => (number === 0 ? 'dropped' : 'ok')
    await write(bailout('a'))
    await start()
    await until(() => texts().length === 2)
    expect(texts()).toEqual([said('a'), `${said('a')}\n(다시 보낸 알림일 수 있습니다)`])
    await until(async () => (await states()).join() === 'sent')
    const [row] = await database.sql`SELECT state, attempts, may_repeat FROM deliveries`
    expect(row).toMatchObject({ state: 'sent', attempts: 2, may_repeat: true })
  })

  it('that answers nonsense with success has taken it', async () => {
    server.behave = () => 'malformed'
    await write(bailout('a'), bailout('b'))
    await start()
    await until(async () => (await states()).join() === 'sent,sent')
    expect(texts()).toHaveLength(2)
  })

  it('that will not take a message gets the next one', async () => {
    server.behave = (number) => (number === 0 ? 'bad' : 'ok')
    await write(bailout('a'), bailout('b'))
    await start()
    await until(() => texts().length === 1)
    expect(texts()).toEqual([said('b')])
    await until(async () => (await states()).join() === 'failed,sent')
  })

  it('that is gone is left alone until it has another address', async () => {
    const alone = { DISCORD_ALERTS_WEBHOOK_URL: '' }
    server.behave = () => 'gone'
    await write(bailout('a'), bailout('b'))
    await start(alone)
    const isOff = async (): Promise<boolean> =>
      (await database.sql`SELECT 1 FROM delivery_places WHERE switched_off_at IS NOT NULL`).length >
      0
    await until(isOff)
    await write(bailout('c'))
    await stop!()
    expect(server.calls).toBe(1)
    expect(await states()).toEqual(['queued', 'queued'])
    server.behave = () => 'ok'
    await start(alone)
    await stop!()
    expect(server.calls).toBe(1)
    await start({ ...alone, DISCORD_HUMAN_WEBHOOK_URL: `${origin}/api/webhooks/3/new` })
    await until(() => texts('/api/webhooks/3/new').length === 3)
    expect(texts('/api/webhooks/3/new')).toEqual([said('a'), said('b'), said('c')])
  })

  it('is not flooded with what it missed', async () => {
    const longAgo = { occurredAtMs: Date.now() - 3_600_000 }
    const names = Array.from({ length: 60 }, (_, index) => `u${index}`)
    await write(...names.map((name) => bailout(name, longAgo)), bailout('now'))
    await start()
    await until(() => texts().length === 3)
    expect(texts().at(-1)).toBe(said('now'))
    for (const name of names) {
      expect(
        texts().filter((text) => text.includes(` ${name}님`) || text.includes(`] ${name}님`)),
      ).toHaveLength(1)
    }
    expect(texts()[0]).toContain('그동안 전하지 못한 알림 50건')
  })
})

it('leaves the outbox alone where nothing has an address and nobody asked', async () => {
  const settings = readNotifierSettings(() => null)
  const { url: postgresUrl, sql } = database
  await write(bailout('a'))
  stop = await startNotifier({ postgresUrl, sql, bus, settings, now: Date.now, log })
  const untold = async () => [...(await sql`SELECT untold FROM notifications`)]
  await until(async () => (await untold())[0]?.untold === 'no_place')
  expect([...(await sql`SELECT 1 FROM outbox_cursors WHERE reader LIKE 'notifier:%'`)]).toEqual([])
})
