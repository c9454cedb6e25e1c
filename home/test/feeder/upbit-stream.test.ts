// Upbit's stream, under every fault a feed can have, against the whole feeder: what reaches the bus.

import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MarketEvent, Trade } from '@motu/shared/market-data.ts'
import type { Bus } from '../../src/bus/bus.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import { type Feeder, startFeeder } from '../../src/feeder/feeder.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { BTC, type Coin, UpbitServer } from './upbit-server.ts'
import { bookFrame, tickerFrame, tradeFrame, UpbitSocket } from './upbit-socket.ts'

const MARKET = 'KRW-BTC'
const TICKER_ID = 'CRYPTO-COIN-BTC'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

let server: UpbitServer
let socket: UpbitSocket
let bus: Bus
let feeder: Feeder
let events: MarketEvent[]
let lines: Record<string, unknown>[]
/** Prices of the good frames, in the order they were sent. */
let good: string[]
let price: number

beforeEach(async () => {
  server = new UpbitServer()
  socket = new UpbitSocket(server.http)
  socket.onSubscribed = () => socket.isConnected && snapshot()
  events = []
  lines = []
  good = []
  price = 135_000_000
  const upbitUrl = await server.start()
  bus = memoryBus({ now: Date.now })
  await bus.watchMarket((batch) => events.push(...batch.filter((one) => !one.simulated)))
  const log = pino({}, { write: (line) => lines.push(JSON.parse(line) as never) })
  const config = { feed: 'upbit', upbitUrl, tickMs: 60_000 } as const
  feeder = await startFeeder({
    ...{ config, bus, log, epoch: 'run', sql: database.sql, now: Date.now },
    // Polls come once a second.
    failover: { silentMs: 1_500, healthyMs: 300 },
  })
  await keepSending(() => streamed().length >= 3)
  await sleep(100)
})
afterEach(async () => {
  await feeder.stop()
  await socket.stop()
  await server.stop()
  await bus.close()
})

const streamed = (): MarketEvent[] => events.filter(({ source }) => source === 'upbit-ws')
const reasons = (): Set<string> =>
  new Set(feeder.live().quarantined.map(({ source, reason }) => `${source} ${reason}`))
const state = () => feeder.live().tickers.find(({ tickerId }) => tickerId === TICKER_ID)!

/** The coin as it stands, a tick around its price; polls show the same. */
function coin(change: Partial<Coin> = {}): Coin {
  const timestamp = String(Date.now())
  const around = { bid: String(price - 1_000), ask: String(price + 1_000), timestamp }
  return { ...BTC, ...around, price: String(price), ...change }
}

function snapshot(): void {
  const now = coin()
  server.coins.set(MARKET, now)
  socket.send(tickerFrame(MARKET, now))
  socket.send(bookFrame(MARKET, now))
}

/** A good ticker at a price of its own, and a good book around it. */
function sendGood(): void {
  price += 1_000
  good.push(String(price))
  snapshot()
}

