// Receipts: what is stored with a fill, as its owner reads it, and why an open order waits.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { type Evidence, type Receipt, receiptSchema } from '@motu/shared/contract/receipt.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { upsertQuotes } from '../../src/feeder/feed-store.ts'
import { marketEvent } from '../market-event.ts'
import { createWorld, problemIn, type World } from './world.ts'

const BTC = 'CRYPTO-COIN-BTC'
const SAMSUNG = 'KRX-STOCK-005930'
const APPLE = 'US-STOCK-AAPL'
const HALTING = 'KRX-STOCK-000660'
/** Monday, 10:00 in Seoul: New York is shut. */
const NOW = Date.parse('2026-11-23T01:00:00Z')
/** What the database asks of an order that is filled. */
const FILLED = { status: 'FILLED', quantity: '0.5', price: '9500000', waiting_for: null }
const OPENS_IN_NEW_YORK = '2026-11-23T14:30:00.000Z'

const EVIDENCE: Evidence = {
  ...{ model: 'standard@1', seed: 7, latency_ms: 0, role: 'maker' },
  event: {
    ...{ source: 'upbit', epoch: 'e1', seq: 42, age_ms: 120, simulated: false },
    ...{ venue_time: '2026-11-23T00:59:00.000Z', received_at: '2026-11-23T00:59:00.120Z' },
    ...{ bid: '9500000', ask: '9501000', last: '9500000' },
  },
  displayed: '1.5',
  queue: { initial: '3', ahead: '0.25' },
  fx: { mid: '1', spread_rate: '0', at: null, source: null },
  charges: [
    {
      ...{ kind: 'commission', rule: 'upbit-commission', base: '950000', rate: '0.05' },
      ...{ unit: 'percent_of_notional', cap: null, amount_krw: '475' },
    },
  ],
}

let world: World
let user: User & Tokens

beforeAll(async () => {
  world = await createWorld()
  world.clock.nowMs = NOW
  const received_at = new Date(NOW - 1_500).toISOString()
  await upsertQuotes(world.sql, [
    marketEvent(BTC, 1, { price: '9500500', bid: '9500000', ask: '9501000', received_at }),
    marketEvent(SAMSUNG, 1, { bid: '51000', ask: '51100', received_at }),
    marketEvent(HALTING, 1, { received_at, phase: 'halted' }),
  ])
})
afterAll(() => world.close())
beforeEach(async () => {
  user = await world.signedIn()
})

async function insertOrder(fields: Record<string, unknown>): Promise<string> {
  const id = randomUUID()
  const at = new Date(NOW - 60_000)
  await world.sql`INSERT INTO orders ${world.sql({
    ...{ partition: partitionOf(user.user_id), user_id: user.user_id, id, client_order_id: id },
    ...{ ticker_id: BTC, side: 'BUY', type: 'LIMIT', status: 'OPEN', waiting_for: 'PRICE' },
    ...{ time_in_force: 'GTC', requested_quantity: '0.5', limit_price: '9400000' },
    ...{ created_at: at, accepted_at: at, stored_at: at },
    ...fields,
  })}`
  return id
}

async function insertFill(order_id: string, fill_no: number, evidence: Evidence | null) {
  const { sql } = world
  await sql`INSERT INTO fills ${sql({
    ...{ partition: partitionOf(user.user_id), user_id: user.user_id, order_id, fill_no },
    ...{ ticker_id: BTC, side: 'BUY', quantity: '0.1', price: '9500000', currency: 'KRW' },
    ...{ applied_exchange_rate: '1', notional_krw: '950000', fee_krw: '475' },
    ...{ filled_at: new Date(NOW), event_epoch: 'e1', event_seq: '42' },
    settled_late: evidence === null,
    evidence: evidence && sql.json(evidence),
  })}`
}

const get = <T = unknown>(id: string, token = user.access_token) =>
  world.call<T>(`/api/v1/orders/${id}/receipt`, { token })

async function receiptOf(id: string): Promise<Receipt> {
  const answer = await get(id)
  expect(answer.status).toBe(200)
  return receiptSchema.strict().parse(answer.body)
}

