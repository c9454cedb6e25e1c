// One-minute candles of Upbit: complete minutes only, to the last digit, page by page.

import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decimal } from '@motu/shared/decimal.ts'
import type { Candle } from '../../src/feeder/candle-book.ts'
import { createUpbitFeed, type UpbitFeed } from '../../src/feeder/upbit/upbit.ts'
import { openUpbit } from '../../src/feeder/upbit/upbit-exchange.ts'
import { type Bar, START_MS, UpbitServer } from './upbit-server.ts'

const CANDLES = '/v1/candles/minutes/1'
const MINUTE_MS = 60_000
/** 05:04, the minute under way at the start. */
const MINUTE = Date.parse('2026-11-20T05:04:00.000Z')
const BTC = 'CRYPTO-COIN-BTC'

let server: UpbitServer
let feed: UpbitFeed
let nowMs: number
let lines: Record<string, unknown>[]
beforeEach(async () => {
  server = new UpbitServer()
  nowMs = START_MS
  lines = []
  const baseUrl = await server.start()
  const log = pino({}, { write: (line) => lines.push(JSON.parse(line) as never) })
  const open = () => openUpbit(baseUrl)
  const tickerIds = [BTC, 'CRYPTO-COIN-ETH']
  feed = createUpbitFeed({ open, tickerIds, now: () => nowMs, log })
})
afterEach(() => server.stop())

/** A minute, by how many minutes it opened before the one under way. */
function bar(ago: number, values: Partial<Bar> = {}): Bar {
  const prices = { open: '102', high: '104', low: '101', close: '103' }
  return { openAt: MINUTE - ago * MINUTE_MS, ...prices, volume: '0.5', ...values }
}
const bars = (...minutes: Bar[]): void => void server.candles.set('KRW-BTC', minutes)
const span = (fromAgo: number, toAgo = 0) => ({
  fromMs: MINUTE - fromAgo * MINUTE_MS,
  toMs: MINUTE - toAgo * MINUTE_MS,
})
const never = new AbortController().signal
const read = (fromAgo: number, toAgo?: number): Promise<Candle[]> =>
  feed.candles(BTC, span(fromAgo, toAgo), never)
const agoOf = ({ openAt }: Candle): number => (MINUTE - openAt) / MINUTE_MS
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  )

describe('candles of Upbit', () => {
  it('are what Upbit wrote, to the last digit, without a float', async () => {
    bars(
      bar(1, {
        ...{ open: '1.2345678901212345678E11', high: '123456789012.12345679' },
        ...{ low: '0.00002540', close: '2.54e-5', volume: '0.39110127999999997' },
      }),
    )
    expect(await read(1)).toEqual([
      {
        ...{ tickerId: BTC, openAt: MINUTE - MINUTE_MS, simulated: false },
        ...{ open: decimal('123456789012.12345678'), high: decimal('123456789012.12345679') },
        ...{ low: decimal('0.0000254'), close: decimal('0.0000254') },
        volume: decimal('0.39110127'),
      },
    ])
    expect(server.requests).toEqual([`${CANDLES}?market=KRW-BTC&count=200&to=2026-11-20T05:04:00Z`])
  })

  it.each([
    ['from the minute of its begin to the last that is over', 3, 0, [3, 2, 1]],
    ['to the minute that ends with it', 3, 1, [3, 2]],
    ['from within a minute: that minute too', 2.5, 0, [3, 2, 1]],
    ['to within a minute: not that minute', 3, 0.5, [3, 2]],
    ['beyond what is over: no more than that', 2, -5, [2, 1]],
    ['without a minute', 1, 1, []],
  ])('%s', async (_what, from, to, expected) => {
    bars(...[5, 4, 3, 2, 1, 0, -1].map((ago) => bar(ago)))
    expect((await read(from, to)).map(agoOf)).toEqual(expected)
  })

  it('are missing where nobody traded', async () => {
    bars(bar(9), bar(7), bar(2))
    expect((await read(8)).map(agoOf)).toEqual([7, 2])
    bars()
    expect(await read(8)).toEqual([])
  })

  it('come two hundred at a time, over minutes without a trade', async () => {
    const traded = Array.from({ length: 900 }, (_, index) => index + 1).filter((ago) => ago % 2 > 0)
    bars(...traded.map((ago) => bar(ago, { close: `10${ago % 4}` })))
    const candles = await read(850)
    expect(candles.map(agoOf)).toEqual(traded.filter((ago) => ago <= 850).toReversed())
    expect(candles.every((one) => one.close === decimal(`10${agoOf(one) % 4}`))).toBe(true)
    expect(server.count(CANDLES)).toBe(3)
  })

  it('end where the market began', async () => {
    bars(...Array.from({ length: 250 }, (_, index) => bar(index + 1)))
    expect(await read(10_080)).toHaveLength(250)
    expect(server.count(CANDLES)).toBe(3)
  })

  it('of a coin that is not listed are none, and not asked for', async () => {
    await feed.poll()
    expect(await feed.candles('CRYPTO-COIN-ETH', span(5), never)).toEqual([])
    expect(server.count(CANDLES)).toBe(0)
  })
})

