// What a user reads: portfolio, orders, fills, quotes, candles.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { fillSchema, orderSchema, type OrderList } from '@motu/shared/contract/orders.ts'
import { portfolioSchema } from '@motu/shared/contract/portfolio.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { quoteSchema } from '@motu/shared/market-data.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { upsertCandles, upsertQuotes } from '../../src/feeder/feed-store.ts'
import { marketEvent } from '../market-event.ts'
import { createWorld, problemIn, type World } from './world.ts'

const BTC = 'CRYPTO-COIN-BTC'
const AAPL = 'US-STOCK-AAPL'

let world: World
let user: User & Tokens
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  user = await world.signedIn()
})

const get = <T = unknown>(path: string) => world.call<T>(path, { token: user.access_token })
const owner = () => ({ partition: partitionOf(user.user_id), user_id: user.user_id })

async function insertOrder(acceptedAt: number, status = 'OPEN'): Promise<string> {
  const id = randomUUID()
  const at = new Date(acceptedAt)
  const isFilled = status === 'FILLED'
  await world.sql`INSERT INTO orders ${world.sql({
    ...owner(),
    ...{ id, client_order_id: id, ticker_id: BTC, side: 'BUY', type: 'LIMIT', status },
    ...{ time_in_force: 'GTC', requested_quantity: '0.5', limit_price: '9500000' },
    ...{ quantity: isFilled ? '0.5' : '0', price: isFilled ? '9400000' : null },
    ...{ created_at: at, accepted_at: at, stored_at: at },
  })}`
  return id
}

describe('the portfolio', () => {
  async function insertPosition(ticker_id: string, quantity: string, currency: string) {
    await world.sql`INSERT INTO portfolios ${world.sql({
      ...owner(),
      ...{ ticker_id, quantity, currency, average_price: '100', cost_native: '1000' },
      cost_krw: '1200000',
    })}`
  }

  it('of a new user is his starting cash', async () => {
    const { body } = await get('/api/v1/portfolio')
    portfolioSchema.parse(body)
    expect(body).toEqual({
      ...{ cash_krw: '100000000', held_krw: '0', equity_krw: '100000000', realized_pnl_krw: '0' },
      ...{ positions: [], as_of: new Date(world.clock.nowMs).toISOString() },
    })
  })

  it('values positions at the mid, dollars at the mid of the rate, the rest at cost', async () => {
    await insertPosition(BTC, '0.1', 'KRW')
    await insertPosition(AAPL, '10', 'USD')
    await insertPosition('US-STOCK-MSFT', '1', 'USD')
    await world.sql`UPDATE wallets SET held_krw = 1000000 WHERE user_id = ${user.user_id}`
    await world.bus.publishMarket([
      marketEvent(BTC, 1, { bid: '9000000', ask: '9002000' }),
      marketEvent(AAPL, 1, { bid: '99.99', ask: '100.01' }),
      marketEvent(USD_KRW, 1, { bid: '1399', ask: '1401' }),
    ])
    const { body } = await get<Record<string, unknown>>('/api/v1/portfolio')
    portfolioSchema.parse(body)
    expect(body).toMatchObject({
      cash_krw: '99000000',
      held_krw: '1000000',
      // 100,000,000 + 900,100 + 1,400,000 + the cost of what has no price
      equity_krw: '103500100',
      positions: [
        { ticker_id: BTC, price: '9001000', value_krw: '900100', unrealized_pnl_krw: '-299900' },
        { ticker_id: AAPL, price: '100', value_krw: '1400000', unrealized_pnl_krw: '200000' },
        { ticker_id: 'US-STOCK-MSFT', price: null, value_krw: null, unrealized_pnl_krw: null },
      ],
    })
  })

  it('falls back to the stored quote when the bus has no price', async () => {
    await insertPosition(BTC, '1', 'KRW')
    await upsertQuotes(world.sql, [marketEvent(BTC, 9, { bid: '8000000', ask: '8002000' })])
    world.clock.nowMs += 6_000
    const { body } = await get<{ positions: unknown[] }>('/api/v1/portfolio')
    expect(body.positions[0]).toMatchObject({ price: '8001000', value_krw: '8001000' })
  })

  it('is for its owner only', async () => {
    expect(problemIn(await world.call('/api/v1/portfolio'))).toEqual([401, 'unauthenticated'])
  })
})