describe('the receipt of an order', () => {
  it('shows each fill with its evidence, oldest first; one of before has none', async () => {
    const id = await insertOrder(FILLED)
    await insertFill(id, 1, EVIDENCE)
    await insertFill(id, 0, null)
    const receipt = await receiptOf(id)
    expect(receipt).toMatchObject({
      ...{ order_id: id, ticker_id: BTC, side: 'BUY', status: 'FILLED', reason: null },
      ...{ accepted_at: new Date(NOW - 60_000).toISOString(), waiting: null },
    })
    expect(receipt.fills.map(({ fill_no, evidence }) => [fill_no, evidence])).toEqual([
      [0, null],
      [1, EVIDENCE],
    ])
    expect(receipt.fills[1]).toMatchObject({
      ...{ quantity: '0.1', price: '9500000', currency: 'KRW', applied_exchange_rate: '1' },
      ...{ notional_krw: '950000', fee_krw: '475', settled_late: false },
      filled_at: new Date(NOW).toISOString(),
    })
  })

  it('is for its owner only', async () => {
    const id = await insertOrder({})
    const stranger = await world.signedIn()
    expect(problemIn(await get(id, stranger.access_token))).toEqual([404, 'not-found'])
    expect(problemIn(await get(randomUUID()))).toEqual([404, 'not-found'])
    expect(problemIn(await get('nonsense')).slice(0, 2)).toEqual([400, 'invalid-request'])
    const unsigned = await world.call(`/api/v1/orders/${id}/receipt`)
    expect(problemIn(unsigned)).toEqual([401, 'unauthenticated'])
  })

  it.each(['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED'])(
    'that is %s waits for nothing',
    async (status) => {
      expect(
        (await receiptOf(await insertOrder(status === 'FILLED' ? FILLED : { status }))).waiting,
      ).toBeNull()
    },
  )
})

describe('an open order', () => {
  const OPEN = { phase: 'continuous', next_open: null }
  const STOP = { type: 'STOP', side: 'SELL', limit_price: null, waiting_for: 'TRIGGER' }
  const TRAILING = { ...STOP, type: 'TRAILING_STOP' }

  it.each<[string, Record<string, unknown>, object]>([
    [
      'waits for its price',
      { quantity: '0.2', status: 'PARTIALLY_FILLED' },
      {
        ...OPEN,
        ...{ for: 'PRICE', price: '9400000', remaining: '0.3', expires_at: null },
        ...{ bid: '9500000', ask: '9501000', last: '9500500', age_ms: 1_500 },
      },
    ],
    [
      'waits for an event',
      { type: 'MARKET', limit_price: null, waiting_for: 'EVENT' },
      { ...OPEN, for: 'EVENT', price: null },
    ],
    [
      'waits for its stop',
      { ...STOP, stop_price: '9300000' },
      { for: 'TRIGGER', price: '9300000' },
    ],
    [
      'that has triggered waits for its limit',
      {
        ...{ type: 'STOP_LIMIT', stop_price: '9300000', side: 'SELL', limit_price: '9290000' },
        triggered_at: new Date(NOW),
      },
      { for: 'PRICE', price: '9290000' },
    ],
    [
      'that trails stands behind the best trade: in percent',
      { ...TRAILING, trail_percent: '5', mark_price: '10000000' },
      { for: 'TRIGGER', price: '9500000' },
    ],
    [
      'that trails stands behind the best trade: by an amount',
      { ...TRAILING, side: 'BUY', trail_amount: '250000', mark_price: '9000000' },
      { for: 'TRIGGER', price: '9250000' },
    ],
    [
      'that trails has no stop before the first trade',
      { ...TRAILING, trail_percent: '5' },
      { for: 'TRIGGER', price: null },
    ],
    ['waits for its entry', { waiting_for: 'ENTRY' }, { for: 'ENTRY', price: null }],
    [
      'waits for its session, and nothing is known of the market',
      { ticker_id: APPLE, waiting_for: 'SESSION', expires_at: new Date('2026-11-23T21:00:00Z') },
      {
        ...{ for: 'SESSION', phase: 'closed', next_open: OPENS_IN_NEW_YORK },
        ...{ bid: null, ask: null, last: null, age_ms: null },
        expires_at: '2026-11-23T21:00:00.000Z',
      },
    ],
    [
      'goes by the sessions it names',
      { ticker_id: APPLE, waiting_for: 'SESSION', sessions: 'pre,regular' },
      { phase: 'closed', next_open: '2026-11-23T09:00:00.000Z' },
    ],
    ['of an open venue', { ticker_id: SAMSUNG, limit_price: '50000' }, { ...OPEN, price: '50000' }],
    ['of a halted share', { ticker_id: HALTING }, { phase: 'halted', next_open: null }],
  ])('%s', async (_, fields, waiting) => {
    const receipt = await receiptOf(await insertOrder(fields))
    expect(receipt.waiting).toMatchObject(waiting)
  })
})
