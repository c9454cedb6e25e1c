// The feeder role on a real Postgres, the memory bus and an exchange on this machine.

import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decimal } from '@motu/shared/decimal.ts'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import type { MarketEvent, OrderBook, Trade } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { Bus } from '../../src/bus/bus.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import { CandleBook, minuteOf, simulatedCandle } from '../../src/feeder/candle-book.ts'
import { foldDays } from '../../src/feeder/day-candles.ts'
import { upsertCandles, upsertQuotes } from '../../src/feeder/feed-store.ts'
import { type Feeder, startFeeder } from '../../src/feeder/feeder.ts'
import { simulatedTickers } from '../../src/feeder/replay/simulation.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { marketEvent } from '../market-event.ts'
import { until } from '../until.ts'
import { BTC, START_MS, UpbitServer } from './upbit-server.ts'

const TICKER_IDS = [...INSTRUMENTS.map(({ tickerId }) => tickerId), USD_KRW]
const COINS = TICKER_IDS.filter((tickerId) => tickerId.startsWith('CRYPTO-'))
const TICK_MS = 50
const log = pino({ level: 'silent' })

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

type Feed = { feed: 'replay' | 'upbit'; upbitUrl: string | null }

let bus: Bus
let batches: MarketEvent[][]
let feeders: Feeder[]
beforeEach(async () => {
  bus = memoryBus({ now: Date.now })
  batches = []
  feeders = []
  await bus.watchMarket((events) => batches.push(events))
  await database.sql`TRUNCATE candles, quotes`
})
afterEach(async () => {
  for (const feeder of feeders) await feeder.stop()
  await bus.close()
})

async function start(epoch: string, feed: Feed = { feed: 'replay', upbitUrl: null }) {
  const config = { ...feed, tickMs: TICK_MS }
  const { sql } = database
  const feeder = await startFeeder({ config, bus, sql, now: Date.now, log, epoch })
  feeders.push(feeder)
  return feeder
}

describe('a replaying feeder', () => {
  it('tells every ticker in one batch, numbered without a gap', async () => {
    await start('run-1')
    await until(() => batches.length >= 5)
    for (const [index, batch] of batches.slice(0, 5).entries()) {
      expect(batch.map(({ ticker_id }) => ticker_id)).toEqual(TICKER_IDS)
      expect(batch.every(({ epoch, seq }) => epoch === 'run-1' && seq === index + 1)).toBe(true)
      expect(batch.every(({ simulated }) => simulated)).toBe(true)
    }
    expect((await bus.readPrices(TICKER_IDS)).size).toBe(TICKER_IDS.length)
  })

  it('publishes neither books nor trades: it has none', async () => {
    const messages: unknown[] = []
    await bus.subscribe('market_books', (books) => messages.push(...books))
    await bus.subscribe('market_trades', (trades) => messages.push(...trades))
    await start('run-1')
    await until(() => batches.length >= 5)
    expect(messages).toEqual([])
  })

  it('computes the candles of six hours, as anyone would compute them', async () => {
    const startedAt = Date.now()
    await start('run-1')
    const count = 360 * TICKER_IDS.length
    await until(async () => {
      const [row] = await database.sql`
        SELECT count(*)::int AS count FROM candles WHERE open_at < ${new Date(minuteOf(Date.now()))}`
      return row!.count >= count
    }, 20_000)
    const apple = (await simulatedTickers('motu')).find(({ tickerId }) => /AAPL/.test(tickerId))!
    const openAt = minuteOf(startedAt) - 5 * 3_600_000
    const [row] = await database.sql`
      SELECT open, high, low, close, volume, simulated FROM candles
      WHERE ticker_id = ${apple.tickerId} AND interval = '1m' AND open_at = ${new Date(openAt)}`
    const { open, high, low, close, volume } = simulatedCandle(apple, openAt)
    expect(
      [row!.open, row!.high, row!.low, row!.close, row!.volume].map((text: string) =>
        decimal(text),
      ),
    ).toEqual([open, high, low, close, volume])
    expect(row!.simulated).toBe(true)
  })

  it('writes candle and quote of the last event before it stops', async () => {
    const feeder = await start('run-1')
    await until(() => batches.length >= 3)
    await feeder.stop()
    const told = batches.length
    await sleep(3 * TICK_MS)
    expect(batches).toHaveLength(told)
    const last = new Map(batches.at(-1)!.map((event) => [event.ticker_id, event]))
    const quotes = await database.sql`SELECT ticker_id, event FROM quotes`
    expect(new Map(quotes.map((row) => [row.ticker_id, row.event]))).toEqual(last)
    for (const event of last.values()) {
      const openAt = new Date(minuteOf(Date.parse(event.received_at)))
      const [candle] = await database.sql`
        SELECT close FROM candles
        WHERE ticker_id = ${event.ticker_id} AND interval = '1m' AND open_at = ${openAt}`
      expect(decimal(candle!.close)).toBe(decimal(event.price))
    }
  })

  it('goes on where it was when it starts again, under a new epoch', async () => {
    const first = await start('run-1')
    await until(() => batches.length >= 2)
    await first.stop()
    const before = batches.at(-1)!
    await start('run-2')
    const told = batches.length
    await until(() => batches.length > told)
    const after = batches[told]!
    expect(after.every(({ epoch, seq }) => epoch === 'run-2' && seq === 1)).toBe(true)
    for (const [index, event] of after.entries()) {
      const apart = Number(event.price) / Number(before[index]!.price) - 1
      expect(Math.abs(apart)).toBeLessThan(0.02)
    }
  })
})

