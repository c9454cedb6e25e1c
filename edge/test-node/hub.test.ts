// Browser sockets through the real edge: channels, conflation, alerts, order events and what is done
// about the ones that were missed.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Order } from '@motu/shared/contract/orders.ts'
import type { PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import type { BookView, TapeView } from '@motu/shared/contract/stream.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { HubFrame, OrderEvent } from '@motu/shared/upstream.ts'
import { EdgeUnderTest, until } from './edge-under-test.ts'

type Frame = Record<string, unknown> & { data?: unknown }

/** A browser's end of a socket. */
class Browser {
  readonly frames: Frame[] = []
  readonly socket: WebSocket
  closeCode: number | null = null

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers })
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Frame))
    this.socket.on('close', (code) => (this.closeCode = code))
    this.socket.on('error', () => (this.closeCode ??= 0))
  }

  async opened(): Promise<this> {
    await until(() => this.socket.readyState === WebSocket.OPEN)
    return this
  }

  say(frame: object): void {
    this.socket.send(JSON.stringify(frame))
  }

  of(channel: string): Frame[] {
    return this.frames.filter((frame) => frame.channel === channel)
  }

  op(op: string): Frame | undefined {
    return this.frames.find((frame) => frame.op === op)
  }
}

let edge: EdgeUnderTest
let userId: string
let token: string
const browsers: Browser[] = []
/** Home's order events of the user under test; `resume` answers from here. */
let history: OrderEvent[] = []

async function browse(path: string, headers: Record<string, string> = {}): Promise<Browser> {
  const browser = new Browser(edge.url.replace('http', 'ws') + path, headers)
  browsers.push(browser)
  return browser.opened()
}

function orderEvent(seq: number): OrderEvent {
  return { user_id: userId, seq, order: { order_id: `order-${seq}` } as Order }
}

function market(ticker_id: string, price: string): MarketEvent {
  return { ticker_id, price, epoch: 'e', seq: 1, base_price: '1', volume: '1' } as MarketEvent
}

function answerResume(frame: HubFrame): void {
  if (frame.t !== 'resume') return
  const { request_id, from } = frame
  const last_seq = history.at(-1)?.seq ?? 0
  const events = from === null ? [] : history.filter(({ seq }) => seq > from)
  edge.home.tell({ t: 'resumed', request_id, events, last_seq, reset: false })
}

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
  await until(() => edge.home.hubCount === 1)
})

afterAll(() => edge.stop())

beforeEach(async () => {
  userId = randomUUID()
  token = await edge.home.token(userId)
  history = []
  edge.home.onHubFrame = answerResume
})

afterEach(() => {
  for (const { socket } of browsers.splice(0)) socket.terminate()
})

describe('quotes', () => {
  it('need no token, come at once to a newcomer, and then as they change', async () => {
    edge.home.tell({ t: 'market', events: [market('CRYPTO-COIN-ETH', '1')] })
    await sleep(50)
    const browser = await browse('/ws/quotes/CRYPTO-COIN-ETH')
    await until(() => browser.of('quotes:CRYPTO-COIN-ETH').length === 1)
    edge.home.tell({ t: 'market', events: [market('CRYPTO-COIN-ETH', '2')] })
    await until(() => browser.of('quotes:CRYPTO-COIN-ETH').length === 2)
    const [, last] = browser.of('quotes:CRYPTO-COIN-ETH')
    expect(last!.data).toEqual({ ticker_id: 'CRYPTO-COIN-ETH', price: '2' })
  })

  it('are conflated to ten frames a second, the latest always among them', async () => {
    const browser = await browse('/ws/stream')
    browser.say({ op: 'subscribe', channels: ['quotes'] })
    await until(() => browser.op('subscribed') !== undefined)
    const startedAt = performance.now()
    let step = 0
    while (step < 100 || browser.of('quotes').length <= 5) {
      step += 1
      const events = ['BTC', 'ETH', 'XRP'].map((s) => market(`CRYPTO-COIN-${s}`, String(step)))
      edge.home.tell({ t: 'market', events })
      await sleep(10)
    }
    const prices = () =>
      new Map(
        browser
          .of('quotes')
          .flatMap(({ data }) => data as MarketEvent[])
          .map((quote) => [quote.ticker_id, quote.price]),
      )
    await until(() => prices().get('CRYPTO-COIN-XRP') === String(step))
    // One for what was on the board before, one at once, then one each tenth of a second.
    const framesMax = 2 + (performance.now() - startedAt) / 100
    expect(browser.of('quotes').length).toBeLessThanOrEqual(framesMax)
  })

  it('of several tickers take turns', async () => {
    const browser = await browse('/ws/stream')
    const channels = ['BTC', 'ETH', 'XRP'].map((s) => `quotes:CRYPTO-COIN-${s}`)
    browser.say({ op: 'subscribe', channels })
    // None waits for the others to fall silent: all have news until each has been heard twice.
    for (let step = 0; channels.some((channel) => browser.of(channel).length < 2); step += 1) {
      const events = ['BTC', 'ETH', 'XRP'].map((s) => market(`CRYPTO-COIN-${s}`, String(step)))
      edge.home.tell({ t: 'market', events })
      await sleep(10)
    }
  })
})

