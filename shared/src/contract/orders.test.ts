import { describe, expect, it } from 'vitest'
import { ORDERS_PER_BATCH_MAX } from '../order.ts'
import { batchSchema, orderListQuerySchema } from './orders.ts'

const MARKET = { ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '0.01' }
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
