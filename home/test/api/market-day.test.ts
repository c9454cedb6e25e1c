// The day of an instrument, what moves, and daily candles by the venue's date.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type MarketDay,
  marketDaySchema,
  type Mover,
  moverSchema,
} from '@motu/shared/contract/market-day.ts'
import { decimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { foldDays } from '../../src/feeder/day-candles.ts'
import { upsertCandles, upsertQuotes } from '../../src/feeder/feed-store.ts'
import { marketEvent } from '../market-event.ts'
import { createWorld, problemIn, type World } from './world.ts'

const SAMSUNG = 'KRX-STOCK-005930'
const AAPL = 'US-STOCK-AAPL'
const BTC = 'CRYPTO-COIN-BTC'
const MINUTE_MS = 60_000

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
afterEach(async () => {
  await world.sql`DELETE FROM candles`
  await world.sql`DELETE FROM quotes`
})

/** A candle `[low, high]` that opens at its low and closes at its high. */
function candle(tickerId: string, at: string, [low, high]: [string, string], volume = '1') {
  const [lowest, highest] = [decimal(low), decimal(high)]
  return {
    ...{ tickerId, openAt: Date.parse(at), simulated: true, volume: decimal(volume) },
    ...{ open: lowest, high: highest, low: lowest, close: highest },
  }
}

/** An event as it was written down, at an instant of the venue. */
const quoted = (tickerId: string, at: string, changes: Partial<MarketEvent> = {}): MarketEvent =>
  marketEvent(tickerId, 1, {
    ...{ venue_time: new Date(at).toISOString(), received_at: new Date(at).toISOString() },
    ...changes,
  })

async function dayOf(tickerId: string): Promise<MarketDay> {
  const { status, body } = await world.call<MarketDay>(`/api/v1/market/days/${tickerId}`)
  expect([status, body]).toEqual([200, expect.anything()])
  return marketDaySchema.parse(body)
}

describe('the day of an instrument', () => {
  it('is made of its minutes and the last price, within its band', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T11:00:00+09:00')
    await upsertCandles(world.sql, [
      candle(SAMSUNG, '2026-11-19T10:00:00+09:00', ['40000', '90000'], '1000'),
      candle(SAMSUNG, '2026-11-19T23:59:00+09:00', ['60000', '80000'], '1000'),
      candle(SAMSUNG, '2026-11-20T09:00:00+09:00', ['70000', '70300'], '10'),
      candle(SAMSUNG, '2026-11-20T09:01:00+09:00', ['69700', '70000'], '20'),
      candle(AAPL, '2026-11-20T09:01:00+09:00', ['1', '2'], '20'),
    ])
    await upsertQuotes(world.sql, [
      quoted(SAMSUNG, '2026-11-20T10:59:59+09:00', {
        ...{ price: '70500', base_price: '69000', change_pct: '2.17' },
      }),
    ])
    expect(await dayOf(SAMSUNG)).toEqual({
      ...{ ticker_id: SAMSUNG, currency: 'KRW', date: '2026-11-20' },
      ...{ base_price: '69000', open: '70000', high: '70500', low: '69700', price: '70500' },
      ...{ change_pct: '2.17', volume: '30' },
      // 10 at (70,300 + 70,000 + 70,300) / 3 and 20 at (70,000 + 69,700 + 70,000) / 3
      turnover: '2100000',
      ...{ upper_limit: '89700', lower_limit: '48300' },
      ...{ year_high: '90000', year_low: '40000' },
      ...{ phase: 'continuous', strength_pct: null, simulated: true },
      as_of: '2026-11-20T02:00:00.000Z',
    })
  })

  it('is the one that is played, where a recording has days of minutes', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T02:00:00Z')
    await upsertCandles(world.sql, [
      candle(BTC, '2026-11-20T00:00:00Z', ['12800000', '12900000'], '5'),
      candle(BTC, '2026-11-20T01:47:00Z', ['9000000', '9990000'], '5'),
      candle(BTC, '2026-11-20T01:48:00Z', ['10000000', '10100000'], '1'),
      candle(BTC, '2026-11-20T01:59:00Z', ['9900000', '10050000'], '2'),
    ])
    await upsertQuotes(world.sql, [
      quoted(BTC, '2026-11-20T01:59:59.500Z', {
        ...{ price: '10117000', base_price: '10000000', change_pct: '1.17' },
        day_opened_at: '2026-11-20T01:48:00.000Z',
      }),
    ])
    expect(await dayOf(BTC)).toMatchObject({
      ...{ base_price: '10000000', open: '10000000', high: '10117000', low: '9900000' },
      ...{ change_pct: '1.17', volume: '3', date: '2026-11-20' },
      ...{ year_high: '12900000', year_low: '9000000' },
    })
    const { body } = await world.call<{ movers: Mover[] }>('/api/v1/market/movers?venue=CRYPTO')
    expect(body.movers.map(({ volume }) => volume)).toEqual(['3'])
  })

  it('is the last one a venue traded while it is shut', async () => {
    // A Saturday in Seoul, and the last price of Friday.
    world.clock.nowMs = Date.parse('2026-11-21T12:00:00+09:00')
    await upsertCandles(world.sql, [
      candle(SAMSUNG, '2026-11-20T15:29:00+09:00', ['70000', '70300'], '10'),
    ])
    await upsertQuotes(world.sql, [quoted(SAMSUNG, '2026-11-20T15:30:00+09:00')])
    expect(await dayOf(SAMSUNG)).toMatchObject({
      ...{ date: '2026-11-20', open: '70000', volume: '10', phase: 'closed' },
    })
  })

  it('invents nothing where no candle is', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T15:00:00Z')
    await upsertQuotes(world.sql, [quoted(AAPL, '2026-11-20T15:00:00Z', { price: '130' })])
    expect(await dayOf(AAPL)).toMatchObject({
      ...{ date: '2026-11-20', open: null, high: null, low: null, volume: '0', turnover: '0' },
      ...{ year_high: '130', year_low: '130', upper_limit: null, lower_limit: null },
    })
  })

  it('holds sums larger than an amount of an order may be', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T15:00:00Z')
    const many = [candle(BTC, '2026-11-20T14:00:00Z', ['90000000', '90000000'], '500000')]
    await upsertCandles(world.sql, many)
    await upsertQuotes(world.sql, [quoted(BTC, '2026-11-20T14:59:59Z')])
    expect(await dayOf(BTC)).toMatchObject({ turnover: '45000000000000' })
  })

  it('tells how strong buyers are, of the prints the API has heard', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T15:00:00Z')
    const prints: MarketEvent['prints'] = [
      ['100', '3', 'BUY'],
      ['99', '2', 'SELL'],
    ]
    const event = quoted(BTC, '2026-11-20T15:00:00Z', { prints })
    await world.bus.publishMarket([event])
    expect(await dayOf(BTC)).toMatchObject({ strength_pct: '150' })
  })

  it('is told of what is listed and priced only', async () => {
    for (const id of ['US-STOCK-NONE', USD_KRW, '%00', 'x']) {
      const answer = await world.call(`/api/v1/market/days/${id}`)
      expect(problemIn(answer)).toEqual([404, 'not-found'])
    }
    world.clock.nowMs += 60_000
    const unpriced = await world.call('/api/v1/market/days/US-STOCK-JPM')
    expect(problemIn(unpriced)).toEqual([503, 'unavailable'])
  })
})

