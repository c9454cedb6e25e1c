// The trades of Upbit: each once, oldest first, and never at the cost of a quote.

import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tradeSchema } from '@motu/shared/market-data.ts'
import type { LiveSink } from '../../src/feeder/live-source.ts'
import { createUpbitFeed, type UpbitFeed } from '../../src/feeder/upbit/upbit.ts'
import { openUpbit } from '../../src/feeder/upbit/upbit-exchange.ts'
import { upbitSources } from '../../src/feeder/upbit/upbit-source.ts'
import { until } from '../until.ts'
import { type Fault, type Print, START_MS, UpbitServer } from './upbit-server.ts'

const TRADES = '/v1/trades/ticks'

let server: UpbitServer
let baseUrl: string
let feed: UpbitFeed
let nowMs: number
let lines: Record<string, unknown>[]
const log = pino({}, { write: (line) => lines.push(JSON.parse(line) as never) })
beforeEach(async () => {
  server = new UpbitServer()
  baseUrl = await server.start()
  nowMs = START_MS
  lines = []
  const tickerIds = ['CRYPTO-COIN-BTC', 'CRYPTO-COIN-ETH']
  feed = createUpbitFeed({ open: () => openUpbit(baseUrl), tickerIds, now: () => nowMs, log })
})
afterEach(() => server.stop())

/** A trade that many milliseconds after the start; its id as Upbit makes them. */
function print(ms: number, values: Partial<Print> = {}): Print {
  const timestamp = String(START_MS + ms)
  const fields = { id: `${timestamp}0000`, price: '135000000.00000000', volume: '0.00016823' }
  return { ...fields, side: '"BID"', timestamp, ...values }
}

const send = (...prints: Print[]): void => void server.prints.set('KRW-BTC', prints)
const sendNumbered = (from: number, to: number): void =>
  send(...Array.from({ length: to - from }, (_, index) => print(to - 1 - index)))
/** When each new trade happened, in ms after the start. */
const take = async (): Promise<number[]> =>
  (await feed.pollTrades()).map(({ venue_time }) => Date.parse(venue_time) - START_MS)

/** The first poll has seen a trade at zero. */
async function begin(): Promise<void> {
  await feed.poll()
  send(print(0))
  expect(await take()).toEqual([])
}

describe('trades', () => {
  it('are what Upbit wrote, to the last digit, without a float', async () => {
    await begin()
    nowMs += 2_000
    send(
      print(9, { id: '17636150430090000123', price: '1.2345678901212345679E11', side: '"ASK"' }),
      print(5, { volume: '1.5E-7' }),
    )
    const trades = await feed.pollTrades()
    expect(trades.map((trade) => tradeSchema.parse(trade))).toEqual(trades)
    expect(trades[1]).toEqual({
      ticker_id: 'CRYPTO-COIN-BTC',
      trade_id: '17636150430090000123',
      price: '123456789012.12345679',
      quantity: '0.00016823',
      side: 'SELL',
      currency: 'KRW',
      venue_time: '2026-11-20T05:04:03.009Z',
      received_at: '2026-11-20T05:04:05.000Z',
      source: 'upbit',
      simulated: false,
    })
    expect(trades[0]).toMatchObject({ side: 'BUY', quantity: '0.00000015' })
  })

  it('begin with the first answer that has any, and nothing from before it comes later', async () => {
    await feed.poll()
    expect(await take()).toEqual([])
    send(print(-10), print(-20))
    expect(await take()).toEqual([])
    send(print(0), print(-10), print(-15), print(-20), print(-30))
    expect(await take()).toEqual([0])
  })

  it('come once each, oldest first, however they are sent', async () => {
    await begin()
    send(print(3), print(1), print(3), print(2), print(0), print(1))
    expect(await take()).toEqual([1, 2, 3])
    send(print(3), print(2), print(1), print(0))
    expect(await take()).toEqual([])
    // One that was reported late.
    send(print(9), print(4, { id: '7' }), print(2, { id: '8' }))
    expect(await take()).toEqual([2, 4, 9])
    expect(await take()).toEqual([])
  })

  it('of one millisecond come in the order of their ids', async () => {
    await begin()
    send(print(5, { id: '1000' }), print(5, { id: '998' }), print(5, { id: '999' }))
    const ids = (await feed.pollTrades()).map(({ trade_id }) => trade_id)
    expect(ids).toEqual(['998', '999', '1000'])
  })

  it('come once each where more happens than is remembered', async () => {
    await begin()
    const taken: number[] = []
    for (let to = 400; to <= 4_000; to += 400) {
      sendNumbered(to - 500, to)
      taken.push(...(await take()))
    }
    expect(taken).toEqual(Array.from({ length: 3_999 }, (_, index) => index + 1))
    sendNumbered(1, 400)
    expect(await take()).toEqual([])
  })

  it.each<[string, Partial<Print>, string]>([
    ['of another market', { market: 'KRW-ETH' }, 'a trade of another market'],
    ['without an id', { id: 'null' }, 'no usable sequential_id'],
    ['with an id that is no number', { id: '"17-a"' }, 'no usable sequential_id'],
    ['without a price', { price: 'null' }, 'no usable trade_price'],
    ['with a price of zero', { price: '0' }, 'no usable trade_price'],
    ['with more than eight places', { volume: '0.000000001' }, 'no usable trade_volume'],
    ['with a negative volume', { volume: '-1' }, 'no usable trade_volume'],
    ['without a side', { side: '"BOTH"' }, 'no usable ask_bid'],
    ['without an instant', { timestamp: '"soon"' }, 'no timestamp'],
  ])('%s are left out with one line in the log, and the others come', async (_, values, reason) => {
    await begin()
    send(print(3), print(2, values), print(1))
    expect(await take()).toEqual([1, 3])
    expect(await take()).toEqual([])
    const said = lines.filter(({ msg }) => msg === 'upbit: a trade is left out')
    expect(said).toMatchObject([{ ticker_id: 'CRYPTO-COIN-BTC', reason }])
  })

  it('from the future do not silence those of the present', async () => {
    await feed.poll()
    send(print(86_400_000), print(0))
    expect(await take()).toEqual([])
    send(print(2), print(1))
    expect(await take()).toEqual([1, 2])
  })

  it('are asked for one market a call, in turn, once the quotes know the markets', async () => {
    server.listed.push('KRW-ETH')
    await feed.pollTrades()
    expect(server.requests).toEqual([])
    await feed.poll()
    await feed.pollTrades()
    server.faults.set(TRADES, { kind: 'answer', status: 500, body: '' })
    await expect(feed.pollTrades()).rejects.toMatchObject({ status: 500 })
    server.faults.clear()
    await feed.pollTrades()
    const asked = server.requests.filter((url) => url.startsWith(TRADES))
    expect(asked).toEqual(
      ['KRW-BTC', 'KRW-ETH', 'KRW-BTC'].map((market) => `${TRADES}?market=${market}&count=500`),
    )
  })
})

