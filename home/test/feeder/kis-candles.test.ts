// One-minute candles of KIS as the feeder asks for them: minutes that are over, and no others.

import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { kisSource, type KisSource } from '../../src/feeder/kis/kis-source.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { KisServer, MINUTES, ok, US_MINUTES } from './kis-server/kis-server.ts'
import { APPLE_ID, SAMSUNG_ID, SHORT } from './kis-world.ts'

const MINUTE_MS = 60_000
/** 10:30:30 in Seoul. */
const NOW_MS = Date.parse('2026-11-20T01:30:30.000Z')
const MINUTE = NOW_MS - 30_000
const never = new AbortController().signal

let database: TestDatabase
let server: KisServer
let asked: URLSearchParams[]
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.sql`TRUNCATE kis_tokens`
  server = new KisServer()
  await server.start()
  asked = []
  const seoul = (ms: number): string =>
    new Date(ms + 9 * 3_600_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
  // As KIS: the minute under way is the first row.
  server.charts.set(MINUTES, (query) => {
    asked.push(query)
    const time = query.get('FID_INPUT_HOUR_1')!.replace(/^(..)(..).*$/, '$1:$2')
    const endMs = Date.parse(`2026-11-20T${time}:00.000+09:00`)
    const rows = Array.from({ length: 30 }, (_, index) => seoul(endMs - index * MINUTE_MS))
    const output2 = rows.map((at) => ({
      ...{ stck_bsop_date: at.slice(0, 8), stck_cntg_hour: at.slice(8), stck_oprc: '53600' },
      ...{ stck_hgpr: '53700', stck_lwpr: '53500', stck_prpr: '53600', cntg_vol: '7' },
    }))
    return ok({ output1: {}, output2 })
  })
  server.charts.set(US_MINUTES, (query) => {
    asked.push(query)
    const rows = Array.from({ length: 120 }, (_, index) => seoul(MINUTE - index * MINUTE_MS))
    const output2 = rows.map((at) => ({
      ...{ xymd: at.slice(0, 8), xhms: at.slice(8), kymd: at.slice(0, 8), khms: at.slice(8) },
      ...{ open: '234.1', high: '234.3', low: '234.0', last: '234.2', evol: '12' },
    }))
    return ok({ output1: {}, output2 })
  })
})
afterEach(() => server.stop())

function source(secret?: string): KisSource {
  const account = server.account()
  return kisSource({
    accounts: [secret === undefined ? account : { ...account, appSecret: secret }],
    sql: database.sql,
    now: () => NOW_MS,
    log: pino({ level: 'silent' }),
    times: SHORT,
  })
}
const read = (tickerId: string, fromMs: number, toMs: number) =>
  source().candles!(tickerId, { fromMs, toMs }, never)
const ago = (minutes: number): number => MINUTE - minutes * MINUTE_MS
const minutes = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, index) => ago(from - index))

it.each([
  ['of KRX', SAMSUNG_ID, ago(5), ago(0), minutes(5, 1)],
  ['of KRX, the minute under way not among them', SAMSUNG_ID, ago(5), ago(-3), minutes(5, 1)],
  ['of KRX, from within a minute', SAMSUNG_ID, ago(5) + 1, ago(2), minutes(5, 3)],
  ['of KRX, page by page', SAMSUNG_ID, ago(75), ago(0), minutes(75, 1)],
  ['of KRX, in no minute', SAMSUNG_ID, ago(0), ago(0), []],
  ['of a US stock', APPLE_ID, ago(5), ago(0), minutes(5, 1)],
  ['of a US stock, the minute under way not among them', APPLE_ID, ago(5), NOW_MS, minutes(5, 1)],
  ['of the exchange rate: none', USD_KRW, ago(5), ago(0), []],
  ['of a coin: none', 'CRYPTO-COIN-BTC', ago(5), ago(0), []],
])('candles %s', async (_what, tickerId, fromMs, toMs, expected) => {
  const candles = await read(tickerId, fromMs, toMs)
  expect(candles.map(({ openAt }) => openAt)).toEqual(expected)
  expect(candles.every((one) => one.tickerId === tickerId && !one.simulated)).toBe(true)
  expect(asked.length > 0).toBe(expected.length > 0)
})

it('candles of KRX are those of today, whatever else is wanted', async () => {
  const midnight = Date.parse('2026-11-20T00:00:00.000+09:00')
  const candles = await read(SAMSUNG_ID, NOW_MS - 3 * 86_400_000, ago(0))
  expect(candles[0]!.openAt).toBe(midnight)
  expect(candles.at(-1)!.openAt).toBe(ago(1))
})

it('an account that waits for its admin is not asked', async () => {
  const refused = source('of someone else')
  const ask = () => refused.candles!(SAMSUNG_ID, { fromMs: ago(5), toMs: ago(0) }, never)
  await expect(ask()).rejects.toMatchObject({ code: 'EGW00105' })
  const calls = server.calls.length
  await expect(ask()).rejects.toMatchObject({ code: 'PARKED' })
  expect(server.calls).toHaveLength(calls)
})