describe('a feeder with Upbit', () => {
  let server: UpbitServer
  let upbitUrl: string
  beforeEach(async () => {
    server = new UpbitServer()
    upbitUrl = await server.start()
    for (const tickerId of COINS) {
      const market = `KRW-${tickerId.split('-')[2]}`
      server.coins.set(market, BTC)
      server.listed.push(market)
    }
  })
  afterEach(() => server.stop())

  const live = (): MarketEvent[] => batches.flat().filter(({ source }) => source === 'upbit')

  it('tells the coins from the exchange, the rest from the replay', async () => {
    await start('run-1', { feed: 'upbit', upbitUrl })
    await until(() => live().length >= 2 * COINS.length, 15_000)
    const sources = new Map(batches.flat().map((event) => [event.ticker_id, event]))
    expect([...sources.keys()].toSorted()).toEqual(TICKER_IDS.toSorted())
    for (const [tickerId, event] of sources) {
      expect(event.source === 'upbit').toBe(COINS.includes(tickerId))
      expect(event.simulated).toBe(!COINS.includes(tickerId))
    }
    expect(live()[0]).toMatchObject({
      price: '135000000',
      currency: 'KRW',
      change_pct: '0.75',
      base_price: '134000000',
      seq: 1,
    })
    expect(live().filter(({ ticker_id }) => ticker_id === COINS[0])[1]!.seq).toBe(2)
  })

  it('publishes the books and the trades of the exchange', { timeout: 15_000 }, async () => {
    const books: OrderBook[] = []
    const trades: Trade[] = []
    await bus.subscribe('market_books', (more) => books.push(...more))
    await bus.subscribe('market_trades', (more) => trades.push(...more))
    // One coin, so that its turn is each second.
    server.listed = ['KRW-BTC']
    const print = { price: '135000000', volume: '0.5', side: '"ASK"' }
    const printAt = (ms: number) => ({ ...print, id: `${ms}0000`, timestamp: `${ms}` })
    server.prints.set('KRW-BTC', [printAt(START_MS)])
    await start('run-1', { feed: 'upbit', upbitUrl })
    await until(() => server.count('/v1/trades/ticks') >= 1, 10_000)
    server.prints.set('KRW-BTC', [printAt(START_MS + 1), printAt(START_MS)])
    await until(() => trades.length > 0, 10_000)
    expect(trades).toMatchObject([{ trade_id: `${START_MS + 1}0000`, side: 'SELL' }])
    expect(books[0]).toMatchObject({ ticker_id: 'CRYPTO-COIN-BTC', source: 'upbit' })
  })

  it('lets the coins go stale while the exchange fails, and goes on afterwards', async () => {
    await start('run-1', { feed: 'upbit', upbitUrl })
    await until(() => live().length >= COINS.length, 15_000)
    server.faults.set('/v1/ticker', { kind: 'answer', status: 500, body: 'oops' })
    await sleep(1_500)
    const [told, replayed] = [live().length, batches.length]
    await sleep(2_000)
    expect(live()).toHaveLength(told)
    expect(batches.length).toBeGreaterThan(replayed + 10)
    server.faults.clear()
    await until(() => live().length > told, 15_000)
    expect(live().every(({ price }) => price === '135000000')).toBe(true)
  })

  it('runs without the exchange from the start', async () => {
    await server.stop()
    await start('run-1', { feed: 'upbit', upbitUrl })
    await until(() => batches.length >= 3)
    expect(new Set(batches.flat().map(({ ticker_id }) => ticker_id)).size).toBe(
      TICKER_IDS.length - COINS.length,
    )
    await server.start()
  })
})