describe('a book', () => {
  const TICKER = 'KRX-STOCK-005930'
  const withBook = (price: string): MarketEvent => ({
    ...market(TICKER, price),
    bids: [[price, '1']],
    asks: [],
  })
  const bestBid = (frame: Frame | undefined) => (frame?.data as BookView).bids[0]?.[0]

  it('comes at once, then conflated, and alone to who asked for it', async () => {
    edge.home.tell({ t: 'market', events: [withBook('1')] })
    await sleep(50)
    const [browser, other] = [await browse('/ws/stream'), await browse('/ws/stream')]
    other.say({ op: 'subscribe', channels: ['quotes:CRYPTO-COIN-ETH', 'book:CRYPTO-COIN-ETH'] })
    browser.say({ op: 'subscribe', channels: [`book:${TICKER}`] })
    await until(() => browser.of(`book:${TICKER}`).length === 1)
    expect(bestBid(browser.of(`book:${TICKER}`)[0])).toBe('1')
    const startedAt = performance.now()
    for (let step = 2; step <= 60; step += 1) {
      edge.home.tell({ t: 'market', events: [withBook(String(step))] })
      await sleep(10)
    }
    await until(() => bestBid(browser.of(`book:${TICKER}`).at(-1)) === '60')
    const framesMax = 2 + (performance.now() - startedAt) / 100
    expect(browser.of(`book:${TICKER}`).length).toBeLessThanOrEqual(framesMax)
    expect(browser.of(`quotes:${TICKER}`)).toEqual([])
    expect(other.of(`book:${TICKER}`)).toEqual([])
  })
})

describe('a tape', () => {
  const TICKER = 'CRYPTO-COIN-SOL'
  const printed = (price: number): MarketEvent => ({
    ...market(TICKER, String(price)),
    venue_time: '2026-11-20T01:00:00.000Z',
    prints: [[String(price), '1', 'SELL']],
  })
  const pricesHeard = (browser: Browser): string[] =>
    browser
      .of(`trades:${TICKER}`)
      .flatMap(({ data }) => (data as TapeView).prints.map(([, price]) => price))

  it('brings every print once: recent ones at first, then what was printed since', async () => {
    edge.home.tell({ t: 'market', events: [printed(1), printed(2)] })
    await sleep(50)
    const browser = await browse('/ws/stream')
    browser.say({ op: 'subscribe', channels: [`trades:${TICKER}`, 'quotes'] })
    await until(() => pricesHeard(browser).length === 2)
    const startedAt = performance.now()
    for (let step = 3; step <= 100; step += 1) {
      edge.home.tell({ t: 'market', events: [printed(step)] })
      await sleep(5)
    }
    await until(() => pricesHeard(browser).includes('100'))
    expect(pricesHeard(browser)).toEqual(Array.from({ length: 100 }, (_, at) => String(at + 1)))
    const framesMax = 2 + (performance.now() - startedAt) / 100
    expect(browser.of(`trades:${TICKER}`).length).toBeLessThanOrEqual(framesMax)
    // Who leaves hears no more of it; who comes back hears the recent ones.
    browser.say({ op: 'unsubscribe', channels: [`trades:${TICKER}`] })
    await sleep(50)
    edge.home.tell({ t: 'market', events: [printed(101)] })
    await sleep(150)
    expect(pricesHeard(browser)).toHaveLength(100)
    browser.say({ op: 'subscribe', channels: [`trades:${TICKER}`] })
    await until(() => pricesHeard(browser).length === 150)
    expect(pricesHeard(browser).at(-1)).toBe('101')
  })
})

