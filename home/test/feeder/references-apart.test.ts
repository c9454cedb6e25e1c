// Never wired to the engine: whatever an exchange quotes, no price stream carries it, and no file that
// prices or trades listens to it. With the whole feeder, on a real Postgres.

import { readFileSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FeedDetail, FeedReport } from '@motu/shared/contract/status.ts'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import type { MarketEvent, OrderBook, ReferenceQuote, Trade } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { Bus } from '../../src/bus/bus.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import { type Feeder, startFeeder } from '../../src/feeder/feeder.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { ExchangeServer } from './exchange-server.ts'
import { UpbitServer } from './upbit-server.ts'

const TICKER_IDS = [...INSTRUMENTS.map(({ tickerId }) => tickerId), USD_KRW]
const COINS = TICKER_IDS.filter((tickerId) => tickerId.startsWith('CRYPTO-'))
/** Upbit's price of a bitcoin is in won: nothing in the hundred thousands is one. */
const WON_MIN = 1_000_000

let database: TestDatabase
let binance: ExchangeServer
let upbit: UpbitServer
let bus: Bus
let feeder: Feeder
let telling: NodeJS.Timeout
const abort = new AbortController()
const references: ReferenceQuote[] = []
const reports: FeedReport[] = []
const watched: MarketEvent[] = []
const followed: MarketEvent[] = []
const beside: (OrderBook | Trade)[] = []

beforeAll(async () => {
  database = await createDatabase()
  binance = new ExchangeServer('binance')
  upbit = new UpbitServer()
  // The one coin that the venue does not quote is quoted by the exchange.
  upbit.coins.clear()
  const url = await binance.start()
  const upbitUrl = await upbit.start()
  telling = setInterval(() => binance.tell(), 100)
  bus = memoryBus({ now: Date.now })
  await bus.subscribe('market_references', (more) => references.push(...more))
  await bus.subscribe('feed_status', (more) => reports.push(...more))
  await bus.subscribe('market_books', (more) => beside.push(...more))
  await bus.subscribe('market_trades', (more) => beside.push(...more))
  await bus.watchMarket((more) => watched.push(...more))
  void bus.followMarket(TICKER_IDS, (more) => followed.push(...more), abort.signal)
  feeder = await startFeeder({
    config: {
      ...{ feed: 'upbit', upbitUrl, tickMs: 50 },
      exchanges: [{ exchange: 'binance', url }],
    },
    ...{ bus, sql: database.sql, now: Date.now, epoch: 'run-1' },
    log: pino({ level: 'silent' }),
  })
  await until(() => references.length >= 3 && watched.length >= 500, 20_000)
})
afterAll(async () => {
  clearInterval(telling)
  abort.abort()
  await feeder.stop()
  await bus.close()
  await binance.stop()
  await upbit.stop()
  await database.drop()
})

describe('a reference quote', () => {
  it('is told, and is no market event, book or trade', async () => {
    expect(references.every(({ base }) => base === 'BTC')).toBe(true)
    const told = [...watched, ...followed, ...beside]
    expect(told.filter(({ source }) => source.startsWith('binance'))).toEqual([])
    expect(watched.filter(({ ticker_id }) => COINS.includes(ticker_id))).toEqual([])
    expect((await bus.readPrices(COINS)).size).toBe(0)
    await feeder.stop()
    const [row] = await database.sql`
      SELECT count(*)::int AS count FROM candles WHERE ticker_id LIKE 'CRYPTO-%'`
    const quotes = await database.sql`SELECT 1 FROM quotes WHERE ticker_id LIKE 'CRYPTO-%'`
    expect([row!.count, quotes.length]).toEqual([0, 0])
  })

  it('has no ticker id, and a price that none of the venue is', () => {
    const [first] = references
    expect(Object.keys(first!)).not.toContain('ticker_id')
    expect(Object.keys(first!)).not.toContain('currency')
    expect(Number(first!.price)).toBeLessThan(WON_MIN)
  })

  it('is listened to by the board of the API alone', () => {
    const root = join(import.meta.dirname, '../../src')
    const naming = globSync('**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] })
      .filter((path) => readFileSync(join(root, path), 'utf8').includes(`'market_references'`))
      .toSorted()
    expect(naming).toEqual([
      'api/reference-board.ts',
      'bus/bus.ts',
      'feeder/ccxt/reference-intake.ts',
    ])
    const publishing = globSync('feeder/ccxt/*.ts', { cwd: root }).filter((path) =>
      /publishMarket|live-intake|live-source/.test(readFileSync(join(root, path), 'utf8')),
    )
    expect(publishing).toEqual([])
  })
})

describe('the report of the feeds', () => {
  const of = (source: string): FeedDetail | undefined =>
    reports.at(-1)?.feeds.find((one) => one.source === source)

  it('says who speaks for what, since when', () => {
    const all = reports.at(-1)!.feeds.flatMap(({ groups }) => groups)
    const countOf = (state: string): number =>
      all.filter((group) => group.state === state).reduce((sum, { tickers }) => sum + tickers, 0)
    expect(countOf('simulated')).toBe(TICKER_IDS.length - COINS.length)
    expect(of('none')?.groups).toMatchObject([
      { group: 'CRYPTO-COIN', state: 'stale', tickers: COINS.length },
    ])
    expect(of('binance-ws')?.groups).toMatchObject([
      { group: 'REFERENCE', state: 'live', tickers: 1 },
    ])
    expect(all.every(({ since }) => Date.parse(since) <= Date.now())).toBe(true)
    expect(JSON.stringify(reports.at(-1)).length).toBeLessThan(4_000)
  })
})