describe('a year', () => {
  const daily = async (tickerId: string, query = '') => {
    const path = `/api/v1/market/candles/${tickerId}?interval=1d${query}`
    const { body } = await world.call<{ candles: [number, ...string[]][] }>(path)
    return body.candles.map(([at, ...figures]) => [new Date(at).toISOString(), ...figures])
  }
  const year = async (): Promise<string[]> => {
    const { year_high, year_low } = await dayOf(AAPL)
    return [year_high, year_low]
  }

  it('is made of the days whose minutes are gone, and of the minutes since', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T15:00:00Z')
    await upsertQuotes(world.sql, [quoted(AAPL, '2026-11-20T15:00:00Z', { price: '130' })])
    await upsertCandles(world.sql, [
      // Summer time in New York ends on the 1st: its 25 hours are one day.
      candle(AAPL, '2026-10-31T23:59:00-04:00', ['90', '91'], '5'),
      candle(AAPL, '2026-11-01T00:00:00-04:00', ['100', '101'], '1'),
      candle(AAPL, '2026-11-01T12:00:00-05:00', ['80', '150'], '2'),
      candle(AAPL, '2026-11-01T23:59:00-05:00', ['119', '120'], '4'),
      // The day of a week ago is whole as minutes.
      candle(AAPL, '2026-11-13T00:00:00-05:00', ['110', '111'], '8'),
      candle(AAPL, '2026-11-20T09:59:00-05:00', ['129', '131'], '16'),
    ])
    const [days, range] = [await daily(AAPL), await year()]
    expect(days.slice(0, 2)).toEqual([
      ['2026-10-31T04:00:00.000Z', '90', '91', '90', '91', '5'],
      ['2026-11-01T04:00:00.000Z', '100', '150', '80', '120', '7'],
    ])
    expect([days.length, range]).toEqual([4, ['150', '80']])
    // Nothing of it changes when the minutes go, however often that is looked at.
    expect(await foldDays(world.sql, world.clock.nowMs)).toBe(4)
    expect(await foldDays(world.sql, world.clock.nowMs)).toBe(0)
    expect([await daily(AAPL), await year()]).toEqual([days, range])
    expect(await daily(AAPL, '&to=2026-11-01T04:00:00Z&from=0')).toEqual([days[0]])
    expect(await world.call(`/api/v1/market/candles/${AAPL}?interval=1h&from=0`)).toMatchObject({
      body: { candles: [expect.anything(), expect.anything()] },
    })
  })

  it('takes in a minute that comes after its day was closed', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T15:00:00Z')
    const minute = (at: string, prices: [string, string]) =>
      upsertCandles(world.sql, [candle(BTC, at, prices, '1')])
    await minute('2026-11-01T12:00:00Z', ['100', '110'])
    await foldDays(world.sql, world.clock.nowMs)
    await minute('2026-11-01T12:01:00Z', ['105', '120'])
    await foldDays(world.sql, world.clock.nowMs)
    const [first] = await daily(BTC)
    expect(first).toEqual(['2026-11-01T00:00:00.000Z', '100', '120', '100', '110', '2'])
  })

  it('ends 52 weeks ago', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T15:00:00Z')
    await upsertQuotes(world.sql, [quoted(AAPL, '2026-11-20T15:00:00Z', { price: '130' })])
    await upsertCandles(world.sql, [
      candle(AAPL, '2025-11-20T12:00:00-05:00', ['1', '999']),
      candle(AAPL, '2025-11-22T12:00:00-05:00', ['70', '170']),
    ])
    await foldDays(world.sql, world.clock.nowMs)
    expect(await year()).toEqual(['170', '70'])
  })
})