describe('a trades call that fails', () => {
  it.each<[string, Fault]>([
    ['an HTML page', { kind: 'answer', status: 200, body: '<html>점검 중</html>' }],
    ['an object', { kind: 'answer', status: 200, body: '{"error":{}}' }],
    ['half an answer', { kind: 'answer', status: 200, body: '[{"market":' }],
  ])('with %s loses nothing', async (_name, fault) => {
    await begin()
    send(print(1))
    server.faults.set(TRADES, fault)
    await expect(feed.pollTrades()).rejects.toMatchObject({ name: 'UpbitError' })
    server.faults.clear()
    expect(await take()).toEqual([1])
  })

  it('takes rows that are no trades for none', async () => {
    await begin()
    server.faults.set(TRADES, { kind: 'answer', status: 200, body: '[1,null,"x",[],{}]' })
    expect(await take()).toEqual([])
  })

  it('keeps the pause it was asked for, which is not one of the quotes', async () => {
    await begin()
    const body = '{"error":{"name":"too_many_requests"}}'
    server.faults.set(TRADES, {
      kind: 'answer',
      status: 429,
      body,
      headers: { 'retry-after': '7' },
    })
    await expect(feed.pollTrades()).rejects.toMatchObject({ status: 429, retryAfterMs: 7_000 })
    server.faults.clear()
    nowMs += 6_999
    await expect(feed.pollTrades()).rejects.toMatchObject({ retryAfterMs: 1 })
    expect(server.count(TRADES)).toBe(2)
    expect((await feed.poll()).snapshots).toHaveLength(1)
    nowMs += 1
    send(print(1))
    expect(await take()).toEqual([1])
  })

  it('is not made while the quotes pause', async () => {
    await begin()
    server.faults.set('/v1/ticker', { kind: 'answer', status: 418, body: '' })
    await expect(feed.poll()).rejects.toMatchObject({ status: 418 })
    await expect(feed.pollTrades()).rejects.toMatchObject({ retryAfterMs: 60_000 })
    expect(server.count(TRADES)).toBe(1)
  })
})

describe('the quotes', () => {
  it.each<[string, Fault]>([
    ['hangs', { kind: 'silence', after: 'nothing' }],
    ['is refused', { kind: 'answer', status: 418, body: '' }],
  ])('neither wait nor fail while the trades call %s', { timeout: 10_000 }, async (_, fault) => {
    const polls: number[] = []
    const sink: LiveSink = {
      observations: () => Promise.resolve(void polls.push(Date.now())),
      books: () => Promise.resolve(),
      trades: () => Promise.resolve(),
    }
    const abort = new AbortController()
    server.faults.set(TRADES, fault)
    const ended = upbitSources({ url: baseUrl, now: Date.now, log })[1]!.run(sink, abort.signal)
    await until(() => polls.length >= 4, 8_000)
    abort.abort()
    await ended
    expect(server.count(TRADES)).toBeGreaterThan(0)
    for (const [index, at] of polls.entries()) {
      if (index > 0) expect(at - polls[index - 1]!).toBeLessThan(1_800)
    }
    expect(lines.map(({ msg }) => msg)).not.toContain('upbit: nothing was read')
  })
})