describe('a candle that cannot be trusted is left out, and the others stay', () => {
  it.each<[string, Partial<Bar>, string]>([
    ['of another market', { market: 'KRW-ETH' }, 'a candle of another market'],
    ['without a time', { opened: 'null' }, 'no candle_date_time_utc'],
    ['of no time', { opened: '"2026-11-20T25:04:00"' }, 'no candle_date_time_utc'],
    ['within a minute', { opened: '"2026-11-20T05:02:30"' }, 'a candle that opens within a minute'],
    ['without an open', { open: 'null' }, 'no usable price'],
    ['with a price of zero', { low: '0' }, 'no usable price'],
    ['with a price of nine places', { close: '102.000000001' }, 'no usable price'],
    ['with an open above its high', { open: '104.1' }, 'a price beyond high and low'],
    ['with a close above its high', { close: '104.1' }, 'a price beyond high and low'],
    ['with an open below its low', { open: '100.9' }, 'a price beyond high and low'],
    ['with a close below its low', { close: '100.9' }, 'a price beyond high and low'],
    ['without a volume', { volume: 'null' }, 'no usable candle_acc_trade_volume'],
    ['with a negative volume', { volume: '-1' }, 'no usable candle_acc_trade_volume'],
  ])('%s', async (_what, values, reason) => {
    bars(bar(3), bar(2, values), bar(1))
    expect((await read(3)).map(agoOf)).toEqual([3, 1])
    expect(lines.map((line) => [line.ticker_id, line.reason])).toEqual([[BTC, reason]])
    bars(bar(3), bar(2), bar(1))
    expect(await read(3)).toHaveLength(3)
  })
})

describe('no candles come', () => {
  it('while Upbit limits the calls, and none is made in the pause it asked for', async () => {
    bars(bar(1))
    const body = '{"error":{"message":"Too many API requests. 2 s"}}'
    server.faults.set(CANDLES, { kind: 'answer', status: 429, body })
    expect(await failure(read(1))).toMatchObject({ status: 429, retryAfterMs: 2_000 })
    server.faults.clear()
    nowMs += 1_999
    expect(await failure(read(1))).toMatchObject({ retryAfterMs: 1 })
    expect(server.count(CANDLES)).toBe(1)
    // The quotes do not notice.
    expect((await feed.poll()).snapshots).toHaveLength(1)
    nowMs += 1
    expect(await read(1)).toHaveLength(1)
  })

  it('while Upbit wants no calls of any kind', async () => {
    bars(bar(1))
    server.faults.set('/v1/ticker', { kind: 'answer', status: 418, body: 'blocked' })
    expect(await failure(feed.poll())).toMatchObject({ status: 418 })
    expect(await failure(read(1))).toMatchObject({ retryAfterMs: 60_000 })
    expect(server.count(CANDLES)).toBe(0)
  })

  it.each([
    ['no JSON', '<html>', 'is not a list'],
    ['no list', '{"market":"KRW-BTC"}', 'is not a list'],
    ['nothing but garbage', '[{},null,1]', 'can be used: a candle of another market'],
    [
      'minutes that were not asked for',
      '[{"market":"KRW-BTC","candle_date_time_utc":"2026-11-20T05:04:00","opening_price":1,' +
        '"high_price":1,"low_price":1,"trade_price":1,"candle_acc_trade_volume":1}]',
      'other minutes than were asked for',
    ],
  ])('of an answer that is %s', async (_what, body, message) => {
    server.faults.set(CANDLES, { kind: 'answer', status: 200, body })
    const error = await failure(read(1))
    expect(error).toMatchObject({ name: 'UpbitError', retryable: true })
    expect((error as Error).message).toContain(message)
  })

  it('when one of the pages fails: all or none', async () => {
    bars(...Array.from({ length: 250 }, (_, index) => bar(index + 1)))
    const reading = failure(read(250))
    const seen = setInterval(() => {
      if (server.count(CANDLES) === 1) {
        server.faults.set(CANDLES, { kind: 'answer', status: 500, body: 'oops' })
      }
    }, 5)
    expect(await reading).toMatchObject({ status: 500 })
    clearInterval(seen)
  })

  it('once the feeder stops', async () => {
    bars(...Array.from({ length: 250 }, (_, index) => bar(index + 1)))
    const abort = new AbortController()
    const reading = failure(feed.candles(BTC, span(250), abort.signal))
    abort.abort()
    expect(await reading).toMatchObject({ name: 'AbortError' })
    expect(server.count(CANDLES)).toBe(0)
  })
})
