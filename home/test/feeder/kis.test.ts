// The KIS adapter against a KIS that answers, pushes and fails as the real one does, over sockets.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { dataFrame, krxOperation, usBook, usTrade } from './kis-server/kis-frames.ts'
import { APPLE } from './kis-server/kis-quotes.ts'
import { BOOK, KisServer } from './kis-server/kis-server.ts'
import {
  APPLE_ID,
  book,
  KisWorld,
  nextTrade,
  registered,
  SAMSUNG_ID,
  START_MS,
  trades,
} from './kis-world.ts'

const TRADES = 'H0STCNT0 005930'
const BOOKS = 'H0STASP0 005930'
const OPERATIONS = 'H0STMKO0 005930'

let database: TestDatabase
let server: KisServer
let world: KisWorld

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

beforeEach(async () => {
  await database.sql`TRUNCATE kis_tokens`
  server = new KisServer()
  await server.start()
})
afterEach(async () => {
  await world.stop()
  await server.stop()
})

const open = (options: Omit<ConstructorParameters<typeof KisWorld>[0], 'server' | 'sql'> = {}) => {
  world = new KisWorld({ server, sql: database.sql, ...options })
}
const seen = (count: number): Promise<void> => until(() => world.prints.length >= count)

describe('what is pushed', () => {
  beforeEach(async () => {
    open()
    await registered(server)
    await until(() => world.observations.length > 0)
    world.observations.length = 0
  })

  it('becomes an observation with its book, its prints and the base price KIS told', async () => {
    server.lines.push(BOOKS, book())
    server.lines.push(TRADES, trades(nextTrade(7, { price: 53700, change: -500, side: '1' })))
    await seen(1)
    expect(world.observations.at(-1)).toMatchObject({
      ticker_id: SAMSUNG_ID,
      ...{ price: '53700', bid: '53600', bid_size: '10', ask: '53700', ask_size: '30' },
      ...{ currency: 'KRW', base_price: '54200', change_pct: '-0.92', volume: '7' },
      venue_time: '2026-11-20T01:30:00.000Z',
      ...{ source: 'kis', simulated: false, phase: 'continuous' },
      bids: [
        ['53600', '10'],
        ['53500', '20'],
      ],
      asks: [
        ['53700', '30'],
        ['53800', '40'],
      ],
      prints: [['53700', '7', 'BUY']],
    })
    expect(Date.parse(world.observations.at(-1)!.received_at)).toBeGreaterThanOrEqual(START_MS)
    await until(() => world.trades.length === 1 && world.books.length > 0)
    expect(world.trades[0]).toMatchObject({ price: '53700', quantity: '7', side: 'BUY' })
    expect(world.books.at(-1)).toMatchObject({
      bids: [
        ['53600', '10'],
        ['53500', '20'],
      ],
    })
  })

  it('may be several records in a frame, of 46 or 47 fields', async () => {
    server.lines.push(TRADES, trades(nextTrade(1), nextTrade(2), nextTrade(3)))
    const wide = { marketClass: '2' }
    server.lines.push(TRADES, trades(nextTrade(4, wide), nextTrade(5, wide)))
    await seen(5)
    expect(world.prints).toEqual(['1', '2', '3', '4', '5'])
  })

  it('is split into observations of fifty prints, none lost', async () => {
    const quantities = Array.from({ length: 230 }, (_, i) => i + 1)
    server.lines.push(TRADES, trades(...quantities.map((quantity) => nextTrade(quantity))))
    await seen(230)
    expect(world.prints).toEqual(quantities.map(String))
    expect(Math.max(...world.observations.map(({ prints = [] }) => prints.length))).toBe(50)
  })

  it('is counted and left when it is garbage, and what is right beside it is taken', async () => {
    const half = trades(nextTrade(900), nextTrade(901)).slice(0, -20)
    for (const text of ['', 'garbage', '0|H0STCNT0|001|', '0|H0STCNT0|002|a^b^c', '{', half]) {
      server.lines.broadcast(text)
    }
    server.lines.broadcast(trades(nextTrade(902, { price: 0 }), nextTrade(11)))
    server.lines.broadcast('1|H0STCNI0|001|bm90aWNl')
    await seen(1)
    expect(world.prints).toEqual(['11'])
    expect(world.source.counters).toMatchObject({
      bad_frames: 7,
      encrypted_frames: 1,
      good_dropped: 0,
    })
  })

  it('counts once when it is sent twice', async () => {
    const frame = trades(nextTrade(21))
    server.lines.push(TRADES, frame)
    server.lines.push(TRADES, frame)
    server.lines.push(TRADES, trades(nextTrade(22)))
    await seen(2)
    expect(world.prints).toEqual(['21', '22'])
    expect(world.source.counters).toMatchObject({ duplicates: 1, good_dropped: 0 })
  })

  it('comes late as a print, and does not turn the last price back', async () => {
    const late = nextTrade(31, { time: '102958', price: 53500, change: -700 })
    server.lines.push(TRADES, trades(nextTrade(32, { price: 53700, change: -500 })))
    server.lines.push(TRADES, trades(late))
    await seen(2)
    expect(world.prints).toEqual(['32', '31'])
    expect(world.last()).toMatchObject({ price: '53700', venue_time: '2026-11-20T01:30:00.000Z' })
  })

  it('is passed on as it is, a hundredfold price too: others judge it', async () => {
    server.lines.push(TRADES, trades(nextTrade(41, { price: 5_360_000, change: 5_305_800 })))
    await seen(1)
    expect(world.last()).toMatchObject({ price: '5360000', base_price: '54200' })
  })

  it('shows an empty side at a price limit as nothing to be had', async () => {
    server.lines.push(BOOKS, book({ asks: [] }))
    await until(() => world.last()?.asks?.length === 0)
    expect(world.last()).toMatchObject({ ask: '53600', ask_size: '0', asks: [], bid: '53600' })
  })

  it('tells a halt, a volatility interruption and the auction that ends it', async () => {
    const phases = () => world.observations.map(({ phase }) => phase)
    await until(() => server.lines.registered.includes(OPERATIONS))
    server.lines.push(OPERATIONS, dataFrame('H0STMKO0', krxOperation({ code: '005930', vi: 'Y' })))
    await until(() => phases().at(-1) === 'auction')
    server.lines.push(BOOKS, book({ hourClass: 'C' }))
    server.lines.push(TRADES, trades(nextTrade(500, { price: 53800, change: -400, side: '3' })))
    server.lines.push(TRADES, trades(nextTrade(1, { price: 53900, change: -300 })))
    await seen(2)
    const [uncross, after] = world.observations.filter(({ prints }) => prints)
    expect(uncross).toMatchObject({
      phase: 'continuous',
      price: '53800',
      uncross: { price: '53800', quantity: '500' },
      prints: [['53800', '500', null]],
    })
    expect(after).toMatchObject({ prints: [['53900', '1', 'BUY']] })
    expect(after).not.toHaveProperty('uncross')
    const halt = krxOperation({ code: '005930', halted: 'Y' })
    server.lines.push(OPERATIONS, dataFrame('H0STMKO0', halt))
    await until(() => phases().at(-1) === 'halted')
  })
})

