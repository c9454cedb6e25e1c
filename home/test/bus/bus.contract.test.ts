// What every bus must do, held against both adapters. Redis is a real one.

import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type MarketEvent,
  type OrderBook,
  orderBookSchema,
  type ReferenceQuote,
  referenceQuoteSchema,
  type Trade,
  tradeSchema,
} from '@motu/shared/market-data.ts'
import type { FeedReport } from '@motu/shared/contract/status.ts'
import type { Revocation } from '@motu/shared/upstream.ts'
import type { Bus, DenyList, TemplateTexts } from '../../src/bus/bus.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import { redisBus } from '../../src/bus/redis.ts'
import { marketEvent } from '../market-event.ts'
import { until } from '../until.ts'

const REDIS_URL = process.env.MOTU_REDIS_URL ?? 'redis://127.0.0.1:6379'
const log = pino({ level: 'silent' })
const BTC = 'CRYPTO-COIN-BTC'
const AAPL = 'US-STOCK-AAPL'

let runs = 0
const adapters = {
  memory: () => memoryBus({ now: Date.now }),
  redis: () => {
    const prefix = `apitest:${process.pid}:${(runs += 1)}:`
    return redisBus({ url: REDIS_URL, prefix, log })
  },
}

afterAll(async () => {
  const admin = new Redis(REDIS_URL)
  const keys = await admin.keys(`apitest:${process.pid}:*`)
  if (keys.length > 0) await admin.del(...keys)
  admin.disconnect()
})

const SEEN = {
  ticker_id: BTC,
  currency: 'KRW',
  venue_time: '2026-11-20T05:04:03.000Z',
  received_at: '2026-11-20T05:04:03.100Z',
  source: 'upbit',
  simulated: false,
} as const
const BOOK: OrderBook = {
  ...SEEN,
  bids: [['134990000', '0.12345678']],
  asks: [
    ['135000000', '0.00000015'],
    ['135010000', '2'],
  ],
}
const tradeOf = (id: string): Trade => ({
  ...SEEN,
  ...{ trade_id: id, price: '135000000', quantity: '0.00016823', side: 'BUY' },
})

const REFERENCE: ReferenceQuote = {
  ...{ exchange: 'binance', base: 'BTC', quote: 'USDT', price: '91234.56', bid: '91234.55' },
  ...{ ask: null, volume_24h: '14741.41491', source: 'binance-ws' },
  venue_time: SEEN.venue_time,
  received_at: SEEN.received_at,
}
const REPORT: FeedReport = {
  at: SEEN.received_at,
  feeds: [
    {
      source: 'upbit',
      groups: [{ group: 'CRYPTO-COIN', state: 'failed_over', tickers: 10, since: SEEN.venue_time }],
      quarantined: [{ reason: 'spike', count: 2 }],
    },
  ],
}

const revocationOf = (id: string, endsInMs = 60_000): Revocation => ({
  ...{ kind: 'session', id, at: '2026-11-20T05:04:03.000Z' },
  until: new Date(Date.now() + endsInMs).toISOString(),
})

const keyOf = (event: MarketEvent): string => `${event.ticker_id} ${event.epoch} ${event.seq}`

