// KIS's calls: tokens that several processes share, the pace of an account, what is done about each
// refusal, and charts page by page.

import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kisCounters } from '../../src/feeder/kis/kis-counters.ts'
import { kstInstant } from '../../src/feeder/kis/kis-time.ts'
import { KIS_TIMES, type KisTimes } from '../../src/feeder/kis/kis-times.ts'
import { KisClient } from '../../src/feeder/kis/rest/client.ts'
import { KisError } from '../../src/feeder/kis/rest/kis-error.ts'
import { krxDailyCandles, krxMinuteCandles, krxPrice } from '../../src/feeder/kis/rest/krx-calls.ts'
import { usDailyCandles, usMinuteCandles } from '../../src/feeder/kis/rest/us-calls.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import {
  DAILY,
  KisServer,
  MINUTES,
  ok,
  PRICE,
  TOKEN,
  US_DAILY,
  US_MINUTES,
} from './kis-server/kis-server.ts'
import { clock, SHORT, START_MS } from './kis-world.ts'

const DAY_MS = 86_400_000
const signal = new AbortController().signal

let database: TestDatabase
let server: KisServer

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.sql`TRUNCATE kis_tokens`
  server = new KisServer()
  await server.start()
})
afterEach(() => server.stop())

/** As one process would make it. */
function client(
  options: { times?: Partial<KisTimes>; now?: () => number; kind?: 'real' | 'mock' } = {},
) {
  const counters = kisCounters()
  const made = new KisClient({
    account: server.account('first', options.kind),
    sql: database.sql,
    times: { ...KIS_TIMES, ...SHORT, ...options.times },
    counters,
    now: options.now ?? clock(),
    log: pino({ level: 'silent' }),
  })
  return Object.assign(made, { counters })
}
const price = (made: KisClient) => krxPrice({ client: made, symbol: '005930', signal })
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof KisError ? error.code : String(error)),
  )