describe('the movers', () => {
  type Answer = { movers: Mover[]; as_of: string }
  async function movers(query = ''): Promise<Answer> {
    const { body } = await world.call<Answer>(`/api/v1/market/movers${query}`)
    for (const mover of body.movers) moverSchema.parse(mover)
    return body
  }
  const named = async (query: string): Promise<string[]> =>
    (await movers(query)).movers.map(({ ticker_id }) => ticker_id)

  it('are ordered by change or by turnover in won, of one venue or all', async () => {
    world.clock.nowMs = Date.parse('2026-11-20T15:00:30Z')
    const at = '2026-11-20T15:00:00Z'
    const MSFT = 'US-STOCK-MSFT'
    await upsertQuotes(world.sql, [
      quoted(AAPL, at, { change_pct: '1.5' }),
      quoted(MSFT, at, { change_pct: '-2.25' }),
      quoted(BTC, at, { change_pct: '10' }),
      quoted('CRYPTO-COIN-ETH', at, { change_pct: '0' }),
      // Of the day before: Korea has none of today yet, so its newest day counts.
      quoted(SAMSUNG, '2026-11-20T15:30:00+09:00', { change_pct: '-30' }),
      quoted('KRX-STOCK-000660', '2026-11-19T15:30:00+09:00', { change_pct: '29' }),
      quoted(USD_KRW, at, { bid: '1399', ask: '1401', change_pct: '50' }),
    ])
    await upsertCandles(world.sql, [
      candle(AAPL, '2026-11-20T14:59:00Z', ['100', '100'], '7'),
      candle(BTC, '2026-11-20T14:59:00Z', ['900000', '900000'], '1'),
      candle(BTC, '2026-11-19T23:59:00Z', ['900000', '900000'], '9'),
      candle(SAMSUNG, '2026-11-20T15:29:00+09:00', ['70000', '70000'], '20'),
    ])
    expect(await named('')).toEqual([BTC, AAPL])
    expect(await named('?by=losers')).toEqual([SAMSUNG, MSFT])
    expect(await named('?by=losers&limit=1')).toEqual([SAMSUNG])
    expect(await named('?by=losers&venue=US')).toEqual([MSFT])
    const { movers: traded, as_of } = await movers('?by=turnover')
    expect(traded).toEqual([
      expect.objectContaining({ ticker_id: SAMSUNG, volume: '20', turnover_krw: '1400000' }),
      expect.objectContaining({ ticker_id: AAPL, currency: 'USD', turnover_krw: '980000' }),
      expect.objectContaining({ ticker_id: BTC, volume: '1', turnover_krw: '900000' }),
    ])
    expect(as_of).toBe('2026-11-20T15:00:30.000Z')
  })

  it('are read again after a second, and not before', async () => {
    world.clock.nowMs += MINUTE_MS
    const at = new Date(world.clock.nowMs).toISOString()
    const rate = quoted(USD_KRW, at)
    await upsertQuotes(world.sql, [quoted(AAPL, at, { change_pct: '3' }), rate])
    expect(await named('?venue=US')).toEqual([AAPL])
    await world.sql`DELETE FROM quotes`
    world.clock.nowMs += 999
    expect(await named('?venue=US')).toEqual([AAPL])
    world.clock.nowMs += 1
    expect(await named('?venue=US')).toEqual([])
  })

  it('add each minute once, the old ones and the new, and begin anew with the day', async () => {
    const volumes: (string | undefined)[] = []
    const ask = async (at: string): Promise<void> => {
      world.clock.nowMs = Date.parse(at)
      await upsertQuotes(world.sql, [quoted(BTC, at, { change_pct: '3' })])
      volumes.push((await movers('?venue=CRYPTO')).movers[0]?.volume)
    }
    const store = (at: string, volume: string) =>
      upsertCandles(world.sql, [candle(BTC, at, ['1', '1'], volume)])
    await store('2026-11-20T23:50:00Z', '1')
    await store('2026-11-20T23:56:00Z', '10')
    await store('2026-11-20T23:58:00Z', '100')
    await ask('2026-11-20T23:58:30Z')
    await store('2026-11-20T23:58:00Z', '200')
    await store('2026-11-20T23:59:00Z', '1000')
    await ask('2026-11-20T23:59:20Z')
    // What was filled in late shows within a minute.
    await store('2026-11-20T23:49:00Z', '0.5')
    await ask('2026-11-20T23:59:29Z')
    await ask('2026-11-20T23:59:31Z')
    await store('2026-11-21T00:00:00Z', '7')
    await ask('2026-11-21T00:00:01Z')
    expect(volumes).toEqual(['111', '1211', '1211', '1211.5', '7'])
  })

  it.each([
    ['?by=weight', '#/by'],
    ['?venue=MARS', '#/venue'],
    ['?limit=0', '#/limit'],
    ['?limit=51', '#/limit'],
  ])('of %s are refused', async (query, pointer) => {
    const answer = await world.call(`/api/v1/market/movers${query}`)
    expect(problemIn(answer)).toEqual([400, 'invalid-request', pointer])
  })
})

