// What a user looks for among his orders: each filter alone, together, and page by page, against the
// same orders picked by hand.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { type Order, orderSchema, type OrderList } from '@motu/shared/contract/orders.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { createWorld, problemIn, type World } from './world.ts'

const START = Date.parse('2026-11-20T00:00:00Z')
const HOUR_MS = 3_600_000
const TICKERS = ['CRYPTO-COIN-BTC', 'KRX-STOCK-005930', 'US-STOCK-AAPL', 'KRX-STOCK-990099']
const STATUSES = ['OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'EXPIRED', 'FAILED']
const OPEN = STATUSES.slice(0, 2)

let world: World
let user: User & Tokens
let other: User & Tokens
/** All of the user's orders, newest first. */
let all: Order[]
beforeAll(async () => {
  world = await createWorld()
  user = await world.signedIn()
  other = await world.signedIn()
  for (const who of [user, other]) await insertOrders(who)
  all = await ordersOf('limit=500')
})
afterAll(() => world.close())

/** One of each instrument, side and status, an hour apart. */
async function insertOrders({ user_id }: User): Promise<void> {
  const rows = TICKERS.flatMap((ticker_id) =>
    ['BUY', 'SELL'].flatMap((side) => STATUSES.map((status) => ({ ticker_id, side, status }))),
  )
  for (const [index, row] of rows.entries()) {
    const [id, at] = [randomUUID(), new Date(START + index * HOUR_MS)]
    const quantity = { FILLED: '1', PARTIALLY_FILLED: '0.5' }[row.status] ?? '0'
    await world.sql`INSERT INTO orders ${world.sql({
      ...{ partition: partitionOf(user_id), user_id, id, client_order_id: id, ...row, quantity },
      ...{ type: 'LIMIT', time_in_force: 'GTC', requested_quantity: '1', limit_price: '100' },
      ...{ created_at: at, accepted_at: at, stored_at: at },
    })}`
  }
}

const get = <T = unknown>(query: string) =>
  world.call<T>(`/api/v1/orders?${new URLSearchParams(query)}`, { token: user.access_token })

/** Whatever a query finds, page by page. */
async function ordersOf(query: string): Promise<Order[]> {
  const orders: Order[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer: { status: number; body: OrderList } = await get<OrderList>(
      `${query}${cursor && `&cursor=${cursor}`}`,
    )
    expect(answer.status).toBe(200)
    orders.push(...answer.body.orders)
    cursor = answer.body.next_cursor
  }
  return orders
}

const hours = (count: number): string => new Date(START + count * HOUR_MS).toISOString()

describe('orders', () => {
  it('are all there to be looked through', () => {
    for (const order of all) orderSchema.parse(order)
    expect(all).toHaveLength(TICKERS.length * 2 * STATUSES.length)
  })

  it.each<[string, (order: Order) => boolean]>([
    ['ticker_id=KRX-STOCK-005930', ({ ticker_id }) => ticker_id === 'KRX-STOCK-005930'],
    ['venue=KRX', ({ ticker_id }) => ticker_id.startsWith('KRX-')],
    ['venue=US&status=all', ({ ticker_id }) => ticker_id.startsWith('US-')],
    ['side=SELL', ({ side }) => side === 'SELL'],
    ['status=EXPIRED', ({ status }) => status === 'EXPIRED'],
    ['status=PARTIALLY_FILLED', ({ status }) => status === 'PARTIALLY_FILLED'],
    ['status=closed&side=BUY', (one) => !OPEN.includes(one.status) && one.side === 'BUY'],
    [
      'status=open&venue=CRYPTO',
      (one) => OPEN.includes(one.status) && /^CRYPTO/.test(one.ticker_id),
    ],
    // A name, the beginnings of its syllables, English, a part of the id.
    ['query=삼성전자', ({ ticker_id }) => ticker_id === 'KRX-STOCK-005930'],
    ['query=ㅅㅅㅈㅈ', ({ ticker_id }) => ticker_id === 'KRX-STOCK-005930'],
    ['query=%20Bitcoin ', ({ ticker_id }) => ticker_id === 'CRYPTO-COIN-BTC'],
    ['query=aapl', ({ ticker_id }) => ticker_id === 'US-STOCK-AAPL'],
    // Nobody here knows what it was called.
    ['query=9900', ({ ticker_id }) => ticker_id === 'KRX-STOCK-990099'],
    ['query=%20', () => true],
    ['query=nothing like it', () => false],
    ['query=%25', () => false],
    ['query=_', () => false],
    ['query=%00', () => false],
    // From an instant on, up to another.
    [`from=${hours(10)}`, ({ accepted_at }) => accepted_at >= hours(10)],
    [`to=${hours(10)}`, ({ accepted_at }) => accepted_at < hours(10)],
    [`from=${START + HOUR_MS}&to=${hours(2)}`, ({ accepted_at }) => accepted_at === hours(1)],
    [
      `venue=KRX&side=SELL&status=closed&query=5930&from=${hours(12)}&to=${hours(23)}`,
      (one) =>
        one.ticker_id === 'KRX-STOCK-005930' &&
        one.side === 'SELL' &&
        !OPEN.includes(one.status) &&
        one.accepted_at < hours(23),
    ],
  ])('by %s are those, whatever the size of a page', async (query, isMeant) => {
    const meant = all.filter(isMeant).map(({ order_id }) => order_id)
    for (const limit of [500, 3]) {
      const found = await ordersOf(`${query}&limit=${limit}`)
      expect(found.map(({ order_id }) => order_id)).toEqual(meant)
    }
  })

  it.each([
    ['status=PENDING', '#/status'],
    ['status=filled', '#/status'],
    ['venue=FX', '#/venue'],
    ['side=buy', '#/side'],
    ['ticker_id=%00', '#/ticker_id'],
    [`ticker_id=${'A'.repeat(41)}`, '#/ticker_id'],
    [`query=${'a'.repeat(65)}`, '#/query'],
    ['from=yesterday', '#/from'],
    ['to=2026-13-01', '#/to'],
    [`from=${hours(2)}&to=${hours(2)}`, '#/from'],
  ])('are not looked for by %s', async (query, pointer) => {
    expect(problemIn(await get(query))).toEqual([400, 'invalid-request', pointer])
  })

  it('of another are never among them', async () => {
    const found = await ordersOf('venue=KRX&status=closed')
    const read = await world.call<OrderList>('/api/v1/orders?venue=KRX&status=closed&limit=500', {
      token: other.access_token,
    })
    expect(read.body.orders).toHaveLength(found.length)
    const ids = new Set(found.map(({ order_id }) => order_id))
    for (const { order_id } of read.body.orders) expect(ids.has(order_id)).toBe(false)
  })
})