describe('orders', () => {
  it('come newest first, page by page, none twice and none left out', async () => {
    const start = Date.parse('2026-11-20T09:00:00Z')
    // Three of them in one millisecond: the id decides.
    const times = [0, 1, 1, 1, 2, 3, 4].map((ms) => start + ms)
    const ids = new Set<string>()
    for (const at of times) ids.add(await insertOrder(at))
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: OrderList = (
        await get<OrderList>(`/api/v1/orders?limit=2${cursor && `&cursor=${cursor}`}`)
      ).body
      expect(page.orders.length).toBeLessThanOrEqual(2)
      for (const order of page.orders) orderSchema.parse(order)
      seen.push(...page.orders.map(({ order_id }) => order_id))
      cursor = page.next_cursor
    }
    expect(new Set(seen)).toEqual(ids)
    expect(seen).toHaveLength(ids.size)
    const read = await Promise.all(
      seen.map(async (id) => (await get<{ accepted_at: string }>(`/api/v1/orders/${id}`)).body),
    )
    const accepted = read.map(({ accepted_at }) => accepted_at)
    expect(accepted).toEqual(accepted.toSorted().toReversed())
  })

  it('are told apart by open and closed', async () => {
    const at = world.clock.nowMs
    const open = await insertOrder(at)
    const filled = await insertOrder(at + 1, 'FILLED')
    const idsOf = async (status: string) =>
      (await get<OrderList>(`/api/v1/orders?status=${status}`)).body.orders.map(
        ({ order_id }) => order_id,
      )
    expect(await idsOf('open')).toEqual([open])
    expect(await idsOf('closed')).toEqual([filled])
    expect(await idsOf('all')).toEqual([filled, open])
  })

  it('show quantities and prices as decimals without trailing zeros', async () => {
    const id = await insertOrder(world.clock.nowMs)
    const { body } = await get(`/api/v1/orders/${id}`)
    expect(body).toMatchObject({
      ...{ order_id: id, status: 'OPEN', quantity: '0.5', filled_quantity: '0', price: null },
      ...{ limit_price: '9500000', currency: 'KRW', fee_krw: '0', filled_at: null },
    })
  })

  it('and fills of others are not there', async () => {
    const id = await insertOrder(world.clock.nowMs)
    user = await world.signedIn()
    for (const path of [`/api/v1/orders/${id}`, `/api/v1/orders/${id}/fills`]) {
      expect(problemIn(await get(path))).toEqual([404, 'not-found'])
    }
    expect((await get<OrderList>('/api/v1/orders')).body.orders).toEqual([])
  })

  it('bring their fills, oldest first', async () => {
    const id = await insertOrder(world.clock.nowMs, 'FILLED')
    expect((await get(`/api/v1/orders/${id}/fills`)).body).toEqual({ fills: [] })
    for (const fill_no of [1, 0]) {
      await world.sql`INSERT INTO fills ${world.sql({
        ...owner(),
        ...{ order_id: id, fill_no, ticker_id: BTC, side: 'BUY', quantity: '0.25' },
        ...{ price: '9400000', currency: 'KRW', applied_exchange_rate: '1' },
        ...{ notional_krw: '2350000', fee_krw: '1175', filled_at: new Date(world.clock.nowMs) },
        ...{ event_epoch: 'e', event_seq: '1', settled_late: false },
      })}`
    }
    const { fills } = (await get<{ fills: { fill_id: string }[] }>(`/api/v1/orders/${id}/fills`))
      .body
    for (const fill of fills) fillSchema.parse(fill)
    expect(fills.map(({ fill_id }) => fill_id)).toEqual([`${id}.0`, `${id}.1`])
    expect(fills[0]).toMatchObject({ quantity: '0.25', price: '9400000', fee_krw: '1175' })
  })

  it.each([
    ['status=maybe', '#/status'],
    ['limit=0', '#/limit'],
    ['limit=501', '#/limit'],
    ['limit=1e308', '#/limit'],
    ['limit=ten', '#/limit'],
    ['cursor=nonsense', '#/cursor'],
    [`cursor=${Buffer.from('1.2').toString('base64url')}`, '#/cursor'],
    [`cursor=${Buffer.from(`99999999999999.${randomUUID()}`).toString('base64url')}`, null],
    [`cursor=${'a'.repeat(300)}`, '#/cursor'],
  ])('refuse %s', async (query, pointer) => {
    const answer = await get(`/api/v1/orders?${query}`)
    if (pointer === null) expect(answer.status).toBe(200)
    else expect(problemIn(answer).slice(0, 3)).toEqual([400, 'invalid-request', pointer])
  })

  it('refuse a cursor with dashes for an id', async () => {
    const cursor = Buffer.from(`1.${'-'.repeat(36)}`).toString('base64url')
    const answer = await get(`/api/v1/orders?cursor=${cursor}`)
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/cursor'])
  })

  it.each(['not-a-uuid', '1e308', '%00'])('refuse the id %s', async (id) => {
    expect(problemIn(await get(`/api/v1/orders/${id}`)).slice(0, 2)).toEqual([
      400,
      'invalid-request',
    ])
  })
})

