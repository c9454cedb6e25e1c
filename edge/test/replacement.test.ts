import { describe, expect, it } from 'vitest'
import type { ReplaceOrder } from '@motu/shared/contract/order-request.ts'
import type { Order } from '@motu/shared/contract/orders.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { ORDER_STATUSES, isFinal } from '@motu/shared/order.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { refuseReplacement, replacementOf } from '../src/replacement.ts'

const ID = 'bad98072-5ad0-5f01-97f7-60c21842b926'
const LIMIT: Order = {
  order_id: ID,
  client_order_id: 'first',
  ticker_id: 'KRX-STOCK-005930',
  side: 'BUY',
  type: 'LIMIT',
  time_in_force: 'DAY',
  status: 'OPEN',
  reason: null,
  waiting_for: 'PRICE',
  quantity: '10',
  filled_quantity: '0',
  price: null,
  limit_price: '70000',
  stop_price: null,
  trail_amount: null,
  trail_percent: null,
  notional: null,
  post_only: false,
  reduce_only: false,
  sessions: ['regular'],
  expires_at: '2026-11-23T06:30:00.000Z',
  leg: null,
  group_id: null,
  replaces: null,
  replaced_by: null,
  triggered_at: null,
  currency: 'KRW',
  applied_exchange_rate: null,
  fee_krw: '0',
  settled_late: false,
  created_at: '2026-11-23T00:30:00.000Z',
  accepted_at: '2026-11-23T00:30:00.000Z',
  filled_at: null,
  cancel_requested_at: null,
  cancel_result: null,
}
const GTC = { time_in_force: 'GTC', expires_at: null } as const
const GTD = { time_in_force: 'GTD', expires_at: '2026-12-01T00:00:00.000Z' } as const
const STOP: Partial<Order> = { type: 'STOP', limit_price: null, stop_price: '65000', ...GTC }
const STOP_LIMIT: Partial<Order> = { type: 'STOP_LIMIT', stop_price: '65000', ...GTC }
const TRAILING: Partial<Order> = {
  ...{ type: 'TRAILING_STOP', limit_price: null, trail_percent: '5', ...GTC },
  // Where its stop stands by now.
  stop_price: '66500',
}
const MARKET: Partial<Order> = { type: 'MARKET', limit_price: null, ...GTC }

/** What the draft keeps of the plain order, unless a row says otherwise. */
const KEPT = {
  ...{ clientOrderId: 'second', tickerId: 'KRX-STOCK-005930', side: 'BUY', replaces: ID },
  quantity: decimal('10'),
}

