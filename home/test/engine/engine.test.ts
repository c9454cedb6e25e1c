// The engine as a whole on a real Postgres: from a posted message to the event on the bus.

import { setTimeout as sleep } from 'node:timers/promises'
import { decimal } from '@motu/shared/decimal.ts'
import type { Venue } from '@motu/shared/instrument.ts'
import type { OrderEvent } from '@motu/shared/upstream.ts'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryBus } from '../../src/bus/memory.ts'
import { connect, type Sql } from '../../src/db/connect.ts'
import { Engine } from '../../src/engine/engine.ts'
import { PROFILES } from '../../src/engine/fill-profile.ts'
import { QuoteRing } from '../../src/engine/quote-ring.ts'
import { HttpQueue } from '../../src/queue/http.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { createDatabase, createWallet, type TestDatabase } from '../database.ts'
import { BTC, marketEvent, marketOf, placeMessage } from './world.ts'

const log = pino({ level: 'silent' })
const now = (): number => Date.now()

type Home = { engine: Engine; queue: HttpQueue; sql: Sql; stop: () => Promise<void> }

let database: TestDatabase
let bus: ReturnType<typeof memoryBus>
let homes: Home[] = []
let seq = 0

beforeEach(async () => {
  database = await createDatabase()
  bus = memoryBus({ now })
})
afterEach(async () => {
  for (const home of homes) await home.stop()
  homes = []
  await bus.close()
  await database.drop()
})

async function startHome(processId: string): Promise<Home> {
  const sql = connect(database.url, { max: 4, keyedOnly: true })
  const queue = new HttpQueue()
  const options = { postgresUrl: database.url, sql, queue, bus, log, now, processId }
  const market = marketOf(new QuoteRing())
  const calendar = (venue: Venue) => market.calendarOf(venue)
  const engine = new Engine({ ...options, tickerIds: [BTC], calendar, profile: PROFILES.arcade })
  await engine.start()
  let stopped = false
  const home = {
    engine,
    queue,
    sql,
    stop: async () => {
      if (stopped) return
      stopped = true
      await engine.stop()
      await sql.end({ timeout: 5 })
    },
  }
  homes.push(home)
  return home
}

const quote = (bid: string, ask: string): Promise<void> =>
  bus.publishMarket([marketEvent(BTC, { ms: Date.now(), seq: (seq += 1) }, { bid, ask })])

const until = <T>(read: () => T | Promise<T>, timeout = 8_000): Promise<T> =>
  vi.waitFor(read, { timeout, interval: 20 })

const owned = (home: Home, count: number): Promise<void> =>
  until(() => expect(home.engine.state.partitions).toHaveLength(count), 15_000)

function order(userId: string, clientOrderId: string, limitPrice: string | null = null) {
  const draft = {
    clientOrderId,
    tickerId: BTC,
    side: 'BUY' as const,
    type: limitPrice ? ('LIMIT' as const) : ('MARKET' as const),
    quantity: decimal('0.01'),
    limitPrice: limitPrice === null ? null : decimal(limitPrice),
    timeInForce: 'GTC' as const,
  }
  return placeMessage(userId, draft, Date.now())
}

const offer = (home: Home, userId: string, ...messages: unknown[]) =>
  home.queue.offer(partitionOf(userId), messages)

async function statuses(userId: string): Promise<string[]> {
  const rows = await database.sql<{ status: string }[]>`
    SELECT status FROM orders WHERE user_id = ${userId} ORDER BY accepted_at, client_order_id`
  return rows.map((row) => row.status)
}

describe('an engine', () => {
  it('answers after the commit, fills on the next event and tells the bus', async () => {
    const home = await startHome('one')
    await owned(home, 8)
    const told: OrderEvent[] = []
    await bus.subscribe('order_events', (events) => void told.push(...events))
    const userId = await createWallet(database.sql)
    await quote('9999000', '10000000')
    expect(await offer(home, userId, order(userId, 'a'))).toEqual(['stored'])
    expect(await statuses(userId)).toEqual(['OPEN'])
    await sleep(2)
    await quote('9999000', '10000000')
    await until(() => expect(told.map((event) => event.order.status)).toEqual(['OPEN', 'FILLED']))
    expect(told.map((event) => event.seq)).toEqual([1, 2])
  })

  it('parks what is no order and keeps it as a dead letter', async () => {
    const home = await startHome('one')
    await owned(home, 8)
    const userId = await createWallet(database.sql)
    const poison = [{ v: 1, kind: 'place' }, 'text', { ...order(userId, 'x'), quantity: '1e308' }]
    const results = await offer(home, userId, ...poison, order(userId, 'good'))
    expect(results).toEqual(['parked', 'parked', 'parked', 'stored'])
    const [row] = await database.sql<{ count: bigint }[]>`SELECT count(*) FROM dead_letters`
    expect(row!.count).toBe(3n)
  })

  it('loads what waits when it starts, and fills it on an event it had missed', async () => {
    const first = await startHome('one')
    await owned(first, 8)
    const userId = await createWallet(database.sql)
    await quote('9999000', '10000000')
    await offer(first, userId, order(userId, 'resting', '9000000'))
    await first.stop()
    await quote('8999000', '9000000')
    const second = await startHome('two')
    await until(async () => expect(await statuses(userId)).toEqual(['FILLED']), 15_000)
    expect(second.engine.state.waiting).toBe(0)
  })

  it('shares the partitions with a second engine, and takes them all when that one goes', async () => {
    const one = await startHome('one')
    await owned(one, 8)
    const two = await startHome('two')
    await owned(two, 4)
    await owned(one, 4)
    await one.stop()
    await owned(two, 8)
  }, 30_000)

  it('outlives its connections: nothing in hand is lost when Postgres ends them', async () => {
    const home = await startHome('one')
    await owned(home, 8)
    const userId = await createWallet(database.sql)
    await quote('9999000', '10000000')
    const offers = Array.from({ length: 200 }, (_, index) =>
      offer(home, userId, order(userId, `order-${index}`)),
    )
    await database.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
    expect((await Promise.all(offers)).flat()).toEqual(offers.map(() => 'stored'))
    await sleep(2)
    await quote('9999000', '10000000')
    await until(async () => expect(new Set(await statuses(userId))).toEqual(new Set(['FILLED'])))
    expect(await statuses(userId)).toHaveLength(200)
  }, 30_000)
})
