// Price alerts are told by the first price after they were made that meets them, once, whoever watches
// and whatever is away meanwhile.

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AlertCondition, PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { AlertEvent } from '@motu/shared/upstream.ts'
import { SWEEP_LAG_MS } from '../../src/alerts/tell.ts'
import { AlertWatcher, startAlerts } from '../../src/alerts/watcher.ts'
import type { Bus } from '../../src/bus/bus.ts'
import { memoryBus } from '../../src/bus/memory.ts'
import { minuteOf, MINUTE_MS } from '../../src/feeder/candle-book.ts'
import { upsertCandles } from '../../src/feeder/feed-store.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { marketEvent } from '../market-event.ts'
import { until } from '../until.ts'

const BTC = 'CRYPTO-COIN-BTC'
const ETH = 'CRYPTO-COIN-ETH'
const log = pino({ level: 'silent' })
const START_MS = Date.UTC(2026, 10, 20, 9)

let database: TestDatabase
let userId: string
let nowMs: number
let bus: Bus
let heard: AlertEvent[]
beforeAll(async () => {
  database = await createDatabase()
  userId = randomUUID()
  await database.sql`
    INSERT INTO users (id, partition, username, nickname, role, created_at)
    VALUES (${userId}, ${partitionOf(userId)}, 'watcher', '민지', 'USER', now())`
})
afterAll(() => database.drop())
beforeEach(async () => {
  nowMs = START_MS
  bus = memoryBus({ now: () => nowMs })
  heard = []
  await bus.subscribe('alert_events', (events) => heard.push(...events))
  await database.sql`DELETE FROM price_alerts`
  await database.sql`DELETE FROM sweeps`
  await database.sql`DELETE FROM candles`
})

const watcherOn = async (itsBus = bus): Promise<AlertWatcher> => {
  const watcher = new AlertWatcher({ sql: database.sql, bus: itsBus, now: () => nowMs, log })
  await watcher.listen()
  return watcher
}

type Line = { tickerId?: string; condition?: AlertCondition; price: string; createdMs?: number }

async function alert({
  tickerId = BTC,
  condition = 'ABOVE',
  price,
  createdMs = nowMs,
}: Line): Promise<string> {
  const id = randomUUID()
  await database.sql`
    INSERT INTO price_alerts (partition, user_id, id, ticker_id, condition, price, currency, note,
      created_at)
    VALUES (${partitionOf(userId)}, ${userId}, ${id}, ${tickerId}, ${condition}, ${price}, 'KRW', '',
      ${new Date(createdMs)})`
  return id
}

let seq = 0
async function say(price: string, tickerId = BTC): Promise<void> {
  const at = { received_at: new Date(nowMs).toISOString() }
  await bus.publishMarket([marketEvent(tickerId, (seq += 1), { price, ...at })])
}

/** What is told, by alert: `[price, ms since the start]`. */
const told = (): Record<string, [price: string | null, atMs: number]> =>
  Object.fromEntries(
    heard.map(({ alert: { alert_id, told_price, told_at } }) => [
      alert_id,
      [told_price, Date.parse(told_at!) - START_MS],
    ]),
  )

const candle = (openAt: number, [open, high, low]: [string, string, string]) => ({
  ...{ tickerId: BTC, openAt, open: decimal(open), high: decimal(high), low: decimal(low) },
  ...{ close: decimal(open), volume: 0n, simulated: true },
})

