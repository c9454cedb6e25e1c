// The exchanges beside the venue, over real sockets: what they tell, what is not believed of it, and
// what happens when one of them fails.

import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type MarketEvent,
  REFERENCE_EXCHANGES,
  type ReferenceExchange,
  type ReferenceQuote,
  referenceQuoteSchema,
} from '@motu/shared/market-data.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import type { ExchangePace } from '../../src/feeder/ccxt/exchange-source.ts'
import { type References, startReferences } from '../../src/feeder/ccxt/references.ts'
import { until } from '../until.ts'
import { BTC_USDT, ExchangeServer } from './exchange-server.ts'

const PACE: ExchangePace = {
  ...{ pollIntervalMs: 200, silenceMsMax: 1_000, stableMs: 30_000, doubtMs: 300 },
}
const TELL_INTERVAL_MS = 100

let logged: Record<string, unknown>[]
let server: ExchangeServer
let quotes: ReferenceQuote[]
let events: MarketEvent[]
let abort: AbortController
let references: References
let telling: NodeJS.Timeout

beforeEach(() => {
  logged = []
  quotes = []
  events = []
  abort = new AbortController()
})
afterEach(async () => {
  clearInterval(telling)
  abort.abort()
  await references.ended
  await server.stop()
})

/** An exchange that tells its coins ten times a second, watched. */
async function watch(
  exchange: ReferenceExchange,
  prepare: (one: ExchangeServer) => void = () => {},
): Promise<void> {
  server = new ExchangeServer(exchange)
  prepare(server)
  const url = await server.start()
  telling = setInterval(() => server.tell(), TELL_INTERVAL_MS)
  const bus = memoryBus({ now: Date.now })
  await bus.subscribe('market_references', (more) => quotes.push(...more))
  await bus.watchMarket((more) => events.push(...more))
  const log = pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line)) })
  const options = { exchanges: [{ exchange, url }], bus, now: Date.now, log, pace: PACE }
  references = startReferences(options, abort.signal)
}

const last = (): ReferenceQuote | undefined => quotes.at(-1)
const heard = (source: string): Promise<void> => until(() => last()?.source === source, 10_000)
const toldOf = (message: string): Record<string, unknown>[] =>
  logged.filter(({ msg }) => msg === message)
const heldBack = (): string[] =>
  references.quarantined().map(({ source, reason }) => `${source} ${reason}`)

/** What a coin costs, as the exchange wrote it, without the zeros at its end. */
const READ = { price: '91234.56', bid: '91234.55', ask: '91234.56', volume_24h: '14741.41491' }

describe.each(REFERENCE_EXCHANGES)('%s', (exchange) => {
  it('is polled while it has no stream, with every digit', async () => {
    await watch(exchange, (one) => {
      one.hasStream = false
    })
    await heard(exchange)
    expect(last()).toMatchObject({ exchange, base: 'BTC', quote: 'USDT', ...READ })
    expect(referenceQuoteSchema.parse(last())).toEqual(last())
    expect(Date.now() - Date.parse(last()!.venue_time)).toBeLessThan(5_000)
    expect(references.feeds()).toMatchObject([{ exchange, base: 'BTC', state: 'failed_over' }])
    expect(heldBack()).toEqual([])
  })

  it('says once of each coin that it does not list it', async () => {
    await watch(exchange, (one) => {
      one.hasStream = false
    })
    await heard(exchange)
    const bases = toldOf('not listed there against USDT: left out').map(({ base }) => base)
    expect(bases).toContain('ETH')
    expect(bases).not.toContain('BTC')
    expect(new Set(bases).size).toBe(bases.length)
  })
})

describe.each(['binance', 'bybit'] as const)('the stream of %s', (exchange) => {
  it('tells the coins on one connection, and then nobody polls', async () => {
    const coins = { ETH: '0.01', XRP: '0.0001', SOL: '0.01' }
    await watch(exchange, (one) => {
      for (const [base, tick] of Object.entries(coins)) one.coins.set(base, { ...BTC_USDT, tick })
    })
    await heard(`${exchange}-ws`)
    await until(() => new Set(quotes.map(({ base }) => base)).size === 4)
    await until(() => quotes.findLast(({ base }) => base === 'BTC')!.bid !== null)
    expect(quotes.findLast(({ base }) => base === 'BTC')).toMatchObject({ exchange, ...READ })
    const polls = server.requests.length
    await sleep(5 * PACE.pollIntervalMs)
    expect(server.requests).toHaveLength(polls)
    expect(server.connections).toBe(1)
    expect(references.feeds().map(({ state }) => state)).toEqual(['live', 'live', 'live', 'live'])
    expect(events).toEqual([])
  })
})

