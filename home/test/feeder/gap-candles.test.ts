// Candles of what nobody observed, from an exchange on this machine to a real Postgres.

import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import { type Candle, minuteOf, MINUTE_MS } from '../../src/feeder/candle-book.ts'
import { upsertCandles } from '../../src/feeder/feed-store.ts'
import { startFeeder } from '../../src/feeder/feeder.ts'
import { GapCandles, type GapCandlesOptions } from '../../src/feeder/gap-candles.ts'
import { upbitSources } from '../../src/feeder/upbit/upbit-source.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { marketEvent } from '../market-event.ts'
import { until } from '../until.ts'
import { type Bar, BTC as BTC_COIN, UpbitServer } from './upbit-server.ts'

const CANDLES = '/v1/candles/minutes/1'
const COINS = INSTRUMENTS.filter(({ venue }) => venue === 'CRYPTO').map(({ tickerId }) => tickerId)
const BTC = 'CRYPTO-COIN-BTC'
const ETH = 'CRYPTO-COIN-ETH'
/** Half a minute into one. */
const START_MS = Date.parse('2026-11-20T05:04:30.000Z')
const MINUTE = minuteOf(START_MS)
const DAY_MINUTES = 1_440

let database: TestDatabase
let server: UpbitServer
let url: string
let nowMs: number
let lines: Record<string, unknown>[]
let stop: () => Promise<void>
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.sql`TRUNCATE candles, quotes`
  server = new UpbitServer()
  url = await server.start()
  nowMs = START_MS
  lines = []
  stop = async () => {}
  for (const coin of COINS) server.listed.push(marketOf(coin))
})
afterEach(async () => {
  await stop()
  await server.stop()
})

const log = pino({}, { write: (line) => lines.push(JSON.parse(line) as never) })
const marketOf = (tickerId: string): string => `KRW-${tickerId.split('-')[2]}`
const openAt = (ago: number, from = MINUTE): number => from - ago * MINUTE_MS

/** The exchange knows these minutes, as many before the one under way; all at 100. */
function traded(tickerId: string, agos: readonly number[], from = MINUTE): void {
  const prices = { open: '100', high: '100', low: '100', close: '100', volume: '1' }
  const bars = agos.map((ago): Bar => ({ openAt: openAt(ago, from), ...prices }))
  server.candles.set(marketOf(tickerId), bars)
}
const minutes = (from: number, to = 1): number[] =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index)

/** Postgres knows such a minute: at 7. */
const stored = (tickerId: string, ago: number, simulated = false): Promise<void> =>
  upsertCandles(database.sql, [candleOf(tickerId, ago, simulated)])
function candleOf(tickerId: string, ago: number, simulated = false): Candle {
  const price = decimal('7')
  const prices = { open: price, high: price, low: price, close: price }
  return { tickerId, openAt: openAt(ago), ...prices, volume: 0n, simulated }
}
/** What is stored of a ticker: how many minutes ago, at which price; simulated ones with a mark. */
async function charted(tickerId: string): Promise<string[]> {
  const rows = await database.sql`
    SELECT open_at, close, simulated FROM candles WHERE ticker_id = ${tickerId} ORDER BY open_at`
  return rows.map((row) => {
    const ago = (MINUTE - (row.open_at as Date).getTime()) / MINUTE_MS
    return `${ago}: ${formatDecimal(decimal(row.close as string))}${row.simulated ? ' ~' : ''}`
  })
}
const agosOf = async (tickerId: string): Promise<number[]> =>
  (await charted(tickerId)).map((text) => Number.parseInt(text, 10))

/** Those that were fetched, in their order, from the log. */
const fetched = (): unknown[] =>
  lines.filter(({ msg }) => /are fetched/.test(String(msg))).map(({ ticker_id }) => ticker_id)
const calls = (tickerId: string): number =>
  server.requests.filter((one) => one.startsWith(`${CANDLES}?market=${marketOf(tickerId)}&`)).length

async function begin(options: Partial<GapCandlesOptions> = {}): Promise<GapCandles> {
  const now = (): number => nowMs
  const sources = upbitSources({ url, now, log })
  const gaps = new GapCandles({ sources, sql: database.sql, now, log, ...options })
  await gaps.begin()
  const abort = new AbortController()
  const running = gaps.run(abort.signal)
  stop = async () => {
    abort.abort()
    await running
  }
  return gaps
}
const saw = (gaps: GapCandles, tickerId: string, atMs: number): void =>
  gaps.saw([marketEvent(tickerId, 1, { received_at: new Date(atMs).toISOString() })])