describe('an alert', () => {
  it.each<[condition: AlertCondition, price: string, isTold: boolean]>([
    ['ABOVE', '99.99999999', false],
    ['ABOVE', '100', true],
    ['ABOVE', '100.00000001', true],
    ['BELOW', '100.00000001', false],
    ['BELOW', '100', true],
    ['BELOW', '99.99999999', true],
  ])('%s 100 at %s: told %s', async (condition, price, isTold) => {
    const watcher = await watcherOn()
    const id = await alert({ condition, price: '100' })
    nowMs += 1
    await say(price)
    await watcher.check()
    expect(told()).toEqual(isTold ? { [id]: [price, 1] } : {})
  })

  it('of the exchange rate is told as any other', async () => {
    const watcher = await watcherOn()
    const id = await alert({ tickerId: USD_KRW, condition: 'BELOW', price: '1450.25' })
    nowMs += 1
    await say('1450.26', USD_KRW)
    await watcher.check()
    expect(told()).toEqual({})
    nowMs += 1
    await say('1450.25', USD_KRW)
    await watcher.check()
    expect(told()).toEqual({ [id]: ['1450.25', 2] })
  })

  it('is told to its user as its list shows it, and once', async () => {
    const watchers = [await watcherOn(), await watcherOn()]
    const id = await alert({ price: '100' })
    nowMs += 10
    await say('101')
    await Promise.all(watchers.map((one) => one.check()))
    nowMs += 10
    await say('102')
    await Promise.all(watchers.map((one) => one.check()))
    expect(heard).toEqual([
      {
        user_id: userId,
        alert: {
          ...{ alert_id: id, ticker_id: BTC, condition: 'ABOVE', price: '100', currency: 'KRW' },
          ...{ note: '', created_at: new Date(START_MS).toISOString() },
          ...{ told_at: new Date(START_MS + 10).toISOString(), told_price: '101' },
        } satisfies PriceAlert,
      },
    ])
  })

  it('hears no price of before it, of its own instant, or of another ticker', async () => {
    const watcher = await watcherOn()
    await say('200')
    nowMs += 5
    await say('200')
    await alert({ price: '100' })
    nowMs += 5
    await say('200', ETH)
    await watcher.check()
    expect(told()).toEqual({})
  })

  it('that was committed a little after the look is told by what it missed', async () => {
    const watcher = await watcherOn()
    nowMs += 1
    await say('200')
    await watcher.check()
    nowMs += 4_999
    const id = await alert({ price: '100', createdMs: START_MS })
    await watcher.check()
    expect(told()).toEqual({ [id]: ['200', 1] })
    nowMs += 2
    await watcher.check()
    await alert({ price: '100', createdMs: START_MS })
    await watcher.check()
    expect(heard).toHaveLength(1)
  })

  it('is told by a print between two events', async () => {
    const watcher = await watcherOn()
    const id = await alert({ price: '100' })
    nowMs += 1
    const received_at = new Date(nowMs).toISOString()
    const event = marketEvent(BTC, 1, { price: '98', received_at, prints: [['103', '1', 'BUY']] })
    await bus.publishMarket([event])
    await watcher.check()
    expect(told()).toEqual({ [id]: ['103', 1] })
  })
})

describe('what is away', () => {
  it('Postgres: what was seen meanwhile is told when it is back', async () => {
    const watcher = await watcherOn()
    const [up, down] = [
      await alert({ price: '300' }),
      await alert({ condition: 'BELOW', price: '5' }),
    ]
    await database.sql`ALTER TABLE price_alerts RENAME TO away`
    for (let count = 0; count < 2_000; count += 1) {
      nowMs += 1
      await say(count === 700 ? '300' : count === 701 ? '5' : '100')
      if (count % 500 === 0) await expect(watcher.check()).rejects.toThrow('price_alerts')
    }
    nowMs += 60_000
    await expect(watcher.check()).rejects.toThrow('price_alerts')
    await database.sql`ALTER TABLE away RENAME TO price_alerts`
    await watcher.check()
    expect(told()).toEqual({ [up]: ['300', 701], [down]: ['5', 702] })
  })

  it('the bus: what was told is published when it is back', async () => {
    let isAway = true
    const publish: Bus['publish'] = (channel, messages) =>
      isAway ? Promise.reject(new Error('away')) : bus.publish(channel, messages)
    const watcher = await watcherOn({ ...bus, publish })
    const id = await alert({ price: '100' })
    nowMs += 1
    await say('100')
    await expect(watcher.check()).rejects.toThrow('away')
    isAway = false
    await watcher.check()
    await watcher.check()
    expect(heard.map(({ alert: { alert_id } }) => alert_id)).toEqual([id])
  })
})