describe('alerts', () => {
  const alertOf = (user_id: string, alert_id: string) => ({
    user_id,
    alert: { alert_id } as PriceAlert,
  })

  it('reach the sockets of their user that asked for them, counted, and nobody else', async () => {
    const otherId = randomUUID()
    const [mine, silent, other] = [
      await browse('/ws/stream'),
      await browse('/ws/stream'),
      await browse('/ws/stream'),
    ]
    for (const browser of [mine, silent]) browser.say({ op: 'auth', token })
    other.say({ op: 'auth', token: await edge.home.token(otherId) })
    for (const browser of [mine, other]) browser.say({ op: 'subscribe', channels: ['alerts'] })
    silent.say({ op: 'subscribe', channels: ['orders'] })
    await until(() => [mine, silent, other].every((browser) => browser.op('subscribed')))
    edge.home.tell({ t: 'alerts', events: [alertOf(userId, 'a'), alertOf(otherId, 'b')] })
    edge.home.tell({ t: 'alerts', events: [alertOf(userId, 'c')] })
    await until(() => mine.of('alerts').length === 2 && other.of('alerts').length === 1)
    expect(mine.of('alerts')).toEqual([
      { channel: 'alerts', seq: 1, data: { alert_id: 'a' } },
      { channel: 'alerts', seq: 2, data: { alert_id: 'c' } },
    ])
    expect(other.of('alerts')).toEqual([{ channel: 'alerts', seq: 1, data: { alert_id: 'b' } }])
    mine.say({ op: 'unsubscribe', channels: ['alerts'] })
    mine.say({ op: 'ping' })
    await sleep(50)
    edge.home.tell({ t: 'alerts', events: [alertOf(userId, 'd'), alertOf(otherId, 'e')] })
    await until(() => other.of('alerts').length === 2)
    expect(mine.of('alerts')).toHaveLength(2)
    expect(silent.of('alerts')).toEqual([])
  })

  it('are for those who said who they are', async () => {
    const browser = await browse('/ws/stream')
    browser.say({ op: 'subscribe', channels: ['alerts', 'book:CRYPTO-COIN-ETH'] })
    await until(() => browser.op('error')?.code === 'unauthenticated')
    expect(browser.op('subscribed')).toEqual({
      op: 'subscribed',
      channels: ['book:CRYPTO-COIN-ETH'],
    })
    edge.home.tell({ t: 'alerts', events: [alertOf(userId, 'a')] })
    browser.say({ op: 'auth', token })
    await until(() => browser.op('ready') !== undefined)
    edge.home.tell({ t: 'alerts', events: [alertOf(userId, 'b')] })
    await sleep(100)
    expect(browser.of('alerts')).toEqual([])
  })
})

