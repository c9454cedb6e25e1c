import { describe, expect, it } from 'vitest'
import { ORDERS_PER_BATCH_MAX } from '../order.ts'
import { batchSchema, orderListQuerySchema, placeOrderSchema } from './orders.ts'

const MARKET = { ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '0.01' }
const LIMIT = { ...MARKET, type: 'LIMIT', limit_price: '95000000' }

/** The paths of what is wrong; empty when nothing is. */
function wrong(value: unknown): string[] {
  const parsed = placeOrderSchema.safeParse(value)
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('/'))
}

describe('an order as a client writes it', () => {
  it.each<[string, unknown]>([
    ['a market order', MARKET],
    ['a market order with no price, said', { ...MARKET, limit_price: null }],
    ['a limit order', LIMIT],
    ['a client order id of 1', { ...LIMIT, client_order_id: 'x' }],
    ['a client order id of 64', { ...LIMIT, client_order_id: 'x'.repeat(64) }],
    ['a time in force', { ...LIMIT, time_in_force: 'FOK' }],
    ['the smallest quantity', { ...MARKET, quantity: '0.00000001' }],
  ])('may be %s', (_, order) => {
    expect(wrong(order)).toEqual([])
  })

  it.each<[string, unknown, string]>([
    ['a limit order without a price', { ...LIMIT, limit_price: undefined }, 'limit_price'],
    ['a limit order at null', { ...LIMIT, limit_price: null }, 'limit_price'],
    ['a market order with a price', { ...MARKET, limit_price: '1' }, 'limit_price'],
    ['a price of zero', { ...LIMIT, limit_price: '0' }, 'limit_price'],
    ['a price as a number', { ...LIMIT, limit_price: 95_000_000 }, 'limit_price'],
    ['a quantity as a number', { ...MARKET, quantity: 0.01 }, 'quantity'],
    ['a quantity of zero', { ...MARKET, quantity: '0.00' }, 'quantity'],
    ['a quantity of minus zero', { ...MARKET, quantity: '-0' }, 'quantity'],
    ['a negative quantity', { ...MARKET, quantity: '-1' }, 'quantity'],
    ['a quantity with an exponent', { ...MARKET, quantity: '1e3' }, 'quantity'],
    ['nine decimals', { ...MARKET, quantity: '0.000000001' }, 'quantity'],
    ['no quantity', { ...MARKET, quantity: undefined }, 'quantity'],
    ['a ticker in lower case', { ...MARKET, ticker_id: 'crypto-coin-btc' }, 'ticker_id'],
    ['a bare symbol', { ...MARKET, ticker_id: 'BTC' }, 'ticker_id'],
    ['an unknown side', { ...MARKET, side: 'SHORT' }, 'side'],
    ['an unknown type', { ...MARKET, type: 'STOP' }, 'type'],
    ['an unknown time in force', { ...LIMIT, time_in_force: 'GTD' }, 'time_in_force'],
    ['an empty client order id', { ...MARKET, client_order_id: '' }, 'client_order_id'],
    ['a long client order id', { ...MARKET, client_order_id: 'x'.repeat(65) }, 'client_order_id'],
    ['a blank in it', { ...MARKET, client_order_id: 'a b' }, 'client_order_id'],
    ['a NUL in it', { ...MARKET, client_order_id: 'a\0' }, 'client_order_id'],
    ['a field more', { ...MARKET, user_id: 'someone' }, ''],
    ['text', 'BUY 1 BTC', ''],
    ['nothing', null, ''],
  ])('is refused as %s, and points at it', (_, order, path) => {
    expect(new Set(wrong(order))).toEqual(new Set([path]))
  })
})

describe('a batch', () => {
  it.each([
    [0, false],
    [1, true],
    [ORDERS_PER_BATCH_MAX, true],
    [ORDERS_PER_BATCH_MAX + 1, false],
  ])('of %i orders: %s', (count, isTaken) => {
    const orders = Array.from({ length: count }, () => MARKET)
    expect(batchSchema.safeParse({ orders }).success).toBe(isTaken)
  })

  it('is taken with orders that are none: they are judged one by one', () => {
    expect(batchSchema.safeParse({ orders: [MARKET, null, 'x', {}] }).success).toBe(true)
    expect(batchSchema.safeParse({ orders: MARKET }).success).toBe(false)
    expect(batchSchema.safeParse({ orders: [MARKET], atomic: true }).success).toBe(false)
  })
})

describe('the query for a list of orders', () => {
  it('asks for the fifty newest of all unless it says otherwise', () => {
    expect(orderListQuerySchema.parse({})).toEqual({ status: 'all', limit: 50 })
    expect(orderListQuerySchema.parse({ status: 'open', limit: '7', cursor: 'c' })).toEqual({
      status: 'open',
      limit: 7,
      cursor: 'c',
    })
  })

  it.each([
    ['0', false],
    ['1', true],
    ['500', true],
    ['501', false],
    ['1.5', false],
    ['many', false],
  ])('with a limit of %s: %s', (limit, isTaken) => {
    expect(orderListQuerySchema.safeParse({ limit }).success).toBe(isTaken)
  })
})
