import { describe, expect, it } from 'vitest'
import { ORDER_TYPES, type OrderType } from '../order.ts'
import { placeOrderSchema, replaceOrderSchema } from './order-request.ts'

const MARKET = { ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '0.01' }
const LIMIT = { ...MARKET, type: 'LIMIT', limit_price: '95000000' }

const TARGET = { type: 'LIMIT', limit_price: '99000000', time_in_force: 'GTC' }
const STOP = { type: 'STOP', stop_price: '90000000' }

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
    ['an amount', { ...MARKET, quantity: undefined, notional: '5000' }],
    ['an amount and no quantity, said', { ...MARKET, quantity: null, notional: '5000' }],
    ['until a date', { ...LIMIT, time_in_force: 'GTD', expire_at: '2026-12-01T09:00:00+09:00' }],
    ['all flags', { ...LIMIT, post_only: false, reduce_only: true, queue_for_open: true }],
    ['sessions', { ...LIMIT, sessions: ['regular', 'after'] }],
    ['a bracket', { ...MARKET, order_class: 'BRACKET', take_profit: TARGET, stop_loss: STOP }],
    ['no exits, said', { ...MARKET, take_profit: null, stop_loss: null }],
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
    ['an unknown type', { ...MARKET, type: 'ICEBERG' }, 'type'],
    ['an unknown time in force', { ...LIMIT, time_in_force: 'GTW' }, 'time_in_force'],
    ['a quantity and an amount', { ...MARKET, notional: '5000' }, 'quantity'],
    ['an amount of zero', { ...MARKET, quantity: null, notional: '0' }, 'notional'],
    ['an end without an offset', { ...LIMIT, expire_at: '2026-12-01T00:00:00' }, 'expire_at'],
    ['a flag as text', { ...LIMIT, post_only: 'yes' }, 'post_only'],
    ['no session', { ...LIMIT, sessions: [] }, 'sessions'],
    ['a session nobody has', { ...LIMIT, sessions: ['night'] }, 'sessions/0'],
    ['a class nobody has', { ...LIMIT, order_class: 'ICEBERG' }, 'order_class'],
    ['an exit that buys', { ...LIMIT, stop_loss: { ...STOP, side: 'BUY' } }, 'stop_loss'],
    ['an exit with a quantity', { ...LIMIT, stop_loss: { ...STOP, quantity: '1' } }, 'stop_loss'],
    ['a stop without one', { ...LIMIT, stop_loss: { type: 'STOP' } }, 'stop_loss/stop_price'],
    [
      'a target without a price',
      { ...LIMIT, take_profit: { type: 'LIMIT' } },
      'take_profit/limit_price',
    ],
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

describe('the prices of an order', () => {
  const FIELDS = ['limit_price', 'stop_price', 'trail_amount', 'trail_percent'] as const

  // One row per type; which of the fields above it has: x must, ? one of these, . may not.
  it.each<[OrderType, string]>([
    ['MARKET', '. . . .'],
    ['LIMIT', 'x . . .'],
    ['STOP', '. x . .'],
    ['STOP_LIMIT', 'x x . .'],
    ['TRAILING_STOP', '. . ? ?'],
  ])('of type %s are: %s', (type, row) => {
    const marks = row.split(' ')
    for (let chosen = 0; chosen < 16; chosen += 1) {
      const has = FIELDS.map((_, index) => (chosen & (1 << index)) !== 0)
      const prices = Object.fromEntries(
        FIELDS.flatMap((field, index) => (has[index] ? [[field, '5']] : [])),
      )
      const isOne = has.filter((one, index) => one && marks[index] === '?').length
      const fits =
        has.every((one, index) => marks[index] === '?' || one === (marks[index] === 'x')) &&
        isOne === (marks.includes('?') ? 1 : 0)
      expect(wrong({ ...MARKET, type, ...prices }).length === 0, JSON.stringify(prices)).toBe(fits)
      const exit = { ...MARKET, order_class: 'OTO', stop_loss: { type, ...prices } }
      expect(wrong(exit).length === 0, JSON.stringify(prices)).toBe(fits)
    }
  })

  it('are looked at for every type there is', () => {
    expect(ORDER_TYPES).toHaveLength(5)
  })
})

describe('a replacement as a client writes it', () => {
  it.each<[unknown, string | null]>([
    [{ quantity: '2' }, null],
    [{ limit_price: '1', stop_price: '2', client_order_id: 'x' }, null],
    [{ trail_percent: '0.5' }, null],
    [{ time_in_force: 'GTD', expire_at: '2026-12-01T00:00:00Z' }, null],
    [{}, ''],
    [{ client_order_id: 'x' }, ''],
    [{ side: 'SELL' }, ''],
    [{ quantity: null }, 'quantity'],
    [{ quantity: '0' }, 'quantity'],
    [{ limit_price: 1 }, 'limit_price'],
    [{ order_class: 'OCO', quantity: '1' }, ''],
    [null, ''],
  ])('%j: %s', (value, path) => {
    const parsed = replaceOrderSchema.safeParse(value)
    const paths = parsed.error?.issues.map((issue) => issue.path.join('/')) ?? []
    expect([...new Set(paths)]).toEqual(path === null ? [] : [path])
  })
})
