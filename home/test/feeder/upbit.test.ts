// The Upbit feed through ccxt, against an exchange that answers and fails as Upbit does.

import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createUpbitFeed, type UpbitFeed } from '../../src/feeder/upbit/upbit.ts'
import { openUpbit } from '../../src/feeder/upbit/upbit-exchange.ts'
import { BTC, START_MS, UpbitServer } from './upbit-server.ts'

const TICKER = '/v1/ticker'
const ORDERBOOK = '/v1/orderbook'

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
  const tickerIds = ['CRYPTO-COIN-BTC', 'CRYPTO-COIN-ETH']
  feed = createUpbitFeed({ open: () => openUpbit(baseUrl), tickerIds, now: () => nowMs, log })
  server.listed.push('KRW-ETH')
  server.coins.set('KRW-ETH', { ...BTC, price: '4100000', bid: '4099000', ask: '4100000' })
})
afterEach(() => server.stop())

const coins = async (): Promise<string[]> =>
  (await feed.poll()).snapshots.map(({ ticker_id }) => ticker_id)
const btc = async () =>
  (await feed.poll()).snapshots.find(({ ticker_id }) => ticker_id.endsWith('BTC'))
const reasons = (): unknown[] => lines.map(({ ticker_id, reason }) => [ticker_id, reason])
const change = (market: string, values: Partial<typeof BTC>): void => {
  server.coins.set(market, { ...server.coins.get(market)!, ...values })
}

describe('an observation', () => {
  it('is what Upbit wrote, to the last digit, without a float', async () => {
    expect(await btc()).toEqual({
      ticker_id: 'CRYPTO-COIN-BTC',
      price: '135000000',
      bid: '134990000',
      ask: '135000000',
      bid_size: '0.12345678',
      ask_size: '0.00000015',
      base_price: '134000000',
      volume: '0',
      venue_time: '2026-11-20T05:04:03.000Z',
      observed_at: '2026-11-20T05:04:03.000Z',
    })
  })

  it.each([
    ['0.00002540', '0.0000254'],
    ['2.54e-5', '0.0000254'],
    ['1E-8', '0.00000001'],
    // A float would answer 123456789012.12346.
    ['123456789012.12345679', '123456789012.12345679'],
    ['1.2345678901212345679E11', '123456789012.12345679'],
    ['0.100', '0.1'],
  ])('reads the size %s as %s', async (sent, read) => {
    change('KRW-BTC', { bidSize: sent })
    expect((await btc())?.bid_size).toBe(read)
  })

  it('takes two calls for all coins, without an Origin', async () => {
    await feed.poll()
    await feed.poll()
    expect(server.requests.toSorted()).toEqual([
      '/v1/market/all',
      '/v1/orderbook?markets=KRW-BTC,KRW-ETH&count=30',
      '/v1/orderbook?markets=KRW-BTC,KRW-ETH&count=30',
      '/v1/ticker?markets=KRW-BTC,KRW-ETH',
      '/v1/ticker?markets=KRW-BTC,KRW-ETH',
    ])
    expect(server.headers.every(({ origin }) => origin === undefined)).toBe(true)
  })

  it('is fresh when nothing has changed at the venue', async () => {
    const first = await btc()
    nowMs += 1_000
    const second = await btc()
    expect(second).toEqual({ ...first, observed_at: '2026-11-20T05:04:04.000Z' })
  })

  it('counts the volume since the last poll, each bit of it once', async () => {
    const volumes: (string | undefined)[] = []
    const totals = ['10.5', '10.50000001', '10.500000029', '10.50000003', '10.4', '10.50000004']
    for (const volume of totals) {
      change('KRW-BTC', { volume })
      volumes.push((await btc())?.volume)
    }
    change('KRW-BTC', { volume: '0.25', day: '"20261121"' })
    volumes.push((await btc())?.volume)
    change('KRW-BTC', { volume: '10.6', day: '"20261120"' })
    volumes.push((await btc())?.volume)
    // The fifth and the last answer are older than those before them: they add nothing.
    const expected = ['0', '0.00000001', '0.00000001', '0.00000001', '0', '0.00000001', '0.25', '0']
    expect(volumes).toEqual(expected)
  })
})

