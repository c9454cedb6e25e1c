import { describe, expect, it } from 'vitest'
import { decimal } from './decimal.ts'
import type { OrderDraft } from './order.ts'
import { draftMessageOf, draftOf, orderMessageSchema, type PlaceMessage } from './order-message.ts'

const PLACE: PlaceMessage = {
  v: 1,
  kind: 'place',
  order_id: 'bad98072-5ad0-5f01-97f7-60c21842b926',
  user_id: '00000000-0000-4000-8000-000000000001',
  client_order_id: 'client-1',
  ticker_id: 'CRYPTO-COIN-BTC',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '0.01',
  limit_price: '95000000',
  time_in_force: 'GTC',
  accepted_at: '2026-11-20T09:00:00.000Z',
  sid: 'session-1',
  exp: 1_795_000_000,
}
const CANCEL = {
  v: 1,
  kind: 'cancel',
  order_id: PLACE.order_id,
  user_id: PLACE.user_id,
  cancel_requested_at: '2026-11-20T09:00:01.000Z',
  sid: null,
  exp: 0,
}
const isMessage = (value: unknown): boolean => orderMessageSchema.safeParse(value).success

describe('an order message', () => {
  it('is a place or a cancel, and comes out as it went in', () => {
    expect(orderMessageSchema.parse(PLACE)).toEqual(PLACE)
    expect(orderMessageSchema.parse(CANCEL)).toEqual(CANCEL)
  })

  it('holds the draft, as decimals', () => {
    expect(draftOf(PLACE)).toEqual({
      clientOrderId: 'client-1',
      tickerId: 'CRYPTO-COIN-BTC',
      side: 'BUY',
      type: 'LIMIT',
      quantity: decimal('0.01'),
      limitPrice: decimal('95000000'),
      timeInForce: 'GTC',
    })
    expect(draftOf({ ...PLACE, type: 'MARKET', limit_price: null }).limitPrice).toBeNull()
  })

  const DRAFT = draftOf(PLACE)
  const EXPIRE_AT = Date.parse('2026-12-01T00:00:00.000Z')

  // What a draft asks for, and the fields of the message that say so.
  it.each<[Partial<OrderDraft>, object]>([
    [{}, {}],
    [
      { quantity: 0n, notional: decimal('100000') },
      { quantity: null, notional: '100000' },
    ],
    [{ postOnly: true }, { post_only: true }],
    [{ reduceOnly: true }, { reduce_only: true }],
    [{ sessions: ['regular', 'after'] }, { sessions: ['regular', 'after'] }],
    [{ queueForOpen: true }, { queue_for_open: true }],
    [{ replaces: PLACE.order_id }, { replaces: PLACE.order_id }],
    [
      { timeInForce: 'GTD', expireAt: EXPIRE_AT },
      { time_in_force: 'GTD', expire_at: '2026-12-01T00:00:00.000Z' },
    ],
    [
      { type: 'STOP', limitPrice: null, stopPrice: decimal('90000000') },
      { type: 'STOP', limit_price: null, stop_price: '90000000' },
    ],
    [
      { type: 'TRAILING_STOP', limitPrice: null, trailAmount: decimal('1000') },
      { type: 'TRAILING_STOP', limit_price: null, trail_amount: '1000' },
    ],
    [
      { type: 'TRAILING_STOP', limitPrice: null, trailPercent: decimal('2.5') },
      { type: 'TRAILING_STOP', limit_price: null, trail_percent: '2.5' },
    ],
    [
      {
        orderClass: 'BRACKET',
        takeProfit: { type: 'LIMIT', limitPrice: decimal('99000000'), timeInForce: 'GTC' },
        stopLoss: {
          ...{ type: 'STOP_LIMIT', limitPrice: decimal('1'), stopPrice: decimal('2') },
          ...{ timeInForce: 'GTD', expireAt: EXPIRE_AT },
        },
      },
      {
        order_class: 'BRACKET',
        take_profit: { type: 'LIMIT', limit_price: '99000000', time_in_force: 'GTC' },
        stop_loss: {
          ...{ type: 'STOP_LIMIT', limit_price: '1', stop_price: '2', time_in_force: 'GTD' },
          expire_at: '2026-12-01T00:00:00.000Z',
        },
      },
    ],
  ])('carries %o there and back', (change, fields) => {
    const draft = { ...DRAFT, ...change }
    const { v, kind, order_id, user_id, accepted_at, sid, exp } = PLACE
    const message = {
      ...{ v, kind, order_id, user_id, accepted_at, sid, exp },
      ...draftMessageOf(draft),
    }
    expect(message).toEqual({ ...PLACE, ...fields })
    const read = orderMessageSchema.parse(JSON.parse(JSON.stringify(message)))
    expect(draftOf(read as PlaceMessage)).toEqual(draft)
  })

  it.each<[string, unknown]>([
    ['a client order id of 64', { client_order_id: 'x'.repeat(64) }],
    ['all printable ASCII', { client_order_id: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' }],
    ['a ticker id that is not listed', { ticker_id: 'KRX-STOCK-999999' }],
    ['no price', { type: 'MARKET', limit_price: null }],
    ['no session', { sid: null }],
    ['a session id of 64', { sid: 's'.repeat(64) }],
    ['the smallest quantity', { quantity: '0.00000001' }],
    ['the largest quantity', { quantity: '999999999999.99999999' }],
    ['whole seconds', { accepted_at: '2026-11-20T09:00:00Z' }],
    ['an amount for its quantity', { quantity: null, notional: '5000' }],
    ['every session', { sessions: ['regular', 'pre', 'after', 'day'] }],
    [
      'an exit',
      {
        stop_loss: {
          ...{ type: 'STOP', limit_price: null, stop_price: '9', time_in_force: 'DAY' },
        },
      },
    ],
  ])('may carry %s', (_, change) => {
    expect(isMessage({ ...PLACE, ...(change as object) })).toBe(true)
  })

  it.each<[string, unknown]>([
    ['a limit without a price', { limit_price: null }],
    ['a market order with a price', { type: 'MARKET' }],
    ['a stop without its stop', { type: 'STOP', limit_price: null }],
    ['a limit with a stop', { stop_price: '9' }],
    ['a trailing stop that trails nothing', { type: 'TRAILING_STOP', limit_price: null }],
    [
      'a trailing stop that trails twice',
      { type: 'TRAILING_STOP', limit_price: null, trail_amount: '9', trail_percent: '1' },
    ],
    ['neither quantity nor amount', { quantity: null }],
    ['a quantity and an amount', { notional: '5000' }],
    [
      'an exit without its stop',
      { stop_loss: { type: 'STOP', limit_price: null, time_in_force: 'DAY' } },
    ],
    ['a client order id of 65', { client_order_id: 'x'.repeat(65) }],
    ['an empty client order id', { client_order_id: '' }],
    ['a blank', { client_order_id: 'a b' }],
    ['a NUL', { client_order_id: 'a\0' }],
    ['a line end', { client_order_id: 'a\n' }],
    ['a DEL', { client_order_id: 'a\x7f' }],
    ['a lone surrogate', { client_order_id: 'a\ud800' }],
    ['a letter beyond ASCII', { client_order_id: '주문' }],
    ['a ticker id with a NUL', { ticker_id: 'CRYPTO-COIN-BTC\0' }],
    ['a ticker id of 41', { ticker_id: 'A'.repeat(41) }],
    ['a ticker id in lower case', { ticker_id: 'crypto-coin-btc' }],
    ['a quantity that is a number', { quantity: 0.01 }],
    ['a quantity that is NaN', { quantity: Number.NaN }],
    ['NaN as text', { quantity: 'NaN' }],
    ['1e308', { quantity: '1e308' }],
    ['the number 1e308', { quantity: 1e308 }],
    ['zero', { quantity: '0' }],
    ['minus zero', { quantity: '-0' }],
    ['the number minus zero', { quantity: -0 }],
    ['a negative quantity', { quantity: '-1' }],
    ['nine decimals', { quantity: '0.000000001' }],
    ['thirteen digits', { quantity: '1000000000000' }],
    ['a quantity with a NUL', { quantity: '1\0' }],
    ['a quantity that is missing', { quantity: undefined }],
    ['a price of zero', { limit_price: '0' }],
    ['a price that is missing', { limit_price: undefined }],
    ['a side that is not known', { side: 'SHORT' }],
    ['a side in lower case', { side: 'buy' }],
    ['a type that is not known', { type: 'ICEBERG' }],
    ['a time in force that is not known', { time_in_force: 'GTW' }],
    ['an amount of zero', { notional: '0' }],
    ['an amount as a number', { notional: 5000 }],
    ['a stop of zero', { stop_price: '0' }],
    ['a stop of null', { stop_price: null }],
    ['a distance of zero', { trail_percent: '0' }],
    ['a negative distance', { trail_amount: '-1' }],
    ['an end with an offset', { expire_at: '2026-12-01T09:00:00+09:00' }],
    ['an end as a number', { expire_at: 1_795_000_000_000 }],
    ['a flag that is off', { post_only: false }],
    ['a flag as text', { reduce_only: 'true' }],
    ['no session at all', { sessions: [] }],
    ['a session that is not known', { sessions: ['night'] }],
    ['five sessions', { sessions: ['regular', 'pre', 'after', 'day', 'day'] }],
    ['a class that is not known', { order_class: 'ICEBERG' }],
    ['an exit without terms', { stop_loss: {} }],
    [
      'an exit with a side',
      { stop_loss: { type: 'STOP', limit_price: null, time_in_force: 'DAY', side: 'BUY' } },
    ],
    ['an exit of null', { take_profit: null }],
    ['the id of no order to replace', { replaces: 'first' }],
    ['an order id that is none', { order_id: '1' }],
    ['a user id that is none', { user_id: "'; DROP TABLE orders; --" }],
    ['a date without a time', { accepted_at: '2026-11-20' }],
    ['a day that does not exist', { accepted_at: '2026-02-30T00:00:00Z' }],
    ['an instant as a number', { accepted_at: 1_795_000_000_000 }],
    ['an offset instead of UTC', { accepted_at: '2026-11-20T18:00:00+09:00' }],
    ['a session id of 65', { sid: 's'.repeat(65) }],
    ['half a second', { exp: 1.5 }],
    ['1e308 seconds', { exp: 1e308 }],
    ['seconds without an end', { exp: Number.POSITIVE_INFINITY }],
    ['another version', { v: 2 }],
    ['a version as text', { v: '1' }],
    ['a kind that is not known', { kind: 'replace' }],
    ['no kind', { kind: undefined }],
    ['a field more', { leverage: '100' }],
  ])('is refused with %s', (_, change) => {
    expect(isMessage({ ...PLACE, ...(change as object) })).toBe(false)
  })

  it.each([null, undefined, 0, 'place', [], [PLACE], {}, true])('is not %j', (value) => {
    expect(isMessage(value)).toBe(false)
  })

  it.each<[string, unknown]>([
    ['the fields of a place', { ...PLACE, kind: 'cancel' }],
    ['a field more', { ...CANCEL, reason: 'x' }],
    ['no instant', { ...CANCEL, cancel_requested_at: null }],
    ['no session field', { ...CANCEL, sid: undefined }],
  ])('that cancels is refused with %s', (_, value) => {
    expect(isMessage(value)).toBe(false)
  })

  it('is refused with a prototype of its own', () => {
    const text = JSON.stringify(PLACE).replace('{', '{"__proto__":{"v":1},')
    expect(isMessage(JSON.parse(text))).toBe(false)
  })
})