const allFetched = (count = COINS.length): Promise<void> =>
  until(() => fetched().length >= count, 20_000)

describe('at the start', () => {
  it('candles are fetched from the last one on, which was seen in part only', async () => {
    traded(BTC, minutes(10))
    await stored(BTC, 6)
    await stored(BTC, 4)
    await begin()
    await allFetched()
    expect(await charted(BTC)).toEqual(['6: 7', '4: 100', '3: 100', '2: 100', '1: 100'])
  })

  it('minutes without a trade stay empty', async () => {
    traded(BTC, [5, 2])
    await stored(BTC, 6)
    await begin()
    await allFetched()
    expect(await charted(BTC)).toEqual(['6: 7', '5: 100', '2: 100'])
  })

  it('simulated candles are replaced, those of the venue taken for the last ones', async () => {
    traded(BTC, minutes(10))
    await stored(BTC, 3)
    await stored(BTC, 2, true)
    await stored(ETH, 2, true)
    traded(ETH, minutes(2))
    await begin()
    await allFetched()
    expect(await charted(BTC)).toEqual(['3: 100', '2: 100', '1: 100'])
    expect(await charted(ETH)).toEqual(['2: 100', '1: 100'])
    await stored(BTC, 2, true)
    expect(await charted(BTC)).toEqual(['3: 100', '2: 100', '1: 100'])
  })

  it.each([
    ['a week at the most, however old the last candle', 7 * DAY_MINUTES + 5, 360, 360],
    ['a week, when it is that old', 7 * DAY_MINUTES - 5, 7 * DAY_MINUTES, 7 * DAY_MINUTES - 5],
    ['six hours, when there is none', null, 400, 360],
  ])('%s', async (_what, last, known, expected) => {
    traded(BTC, minutes(known))
    if (last !== null) await stored(BTC, last)
    await begin()
    await until(() => fetched().includes(BTC), 30_000)
    expect((await agosOf(BTC)).filter((ago) => ago <= 7 * DAY_MINUTES)).toEqual(minutes(expected))
  })

  it('the most recently quoted come first, one after the other', async () => {
    const [first, second, third] = [COINS.at(-1)!, COINS[0]!, COINS[3]!]
    await stored(third, 30)
    await stored(first, 2)
    await stored(second, 7)
    await begin()
    await allFetched()
    expect(fetched().slice(0, 3)).toEqual([first, second, third])
    expect(new Set(fetched())).toEqual(new Set(COINS))
  })

  it('nothing is fetched before the last minute is over for certain', async () => {
    nowMs = MINUTE + 2_999
    traded(BTC, minutes(3))
    await stored(BTC, 3)
    await begin()
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(server.count(CANDLES)).toBe(0)
    nowMs = MINUTE + 3_000
    await allFetched()
    expect(await agosOf(BTC)).toEqual([3, 2, 1])
  })

  it('a failure is logged and tried again, and meanwhile it is the turn of others', async () => {
    traded(BTC, minutes(3))
    await stored(BTC, 3)
    server.listed = server.listed.filter((market) => market !== 'KRW-BTC')
    await begin()
    await allFetched(COINS.length - 1)
    expect(fetched()).not.toContain(BTC)
    expect(await charted(BTC)).toEqual(['3: 7'])
    const failures = lines.filter(({ msg }) => /were not fetched/.test(String(msg)))
    expect(failures).toMatchObject([{ ticker_id: BTC, failures: 1, retry_in_ms: 1_000 }])
    server.listed.push('KRW-BTC')
    const asked = calls(BTC)
    nowMs += 999
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(calls(BTC)).toBe(asked)
    nowMs += 1
    await until(() => fetched().includes(BTC))
    expect(await charted(BTC)).toEqual(['3: 100', '2: 100', '1: 100'])
  })

  it('Postgres away is a failure like any other', async () => {
    traded(BTC, minutes(3))
    await stored(BTC, 3)
    await database.sql`ALTER TABLE candles RENAME TO candles_away`
    try {
      const begun = begin()
      // Where the candles end must be known first.
      await expect(begun).rejects.toThrow('candles')
    } finally {
      await database.sql`ALTER TABLE candles_away RENAME TO candles`
    }
    await begin()
    await database.sql`ALTER TABLE candles RENAME TO candles_away`
    try {
      await until(() => lines.some(({ msg }) => /were not fetched/.test(String(msg))))
    } finally {
      await database.sql`ALTER TABLE candles_away RENAME TO candles`
    }
    nowMs += 1_000
    await until(() => fetched().includes(BTC))
    expect(await agosOf(BTC)).toEqual([3, 2, 1])
  })
})

