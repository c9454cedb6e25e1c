import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { BTC, engineQuote, orderRecord, SAMSUNG, USER } from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { NO_PROGRESS, type Progress } from './judgement.ts'
import { WaitingOrders } from './waiting.ts'

const OTHER_USER = '00000000-0000-4000-8000-000000000002'
const open = (id: string, tickerId = BTC, userId = USER) =>
  orderRecord({ id, tickerId, userId, status: 'OPEN' })
const ids = (orders: WaitingOrders, tickerId: string): string[] => {
  const event = engineQuote('99', '101', { ticker_id: tickerId })
  return [...orders.concernedBy(event)].map((waiting) => waiting.order.id)
}

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

  it('are named once, though meeting the event moves them from under watch to where they rest', () => {
    const orders = new WaitingOrders()
    const limit = { type: 'LIMIT', limitPrice: decimal('101') } as const
    for (const id of ['1', '2']) orders.put({ ...open(id), ...limit }, 10)
    const named: string[] = []
    for (const waiting of orders.concernedBy(engineQuote('99', '101'))) {
      named.push(waiting.order.id)
      orders.advance(waiting, { ...waiting.progress, isMet: true })
      if (named.length > 4) break
    }
    expect(named).toEqual(['1', '2'])
    // Resting, the next event names them from there.
    expect(ids(orders, BTC)).toEqual(['1', '2'])
  })

  it('meet an event the stop before its target, whichever came first', () => {
    const orders = new WaitingOrders()
    orders.put({ ...open('target'), leg: 'TAKE_PROFIT', limitPrice: decimal('101') }, 10)
    orders.put({ ...open('stop'), leg: 'STOP_LOSS', waitingFor: 'TRIGGER' }, 10)
    orders.put(open('other'), 10)
    expect(ids(orders, BTC)).toEqual(['stop', 'target', 'other'])
  })

  it('are new once: what comes again is kept in step, with the instant it first came', () => {
    const orders = new WaitingOrders()
    const first = orders.put(open('1'), 10)!
    first.inSettlement = true
    const moved = { ...open('1'), status: 'PARTIALLY_FILLED' as const }
    expect(orders.put(moved, 20)).toBeNull()
    const [waiting] = orders.all()
    expect(waiting).toEqual({
      order: moved,
      sinceMs: 10,
      inSettlement: true,
      progress: NO_PROGRESS,
      resting: null,
    })
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

const MET: Progress = { ...NO_PROGRESS, isMet: true }
const limit = (side: 'BUY' | 'SELL', price: string, more: Partial<OrderRecord> = {}) =>
  orderRecord({ id: `${side} ${price}`, side, limitPrice: decimal(price), status: 'OPEN', ...more })

describe('an event', () => {
  const book = {
    bids: [
      ['99', '5'],
      ['98', '5'],
    ] as [string, string][],
    asks: [
      ['101', '5'],
      ['102', '5'],
    ] as [string, string][],
  }
  // The book shows 98 and 99 below, 101 and 102 above.
  it.each<[string, Parameters<typeof engineQuote>[2], string[], string[]]>([
    ['a book', book, ['99', '98'], ['101', '102']],
    ['the best prices only', {}, ['99'], ['101']],
    [
      'a trade below the book',
      { ...book, prints: [['97', '1', 'SELL']] },
      ['99', '98', '97'],
      ['101', '102'],
    ],
    [
      'a trade above the book',
      { ...book, prints: [['103', '1', 'BUY']] },
      ['99', '98'],
      ['101', '102', '103'],
    ],
    [
      'the end of an auction',
      { ...book, uncross: { price: '97', quantity: '1' } },
      ['99', '98', '97'],
      ['101', '102'],
    ],
    [
      'a candle',
      { candle: { open: decimal('100'), high: decimal('102'), low: decimal('98') } },
      ['99', '98'],
      ['101', '102'],
    ],
  ])('that shows %s concerns the resting orders it may reach', (_, event, buys, sells) => {
    const orders = new WaitingOrders()
    for (const price of ['96', '97', '98', '99']) orders.put(limit('BUY', price), 0, MET)
    for (const price of ['101', '102', '103', '104']) orders.put(limit('SELL', price), 0, MET)
    const concerned = [...orders.concernedBy(engineQuote('99', '101', event))]
    expect(concerned.map(({ order }) => order.id)).toEqual([
      ...buys.map((price) => `BUY ${price}`),
      ...sells.map((price) => `SELL ${price}`),
    ])
  })

  it.each<[string, Partial<OrderRecord>, Progress | undefined, boolean]>([
    ['a limit that has met no event', {}, undefined, true],
    ['a limit that rests far away', {}, MET, false],
    ['a stop with a limit', { type: 'STOP_LIMIT', waitingFor: 'TRIGGER' }, MET, true],
    ['a stop with a limit, triggered', { type: 'STOP_LIMIT', waitingFor: 'PRICE' }, MET, false],
    ['an order at the market', { type: 'MARKET', limitPrice: null }, MET, true],
    ['an exit behind its entry', { waitingFor: 'ENTRY' }, undefined, false],
    ['an exit behind its entry, met', { waitingFor: 'ENTRY' }, MET, false],
  ])('concerns %s %o', (_, more, progress, isConcerned) => {
    const orders = new WaitingOrders()
    orders.put(limit('BUY', '1', more), 0, progress)
    expect([...orders.concernedBy(engineQuote('99', '101'))]).toHaveLength(isConcerned ? 1 : 0)
    expect(orders.size).toBe(1)
  })

  it('brings no order back that is gone already', () => {
    const orders = new WaitingOrders()
    const waiting = orders.put(limit('BUY', '99'), 0)!
    orders.put(limit('BUY', '99', { status: 'CANCELLED' }), 0)
    orders.advance(waiting, MET)
    expect([...orders.concernedBy(engineQuote('98', '99'))]).toEqual([])
  })

  it('finds an order again that begins to rest, is triggered, or is freed by its entry', () => {
    const orders = new WaitingOrders()
    const far = engineQuote('99', '101')
    const near = engineQuote('1', '2')
    const count = (event = far) => [...orders.concernedBy(event)].length
    const waiting = orders.put(limit('BUY', '1', { id: 'one', waitingFor: 'ENTRY' }), 0)!
    expect(count()).toBe(0)
    orders.put(limit('BUY', '1', { id: 'one', waitingFor: 'PRICE' }), 0)
    expect(count()).toBe(1)
    orders.advance(waiting, MET)
    expect([count(), count(near)]).toEqual([0, 1])
    // Triggered: it looks at the market anew.
    orders.advance(waiting, NO_PROGRESS)
    expect(count()).toBe(1)
    orders.put(limit('BUY', '1', { id: 'one', status: 'CANCELLED' }), 0)
    expect([count(), count(near), orders.size]).toEqual([0, 0, 0])
  })

  // The quote reaches bids at 98 and above.
  it.each<[string, Partial<OrderRecord>, string[]]>([
    ['unchanged', {}, ['one', 'two']],
    ['partly filled', { filledQuantity: decimal('0.5') }, ['two', 'one']],
    ['at another price', { limitPrice: decimal('97') }, ['two']],
    ['gone', { status: 'CANCELLED' }, ['two']],
  ])('finds a resting order that comes again %s', (_, more, found) => {
    const orders = new WaitingOrders()
    const one = limit('BUY', '99', { id: 'one' })
    orders.put(one, 0, MET)
    orders.put(limit('BUY', '99', { id: 'two' }), 0, MET)
    orders.put({ ...one, ...more }, 0)
    const concerned = [...orders.concernedBy(engineQuote('98', '99'))]
    expect(concerned.map(({ order }) => order.id)).toEqual(found)
    for (const waiting of concerned) {
      expect(waiting.resting?.item).toBe(waiting)
      expect(waiting.resting?.price).toBe(waiting.order.limitPrice)
    }
  })
})