describe('a US ticker', () => {
  it('is told by trades and one level, times in UTC', async () => {
    server.stocks.set('AAPL', APPLE)
    open({ source: { tickerIds: [APPLE_ID] } })
    const name = 'HDFSCNT0 DNASAAPL'
    await until(() => server.lines.registered.length === 2 && world.last(APPLE_ID) !== undefined)
    const at = { koreanDate: '20261120', koreanTime: '103000' }
    const quote = { symbol: 'AAPL', bid: '234.1000', ask: '234.1200', ...at }
    const bookFrame = usBook({ ...quote, bidSize: 50, askSize: 60 })
    server.lines.push('HDFSASP0 DNASAAPL', dataFrame('HDFSASP0', bookFrame))
    const trade = usTrade({
      ...quote,
      ...{ localDate: '20261119', localTime: '203000', price: '234.1200', sign: '2' },
      ...{ diff: '1.2500', quantity: 5, cumulative: 44_700_000 },
    })
    server.lines.push(name, dataFrame('HDFSCNT0', trade))
    server.lines.push(name, dataFrame('HDFSCNT0', trade.slice(1)))
    await seen(1)
    expect(world.last(APPLE_ID)).toMatchObject({
      ...{ price: '234.12', bid: '234.1', ask: '234.12', bid_size: '50', ask_size: '60' },
      ...{ currency: 'USD', base_price: '232.87', venue_time: '2026-11-20T01:30:00.000Z' },
      prints: [['234.12', '5', 'BUY']],
    })
    expect(world.source.counters).toMatchObject({ duplicates: 1, bad_frames: 0 })
  })

  it('is looked for at the other exchanges when it is not where it was thought to be', async () => {
    server.stocks.set('IBM', { ...APPLE, exchange: 'NYS' })
    open({ source: { tickerIds: ['US-STOCK-IBM'] }, times: { quietMs: 30 } })
    const there = 'HDFSASP0 DNYSIBM, HDFSCNT0 DNYSIBM'
    await until(() => server.lines.registered.join(', ') === there)
    await until(() => world.last('US-STOCK-IBM') !== undefined)
  })
})

