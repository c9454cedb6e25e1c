// Trying an order: what it would cost and hold, and why it would be refused, at fixed instants.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tokens, User } from '@motu/shared/contract/auth.ts'
import { type OrderTest, orderTestSchema } from '@motu/shared/contract/order-test.ts'
import { FX_SPREAD_RATE } from '@motu/shared/fill.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { PROFILES } from '../../src/engine/fill-profile.ts'
import { upsertQuotes } from '../../src/feeder/feed-store.ts'
import { marketEvent } from '../market-event.ts'
import { createWorld, problemIn, type World } from './world.ts'

const BTC = 'CRYPTO-COIN-BTC'
const SAMSUNG = 'KRX-STOCK-005930'
const APPLE = 'US-STOCK-AAPL'
/** Monday: 10:00 in Seoul, 20:00 of Sunday in New York. */
const IN_SEOUL = Date.parse('2026-11-23T01:00:00Z')
/** The same Monday, 10:00 in New York, and night in Seoul. */
const IN_NEW_YORK = Date.parse('2026-11-23T15:00:00Z')
/** Seoul collects orders for its opening. */
const BEFORE_SEOUL = Date.parse('2026-11-22T23:45:00Z')

let world: World
let user: User & Tokens

beforeAll(async () => {
  world = await createWorld()
  await upsertQuotes(world.sql, [
    marketEvent(BTC, 1, { bid: '9500000', ask: '9501000', base_price: '9500000' }),
    marketEvent(SAMSUNG, 1, { bid: '51000', ask: '51100', base_price: '51000' }),
    marketEvent(APPLE, 1, { bid: '128', ask: '128.02', base_price: '128' }),
    marketEvent(USD_KRW, 1, { bid: '1399', ask: '1401' }),
  ])
})
afterAll(() => world.close())

/** A user of this instant, who has some of everything. */
async function at(instant: number): Promise<void> {
  world.clock.nowMs = instant
  user = await world.signedIn()
  for (const [ticker_id, currency] of [
    [BTC, 'KRW'],
    [SAMSUNG, 'KRW'],
    [APPLE, 'USD'],
  ] as const) {
    await world.sql`INSERT INTO portfolios ${world.sql({
      ...{ partition: partitionOf(user.user_id), user_id: user.user_id, ticker_id, currency },
      ...{ quantity: '10', held_quantity: '1', average_price: '1', cost_native: '10' },
      cost_krw: '10',
    })}`
  }
}

const send = (body: object) =>
  world.call<OrderTest>('/api/v1/orders/test', { body, token: user.access_token })

async function tried(body: object): Promise<OrderTest> {
  const answer = await send(body)
  expect(answer.status).toBe(200)
  return orderTestSchema.strict().parse(answer.body)
}

const order = (ticker_id: string, side: string, quantity: string | null, more: object = {}) => ({
  ...{ ticker_id, side, quantity, type: 'MARKET' },
  ...more,
})
const LIMIT = (limit_price: string) => ({ type: 'LIMIT', limit_price })
type Line = [kind: string, rule: string, base: string, rate: string, amount: string]