describe('a stream', () => {
  it('that drops is dialled again, and polls stand in for it', async () => {
    await watch('binance')
    await heard('binance-ws')
    server.hasStream = false
    server.drop()
    await heard('binance')
    await until(() => toldOf('an exchange fails').length >= 2)
    server.hasStream = true
    await heard('binance-ws')
    const delays = toldOf('an exchange fails').map(({ retry_in_ms }) => retry_in_ms)
    expect(delays).toEqual([1_000, 2_000])
  })

  it('that falls silent is hung up and dialled again', async () => {
    await watch('binance')
    await heard('binance-ws')
    server.isSilent = true
    await heard('binance')
    await until(() => server.connections >= 2, 10_000)
    server.isSilent = false
    await heard('binance-ws')
  })

  it('survives garbage, which keeps no line alive', async () => {
    await watch('binance')
    await heard('binance-ws')
    clearInterval(telling)
    const garbage = ['not json', '{"e":"24hrTicker"', '[1,2]', '{}', '"x"', '{"e":"24hrTicker"}']
    garbage.push('{"e":"24hrTicker","s":"BTCUSDT","c":"NaN","C":"soon"}')
    telling = setInterval(() => garbage.forEach((text) => server.send(text)), TELL_INTERVAL_MS)
    await until(() => server.connections >= 2, 10_000)
    await heard('binance')
    clearInterval(telling)
    telling = setInterval(() => server.tell(), TELL_INTERVAL_MS)
    await heard('binance-ws')
  })

  it.each([
    [{ price: '9123.45' }, 'spike'],
    [{ price: '91234.567' }, 'off_tick'],
    [{ price: '0' }, 'bad_price'],
    [{ price: '-1' }, 'bad_price'],
    [{ price: '91234.123456789' }, 'unreadable'],
    [{ bid: '91300', ask: '91200' }, 'crossed_book'],
  ])('that tells %j is not believed: %s', async (wrong, reason) => {
    await watch('binance')
    await heard('binance-ws')
    Object.assign(server.coins.get('BTC')!, wrong)
    await until(() => heldBack().includes(`binance-ws ${reason}`))
    const told = quotes.length
    await sleep(1_500)
    for (const { price, bid } of quotes.slice(told + 1)) {
      expect([price, bid]).toEqual([READ.price, READ.bid])
    }
    Object.assign(server.coins.get('BTC')!, BTC_USDT)
    await until(() => quotes.length > told + 1)
  })

  it('whose steps have become smaller is believed once the markets were read anew', async () => {
    await watch('binance')
    await heard('binance-ws')
    Object.assign(server.coins.get('BTC')!, { price: '91234.567', tick: '0.001' })
    await until(() => heldBack().includes('binance-ws off_tick'))
    await until(() => last()?.price === '91234.567')
    expect(server.connections).toBe(1)
  })

  it('whose clock is far off is not believed', async () => {
    await watch('binance')
    await heard('binance-ws')
    server.lagMs = -60_000
    await until(() => heldBack().includes('binance-ws future_time'))
    server.lagMs = 60_000
    await until(() => heldBack().includes('binance-ws time_backwards'))
  })
})

describe('an exchange that never answers', () => {
  it('holds up nobody who stops', async () => {
    await watch('binance', (one) => {
      one.isDeaf = true
    })
    await until(() => server.requests.length > 0)
    abort.abort()
    const stoppedAt = Date.now()
    await references.ended
    expect(Date.now() - stoppedAt).toBeLessThan(1_000)
  })
})

describe('an exchange that wants to be left alone', () => {
  it.each([
    [429, {}, 10_000],
    [418, { 'retry-after': '60' }, 60_000],
  ])('%i %j: is neither called nor dialled', async (status, headers, leastMs) => {
    await watch('binance', (one) => {
      one.hasStream = false
    })
    await heard('binance')
    server.fault = { status, body: '{"code":-1003,"msg":"Too much request weight used."}', headers }
    await until(() => toldOf('an exchange fails').some(({ work }) => work === 'polling'))
    const told = toldOf('an exchange fails').find(({ work }) => work === 'polling')
    expect(told!.retry_in_ms).toBeGreaterThanOrEqual(leastMs)
    const { requests, connections } = server
    const before = requests.length
    // A dial that was waited for already may still come.
    await sleep(2_500)
    expect(requests).toHaveLength(before)
    expect(server.connections - connections).toBeLessThanOrEqual(1)
  })

  it('is given up where it must not be called from', async () => {
    await watch('binance', (one) => {
      one.fault = {
        status: 451,
        body: '{"code":0,"msg":"Service unavailable from a restricted location"}',
      }
    })
    await until(() => toldOf('an exchange is given up').length === 2)
    const before = server.requests.length
    await sleep(1_500)
    expect(server.requests).toHaveLength(before)
  })
})