describe('order events', () => {
  it('reach every socket of their user, and nobody else', async () => {
    const mine = [await browse('/ws/orders'), await browse('/ws/stream')]
    const other = await browse('/ws/orders')
    for (const browser of mine) browser.say({ op: 'auth', token })
    other.say({ op: 'auth', token: await edge.home.token(randomUUID()) })
    mine[1]!.say({ op: 'subscribe', channels: ['orders'] })
    await until(() => [...mine, other].every((browser) => browser.op('subscribed')))
    edge.home.tell({ t: 'orders', events: [orderEvent(1), orderEvent(2)] })
    await until(() => mine.every((browser) => browser.of('orders').length === 2))
    expect(mine[0]!.of('orders').map(({ seq }) => seq)).toEqual([1, 2])
    expect(other.of('orders')).toEqual([])
  })

  it('that were missed are sent again from `resume_from`', async () => {
    history = [1, 2, 3, 4].map(orderEvent)
    const browser = await browse('/ws/stream')
    browser.say({ op: 'auth', token })
    browser.say({ op: 'subscribe', channels: ['orders'], resume_from: 2 })
    await until(() => browser.of('orders').length === 2)
    expect(browser.of('orders').map(({ seq }) => seq)).toEqual([3, 4])
  })

  it('that leave a gap make the Hub ask home for it', async () => {
    const browser = await browse('/ws/orders')
    browser.say({ op: 'auth', token })
    await until(() => browser.op('subscribed') !== undefined)
    history = [1, 2, 3].map(orderEvent)
    edge.home.tell({ t: 'orders', events: [orderEvent(3)] })
    await until(() => browser.of('orders').length === 3)
    edge.home.tell({ t: 'orders', events: [orderEvent(3)] })
    edge.home.tell({ t: 'orders', events: [orderEvent(4)] })
    await until(() => browser.of('orders').length === 4)
    expect(browser.of('orders').map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
  })

  it('that home no longer keeps make a reset', async () => {
    edge.home.onHubFrame = (frame) => {
      if (frame.t !== 'resume') return
      const { request_id } = frame
      edge.home.tell({ t: 'resumed', request_id, events: [], last_seq: 9, reset: true })
    }
    const browser = await browse('/ws/stream')
    browser.say({ op: 'auth', token })
    browser.say({ op: 'subscribe', channels: ['orders'], resume_from: 2 })
    await until(() => browser.op('reset') !== undefined)
    expect(browser.op('reset')).toEqual({ op: 'reset', channel: 'orders', seq: 9 })
  })

  it('that happened while home was dark arrive when it is back', async () => {
    const browser = await browse('/ws/orders')
    browser.say({ op: 'auth', token })
    await until(() => browser.op('subscribed') !== undefined)
    await edge.home.stop()
    await until(() => browser.op('home') !== undefined)
    history = [1, 2].map(orderEvent)
    await edge.home.start()
    await until(() => browser.of('orders').length === 2)
    expect(browser.frames.filter(({ op }) => op === 'home').map(({ state }) => state)).toEqual([
      'down',
      'up',
    ])
  })
})

describe('a socket', () => {
  it('with a wrong token is closed', async () => {
    const browser = await browse('/ws/stream')
    browser.say({ op: 'auth', token: `${token}x` })
    await until(() => browser.closeCode === 4401)
  })

  it('is closed when its token ends', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2
    const browser = await browse('/ws/stream')
    browser.say({ op: 'auth', token: await edge.home.token(userId, { claims: { exp } }) })
    await until(() => browser.op('ready') !== undefined)
    await until(() => browser.closeCode === 4401)
  })

  it('that never says who it is may not hear private things, and is closed after 5 s', async () => {
    const browser = await browse('/ws/orders')
    browser.say({ op: 'subscribe', channels: ['orders'] })
    await until(() => browser.op('error')?.code === 'unauthenticated')
    await until(() => browser.closeCode === 4401, 8_000)
  })

  it('of another origin is refused, of our own and of none is not', async () => {
    const foreign = new Browser(`${edge.url.replace('http', 'ws')}/ws/stream`, {
      origin: 'https://evil.example',
    })
    await until(() => foreign.closeCode !== null)
    await browse('/ws/stream', { origin: edge.url })
    await browse('/ws/stream')
  })

  it('that talks nonsense hears so, too much and it is closed', async () => {
    const browser = await browse('/ws/stream')
    browser.socket.send('nonsense')
    await until(() => browser.op('error')?.code === 'invalid-request')
    browser.say({ op: 'ping' })
    await until(() => browser.op('pong') !== undefined)
    browser.socket.send('x'.repeat(9_000))
    await until(() => browser.closeCode === 1009)
  })

  it('is one of at most twenty of its user', async () => {
    const crowd: Browser[] = []
    for (let count = 0; count < 21; count += 1) crowd.push(await browse('/ws/stream'))
    for (const browser of crowd) browser.say({ op: 'auth', token })
    await until(() => crowd.some((browser) => browser.closeCode === 4429))
    expect(crowd.filter((browser) => browser.closeCode !== null)).toHaveLength(1)
  })
})

describe('the status', () => {
  it('tells how far the clocks are apart, and which feeds live', async () => {
    const feeds = [{ source: 'replay', state: 'live' as const, last_event_at: null }]
    edge.home.tell({ t: 'feeds', feeds })
    edge.home.clockOffsetMs = 400
    await until(async () => (await edge.status()).clock_offset_ms !== null)
    await edge.home.stop()
    await edge.home.start()
    await until(async () => ((await edge.status()).clock_offset_ms ?? 0) > 350)
    expect(await edge.status()).toMatchObject({ edge: 'degraded', home: 'up', feeds })
    edge.home.clockOffsetMs = 0
  })
})