// By hand, from the published rates.
describe('what an order would cost, with every line', () => {
  it.each<[string, number, object, object, Line[]]>([
    [
      'a sell on KRX pays commission and tax',
      IN_SEOUL,
      order(SAMSUNG, 'SELL', '9'),
      {
        ...{ price: '51000', quantity: '9', notional_krw: '459000', applied_exchange_rate: '1' },
        ...{ fee_krw: '982.501893', total_krw: '458017.498107' },
      },
      [
        ['commission', 'krx-commission-stock', '459000', '0.0140527', '64.501893'],
        ['transaction_tax', 'krx-tax-2026', '459000', '0.2', '918'],
      ],
    ],
    [
      'a buy on KRX pays commission only',
      IN_SEOUL,
      order(SAMSUNG, 'BUY', '10'),
      {
        ...{ price: '51100', quantity: '10', notional_krw: '511000', applied_exchange_rate: '1' },
        ...{ fee_krw: '71.809297', total_krw: '511071.809297' },
      },
      [['commission', 'krx-commission-stock', '511000', '0.0140527', '71.809297']],
    ],
    [
      // At 1400 less 0.1 %.
      'a sell in the US pays commission, the SEC and FINRA',
      IN_NEW_YORK,
      order(APPLE, 'SELL', '9'),
      {
        ...{ price: '128', quantity: '9', notional_krw: '1611187.2' },
        ...{ applied_exchange_rate: '1398.6', fee_krw: '1646.83219932' },
        total_krw: '1609540.36780068',
      },
      [
        ['commission', 'us-commission', '1611187.2', '0.1', '1611.1872'],
        ['sec_fee', 'sec-fee-2026', '1611187.2', '0.00206', '33.19045632'],
        ['taf', 'taf-2026', '9', '0.000195', '2.454543'],
      ],
    ],
    [
      'a buy in the US pays the rate with its spread',
      IN_NEW_YORK,
      order(APPLE, 'BUY', '1', LIMIT('100')),
      {
        ...{ price: '100', quantity: '1', notional_krw: '140140', applied_exchange_rate: '1401.4' },
        ...{ fee_krw: '140.14', total_krw: '140280.14' },
      },
      [['commission', 'us-commission', '140140', '0.1', '140.14']],
    ],
    [
      'a coin pays Upbit',
      IN_SEOUL,
      order(BTC, 'BUY', '0.1'),
      {
        ...{ price: '9501000', quantity: '0.1', notional_krw: '950100' },
        ...{ applied_exchange_rate: '1', fee_krw: '475.05', total_krw: '950575.05' },
      },
      [['commission', 'upbit-commission', '950100', '0.05', '475.05']],
    ],
    [
      'an amount buys what it can',
      IN_SEOUL,
      order(BTC, 'BUY', null, { notional: '100000' }),
      {
        // 100,000 ÷ 9,501,000, down to the eighth decimal.
        ...{ price: '9501000', quantity: '0.0105252', notional_krw: '99999.9252' },
        ...{ fee_krw: '49.9999626', total_krw: '100049.9251626' },
      },
      [['commission', 'upbit-commission', '99999.9252', '0.05', '49.9999626']],
    ],
  ])('%s', async (_, instant, body, expected, lines) => {
    await at(instant)
    const { ok, refusal, expected: found } = await tried(body)
    expect(refusal).toBeNull()
    expect(ok).toBe(true)
    expect(found).toMatchObject(expected)
    const charged = found!.charges.map(({ kind, rule, base, rate, amount_krw }) => [
      ...[kind, rule, base, rate, amount_krw],
    ])
    expect(charged).toEqual(lines)
  })

  it.each([
    ['a buy below the ask waits at its limit', 'BUY', LIMIT('9500000'), '9500000'],
    ['a buy at the ask takes it', 'BUY', LIMIT('9501000'), '9501000'],
    ['a buy above the ask takes the ask', 'BUY', LIMIT('9600000'), '9501000'],
    ['a sell above the bid waits at its limit', 'SELL', LIMIT('9501000'), '9501000'],
    ['a sell at the bid takes it', 'SELL', LIMIT('9500000'), '9500000'],
    ['a sell below the bid takes the bid', 'SELL', LIMIT('9400000'), '9500000'],
    ['a stop is near its stop', 'SELL', { type: 'STOP', stop_price: '9400000' }, '9400000'],
    [
      'a stop limit is at its limit',
      'SELL',
      { type: 'STOP_LIMIT', stop_price: '9400000', limit_price: '9300000' },
      '9300000',
    ],
    [
      'a trailing stop is at the bid',
      'SELL',
      { type: 'TRAILING_STOP', trail_percent: '5' },
      '9500000',
    ],
  ])('%s', async (_, side, more, price) => {
    await at(IN_SEOUL)
    expect((await tried(order(BTC, side, '0.1', more))).expected?.price).toBe(price)
  })

  it('is not known before there is a price', async () => {
    await at(IN_NEW_YORK)
    const { ok, expected, hold } = await tried(order('US-STOCK-MSFT', 'BUY', '1'))
    // It is held for by the price it is listed with, as intake does.
    expect([ok, expected]).toEqual([true, null])
    expect(hold?.krw).not.toBe('0')
  })
})

