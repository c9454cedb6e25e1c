// A report reaches the services with its picture: once, whoever asked for it, and as the notifier sends
// everything else.

import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memoryBus } from '../../src/bus/memory.ts'
import { readReport } from '../../src/db/daily-reports.ts'
import { addVersion } from '../../src/db/message-templates.ts'
import { startNotifier } from '../../src/notifier/notifier.ts'
import { readNotifierSettings } from '../../src/notifier/notifier-settings.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import { makeReport } from '../../src/reporter/make-report.ts'
import { paintReport, pictureOfEvent } from '../../src/reporter/paint.ts'
import { pictureOf } from '../../src/reporter/picture.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { type Arrived, MessageServer } from '../notifier/message-server.ts'
import { until } from '../until.ts'
import { addFriend, addRealCandle, BEGAN, DATE, ENDED, seedDay } from './seeded-day.ts'

const log = pino({ level: 'silent' })
const DISCORD = '/api/webhooks/1/alerts-secret'
const BOT = '/bot42:telegram-secret'
const TELEGRAM = { TELEGRAM_BOT_TOKEN: '42:telegram-secret', TELEGRAM_ALERTS_CHAT_ID: '7' }
const PNG = [0x89, 0x50, 0x4e, 0x47]
const TEXT = [
  '📊 일일 리포트',
  '🥇 오늘의 승리자: 민지 (+4,210,000 KRW)',
  '💩 오늘의 흑우: 존버 (-1,830,001 KRW)',
  '🌙 야수의 심장: 단타신 (2회 체결)',
].join('\n')
const REPEATED = '\n(다시 보낸 알림일 수 있습니다)'

let database: TestDatabase
let server: MessageServer
let origin: string
let stop: (() => Promise<void>) | null
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  server = new MessageServer()
  origin = await server.start()
  stop = null
  await database.sql`
    TRUNCATE users, wallets, fills, candles, net_worth_points, daily_reports, notifications,
      deliveries, delivery_notifications, delivery_places, message_templates CASCADE`
})
afterEach(async () => {
  await stop?.()
  await server.stop()
})

async function start(services: 'discord' | 'telegram', extra: Record<string, string> = {}) {
  const where: Record<string, string> =
    services === 'discord'
      ? { DISCORD_ALERTS_WEBHOOK_URL: origin + DISCORD }
      : { ...TELEGRAM, MOTU_TELEGRAM_URL: origin }
  const all: Record<string, string> = { ...where, ...extra }
  const settings = readNotifierSettings((name) => all[name] ?? null)
  const { url: postgresUrl, sql } = database
  stop = await startNotifier({
    ...{ postgresUrl, sql, settings, now: Date.now, log },
    bus: memoryBus({ now: Date.now }),
    pictureOf: (eventId) => pictureOfEvent(sql, eventId),
  })
}

const make = (trigger: 'edge' | 'home') => {
  const { sql } = database
  return makeReport(
    { sql, tell: writeNotifications, now: () => Date.parse(ENDED) + 60_000 },
    { date: DATE, trigger },
  )
}
const arrived = (): readonly Arrived[] => server.arrived
const isSent = async (): Promise<boolean> => {
  const rows = await database.sql`SELECT 1 FROM deliveries WHERE state = 'sent'`
  return rows.length === 1
}