describe('a token', () => {
  it('is asked for once, by many calls of many processes, and lies sealed in its row', async () => {
    const processes = [client(), client(), client()]
    await Promise.all(processes.flatMap((made) => [price(made), price(made), price(made)]))
    expect(server.count(TOKEN)).toBe(1)
    const [row] = await database.sql<{ sealed_token: string; app_key_hash: string }[]>`
      SELECT sealed_token, app_key_hash FROM kis_tokens`
    expect(row!.sealed_token).not.toContain('token-1')
    expect(row!.app_key_hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is taken from the row by a process that starts later', async () => {
    await price(client())
    await price(client())
    expect(server.count(TOKEN)).toBe(1)
  })

  it('is asked for again, once, when KIS has forgotten it, and the call repeated', async () => {
    const made = client()
    await price(made)
    server.expireTokens()
    await price(made)
    expect(server.tokens).toEqual(['token-1', 'token-2'])
    expect(server.count(PRICE)).toBe(3)
  })

  it.each(['EGW00121', 'EGW00122', 'EGW00123'])(
    'is exchanged on %s, and not twice',
    async (code) => {
      const made = client({ times: { tokenIntervalMs: 30 } })
      server.faults.set(PRICE, [
        { status: 500, code },
        { status: 500, code },
      ])
      expect(await codeOf(price(made))).toBe(code)
      expect(server.count(PRICE)).toBe(2)
      expect(server.count(TOKEN)).toBe(2)
    },
  )

  it('is waited for when KIS says that one a minute is enough', async () => {
    server.faults.set(TOKEN, [{ status: 403, code: 'EGW00133' }])
    const beganAt = performance.now()
    await price(client())
    expect(performance.now() - beganAt).toBeGreaterThanOrEqual(290)
    expect(server.count(TOKEN)).toBe(2)
  })

  it('near its end goes on serving while no new one can be had', async () => {
    let nowMs = START_MS
    const made = client({ now: () => nowMs, times: { tokenIntervalMs: 60_000 } })
    await price(made)
    nowMs += DAY_MS - 1_800_000
    await price(made)
    await price(made)
    expect(server.count(TOKEN)).toBe(1)
    // The minute is over by now, for the database.
    await database.sql`UPDATE kis_tokens SET asked_at = asked_at - interval '2 minutes'`
    server.faults.set(TOKEN, [{ status: 403, code: 'EGW00133' }])
    await price(made)
    expect(server.count(TOKEN)).toBe(2)
    await database.sql`UPDATE kis_tokens SET asked_at = asked_at - interval '2 minutes'`
    await price(made)
    expect(server.tokens).toEqual(['token-1', 'token-2'])
  })

  it('that another process got instead of a refused one is taken without asking', async () => {
    const [one, other] = [client({ times: { tokenIntervalMs: 60_000 } }), client()]
    await Promise.all([price(one), price(other)])
    server.expireTokens()
    await database.sql`UPDATE kis_tokens SET asked_at = asked_at - interval '2 minutes'`
    await price(one)
    await price(other)
    expect(server.tokens).toHaveLength(2)
  })
})

describe('the pace', () => {
  it.each([
    ['real', 18],
    ['mock', 1],
  ] as const)('of a %s account is %i calls a window, at the most', async (kind, callsMax) => {
    server.callsMax = callsMax
    // The rest of the adapter's window is for what a busy machine delays.
    server.rateWindowMs = 200
    const made = client({ kind, times: { rateWindowMs: 400 } })
    await Promise.all(Array.from({ length: callsMax * 2 }, () => price(made)))
    expect(made.counters).toMatchObject({ rate_limited: 0, rest_calls: callsMax * 2 })
  })

  it('slows down when KIS says so, and the call is repeated', async () => {
    server.faults.set(PRICE, [
      { status: 500, code: 'EGW00201' },
      { status: 500, code: 'EGW00201' },
    ])
    const made = client({ times: { retryDelayMs: 40 } })
    const beganAt = performance.now()
    await price(made)
    expect(performance.now() - beganAt).toBeGreaterThanOrEqual(115)
    expect(made.counters).toMatchObject({ rate_limited: 2, rest_calls: 3 })
  })
})

describe('a call that fails', () => {
  it.each([
    ['EGW00001', { status: 500, code: 'EGW00001' }, 4],
    ['HTTP_5', { status: 502, text: '<html>' }, 4],
    ['HTTP_404', { status: 404, text: 'not found' }, 1],
    ['EGW00101', { status: 400, code: 'EGW00101' }, 1],
    ['EGW00206', { status: 403, code: 'EGW00206' }, 1],
    ['TIMEOUT', 'silence', 4],
  ] as const)('with %s is tried so often', async (code, fault, tries) => {
    server.faults.set(PRICE, [fault, fault, fault, fault, fault])
    const made = client({ times: { callTimeoutMs: 100 } })
    expect(await codeOf(price(made))).toBe(code)
    expect(server.count(PRICE)).toBe(tries)
  })

  it('as its account has no right leaves the account alone for a while', async () => {
    server.faults.set(PRICE, [{ status: 403, code: 'EGW00206' }])
    const made = client({ times: { adminMs: 100 } })
    expect(await codeOf(price(made))).toBe('EGW00206')
    expect(await codeOf(price(made))).toBe('PARKED')
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(await codeOf(price(made))).toBe('none')
  })

  it('sends what KIS asks for', async () => {
    await price(client())
    const { headers, query } = server.calls.find(({ path }) => path === PRICE)!
    expect(headers).toMatchObject({
      authorization: 'Bearer token-1',
      ...{ appkey: 'PSkey-first', appsecret: 'secret-of-first', custtype: 'P' },
      ...{ tr_id: 'FHKST01010100', tr_cont: '' },
      'content-type': 'application/json; charset=utf-8',
    })
    expect(Object.fromEntries(query)).toEqual({
      FID_COND_MRKT_DIV_CODE: 'J',
      FID_INPUT_ISCD: '005930',
    })
  })
})

describe('pages', () => {
  it('are asked for while there are more, with N from the second on', async () => {
    let page = 0
    server.charts.set(PRICE, () => {
      page += 1
      return ok({ output: [{ page: String(page) }] }, { tr_cont: page < 3 ? 'M' : 'D' })
    })
    const answers = await client().pages({ path: PRICE, trId: 'FHKST01010100', params: {} }, signal)
    expect(answers.map(({ body }) => body.output)).toEqual([
      [{ page: '1' }],
      [{ page: '2' }],
      [{ page: '3' }],
    ])
    const conts = server.calls.filter(({ path }) => path === PRICE)
    expect(conts.map(({ headers }) => headers.tr_cont)).toEqual(['', 'N', 'N'])
  })
})

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')
const bar = (open: number) => ({ open, high: open + 2, low: open - 2, close: open + 1 })

describe('candles', () => {
  it('of KRX days come a hundred at a time, the newest first, empty rows among them', async () => {
    server.charts.set(DAILY, (query) => {
      const [from, to] = [query.get('FID_INPUT_DATE_1')!, query.get('FID_INPUT_DATE_2')!]
      const rows: Record<string, string>[] = []
      for (let ms = START_MS; rows.length < 99 && day(ms) >= from; ms -= DAY_MS) {
        if (day(ms) > to) continue
        const { open, high, low, close } = bar(50_000)
        rows.push({
          ...{ stck_bsop_date: day(ms), stck_oprc: `${open}`, stck_hgpr: `${high}` },
          ...{ stck_lwpr: `${low}`, stck_clpr: `${close}`, acml_vol: '100' },
        })
      }
      return ok({ output1: {}, output2: [...rows, {}] })
    })
    const asked = { client: client(), symbol: '005930', signal }
    const range = { tickerId: 'KRX-STOCK-005930', from: '20260101', to: '20261120', adjusted: true }
    const candles = await krxDailyCandles(asked, range)
    expect(candles).toHaveLength(324)
    expect(candles[0]).toMatchObject({ openAt: Date.UTC(2026, 0, 1), simulated: false })
    expect(candles.at(-1)!.openAt).toBe(Date.UTC(2026, 10, 20))
    expect(server.count(DAILY)).toBe(4)
  })

  it('of KRX minutes are read backwards by thirty, and never from the future', async () => {
    const asked: string[] = []
    server.charts.set(MINUTES, (query) => {
      const hour = query.get('FID_INPUT_HOUR_1')!
      asked.push(hour)
      const endMs = Math.floor(kstInstant('20261120', hour)! / 60_000) * 60_000
      const rows = Array.from({ length: 30 }, (_, i) => endMs - i * 60_000)
        .filter((ms) => ms >= kstInstant('20261120', '090000')!)
        .map((ms) => {
          const { open, high, low, close } = bar(50_000)
          const time = new Date(ms + 9 * 3_600_000).toISOString().slice(11, 19).replaceAll(':', '')
          return {
            ...{ stck_bsop_date: '20261120', stck_cntg_hour: time, stck_oprc: `${open}` },
            ...{ stck_hgpr: `${high}`, stck_lwpr: `${low}`, stck_prpr: `${close}`, cntg_vol: '7' },
          }
        })
      return ok({ output1: {}, output2: rows })
    })
    const candles = await krxMinuteCandles(
      { client: client(), symbol: '005930', signal },
      {
        tickerId: 'KRX-STOCK-005930',
        ...{ fromMs: START_MS - 2 * 3_600_000, toMs: START_MS + DAY_MS, nowMs: START_MS },
      },
    )
    expect(asked[0]).toBe('103000')
    expect(candles).toHaveLength(91)
    expect(candles[0]!.openAt).toBe(kstInstant('20261120', '090000'))
    expect(asked).toEqual(['103000', '100000', '093000', '090000', '085900'])
  })

  it('of US minutes come a hundred and twenty at a time, and of US days', async () => {
    const startMs = kstInstant('20261120', '050000')!
    server.charts.set(US_MINUTES, (query) => {
      const key = query.get('KEYB')!
      // The key is in New York's time: fourteen hours behind in winter.
      const local =
        key === '' ? startMs : kstInstant(key.slice(0, 8), key.slice(8))! + 14 * 3_600_000
      const rows = Array.from({ length: 120 }, (_, i) => {
        const ms = local - i * 60_000
        const korea = new Date(ms + 9 * 3_600_000).toISOString().replaceAll(/[-:]/g, '')
        const york = new Date(ms - 5 * 3_600_000).toISOString().replaceAll(/[-:]/g, '')
        const [open, high, low, last] = ['234.1', '234.3', '234.0', '234.2']
        return {
          ...{ xymd: york.slice(0, 8), xhms: york.slice(9, 15), open, high, low, last, evol: '12' },
          ...{ kymd: korea.slice(0, 8), khms: korea.slice(9, 15) },
        }
      })
      return ok({ output1: {}, output2: rows })
    })
    const asked = { client: client(), symbol: 'AAPL', exchange: 'NAS' as const, signal }
    const range = { tickerId: 'US-STOCK-AAPL', fromMs: startMs - 299 * 60_000, toMs: startMs }
    const candles = await usMinuteCandles(asked, range)
    expect(candles).toHaveLength(300)
    expect(server.count(US_MINUTES)).toBe(3)
    server.charts.set(US_DAILY, (query) =>
      ok({
        output1: {},
        output2: [
          { xymd: query.get('BYMD')!, open: '1', high: '3', low: '1', clos: '2', tvol: '5' },
          { xymd: '20261117', open: '1', high: '3', low: '1', clos: '2', tvol: '5' },
          {},
        ],
      }),
    )
    const days = await usDailyCandles(asked, {
      tickerId: 'US-STOCK-AAPL',
      ...{ from: '20261117', to: '20261119', adjusted: true },
    })
    expect(days.map(({ openAt }) => day(openAt))).toEqual(['20261117', '20261119'])
  })
})