describe('quotes', () => {
  it('are the last ones known, without what only machines need', async () => {
    await world.bus.publishMarket([marketEvent(BTC, 1), marketEvent(AAPL, 1)])
    const one = await get<Record<string, unknown>>(`/api/v1/market/quotes/${BTC}`)
    expect(quoteSchema.strict().parse(one.body).ticker_id).toBe(BTC)
    const { body } = await get<{ quotes: { ticker_id: string }[] }>(
      `/api/v1/market/quotes?tickers=${AAPL},${BTC}`,
    )
    expect(body.quotes.map(({ ticker_id }) => ticker_id).toSorted()).toEqual([BTC, AAPL])
  })

  it('of what is not listed are not there', async () => {
    for (const id of ['CRYPTO-COIN-NONE', 'x', '%00', 'FX-RATE-EURUSD']) {
      expect(problemIn(await get(`/api/v1/market/quotes/${id}`))).toEqual([404, 'not-found'])
    }
  })

  it('of too many at once are refused', async () => {
    const tickers = Array(101).fill(BTC).join(',')
    const answer = await get(`/api/v1/market/quotes?tickers=${tickers}`)
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/tickers'])
  })

  it('come with what can be traded, and how', async () => {
    const { body } = await get<{ instruments: unknown[] }>('/api/v1/market/instruments')
    expect(body.instruments).toHaveLength(30)
    expect(body.instruments[0]).toMatchObject({
      ticker_id: BTC,
      name_ko: '비트코인',
      lot: '0.00000001',
    })
  })
})

describe('candles', () => {
  const start = Date.parse('2026-11-20T00:00:00Z')
  const path = `/api/v1/market/candles/${BTC}`
  type Candles = { candles: [number, string, string, string, string, string][]; simulated: boolean }

  beforeAll(async () => {
    const minute = (index: number) => ({
      tickerId: BTC,
      openAt: start + index * 60_000,
      open: decimal(String(100 + index)),
      high: decimal(String(110 + index)),
      low: decimal(String(90 + index)),
      close: decimal(String(101 + index)),
      volume: decimal('1.5'),
      simulated: true,
    })
    await upsertCandles(
      world.sql,
      Array.from({ length: 1_440 }, (_, index) => minute(index)),
    )
  })

  const range = (from: number | string, to: number | string, interval = '1m') =>
    get<Candles>(`${path}?interval=${interval}&from=${from}&to=${to}`)

  it('of a minute are as stored, the end not included', async () => {
    const { body } = await range(start, start + 120_000)
    expect(body.candles).toEqual([
      [start, '100', '110', '90', '101', '1.5'],
      [start + 60_000, '101', '111', '91', '102', '1.5'],
    ])
    expect(body.simulated).toBe(true)
    const iso = await range('2026-11-20T00:00:00Z', '2026-11-20T00:02:00Z')
    expect(iso.body.candles).toEqual(body.candles)
  })

  it.each([
    ['5m', 5, 288],
    ['15m', 15, 96],
    ['1h', 60, 24],
    ['1d', 1_440, 1],
  ])('of %s are added up from minutes', async (interval, minutes, count) => {
    const { body } = await range(start, start + 86_400_000, interval)
    expect(body.candles).toHaveLength(count)
    expect(body.candles[0]).toEqual([
      ...[start, '100', String(109 + minutes), '90', String(100 + minutes)],
      String(1.5 * minutes),
    ])
  })

  it('are the newest thousand of a longer range, oldest first', async () => {
    const { body } = await range(start, start + 86_400_000)
    expect(body.candles).toHaveLength(1_000)
    expect(body.candles[0]![0]).toBe(start + 440 * 60_000)
    expect(body.candles.at(-1)![0]).toBe(start + 1_439 * 60_000)
  })

  it('are none where there are none', async () => {
    expect((await range(0, 60_000)).body.candles).toEqual([])
  })

  it.each([
    ['interval=2m', '#/interval'],
    ['from=yesterday', '#/from'],
    ['to=1e308', '#/to'],
    [`from=${start}&to=${start}`, '#/from'],
    ['to=99999999999999', '#/to'],
  ])('refuse %s', async (query, pointer) => {
    expect(problemIn(await get(`${path}?${query}`))).toEqual([400, 'invalid-request', pointer])
  })

  it('refuse from=-5', async () => {
    expect(problemIn(await get(`${path}?from=-5`))).toEqual([400, 'invalid-request', '#/from'])
  })

  it('of what is not listed are not there', async () => {
    expect(problemIn(await get('/api/v1/market/candles/US-STOCK-NONE'))).toEqual([404, 'not-found'])
  })
})