describe('what an order would hold', () => {
  it.each<[string, object, { krw: string; quantity: string }]>([
    [
      'its limit, and the commission',
      order(BTC, 'BUY', '0.1', LIMIT('9500000')),
      { krw: '950475', quantity: '0' },
    ],
    // 950,100 with a collar of 5 %, and 0.05 % of it.
    ['the ask and a collar', order(BTC, 'BUY', '0.1'), { krw: '998103.8025', quantity: '0' }],
    // 66,300 is the upper limit of 51,000.
    [
      'the upper limit of the day',
      order(SAMSUNG, 'BUY', '10'),
      { krw: '663093.169401', quantity: '0' },
    ],
    [
      'its amount',
      order(BTC, 'BUY', null, { notional: '100000' }),
      { krw: '100050', quantity: '0' },
    ],
    ['what it sells', order(SAMSUNG, 'SELL', '9'), { krw: '0', quantity: '9' }],
    [
      'no more than is free',
      order(SAMSUNG, 'SELL', '99', { reduce_only: true }),
      { krw: '0', quantity: '9' },
    ],
  ])('is %s', async (_, body, hold) => {
    await at(IN_SEOUL)
    expect((await tried(body)).hold).toEqual(hold)
  })
})

describe('why an order would be refused', () => {
  const NEXT_IN_NEW_YORK = '2026-11-23T14:30:00.000Z'
  it.each<[string, object, object | null]>([
    [
      'a rule',
      order(BTC, 'BUY', '0.1', LIMIT('9500001')),
      { reason: 'tick_size', pointer: '#/limit_price' },
    ],
    [
      'no money',
      order(BTC, 'BUY', '11', LIMIT('9501000')),
      { reason: 'insufficient_funds', pointer: '#/quantity' },
    ],
    ['money enough', order(BTC, 'BUY', '10', LIMIT('9501000')), null],
    ['no shares', order(SAMSUNG, 'SELL', '9.5'), { reason: 'lot_size' }],
    [
      'held shares',
      order(SAMSUNG, 'SELL', '10'),
      { reason: 'insufficient_quantity', pointer: '#/quantity' },
    ],
    ['free shares', order(SAMSUNG, 'SELL', '9'), null],
    [
      'nothing to reduce',
      order('KRX-STOCK-000660', 'SELL', '1', { reduce_only: true }),
      { reason: 'reduce_only' },
    ],
    [
      'above the band',
      order(SAMSUNG, 'BUY', '1', LIMIT('66400')),
      { reason: 'price_limit', pointer: '#/limit_price' },
    ],
    ['at its edge', order(SAMSUNG, 'BUY', '1', LIMIT('66300')), null],
    [
      'a stop outside',
      order(SAMSUNG, 'SELL', '1', { type: 'STOP', stop_price: '35600' }),
      { reason: 'price_limit', pointer: '#/stop_price' },
    ],
    [
      'too little',
      order(BTC, 'BUY', null, { notional: '5000' }),
      { reason: 'min_notional', pointer: '#/notional' },
    ],
    [
      'taking at once',
      order(BTC, 'BUY', '0.1', { ...LIMIT('9501000'), post_only: true }),
      { reason: 'post_only_would_take' },
    ],
    ['making', order(BTC, 'BUY', '0.1', { ...LIMIT('9500000'), post_only: true }), null],
    [
      'a past date',
      order(BTC, 'BUY', '0.1', {
        ...LIMIT('9500000'),
        time_in_force: 'GTD',
        expire_at: '2026-11-23T01:00:00Z',
      }),
      { reason: 'expired', pointer: '#/expire_at' },
    ],
    [
      'a date ahead',
      order(BTC, 'BUY', '0.1', {
        ...LIMIT('9500000'),
        time_in_force: 'GTD',
        expire_at: '2026-11-23T01:00:00.001Z',
      }),
      null,
    ],
    [
      'the hour',
      order(APPLE, 'BUY', '1', LIMIT('100')),
      { reason: 'market_closed', pointer: null, next_open: NEXT_IN_NEW_YORK },
    ],
    [
      'the hour, at once',
      order(APPLE, 'BUY', '1', { ...LIMIT('100'), time_in_force: 'IOC' }),
      { reason: 'market_closed', next_open: NEXT_IN_NEW_YORK },
    ],
    ['no hour', order(APPLE, 'BUY', '1', { ...LIMIT('100'), queue_for_open: true }), null],
    [
      'nothing listed',
      order('KRX-STOCK-999999', 'BUY', '1'),
      { reason: 'unknown_instrument', pointer: '#/ticker_id' },
    ],
  ])('%s', async (_, body, refusal) => {
    await at(IN_SEOUL)
    const answer = await tried(body)
    if (refusal === null) expect(answer).toMatchObject({ ok: true, refusal: null })
    else {
      expect(answer).toMatchObject({ ok: false, refusal, hold: null, waiting_for: null })
      expect(answer.refusal!.detail).toMatch(/\.$/)
    }
  })

  it.each([
    ['a number', order(BTC, 'BUY', null, { quantity: 1 }), '#/quantity'],
    [
      'a stop of a LIMIT',
      order(BTC, 'BUY', '1', { ...LIMIT('1'), stop_price: '1' }),
      '#/stop_price',
    ],
    ['a field more', order(BTC, 'BUY', '1', { leverage: 2 }), '#'],
  ])('what is not well formed is a problem: %s', async (_, body, pointer) => {
    await at(IN_SEOUL)
    expect(problemIn(await send(body))).toEqual([400, 'invalid-request', pointer])
  })
})