describe.each(Object.entries(adapters))('the %s bus', (_name, open) => {
  let bus: Bus & DenyList & TemplateTexts
  let abort: AbortController

  beforeEach(() => {
    bus = open()
    abort = new AbortController()
  })
  afterEach(async () => {
    abort.abort()
    await bus.close()
  })

  function follow(tickerIds: string[]): { events: MarketEvent[]; ended: Promise<void> } {
    const events: MarketEvent[] = []
    const ended = bus.followMarket(tickerIds, (more) => events.push(...more), abort.signal)
    return { events, ended }
  }

  it('answers the last price of those asked for, and nothing for the others', async () => {
    await bus.publishMarket([marketEvent(BTC, 1), marketEvent(AAPL, 1)])
    await bus.publishMarket([marketEvent(BTC, 2)])
    const prices = await bus.readPrices([BTC, 'KRX-STOCK-005930'])
    expect([...prices].map(([id, event]) => [id, event.seq])).toEqual([[BTC, 2]])
    expect(await bus.readPrices([])).toEqual(new Map())
  })

  it('forgets a price after five seconds', { timeout: 10_000 }, async () => {
    await bus.publishMarket([marketEvent(BTC, 1)])
    await sleep(4_500)
    expect((await bus.readPrices([BTC])).size).toBe(1)
    await sleep(700)
    expect((await bus.readPrices([BTC])).size).toBe(0)
  })

  it('hands a follower what is kept, then what comes, in order', async () => {
    for (let seq = 1; seq <= 1_200; seq += 1) {
      await bus.publishMarket([marketEvent(BTC, seq), marketEvent(AAPL, seq)])
    }
    const { events } = follow([BTC])
    await until(() => events.length >= 1_200)
    await bus.publishMarket([marketEvent(AAPL, 1_201), marketEvent(BTC, 1_201)])
    await until(() => events.length >= 1_201)
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_201 }, (_, i) => i + 1))
    expect(new Set(events.map(({ ticker_id }) => ticker_id))).toEqual(new Set([BTC]))
  })

  it('ends following when the signal aborts', async () => {
    const { events, ended } = follow([BTC])
    await bus.publishMarket([marketEvent(BTC, 1)])
    await until(() => events.length === 1)
    abort.abort()
    await ended
    await bus.publishMarket([marketEvent(BTC, 2)])
    await sleep(50)
    expect(events).toHaveLength(1)
  })

  it('shows a watcher live batches only, until it stops', async () => {
    await bus.publishMarket([marketEvent(BTC, 1)])
    const batches: MarketEvent[][] = []
    const stop = await bus.watchMarket((events) => batches.push(events))
    await bus.publishMarket([marketEvent(BTC, 2), marketEvent(AAPL, 2)])
    await until(() => batches.length === 1)
    await stop()
    await bus.publishMarket([marketEvent(BTC, 3)])
    await sleep(50)
    expect(batches.map((batch) => batch.map(keyOf))).toEqual([[`${BTC} e1 2`, `${AAPL} e1 2`]])
  })

  it('carries a channel to all who subscribe, and to no other channel', async () => {
    const first: number[] = []
    const second: number[] = []
    const stop = await bus.subscribe('edge_clock', (messages) =>
      first.push(...messages.map(({ offset_ms }) => offset_ms)),
    )
    await bus.subscribe('edge_clock', (messages) =>
      second.push(...messages.map(({ offset_ms }) => offset_ms)),
    )
    await bus.publish('order_events', [])
    await bus.publish('edge_clock', [{ offset_ms: 1 }, { offset_ms: 2 }])
    await until(() => first.length === 2 && second.length === 2)
    await stop()
    await bus.publish('edge_clock', [{ offset_ms: 3 }])
    await until(() => second.length === 3)
    expect({ first, second }).toEqual({ first: [1, 2], second: [1, 2, 3] })
  })

  it('carries books and trades, each on its own channel, in order', async () => {
    const books: OrderBook[] = []
    const trades: Trade[] = []
    await bus.subscribe('market_books', (messages) => books.push(...messages))
    await bus.subscribe('market_trades', (messages) => trades.push(...messages))
    const first = tradeOf('17633222430000001')
    const second = tradeOf('17633222430000000')
    await bus.publish('market_books', [BOOK])
    await bus.publish('market_trades', [first, second])
    await until(() => books.length === 1 && trades.length === 2)
    expect({ books, trades }).toEqual({ books: [BOOK], trades: [first, second] })
    expect(orderBookSchema.parse(books[0])).toEqual(BOOK)
    expect(tradeSchema.parse(trades[0])).toEqual(first)
  })

  it('carries references and the state of the feeds, and neither is a market event', async () => {
    const references: ReferenceQuote[] = []
    const reports: FeedReport[] = []
    const watched: MarketEvent[] = []
    await bus.subscribe('market_references', (messages) => references.push(...messages))
    await bus.subscribe('feed_status', (messages) => reports.push(...messages))
    await bus.watchMarket((events) => watched.push(...events))
    const { events } = follow([BTC])
    await bus.publish('market_references', [REFERENCE])
    await bus.publish('feed_status', [REPORT])
    await until(() => references.length === 1 && reports.length === 1)
    expect({ references, reports }).toEqual({ references: [REFERENCE], reports: [REPORT] })
    expect(referenceQuoteSchema.parse(references[0])).toEqual(REFERENCE)
    await sleep(50)
    expect({ events, watched }).toEqual({ events: [], watched: [] })
    expect((await bus.readPrices([BTC, 'BTC'])).size).toBe(0)
  })

  it('denies what it was told to, and does not know of others before the list is whole', async () => {
    const [one, other] = [revocationOf('one'), revocationOf('other')]
    await bus.deny([one])
    expect(await bus.isDenied(one)).toBe(true)
    expect(await bus.isDenied(other)).toBe(null)
    await bus.deny([], { isAll: true })
    expect(await bus.isDenied(one)).toBe(true)
    expect(await bus.isDenied(other)).toBe(false)
    expect(await bus.isDenied({ kind: 'key', id: 'one' })).toBe(false)
    await bus.deny([other])
    expect(await bus.isDenied(other)).toBe(true)
  })

  it('forgets a denial when it cannot matter any more', async () => {
    await bus.deny([revocationOf('brief', 300), revocationOf('gone', -1_000)], { isAll: true })
    expect(await bus.isDenied({ kind: 'session', id: 'brief' })).toBe(true)
    expect(await bus.isDenied({ kind: 'session', id: 'gone' })).toBe(false)
    await until(async () => !(await bus.isDenied({ kind: 'session', id: 'brief' })))
  })

  it('keeps the texts of messages, each as it was written last', async () => {
    expect(await bus.readTexts(['whale_trade', 'liquidation'])).toEqual(new Map())
    await bus.writeTexts(new Map())
    await bus.writeTexts(
      new Map([
        ['whale_trade', '🐳 {nickname}\n{notional:,}'],
        ['liquidation', 'a'],
      ]),
    )
    await bus.writeTexts(new Map([['liquidation', 'b']]))
    expect(await bus.readTexts(['liquidation', 'whale_trade', 'dividend_paid'])).toEqual(
      new Map([
        ['liquidation', 'b'],
        ['whale_trade', '🐳 {nickname}\n{notional:,}'],
      ]),
    )
  })

  it('takes a list of many thousands', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => revocationOf(`many-${index}`))
    await bus.deny(many, { isAll: true })
    for (const one of [many[0]!, many[999]!, many[1_000]!, many[2_499]!]) {
      expect(await bus.isDenied(one)).toBe(true)
    }
  })
})