describe('the exchange rate', () => {
  it('is a mid, from the chart, or else from the details of a stock', async () => {
    server.stocks.set('AAPL', APPLE)
    open({ source: { tickerIds: ['FX-RATE-USDKRW'] } })
    const rate = () => world.last('FX-RATE-USDKRW')
    await until(() => rate() !== undefined)
    expect(rate()).toMatchObject({
      ...{ price: '1402.35', bid: '1402.35', ask: '1402.35', bid_size: '0' },
      ...{ base_price: '1400', change_pct: '0.17', currency: 'KRW' },
    })
    server.usdKrw = null
    await until(() => rate()?.price === '1402.1')
  })
})

describe('what nobody pushes', () => {
  it('is polled: a quiet ticker, with its halt', async () => {
    open({ times: { quietMs: 30, detailMs: 0 } })
    await registered(server)
    await until(() => server.count(BOOK) >= 3)
    expect(world.last()).toMatchObject({ price: '53600', base_price: '54200', bid: '53600' })
    server.stocks.set('005930', { ...server.stocks.get('005930')!, halted: 'Y' })
    await until(() => world.last()?.phase === 'halted')
  })

  it('is taken for unchanged while the line lives, and only for a while', async () => {
    open({ times: { quietMs: 600, confirmMs: 1_500 } })
    await registered(server)
    await until(() => world.observations.length > 0)
    const polls = server.count(BOOK)
    const before = world.observations.length
    const pinging = setInterval(() => server.lines.ping(), 30)
    await until(() => world.observations.length >= before + 3)
    clearInterval(pinging)
    expect(server.count(BOOK)).toBe(polls)
    await until(() => server.count(BOOK) > polls)
  })

  it('adds what was traded between two looks', async () => {
    server.lines.isSilent = true
    open({ times: { quietMs: 20, detailMs: 0 } })
    await until(() => world.observations.length > 0)
    const stock = server.stocks.get('005930')!
    server.stocks.set('005930', { ...stock, volume: '22044900' })
    await until(() => world.observations.some(({ volume }) => volume !== '0'))
    await until(() => server.count(BOOK) > 5)
    expect(world.observations.map(({ volume }) => volume).filter((v) => v !== '0')).toEqual(['33'])
  })
})

describe('while the bus is away', () => {
  it('nothing is lost: it comes when the bus is back, in its order', async () => {
    open()
    await registered(server)
    await until(() => world.observations.length > 0)
    world.isBusAway = true
    for (let i = 1; i <= 120; i += 1) server.lines.push(TRADES, trades(nextTrade(i)))
    await until(() => world.source.counters.records >= 120)
    world.isBusAway = false
    await seen(120)
    expect(world.prints).toEqual(Array.from({ length: 120 }, (_, i) => String(i + 1)))
    await until(() => world.trades.length === 120)
    expect(world.source.counters.good_dropped).toBe(0)
  })
})