describe('a ticker that comes back', () => {
  it.each([
    ['after a minute', 60_000, true],
    ['after less than a minute', 59_999, false],
  ])('%s', async (_what, silenceMs, isFetched) => {
    const gaps = await begin()
    await allFetched()
    saw(gaps, BTC, START_MS)
    saw(gaps, ETH, START_MS)
    traded(BTC, [0])
    nowMs = START_MS + silenceMs
    saw(gaps, ETH, nowMs - 30_000)
    saw(gaps, BTC, nowMs)
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(await agosOf(BTC)).toEqual(isFetched ? [0] : [])
    expect(fetched()).toHaveLength(COINS.length + (isFetched ? 1 : 0))
  })

  it('is fetched up to its return, whatever was fetched at the start', async () => {
    traded(BTC, minutes(3))
    await stored(BTC, 3)
    const gaps = await begin()
    await allFetched()
    traded(BTC, [0, -1])
    nowMs = openAt(-2) + 100
    saw(gaps, BTC, nowMs)
    nowMs += 3_000
    await allFetched(COINS.length + 1)
    expect(await agosOf(BTC)).toEqual([3, 2, 1, 0, -1])
  })

  it.each([
    ['until they are', 0, false],
    ['for two minutes at the most', 119_999, true],
    ['no longer than two minutes', 120_000, false],
  ])('holds its new candles back while older ones are not fetched: %s', async (_w, ms, isHeld) => {
    const gaps = await begin()
    expect(gaps.holds(BTC)).toBe(true)
    expect(gaps.holds('KRX-STOCK-005930')).toBe(false)
    if (ms > 0) await stop()
    else await allFetched()
    nowMs += ms
    expect(gaps.holds(BTC)).toBe(isHeld)
  })

  it('covers the minutes that were fetched, up to the last in which somebody traded', async () => {
    traded(BTC, [5, 4, 2])
    const gaps = await begin()
    await allFetched()
    const covered = [3, 2, 1].map((ago) => gaps.covers(candleOf(BTC, ago)))
    expect(covered).toEqual([true, true, false])
    expect(gaps.covers(candleOf(ETH, 3))).toBe(false)
  })

  it('while its market is closed is one only after five minutes', async () => {
    const gaps = await begin({ isOpen: () => false })
    await allFetched()
    saw(gaps, BTC, START_MS)
    nowMs = START_MS + 299_999
    saw(gaps, BTC, nowMs)
    nowMs += 300_000
    traded(BTC, [-8])
    saw(gaps, ETH, START_MS)
    saw(gaps, BTC, nowMs)
    await allFetched(COINS.length + 1)
    expect(fetched().slice(COINS.length)).toEqual([BTC])
    expect(await agosOf(BTC)).toEqual([-8])
  })
})

it('a whole feeder fetches beside its quotes, which wait for no candle', async () => {
  const bus = memoryBus({ now: Date.now })
  const events: MarketEvent[] = []
  await bus.watchMarket((more) => events.push(...more))
  for (const coin of COINS) server.coins.set(marketOf(coin), BTC_COIN)
  server.faults.set(CANDLES, { kind: 'silence', after: 'nothing' })
  const config = { feed: 'upbit' as const, upbitUrl: url, tickMs: 500 }
  const { sql } = database
  const feeder = await startFeeder({ config, bus, sql, now: Date.now, log, epoch: 'run-1' })
  stop = async () => {
    await feeder.stop()
    await bus.close()
  }
  const live = (): MarketEvent[] => events.filter(({ source }) => source === 'upbit')
  await until(() => live().length >= 2 * COINS.length, 15_000)
  // What is observed meanwhile waits for what was before it.
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(await sql`SELECT FROM candles WHERE ticker_id = ${BTC}`).toHaveLength(0)
  const now = minuteOf(Date.now())
  traded(BTC, minutes(5), now)
  server.faults.clear()
  const charts = async (): Promise<number> => {
    const rows = await sql`
      SELECT FROM candles WHERE ticker_id = ${BTC} AND close = 100 AND NOT simulated`
    return rows.length
  }
  await until(async () => (await charts()) === 5, 20_000)
  await until(async () => {
    const rows = await sql`SELECT FROM candles WHERE ticker_id = ${BTC} AND close = 135000000`
    return rows.length > 0
  })
})