describe('when an order would trade', () => {
  const hours = (
    is_open: boolean,
    session: string | null,
    next: string | null,
    end: string | null,
  ) => ({
    ...{ is_open, session, next_open: next, expires_at: end },
  })
  it.each<[string, number, object, object, string]>([
    [
      'today',
      IN_SEOUL,
      order(SAMSUNG, 'BUY', '1', LIMIT('51000')),
      hours(true, 'regular', null, '2026-11-23T06:30:00.000Z'),
      'PRICE',
    ],
    [
      'in the opening auction',
      BEFORE_SEOUL,
      order(SAMSUNG, 'BUY', '1', LIMIT('51000')),
      hours(true, 'opening_auction', null, '2026-11-23T06:30:00.000Z'),
      'PRICE',
    ],
    [
      'until cancelled',
      IN_SEOUL,
      order(APPLE, 'BUY', '1', { ...LIMIT('100'), time_in_force: 'GTC' }),
      hours(false, null, '2026-11-23T14:30:00.000Z', null),
      'SESSION',
    ],
    [
      'before the opening',
      IN_NEW_YORK - 3_600_000,
      order(APPLE, 'BUY', '1', { ...LIMIT('100'), sessions: ['pre', 'regular'] }),
      hours(true, 'pre', null, '2026-11-23T21:00:00.000Z'),
      'PRICE',
    ],
    [
      'at any hour',
      IN_SEOUL,
      order(BTC, 'BUY', '0.1'),
      hours(true, 'regular', null, null),
      'EVENT',
    ],
    [
      'once triggered',
      IN_SEOUL,
      order(BTC, 'SELL', '0.1', { type: 'STOP', stop_price: '9400000' }),
      hours(true, 'regular', null, null),
      'TRIGGER',
    ],
  ])('%s', async (_, instant, body, expected, waiting) => {
    await at(instant)
    expect(await tried(body)).toMatchObject({ ok: true, hours: expected, waiting_for: waiting })
  })
})

it('writes nothing', async () => {
  await at(IN_SEOUL)
  const count = async (): Promise<unknown> => {
    const [row] = await world.sql`
      SELECT (SELECT count(*) FROM orders) AS orders, (SELECT sum(held_krw) FROM wallets) AS held,
        (SELECT count(*) FROM outbox) AS events`
    return row
  }
  const before = await count()
  await tried(order(BTC, 'BUY', '0.1'))
  expect(await count()).toEqual(before)
})

it('is for who may trade', async () => {
  const answer = await world.call('/api/v1/orders/test', { body: order(BTC, 'BUY', '0.1') })
  expect(problemIn(answer)).toEqual([401, 'unauthenticated'])
})

it('takes the spread of the fill profiles', () => {
  const spreads = Object.values(PROFILES).map(({ name, fxSpreadRate }) => [name, fxSpreadRate])
  expect(Object.fromEntries(spreads)).toEqual({
    ...{ arcade: 0n, standard: FX_SPREAD_RATE, strict: FX_SPREAD_RATE },
  })
})