describe('a replacement', () => {
  it.each<[string, Partial<Order>, ReplaceOrder, object]>([
    [
      'changes the price and keeps the rest; one for the day may wait for its session',
      {},
      { limit_price: '69900' },
      { type: 'LIMIT', limitPrice: decimal('69900'), timeInForce: 'DAY', queueForOpen: true },
    ],
    [
      'changes the total, whatever has filled',
      { ...GTC, filled_quantity: '3', status: 'PARTIALLY_FILLED' },
      { quantity: '8' },
      {
        ...{ type: 'LIMIT', limitPrice: decimal('70000'), timeInForce: 'GTC' },
        quantity: decimal('8'),
      },
    ],
    [
      'keeps flags and sessions',
      { ...GTC, side: 'SELL', post_only: true, reduce_only: true, sessions: ['regular', 'after'] },
      { limit_price: '70100' },
      {
        ...{ type: 'LIMIT', limitPrice: decimal('70100'), timeInForce: 'GTC', side: 'SELL' },
        ...{ postOnly: true, reduceOnly: true, sessions: ['regular', 'after'] },
      },
    ],
    [
      'keeps until when, for GTD',
      GTD,
      { limit_price: '69900' },
      {
        ...{ type: 'LIMIT', limitPrice: decimal('69900'), timeInForce: 'GTD' },
        expireAt: Date.parse('2026-12-01T00:00:00Z'),
      },
    ],
    [
      'changes until when',
      GTD,
      { expire_at: '2026-12-02T09:00:00+09:00' },
      {
        ...{ type: 'LIMIT', limitPrice: decimal('70000'), timeInForce: 'GTD' },
        expireAt: Date.parse('2026-12-02T00:00:00Z'),
      },
    ],
    [
      'from the day to a date takes the date it is given, not the end of the day',
      {},
      { time_in_force: 'GTD', expire_at: '2026-12-02T00:00:00Z' },
      {
        ...{ type: 'LIMIT', limitPrice: decimal('70000'), timeInForce: 'GTD' },
        expireAt: Date.parse('2026-12-02T00:00:00Z'),
      },
    ],
    [
      'from the day to no date has none: the rules refuse it',
      {},
      { time_in_force: 'GTD' },
      { type: 'LIMIT', limitPrice: decimal('70000'), timeInForce: 'GTD' },
    ],
    [
      'from a date to GTC has no end',
      GTD,
      { time_in_force: 'GTC' },
      { type: 'LIMIT', limitPrice: decimal('70000'), timeInForce: 'GTC' },
    ],
    [
      'of a stop moves it',
      STOP,
      { stop_price: '64000' },
      { type: 'STOP', limitPrice: null, timeInForce: 'GTC', stopPrice: decimal('64000') },
    ],
    [
      'of a stop limit moves both',
      STOP_LIMIT,
      { stop_price: '64000', limit_price: '63900' },
      {
        ...{ type: 'STOP_LIMIT', timeInForce: 'GTC' },
        ...{ limitPrice: decimal('63900'), stopPrice: decimal('64000') },
      },
    ],
    [
      'of a trailing stop does not ask for the stop it has reached',
      TRAILING,
      { quantity: '9' },
      {
        ...{ type: 'TRAILING_STOP', limitPrice: null, timeInForce: 'GTC' },
        ...{ trailPercent: decimal('5'), quantity: decimal('9') },
      },
    ],
    [
      'of a trailing stop takes one distance for the other',
      TRAILING,
      { trail_amount: '1000' },
      {
        ...{ type: 'TRAILING_STOP', limitPrice: null, timeInForce: 'GTC' },
        trailAmount: decimal('1000'),
      },
    ],
    [
      'by amount names a quantity from then on',
      { ...MARKET, notional: '100000', quantity: '1' },
      { quantity: '2' },
      { type: 'MARKET', limitPrice: null, timeInForce: 'GTC', quantity: decimal('2') },
    ],
    [
      'of an exit names no group: home knows it',
      { ...GTC, side: 'SELL', leg: 'TAKE_PROFIT', group_id: ID },
      { limit_price: '80000' },
      { type: 'LIMIT', limitPrice: decimal('80000'), timeInForce: 'GTC', side: 'SELL' },
    ],
  ])('%s', (_, order, changes, expected) => {
    const draft = replacementOf({ ...LIMIT, ...order }, changes, 'second')
    expect(draft).toEqual({ ...KEPT, ...expected })
  })

  it.each<[string, Partial<Order>, ReplaceOrder, string]>([
    ['LIMIT', {}, { stop_price: '1' }, '#/stop_price'],
    ['LIMIT', {}, { trail_amount: '1' }, '#/trail_amount'],
    ['LIMIT', {}, { trail_percent: '1' }, '#/trail_percent'],
    ['MARKET', MARKET, { limit_price: '1' }, '#/limit_price'],
    ['MARKET', MARKET, { stop_price: '1' }, '#/stop_price'],
    ['STOP', STOP, { limit_price: '1' }, '#/limit_price'],
    ['STOP_LIMIT', STOP_LIMIT, { trail_percent: '1' }, '#/trail_percent'],
    ['TRAILING_STOP', TRAILING, { stop_price: '1' }, '#/stop_price'],
    ['TRAILING_STOP', TRAILING, { limit_price: '1' }, '#/limit_price'],
    ['TRAILING_STOP', TRAILING, { trail_amount: '1', trail_percent: '1' }, '#/trail_percent'],
  ])('of a %s order cannot have what the type has not: %#', (_, order, changes, pointer) => {
    expect(refusalOf(() => replacementOf({ ...LIMIT, ...order }, changes, 'x'))).toEqual([
      'order-contradicts-itself',
      pointer,
    ])
  })
})

describe('an order', () => {
  const refusal = (order: Partial<Order>, changes: ReplaceOrder = { quantity: '9' }) => {
    const whole = { ...LIMIT, ...order }
    return refusalOf(() => refuseReplacement(whole, replacementOf(whole, changes, 'x')))
  }

  it.each(ORDER_STATUSES)('that is %s is replaced only while it works', (status) => {
    expect(refusal({ status })).toEqual(isFinal(status) ? ['order-not-working'] : null)
  })

  it.each<[filled: string, total: string, isTaken: boolean]>([
    ['3', '3.00000001', true],
    ['3', '3', false],
    ['3', '2', false],
    ['0', '0.00000001', true],
  ])('of which %s has filled is replaced by one of %s: %s', (filled_quantity, quantity, taken) => {
    const order = { filled_quantity, status: 'PARTIALLY_FILLED' } as const
    const expected = taken ? null : ['order-contradicts-itself', '#/quantity']
    expect(refusal(order, { quantity })).toEqual(expected)
  })

  it('by amount is replaced only by one that names a quantity', () => {
    const order = { ...MARKET, notional: '100000' }
    const expected = ['order-contradicts-itself', '#/quantity']
    expect(refusal(order, { time_in_force: 'DAY' })).toEqual(expected)
    expect(refusal(order, { quantity: '1' })).toBeNull()
  })
})

/** The code and the pointers of what is thrown; null when nothing is. */
function refusalOf(work: () => unknown): string[] | null {
  try {
    work()
    return null
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return [error.code, ...(error.errors ?? []).map(({ pointer }) => pointer)]
  }
}