/** Sends good frames until the condition holds. */
async function keepSending(isDone: () => boolean, deadlineMs = 20_000): Promise<void> {
  for (const end = Date.now() + deadlineMs; !isDone(); await sleep(30)) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${isDone.toString()}`)
    sendGood()
  }
}

/** Every event shows a price that was sent as a good one, in a book that is one. */
function expectOnlyGood(): void {
  const known = new Set(['135000000', ...good])
  for (const event of events) {
    expect(known).toContain(event.price)
    const [bid, ask, at] = [event.bid, event.ask, event.price].map(Number) as [
      number,
      number,
      number,
    ]
    expect(bid).toBeLessThan(ask)
    // A poll asks twice, and the price goes on in between.
    expect(Math.abs(bid - at)).toBeLessThanOrEqual(20_000)
    expect(Math.abs(ask - at)).toBeLessThanOrEqual(20_000)
  }
  const times = events.map(({ venue_time }) => Date.parse(venue_time))
  expect(times.every((time, index) => index === 0 || time >= times[index - 1]!)).toBe(true)
}

describe('the stream', { timeout: 40_000 }, () => {
  it('is one connection and one request for all coins and kinds', () => {
    expect(socket.connections).toBe(1)
    expect(socket.requests).toEqual([
      { types: ['ticker', 'orderbook', 'trade'], codes: ['KRW-BTC'] },
    ])
  })

  it('tells prices, ten levels and prints to the last digit', async () => {
    const trades: Trade[] = []
    await bus.subscribe('market_trades', (more) => trades.push(...more))
    const print = (id: number) => ({
      ...{ id: String(id), price: String(price), volume: '0.00016823', side: '"BID"' },
      timestamp: String(Date.now()),
    })
    socket.send(tradeFrame(MARKET, print(1)))
    await sleep(20)
    socket.send(tradeFrame(MARKET, print(2)))
    socket.send(tradeFrame(MARKET, print(2)))
    const deeper = Array.from(
      { length: 14 },
      (_, level) =>
        [`${price - 2_000 - level}`, `${price + 2_000 + level}`, '1e-8', '2.50'] as const,
    )
    socket.send(bookFrame(MARKET, coin({ deeper, bidSize: '12345678901.12345679' })))
    await until(() => streamed().at(-1)!.bids!.length === 10)
    const event = streamed().at(-1)!
    expect(event).toMatchObject({
      ...{
        ticker_id: TICKER_ID,
        price: `${price}`,
        bid: `${price - 1_000}`,
        ask: `${price + 1_000}`,
      },
      ...{ bid_size: '12345678901.12345679', ask_size: '0.00000015', simulated: false },
      prints: [[String(price), '0.00016823', 'BUY']],
    })
    expect(event.bids).toHaveLength(10)
    expect(event.bids![1]).toEqual([String(price - 2_000), '0.00000001'])
    expect(event.asks![1]).toEqual([String(price + 2_000), '2.5'])
    await until(() => trades.length > 0)
    expect(trades.map(({ trade_id, side }) => [trade_id, side])).toEqual([['2', 'BUY']])
  })

  it('speaks before the polling, which goes on beside it', async () => {
    const polls = server.count('/v1/ticker')
    await keepSending(() => state().state === 'live' && state().source === 'upbit-ws')
    await keepSending(() => server.count('/v1/ticker') > polls + 1)
    const from = events.findLastIndex(({ source }) => source === 'upbit')
    await keepSending(() => events.length > from + 50)
    expect(events.slice(from + 1).every(({ source }) => source === 'upbit-ws')).toBe(true)
  })
})

/** What goes wrong, and under which reasons it is held back. */
const FAULTS: readonly [name: string, send: () => void, reason: string | null][] = [
  ['a price of NaN', () => socket.send(tickerFrame(MARKET, coin({ price: 'NaN' }))), 'unreadable'],
  [
    'a price of null',
    () => socket.send(tickerFrame(MARKET, coin({ price: 'null' }))),
    'unreadable',
  ],
  [
    'a price below zero',
    () => socket.send(tickerFrame(MARKET, coin({ price: '-5' }))),
    'unreadable',
  ],
  [
    'a price a hundred times too high',
    () => socket.send(tickerFrame(MARKET, coin({ price: String(price * 100) }))),
    'spike',
  ],
  [
    'a price a hundred times too low',
    () => socket.send(tickerFrame(MARKET, coin({ price: String(price / 100) }))),
    'spike',
  ],
  [
    'a book a hundred times too high',
    () => {
      const [bid, ask] = [String((price - 1_000) * 100), String((price + 1_000) * 100)]
      socket.send(bookFrame(MARKET, coin({ bid, ask })))
    },
    'spike',
  ],
  [
    'both a hundred times too high',
    () => {
      const [bid, ask] = [String(price * 100 - 1_000), String(price * 100 + 1_000)]
      const high = coin({ price: String(price * 100), bid, ask })
      socket.send(tickerFrame(MARKET, high))
      socket.send(bookFrame(MARKET, high))
    },
    'spike',
  ],
  [
    'a crossed book',
    () => socket.send(bookFrame(MARKET, coin({ bid: String(price + 5_000) }))),
    'unreadable',
  ],
  [
    'levels out of order',
    () => {
      const deeper = [[String(price), String(price + 2_000), '1', '1'] as const]
      socket.send(bookFrame(MARKET, coin({ deeper })))
    },
    'unreadable',
  ],
  ['a size of zero', () => socket.send(bookFrame(MARKET, coin({ askSize: '0' }))), 'unreadable'],
  [
    'an older ticker',
    () => {
      const timestamp = String(Date.now() - 60_000)
      socket.send(tickerFrame(MARKET, coin({ price: String(price - 50_000), timestamp })))
    },
    'time_backwards',
  ],
  [
    'an older book',
    () => {
      const timestamp = String(Date.now() - 60_000)
      socket.send(bookFrame(MARKET, coin({ bid: String(price - 50_000), timestamp })))
    },
    'time_backwards',
  ],
  [
    'a time in the future',
    () => {
      const timestamp = String(Date.now() + 3_600_000)
      socket.send(tickerFrame(MARKET, coin({ price: String(price - 50_000), timestamp })))
    },
    'future_time',
  ],
  ['no time', () => socket.send(tickerFrame(MARKET, coin({ timestamp: '"now"' }))), 'unreadable'],
  ['garbage', () => socket.sendRaw(Buffer.from([0, 255, 123, 34])), 'unreadable'],
  ['half a frame', () => socket.sendRaw(Buffer.from('{"type":"ticker","code":')), 'unreadable'],
  ['garbage as text', () => socket.sendRaw('{"type":"ticker"'), 'unreadable'],
  ['another coin', () => socket.send(tickerFrame('KRW-NONE', coin())), 'unreadable'],
  ['the same frame again', () => snapshot(), null],
]

describe('no bad observation comes out, and no good one is lost', { timeout: 40_000 }, () => {
  it.each(FAULTS)('with %s', async (_name, send, reason) => {
    await keepSending(() => state().source === 'upbit-ws' && good.length > 5)
    const from = good.length
    for (let round = 0; round < 30; round += 1) {
      send()
      sendGood()
      if (round % 5 === 0) await sleep(10)
    }
    const sent = good.slice(from)
    await until(() => streamed().at(-1)!.price === sent.at(-1))
    expectOnlyGood()
    // Told once as a ticker with the book before, and once with its own.
    const told = new Set(streamed().map((event) => `${event.price} ${event.bid}`))
    const dropped = sent.filter((one) => !told.has(`${one} ${Number(one) - 1_000}`))
    expect({ good_dropped: dropped.length }).toEqual({ good_dropped: 0 })
    expect([...reasons()]).toEqual(reason === null ? [] : [`upbit-ws ${reason}`])
    expect(socket.connections).toBe(1)
  })
})

describe('a real gap', { timeout: 80_000 }, () => {
  it('is believed once the polling shows it too, and the stream goes on', async () => {
    await keepSending(() => state().source === 'upbit-ws' && good.length > 5)
    price *= 3
    await keepSending(() => streamed().some((event) => Number(event.price) > 400_000_000))
    await keepSending(() => Number(streamed().at(-1)!.price) > 400_000_000)
    expectOnlyGood()
  })
})

describe('the feed recovers without a restart', { timeout: 60_000 }, () => {
  const DROPS: readonly [string, (isOn: boolean) => void][] = [
    [
      'a refusal with 429',
      (isOn) => {
        socket.refusal = isOn ? 429 : null
        if (isOn) socket.drop('close')
      },
    ],
    [
      'a refusal with 503',
      (isOn) => {
        socket.refusal = isOn ? 503 : null
        if (isOn) socket.drop('reset')
      },
    ],
    ['silence', (isOn) => void (socket.isSilent = isOn)],
  ]

  it.each(DROPS)('after %s: the polling speaks meanwhile', async (_name, strike) => {
    await keepSending(() => state().source === 'upbit-ws' && good.length > 5)
    const { connections } = socket
    strike(true)
    const from = events.length
    await keepSending(() => events.slice(from).some(({ source }) => source === 'upbit'))
    expect(state()).toMatchObject({ state: 'failed_over', source: 'upbit' })
    // Silence ends a line, too; a refusal lets nobody in.
    if (socket.refusal === null) await keepSending(() => socket.connections > connections)
    strike(false)
    await keepSending(() => state().state === 'live', 45_000)
    expect(state().source).toBe('upbit-ws')
    expect(socket.connections).toBeGreaterThan(connections)
    expectOnlyGood()
  })

  it.each(['close', 'reset'] as const)('after a line was cut (%s)', async (how) => {
    await keepSending(() => good.length > 5)
    const { connections } = socket
    socket.drop(how)
    await keepSending(() => socket.connections > connections)
    const told = streamed().length
    await keepSending(() => streamed().length > told + 5)
    expectOnlyGood()
  })

  it('after both were away: nothing is told meanwhile', async () => {
    await keepSending(() => state().source === 'upbit-ws' && good.length > 5)
    socket.isSilent = true
    server.faults.set('/v1/ticker', { kind: 'answer', status: 500, body: 'oops' })
    await until(() => state().state === 'stale', 15_000)
    const told = events.length
    await sleep(1_000)
    expect(events).toHaveLength(told)
    socket.isSilent = false
    server.faults.clear()
    await keepSending(() => state().state === 'live', 30_000)
    expectOnlyGood()
  })

  it('while the bus is given nothing after the feeder has stopped', async () => {
    await keepSending(() => good.length > 5)
    await feeder.stop()
    const told = events.length
    sendGood()
    await sleep(200)
    expect(events).toHaveLength(told)
    expect(socket.isConnected).toBe(false)
  })
})