describe('a coin that cannot be trusted is left out, and the others go on', () => {
  it.each([
    ['a crossed book', { bid: '135000001' }, 'a crossed order book'],
    ['a locked book', { bid: '135000000' }, 'a crossed order book'],
    ['no price', { price: 'null' }, 'no usable price'],
    ['a price that is no number', { price: '"NaN"' }, 'no usable price'],
    ['a price of zero', { price: '0.0' }, 'no usable price'],
    ['a negative price', { price: '-1' }, 'no usable price'],
    ['a price of more than eight places', { price: '1.000000001' }, 'no usable price'],
    ['a price beyond what is stored', { price: '1E12' }, 'no usable price'],
    ['an object for a price', { price: '{}' }, 'no usable price'],
    ['no ask', { ask: 'null' }, 'no usable ask'],
    ['nothing at the bid', { bidSize: '0' }, 'no usable bid_size'],
    ['no base price', { base: 'null' }, 'no usable base_price'],
    ['no volume', { volume: 'null' }, 'no running volume'],
    ['no trade date', { day: 'null' }, 'no trade date'],
    ['no timestamp', { timestamp: 'null' }, 'no timestamp'],
  ])('%s', async (_name, values, reason) => {
    change('KRW-BTC', values)
    expect(await coins()).toEqual(['CRYPTO-COIN-ETH'])
    expect(reasons()).toEqual([['CRYPTO-COIN-BTC', reason]])
  })

  it('is reported once, and once more when it is back', async () => {
    server.coins.delete('KRW-BTC')
    await feed.poll()
    expect(await coins()).toEqual(['CRYPTO-COIN-ETH'])
    server.coins.set('KRW-BTC', BTC)
    expect(await coins()).toEqual(['CRYPTO-COIN-BTC', 'CRYPTO-COIN-ETH'])
    expect(lines.map(({ msg }) => msg)).toEqual([
      'upbit: the coin is left out',
      'upbit: the coin can be read again',
    ])
  })

  it('does not ask for a market that is not listed', async () => {
    server.listed = ['KRW-ETH']
    expect(await coins()).toEqual(['CRYPTO-COIN-ETH'])
    expect(server.requests).toContain('/v1/ticker?markets=KRW-ETH')
  })

  it('reads the list again when a market vanishes', async () => {
    await feed.poll()
    server.listed = ['KRW-ETH']
    await expect(feed.poll()).rejects.toMatchObject({ status: 404, retryable: true })
    expect(await coins()).toEqual(['CRYPTO-COIN-ETH'])
  })
})

describe('a poll that brings nothing says why, and the next one works', () => {
  const html = '<html>점검 중</html>'

  it.each([
    ['500', { kind: 'answer', status: 500, body: html }, { status: 500, retryable: true }],
    ['an HTML page', { kind: 'answer', status: 200, body: html }, { retryable: true }],
    ['half an answer', { kind: 'answer', status: 200, body: '[{"market":' }, { retryable: true }],
    ['an object', { kind: 'answer', status: 200, body: '{"a":1}' }, { retryable: true }],
    ['400', { kind: 'answer', status: 400, body: '{}' }, { status: 400, retryable: false }],
  ] as const)('%s', async (_name, fault, error) => {
    server.faults.set(ORDERBOOK, fault)
    await expect(feed.poll()).rejects.toMatchObject({ name: 'UpbitError', ...error })
    server.faults.clear()
    expect(await coins()).toHaveLength(2)
  })

  it.each(['nothing', 'headers'] as const)(
    'silence after %s',
    { timeout: 10_000 },
    async (after) => {
      server.faults.set(TICKER, { kind: 'silence', after })
      const begun = performance.now()
      await expect(feed.poll()).rejects.toMatchObject({ name: 'UpbitError', retryable: true })
      expect(performance.now() - begun).toBeLessThan(4_000)
      server.faults.clear()
      expect(await coins()).toHaveLength(2)
    },
  )

  it('a dead line', async () => {
    await feed.poll()
    await server.stop()
    await expect(feed.poll()).rejects.toMatchObject({ name: 'UpbitError', retryable: true })
    await server.start()
  })

  it('garbage in place of the list of markets', async () => {
    server.faults.set('/v1/market/all', { kind: 'answer', status: 200, body: '[1,null,"x"]' })
    await expect(feed.poll()).rejects.toMatchObject({ retryable: true })
    server.faults.clear()
    expect(await coins()).toHaveLength(2)
  })
})

describe('a pause that Upbit asks for is kept', () => {
  const named = (message: string): string => JSON.stringify({ error: { name: 'limit', message } })

  it.each([
    [429, named('요청 수 제한을 초과했습니다.'), {}, 1_000],
    [429, '', {}, 1_000],
    [429, '', { 'retry-after': '7' }, 7_000],
    [429, named('Too many requests. Retry after 3 seconds.'), {}, 3_000],
    [418, named('blocked'), {}, 60_000],
    [418, named('차단되었습니다. 1분 30초 후 다시 시도해주세요.'), {}, 90_000],
    [418, named('Blocked for 250 ms'), {}, 250],
    [418, named('Blocked for 999999 hours'), {}, 86_400_000],
  ])('%i %s', async (status, body, headers, pauseMs) => {
    server.faults.set(TICKER, { kind: 'answer', status, body, headers })
    const refusal = { name: 'UpbitError', status, retryable: true, retryAfterMs: pauseMs }
    await expect(feed.poll()).rejects.toMatchObject(refusal)
    server.faults.clear()
    const calls = server.requests.length
    nowMs += pauseMs - 1
    await expect(feed.poll()).rejects.toMatchObject({ retryable: true, retryAfterMs: 1 })
    expect(server.requests).toHaveLength(calls)
    nowMs += 1
    expect(await coins()).toHaveLength(2)
  })

  it('also when the other call fails for another reason', async () => {
    server.faults.set(TICKER, { kind: 'answer', status: 500, body: '' })
    server.faults.set(ORDERBOOK, { kind: 'answer', status: 418, body: '' })
    await expect(feed.poll()).rejects.toMatchObject({ retryAfterMs: 60_000 })
  })
})