describe('at Discord', () => {
  it('it is one message with its picture, though the edge and home both asked', async () => {
    await seedDay(database.sql)
    await start('discord')
    await Promise.all([make('edge'), make('home'), make('edge')])
    await until(isSent)
    await make('home')
    expect(arrived()).toHaveLength(1)
    const [{ text, body, file }] = arrived() as [Arrived]
    expect(text).toBe(TEXT)
    expect(body).toMatchObject({
      allowed_mentions: { parse: [] },
      embeds: [{ title: '2026년 11월 20일 (금)', image: { url: 'attachment://report.png' } }],
      attachments: [{ id: 0, filename: 'report.png' }],
    })
    expect(file!.name).toBe('report.png')
    expect([...file!.bytes.slice(0, 4)]).toEqual(PNG)
    const [row] = await database.sql`SELECT count(*)::int AS count FROM deliveries`
    expect(row).toEqual({ count: 1 })
  })

  it('says 거래 없음 of an empty day', async () => {
    await addRealCandle(database.sql)
    await addFriend(database.sql, '민지', [
      [BEGAN, '100', '0'],
      [ENDED, '100', '0'],
    ])
    await make('home')
    await start('discord')
    await until(isSent)
    expect(arrived().map(({ text }) => text)).toEqual(['📊 일일 리포트\n거래 없음'])
    const report = (await readReport(database.sql, DATE))!
    expect(pictureOf(report)).toContain('거래 없음')
  })

  it('says of a repeat that it is one, and sends the picture again', async () => {
    server.behave = (number) => (number === 0 ? 'dropped' : 'ok')
    await seedDay(database.sql)
    await make('edge')
    await start('discord')
    await until(isSent)
    expect(arrived().map(({ text, file }) => [text, file?.name])).toEqual([
      [TEXT, 'report.png'],
      [TEXT + REPEATED, 'report.png'],
    ])
  })

  it('is told without its picture where that is not taken', async () => {
    server.behave = (number) => (number === 0 ? 'bad' : 'ok')
    await seedDay(database.sql)
    await make('edge')
    await start('discord')
    await until(isSent)
    expect(arrived().map(({ text, file }) => [text, file])).toEqual([[TEXT, null]])
  })

  it('hears nothing of a replay’s report, unless that is switched on', async () => {
    await addFriend(database.sql, '민지', [
      [BEGAN, '100', '0'],
      [ENDED, '200', '0'],
    ])
    await make('home')
    await start('discord')
    const untold = async () => [...(await database.sql`SELECT untold FROM notifications`)]
    await until(async () => (await untold())[0]!.untold !== null)
    expect(await untold()).toEqual([{ untold: 'simulated' }])
    expect(arrived()).toEqual([])
  })
})

describe('at Telegram', () => {
  it('it is a photo with its text below', async () => {
    await seedDay(database.sql)
    await make('edge')
    await start('telegram')
    await until(isSent)
    expect(arrived().map(({ path, text, file }) => [path, text, file?.name])).toEqual([
      [`${BOT}/sendPhoto`, TEXT, 'report.png'],
    ])
  })

  it('it is a text and a photo where the text is longer than a caption', async () => {
    await seedDay(database.sql)
    await make('edge')
    const content = `{gainer_nickname} ${'가'.repeat(1_200)}`
    await database.sql.begin((tx) =>
      addVersion(tx, { key: 'daily_report', content, changedBy: randomUUID(), nowMs: Date.now() }),
    )
    // The photo has to wait at first: both come again, and say so.
    server.behave = (number) => (number === 1 ? 'limited' : 'ok')
    await start('telegram')
    await until(isSent)
    const said = `민지 ${'가'.repeat(1_200)}`
    expect(arrived().map(({ path, text }) => [path, text])).toEqual([
      [`${BOT}/sendMessage`, said],
      [`${BOT}/sendMessage`, said + REPEATED],
      [`${BOT}/sendPhoto`, ''],
    ])
  })

  it('it is a text where the chat takes no photos', async () => {
    server.behave = (_, path) => (path.endsWith('sendPhoto') ? 'bad' : 'ok')
    await seedDay(database.sql)
    await make('edge')
    await start('telegram')
    await until(isSent)
    expect(arrived().map(({ path, text }) => [path, text])).toEqual([[`${BOT}/sendMessage`, TEXT]])
  })
})

describe('the picture', () => {
  it('has every name and figure, and no markup of theirs', async () => {
    await addRealCandle(database.sql)
    await addFriend(database.sql, '<b>&"ㅋㅋ🚀', [
      [BEGAN, '999999999999.99999999', '0'],
      [ENDED, '123456789012.5', '0'],
    ])
    await addFriend(database.sql, '🚀', [
      [BEGAN, '0', '0'],
      [ENDED, '-5', '0'],
    ])
    await make('home')
    const report = (await readReport(database.sql, DATE))!
    const svg = pictureOf(report)
    expect(svg).toContain('>&lt;b&gt;&amp;"ㅋㅋ<')
    expect(svg).toContain('>123,456,789,012원<')
    expect(svg).toContain('>-876,543,210,988<')
    expect([...(await paintReport(report)).slice(0, 4)]).toEqual(PNG)
  })
})