describe('what the feeder stores', () => {
  const at = minuteOf(Date.parse('2026-11-20T12:00:00Z'))
  const candle = (openAt: number, price: string, simulated = false) => {
    const [open, high, low, close] = [price, price, price, price].map(decimal)
    return {
      ...{ tickerId: 'CRYPTO-COIN-BTC', openAt, volume: 0n, simulated },
      ...{ open: open!, high: high!, low: low!, close: close! },
    }
  }
  const closes = async (): Promise<string[]> => {
    const rows = await database.sql`SELECT close FROM candles ORDER BY open_at`
    return rows.map((row) => String(row.close).replace(/\.0+$/, ''))
  }

  it('never replaces a candle of the venue by a simulated one', async () => {
    await upsertCandles(database.sql, [candle(at, '5', true)])
    await upsertCandles(database.sql, [candle(at, '6')])
    await upsertCandles(database.sql, [candle(at, '7', true)])
    expect(await closes()).toEqual(['6'])
    await upsertCandles(database.sql, [candle(at, '8')])
    expect(await closes()).toEqual(['8'])
    await upsertCandles(database.sql, [])
  })

  it('keeps minutes for seven days, and what they say of their day for ever', async () => {
    const days = (count: number): number => at - count * 86_400_000
    await upsertCandles(database.sql, [candle(days(8), '1'), candle(days(7), '2'), candle(at, '3')])
    expect(await foldDays(database.sql, at)).toBe(1)
    expect(await closes()).toEqual(['1', '2', '3'])
    expect(await foldDays(database.sql, at)).toBe(0)
    const [oldest] = await database.sql`SELECT interval, open_at FROM candles ORDER BY open_at`
    expect(oldest).toEqual({ interval: '1d', open_at: new Date('2026-11-12T00:00:00Z') })
  })

  it('never replaces a quote by an older one', async () => {
    const quote = (second: number) =>
      marketEvent('CRYPTO-COIN-BTC', second, { received_at: `2026-11-20T12:00:0${second}.000Z` })
    await upsertQuotes(database.sql, [quote(2)])
    await upsertQuotes(database.sql, [quote(1)])
    const [row] = await database.sql`SELECT event FROM quotes`
    expect(row!.event.seq).toBe(2)
  })

  it('is given again when it could not be written, unless it has changed since', () => {
    const book = new CandleBook()
    book.add(marketEvent('CRYPTO-COIN-BTC', 1, { price: '5' }))
    const taken = book.takeChanged()
    expect(book.takeChanged()).toEqual([])
    book.giveBack(taken)
    expect(book.takeChanged()).toEqual(taken)
    book.add(marketEvent('CRYPTO-COIN-BTC', 2, { price: '7' }))
    book.giveBack(taken)
    expect(book.takeChanged().map(({ close }) => close)).toContain(decimal('7'))
  })
})