describe('the candles of what nobody heard', () => {
  const opens = minuteOf(START_MS) + MINUTE_MS

  it.each<[what: string, prices: [string, string, string], line: Line, price: string | null]>([
    ['a high that reaches it', ['90', '100', '80'], { price: '100' }, '100'],
    ['a high below it', ['90', '99.99999999', '80'], { price: '100' }, null],
    ['an open beyond it', ['105', '110', '80'], { price: '100' }, '105'],
    ['a low', ['110', '120', '95'], { condition: 'BELOW', price: '100' }, '95'],
    ['a low above it', ['110', '120', '100.1'], { condition: 'BELOW', price: '100' }, null],
    ['an open below it', ['97', '120', '95'], { condition: 'BELOW', price: '100' }, '97'],
  ])('tell it by %s', async (_, prices, line, price) => {
    await (await watcherOn()).sweep()
    const id = await alert(line)
    await upsertCandles(database.sql, [candle(opens, prices)])
    nowMs = opens + SWEEP_LAG_MS + 1
    await (await watcherOn()).sweep()
    expect(told()).toEqual(price === null ? {} : { [id]: [price, opens - START_MS] })
  })

  it('count when their minute is over, unless it began before the alert was made', async () => {
    await (await watcherOn()).sweep()
    const [same, later] = [opens, opens + 1]
    const id = await alert({ price: '100', createdMs: same })
    await alert({ price: '100', createdMs: later })
    await upsertCandles(database.sql, [candle(opens, ['90', '100', '80'])])
    const watchers = [await watcherOn(), await watcherOn()]
    nowMs = opens + SWEEP_LAG_MS
    await Promise.all(watchers.map((one) => one.sweep()))
    expect(told()).toEqual({})
    nowMs += 1
    await Promise.all(watchers.map((one) => one.sweep()))
    expect(told()).toEqual({ [id]: ['100', opens - START_MS] })
    expect(heard).toHaveLength(1)
  })

  it('are looked at again where they come late, days after their minute', async () => {
    const id = await alert({ price: '100' })
    await (await watcherOn()).sweep()
    nowMs += 3 * 24 * 60 * MINUTE_MS
    await (await watcherOn()).sweep()
    await upsertCandles(database.sql, [
      candle(opens + MINUTE_MS, ['90', '150', '80']),
      candle(opens, ['90', '99', '80']),
    ])
    await (await watcherOn()).sweep()
    expect(told()).toEqual({ [id]: ['150', opens + MINUTE_MS - START_MS] })
  })
})

it('watches by itself, from its start to its stop', async () => {
  const options = { sql: database.sql, bus, now: () => nowMs, log }
  const stop = await startAlerts(options)
  const id = await alert({ price: '100' })
  nowMs += 1
  await say('100')
  await until(() => heard.length > 0)
  expect(told()).toEqual({ [id]: ['100', 1] })
  await stop()
})

type Step =
  | { kind: 'price'; tickerId: string; price: number }
  | { kind: 'alert'; tickerId: string; condition: AlertCondition; price: number }
  | { kind: 'check'; who: number[] }

const ticker = fc.constantFrom(BTC, ETH)
const price = fc.integer({ min: 90, max: 110 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('price' as const), tickerId: ticker, price }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ kind: fc.constant('alert' as const), tickerId: ticker, price },
      condition: fc.constantFrom<AlertCondition>('ABOVE', 'BELOW'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('check' as const),
      who: fc.subarray([0, 1], { minLength: 1 }),
    }),
  },
)

it('is told if and only if a price after it met it, by the first one, once', async () => {
  const run = async (steps: readonly [Step, number][]): Promise<void> => {
    await database.sql`DELETE FROM price_alerts`
    heard.length = 0
    const watchers = [await watcherOn(), await watcherOn()]
    const waiting = new Map<string, Extract<Step, { kind: 'alert' }>>()
    const expected: Record<string, [string, number]> = {}
    for (const [one, passedMs] of steps) {
      nowMs += passedMs
      if (one.kind === 'check') await Promise.all(one.who.map((index) => watchers[index]!.check()))
      else if (one.kind === 'alert') {
        waiting.set(await alert({ ...one, price: String(one.price) }), one)
        nowMs += 1
      } else {
        await say(String(one.price), one.tickerId)
        for (const [id, { tickerId, condition, price: line }] of waiting) {
          const isMet = condition === 'ABOVE' ? one.price >= line : one.price <= line
          if (tickerId !== one.tickerId || !isMet) continue
          expected[id] = [String(one.price), nowMs - START_MS]
          waiting.delete(id)
        }
      }
    }
    await Promise.all(watchers.map((one) => one.check()))
    expect(told()).toEqual(expected)
    expect(heard).toHaveLength(Object.keys(expected).length)
  }
  const steps = fc.array(fc.tuple(step, fc.integer({ min: 0, max: 2_000 })), {
    ...{ minLength: 1, maxLength: 60, size: 'max' as const },
  })
  await fc.assert(fc.asyncProperty(steps, run), { numRuns: 40 })
}, 60_000)