describe('daily candles', () => {
  /** Candles at these instants; the daily ones, by their opening and their volume. */
  async function daily(tickerId: string, minutes: readonly string[]): Promise<[string, string][]> {
    const rows = minutes.map((at, index) =>
      candle(tickerId, at, ['100', '101'], String(10 ** index)),
    )
    await upsertCandles(world.sql, rows)
    world.clock.nowMs = Math.max(...rows.map(({ openAt }) => openAt)) + MINUTE_MS
    const path = `/api/v1/market/candles/${tickerId}?interval=1d`
    const { body } = await world.call<{ candles: [number, ...string[]][] }>(path)
    return body.candles.map(([at, ...rest]) => [new Date(at).toISOString(), rest.at(-1)!])
  }

  it('of KRX are days of Seoul', async () => {
    const minutes = ['2026-11-19T14:59:00Z', '2026-11-19T15:00:00Z', '2026-11-20T14:59:00Z']
    expect(await daily(SAMSUNG, minutes)).toEqual([
      ['2026-11-18T15:00:00.000Z', '1'],
      ['2026-11-19T15:00:00.000Z', '110'],
    ])
  })

  it('of the US are days of New York, 23 hours long where summer time begins', async () => {
    const minutes = [
      ...['2026-03-08T04:59:00Z', '2026-03-08T05:00:00Z'],
      ...['2026-03-09T03:59:00Z', '2026-03-09T04:00:00Z'],
    ]
    expect(await daily(AAPL, minutes)).toEqual([
      ['2026-03-07T05:00:00.000Z', '1'],
      ['2026-03-08T05:00:00.000Z', '110'],
      ['2026-03-09T04:00:00.000Z', '1000'],
    ])
  })

  it('of the US are 25 hours long where it ends', async () => {
    const minutes = [
      ...['2026-11-01T03:59:00Z', '2026-11-01T04:00:00Z'],
      ...['2026-11-02T04:59:00Z', '2026-11-02T05:00:00Z'],
    ]
    expect(await daily(AAPL, minutes)).toEqual([
      ['2026-10-31T04:00:00.000Z', '1'],
      ['2026-11-01T04:00:00.000Z', '110'],
      ['2026-11-02T05:00:00.000Z', '1000'],
    ])
  })

  it('of coins and of the exchange rate are days of UTC', async () => {
    for (const ticker of [BTC, USD_KRW]) {
      const minutes = ['2026-11-19T23:59:00Z', '2026-11-20T00:00:00Z']
      expect(await daily(ticker, minutes)).toEqual([
        ['2026-11-19T00:00:00.000Z', '1'],
        ['2026-11-20T00:00:00.000Z', '10'],
      ])
    }
  })

  it.each(['1h', '15m', '5m'])('leave those of %s where they were', async (interval) => {
    await upsertCandles(world.sql, [candle(SAMSUNG, '2026-11-20T00:00:00Z', ['1', '2'])])
    world.clock.nowMs = Date.parse('2026-11-20T00:01:00Z')
    const path = `/api/v1/market/candles/${SAMSUNG}?interval=${interval}`
    const { body } = await world.call<{ candles: [number][] }>(path)
    expect(body.candles.map(([at]) => at)).toEqual([Date.parse('2026-11-20T00:00:00Z')])
  })
})