describe('the redis bus under faults', () => {
  const prefix = `apitest:${process.pid}:faults:`
  let bus: Bus & DenyList
  let admin: Redis
  let abort: AbortController
  let events: MarketEvent[]
  let following: Promise<void>

  beforeEach(async () => {
    admin = new Redis(REDIS_URL)
    await clear()
    bus = redisBus({ url: REDIS_URL, prefix, log })
    abort = new AbortController()
    events = []
    following = bus.followMarket([BTC, AAPL], (more) => events.push(...more), abort.signal)
  })
  afterEach(async () => {
    abort.abort()
    await following
    await bus.close()
    await clear()
    admin.disconnect()
  })

  /** What FLUSHALL does to us, without doing it to others who share this server. */
  async function clear(): Promise<void> {
    const keys = await admin.keys(`${prefix}*`)
    if (keys.length > 0) await admin.del(...keys)
  }

  /** Ends our own connections that are at this command; waits until there is one. */
  async function killClients(command: string): Promise<void> {
    let ids: string[] = []
    await until(async () => {
      const clients = String(await admin.call('CLIENT', 'LIST')).split('\n')
      ids = clients
        .filter((client) => client.includes(`name=${prefix}`) && client.includes(`cmd=${command}`))
        .map((client) => /\bid=(\d+)/.exec(client)![1]!)
      return ids.length > 0
    })
    for (const id of ids) await admin.call('CLIENT', 'KILL', 'ID', id)
  }

  const seqs = (): string[] => events.map(keyOf)
  const expected = (tickerId: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${tickerId} e1 ${index + 1}`)

  it('goes on after everything was flushed, once each', async () => {
    await bus.publishMarket([marketEvent(BTC, 1)])
    await until(() => events.length === 1)
    await clear()
    expect((await bus.readPrices([BTC])).size).toBe(0)
    await bus.publishMarket([marketEvent(BTC, 2)])
    await bus.publishMarket([marketEvent(BTC, 3)])
    await until(() => events.length === 3)
    expect(seqs()).toEqual(expected(BTC, 3))
  })

  it('neither skips nor repeats when the reader is cut off', async () => {
    for (let seq = 1; seq <= 60; seq += 1) {
      await bus.publishMarket([marketEvent(BTC, seq)])
      if (seq % 20 === 0) await killClients('xread')
    }
    await until(() => events.length >= 60)
    await sleep(100)
    expect(seqs()).toEqual(expected(BTC, 60))
  })

  it('hands over an event once that a publisher sent twice', async () => {
    await bus.publishMarket([marketEvent(BTC, 1)])
    await bus.publishMarket([marketEvent(BTC, 1), marketEvent(BTC, 2)])
    await until(() => events.length >= 2)
    await sleep(50)
    expect(seqs()).toEqual(expected(BTC, 2))
  })

  it('goes on when the clock went back', async () => {
    const past = new Date(Date.now() - 60_000).toISOString()
    await bus.publishMarket([marketEvent(BTC, 1)])
    await bus.publishMarket([marketEvent(BTC, 2, { received_at: past })])
    await bus.publishMarket([marketEvent(BTC, 3, { received_at: past })])
    await bus.publishMarket([marketEvent(BTC, 4)])
    await until(() => events.length >= 4)
    expect(seqs()).toEqual(expected(BTC, 4))
  })

  it('subscribes again after its subscriber was cut off', async () => {
    const offsets: number[] = []
    await bus.subscribe('edge_clock', (messages) =>
      offsets.push(...messages.map(({ offset_ms }) => offset_ms)),
    )
    await killClients('subscribe')
    await until(async () => {
      await bus.publish('edge_clock', [{ offset_ms: 7 }])
      return offsets.length > 0
    })
    expect(offsets).toContain(7)
  })

  it('has the texts of messages where others put them, and none after a flush', async () => {
    const texts = redisBus({ url: REDIS_URL, prefix, log })
    await admin.set(`${prefix}config:msg_template:whale_trade`, '{nickname}!')
    expect(await texts.readTexts(['whale_trade'])).toEqual(
      new Map([['whale_trade', '{nickname}!']]),
    )
    await clear()
    expect(await texts.readTexts(['whale_trade'])).toEqual(new Map())
    await texts.close()
  })

  it('is not stopped by what is not JSON', async () => {
    const offsets: number[] = []
    await bus.subscribe('edge_clock', (messages) =>
      offsets.push(...messages.map(({ offset_ms }) => offset_ms)),
    )
    await admin.publish(`${prefix}edge_clock`, 'not JSON')
    await admin.xadd(`${prefix}events:${BTC}`, '*', 'event', '{')
    await bus.publish('edge_clock', [{ offset_ms: 1 }])
    await bus.publishMarket([marketEvent(BTC, 1)])
    await until(() => offsets.length === 1 && events.length === 1)
  })

  it('keeps about as many events as it says, and none older than ten minutes', async () => {
    const stream = `${prefix}events:${BTC}`
    await admin.xadd(stream, `${Date.now() - 700_000}-0`, 'event', '{}')
    await Promise.all(
      Array.from({ length: 40 }, (_, block) =>
        bus.publishMarket(
          Array.from({ length: 100 }, (_, index) => marketEvent(BTC, block * 100 + index + 1)),
        ),
      ),
    )
    expect(await admin.xlen(stream)).toBeLessThanOrEqual(3_200)
    const [oldest] = await admin.xrange(stream, '-', '+', 'COUNT', 1)
    expect(Number.parseInt(oldest![0], 10)).toBeGreaterThan(Date.now() - 600_000)
  })

  it('knows nothing of a denial after everything was flushed, instead of denying nothing', async () => {
    const one = revocationOf('one')
    await bus.deny([one], { isAll: true })
    expect(await bus.isDenied({ kind: 'session', id: 'other' })).toBe(false)
    await clear()
    expect(await bus.isDenied(one)).toBe(null)
    expect(await bus.isDenied({ kind: 'session', id: 'other' })).toBe(null)
  })

  it('knows nothing of a denial, at once, while redis is unreachable', async () => {
    const away = redisBus({ url: 'redis://127.0.0.1:18299', prefix, log })
    const startedAt = performance.now()
    expect(await away.isDenied(revocationOf('one'))).toBe(null)
    expect(performance.now() - startedAt).toBeLessThan(100)
    await expect(away.deny([revocationOf('one')])).rejects.toThrow()
    await away.close()
  })

  it('fails a command within seconds while redis is unreachable', async () => {
    const away = redisBus({ url: 'redis://127.0.0.1:18299', prefix, log })
    await expect(away.publishMarket([marketEvent(BTC, 1)])).rejects.toThrow()
    await expect(away.readPrices([BTC])).rejects.toThrow()
    await away.close()
  })
})
