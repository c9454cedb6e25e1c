import { describe, expect, it } from 'vitest'
import { BTC, orderRecord, SAMSUNG, USER } from '../../test/engine/samples.ts'
import { WaitingOrders } from './waiting.ts'

const OTHER_USER = '00000000-0000-4000-8000-000000000002'
const open = (id: string, tickerId = BTC, userId = USER) =>
  orderRecord({ id, tickerId, userId, status: 'OPEN' })
const ids = (orders: WaitingOrders, tickerId: string): string[] =>
  [...orders.on(tickerId)].map((waiting) => waiting.order.id)

describe('the waiting orders', () => {
  it('are found by their ticker, in the order they came', () => {
    const orders = new WaitingOrders()
    orders.put(open('1'), 10)
    orders.put(open('2', SAMSUNG), 10)
    orders.put(open('3'), 10)
    expect(ids(orders, BTC)).toEqual(['1', '3'])
    expect(ids(orders, SAMSUNG)).toEqual(['2'])
    expect(ids(orders, 'US-STOCK-AAPL')).toEqual([])
    expect([...orders.all()]).toHaveLength(3)
    expect(orders.size).toBe(3)
  })

  it('are new once: what comes again is kept in step, with the instant it first came', () => {
    const orders = new WaitingOrders()
    const first = orders.put(open('1'), 10)!
    first.inSettlement = true
    const moved = { ...open('1'), status: 'PARTIALLY_FILLED' as const }
    expect(orders.put(moved, 20)).toBeNull()
    expect([...orders.on(BTC)]).toEqual([{ order: moved, sinceMs: 10, inSettlement: true }])
    expect(orders.size).toBe(1)
  })

  it.each(['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED'] as const)('are gone once %s', (status) => {
    const orders = new WaitingOrders()
    orders.put(open('1'), 10)
    expect(orders.put({ ...open('1'), status }, 20)).toBeNull()
    expect(orders.size).toBe(0)
    // One that was never here does not come in.
    expect(orders.put({ ...open('2'), status }, 20)).toBeNull()
    expect(orders.size).toBe(0)
  })

  it('are forgotten by user, on every ticker', () => {
    const orders = new WaitingOrders()
    orders.put(open('1'), 10)
    orders.put(open('2', BTC, OTHER_USER), 10)
    orders.put(open('3', SAMSUNG), 10)
    orders.forget((userId) => userId === USER)
    expect([...orders.all()].map((waiting) => waiting.order.id)).toEqual(['2'])
    expect(orders.put(open('1'), 20)).not.toBeNull()
  })
})
