import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Decimal, decimal } from './decimal.ts'
import { findInstrument, type Instrument, registerInstruments } from './instrument.ts'
import type { OrderDraft, OrderTerms, OrderType } from './order.ts'
import { checkDraft } from './order-check.ts'
import { PROBLEMS } from './problem.ts'

const SAMSUNG = 'KRX-STOCK-005930'
const APPLE = 'US-STOCK-AAPL'
const BTC = 'CRYPTO-COIN-BTC'
const XRP = 'CRYPTO-COIN-XRP'
const ETF = 'KRX-ETF-069500'
const GONE = 'KRX-STOCK-900001'
const HALTED = 'KRX-STOCK-900002'
const NOW = Date.parse('2026-11-23T01:00:00Z')

beforeAll(() => {
  const samsung = findInstrument(SAMSUNG)!
  const more: Instrument[] = [
    { ...samsung, tickerId: ETF, kind: 'ETF', board: null },
    { ...samsung, tickerId: GONE, status: 'DELISTED' },
    { ...samsung, tickerId: HALTED, status: 'HALTED' },
  ]
  registerInstruments(more, 'of this test')
})
afterAll(() => registerInstruments([], 'built-in'))

function draft(
  tickerId: string,
  quantity: string,
  limitPrice: string | null,
  change: Partial<OrderDraft> = {},
): OrderDraft {
  return {
    clientOrderId: 'a',
    tickerId,
    side: 'BUY',
    type: limitPrice === null ? 'MARKET' : 'LIMIT',
    quantity: decimal(quantity),
    limitPrice: limitPrice === null ? null : decimal(limitPrice),
    timeInForce: 'GTC',
    ...change,
  }
}

/** Reason and pointer of the first rule that is broken; null when none is. */
function verdict(order: OrderDraft, atMs = NOW): [string, string] | null {
  const refusal = checkDraft(order, atMs)
  return refusal && [refusal.reason, refusal.pointer]
}

describe('a draft', () => {
  it.each<[string, string, string | null, string | null]>([
    // Listed or not.
    [SAMSUNG, '1', null, null],
    ['KRX-STOCK-999999', '1', null, 'unknown_instrument'],
    ['FX-RATE-USDKRW', '1', null, 'unknown_instrument'],
    ['', '1', null, 'unknown_instrument'],
    [GONE, '1', null, 'delisted'],
    [HALTED, '1', null, null],
    // Lots.
    [SAMSUNG, '1.00000001', null, 'lot_size'],
    [SAMSUNG, '0.5', '51000', 'lot_size'],
    [APPLE, '0.000001', null, null],
    [APPLE, '0.0000001', null, 'lot_size'],
    [APPLE, '1.0000011', null, 'lot_size'],
    [APPLE, '1', '128', null],
    [APPLE, '1.000001', '128', 'lot_size'],
    [BTC, '0.00000001', null, null],
    // Ticks, on both sides of a border of the ladder.
    [SAMSUNG, '1', '49950', null],
    [SAMSUNG, '1', '49990', 'tick_size'],
    [SAMSUNG, '1', '50100', null],
    [SAMSUNG, '1', '50050', 'tick_size'],
    [APPLE, '1', '128.01', null],
    [APPLE, '1', '128.001', 'tick_size'],
    [APPLE, '1', '0.9999', null],
    [APPLE, '1', '0.99991', 'tick_size'],
    [APPLE, '1', '1.0001', 'tick_size'],
    [BTC, '0.01', '9500000', null],
    [BTC, '0.01', '9500500', 'tick_size'],
    [XRP, '100', '99.9', null],
    [XRP, '100', '100.1', 'tick_size'],
    // The smallest order of Upbit; a market order has no price to count it by.
    [XRP, '50', '100', null],
    [XRP, '49.99999999', '100', 'min_notional'],
    [XRP, '0.00000001', null, null],
    [SAMSUNG, '1', '1', null],
    // The largest: Upbit's billion; Motu's own 100 billion won and 50 million dollars elsewhere.
    [XRP, '1000000000', '1', null],
    [XRP, '1000000000.00000001', '1', 'too_large'],
    [BTC, '105.26315789', null, null],
    [BTC, '105.2631579', null, 'too_large'],
    [SAMSUNG, '1000000', '100000', null],
    [SAMSUNG, '1000001', '100000', 'too_large'],
    [APPLE, '500000', '100', null],
    [APPLE, '500000', '100.01', 'too_large'],
  ])('of %s × %s at %s: %s', (tickerId, quantity, price, reason) => {
    expect(checkDraft(draft(tickerId, quantity, price), NOW)?.reason ?? null).toBe(reason)
  })

  it.each([
    ['KRX-STOCK-999999', '1', null, 'unknown-instrument', '#/ticker_id', 'KRX-STOCK-999999'],
    [GONE, '1', null, 'instrument-delisted', '#/ticker_id', 'no longer listed'],
    [SAMSUNG, '0.5', null, 'quantity-off-lot', '#/quantity', 'steps of 1.'],
    [XRP, '100000000000', '100', 'quantity-too-large', '#/quantity', 'worth more'],
    [XRP, '1', '100', 'below-min-notional', '#/quantity', '5000 KRW'],
    [SAMSUNG, '1', '51050', 'price-off-tick', '#/limit_price', 'steps of 100 KRW'],
  ] as const)(
    'of %s × %s at %s is refused as %s at %s',
    (tickerId, quantity, price, problem, pointer, detail) => {
      const refusal = checkDraft(draft(tickerId, quantity, price), NOW)!
      expect(refusal).toMatchObject({ problem, pointer })
      expect(refusal.detail).toContain(detail)
      expect(PROBLEMS[refusal.problem].status).toBe(422)
    },
  )

  it('of the largest decimals there are is refused, not overflowed', () => {
    const largest: Decimal = decimal('999999999999')
    const order = draft(SAMSUNG, '1', '1000', { quantity: largest, limitPrice: largest })
    expect(verdict(order)?.[0]).toBe('too_large')
  })

  // KRX halved its ticks on 2023-01-25; midnight in Seoul is 15:00 UTC.
  it.each([
    ['2023-01-24T14:59:59.999Z', '120100', ['tick_size', '#/limit_price']],
    ['2023-01-24T15:00:00.000Z', '120100', null],
    ['2023-01-24T14:59:59.999Z', '120500', null],
  ])('at %s goes by the ticks of that day: %s', (at, price, expected) => {
    expect(verdict(draft(SAMSUNG, '1', price), Date.parse(at))).toEqual(expected)
  })
})

describe('an amount', () => {
  it.each<[string, string, Partial<OrderDraft>, [string, string] | null]>([
    [BTC, '5000', {}, null],
    [BTC, '4999.99999999', {}, ['min_notional', '#/notional']],
    [BTC, '1000000000', {}, null],
    [BTC, '1000000000.00000001', {}, ['too_large', '#/notional']],
    [SAMSUNG, '0.00000001', {}, null],
    [SAMSUNG, '100000000000', {}, null],
    [SAMSUNG, '100000000000.00000001', {}, ['too_large', '#/notional']],
    [APPLE, '100000000000.00000001', {}, ['too_large', '#/notional']],
    [BTC, '10000', { side: 'SELL' }, ['unprocessable', '#/notional']],
    [
      BTC,
      '10000',
      { type: 'LIMIT', limitPrice: decimal('9500000') },
      ['unprocessable', '#/notional'],
    ],
    [
      BTC,
      '10000',
      { type: 'STOP', stopPrice: decimal('9500000') },
      ['unprocessable', '#/notional'],
    ],
  ])('%s for %s won: %#', (tickerId, notional, change, expected) => {
    const order = draft(tickerId, '1', null, { quantity: 0n, notional: decimal(notional) })
    expect(verdict({ ...order, ...change })).toEqual(expected)
  })
})

/** Terms of each type that no rule refuses, on Samsung. */
const TERMS: Readonly<Record<OrderType, OrderTerms>> = {
  MARKET: { type: 'MARKET', limitPrice: null, timeInForce: 'GTC' },
  LIMIT: { type: 'LIMIT', limitPrice: decimal('51000'), timeInForce: 'GTC' },
  STOP: {
    ...{ type: 'STOP', limitPrice: null, timeInForce: 'GTC' },
    stopPrice: decimal('50000'),
  },
  STOP_LIMIT: {
    ...{ type: 'STOP_LIMIT', limitPrice: decimal('49900'), timeInForce: 'GTC' },
    stopPrice: decimal('50000'),
  },
  TRAILING_STOP: {
    ...{ type: 'TRAILING_STOP', limitPrice: null, timeInForce: 'GTC' },
    trailPercent: decimal('5'),
  },
}

describe('the terms', () => {
  it.each<[OrderType, Partial<OrderTerms>, [string, string] | null]>([
    ['STOP', {}, null],
    ['STOP', { stopPrice: decimal('50050') }, ['tick_size', '#/stop_price']],
    ['STOP', { stopPrice: decimal('49950') }, null],
    ['STOP_LIMIT', {}, null],
    ['STOP_LIMIT', { limitPrice: decimal('49910') }, ['tick_size', '#/limit_price']],
    ['STOP_LIMIT', { stopPrice: decimal('50001') }, ['tick_size', '#/stop_price']],
    ['TRAILING_STOP', { trailPercent: decimal('50') }, null],
    ['TRAILING_STOP', { trailPercent: decimal('0.00000001') }, null],
    [
      'TRAILING_STOP',
      { trailPercent: decimal('50.00000001') },
      ['unprocessable', '#/trail_percent'],
    ],
    ['TRAILING_STOP', { trailAmount: decimal('100') }, null],
    ['TRAILING_STOP', { trailAmount: decimal('150') }, ['tick_size', '#/trail_amount']],
  ])('of a %s order: %#', (type, change, expected) => {
    const order = draft(SAMSUNG, '1', null, { ...TERMS[type], ...change, side: 'SELL' })
    expect(verdict(order)).toEqual(expected)
  })

  const REFUSED: [string, string] = ['time_in_force', '#/time_in_force']

  // One row per time in force: on Samsung, as MARKET LIMIT STOP STOP_LIMIT TRAILING_STOP; on a coin.
  it.each([
    ['DAY', '. . . . .', 'x x x x x'],
    ['GTC', '. . . . .', '. . . . .'],
    ['IOC', '. . x x x', '. . x x x'],
    ['FOK', '. . x x x', '. . x x x'],
    ['GTD', '. . . . .', '. . . . .'],
  ] as const)('refuse %s: %s on KRX, %s on coins', (timeInForce, onKrx, onCoins) => {
    const expireAt = timeInForce === 'GTD' ? { expireAt: NOW } : {}
    const row = (tickerId: string, quantity: string): string =>
      Object.values(TERMS)
        .map((terms) => ({ ...terms, timeInForce, ...expireAt }))
        .map((terms) => verdict(draft(tickerId, quantity, null, terms)))
        .map((found) => {
          if (found) expect(found).toEqual(REFUSED)
          return found ? 'x' : '.'
        })
        .join(' ')
    expect([row(SAMSUNG, '1'), row('CRYPTO-COIN-SOL', '1')]).toEqual([onKrx, onCoins])
  })

  it('have a date with GTD, and with nothing else', () => {
    const gtd = draft(SAMSUNG, '1', '51000', { timeInForce: 'GTD' })
    expect(verdict(gtd)).toEqual(REFUSED)
    expect(verdict({ ...gtd, expireAt: NOW })).toBeNull()
    expect(verdict({ ...gtd, expireAt: NOW, timeInForce: 'GTC' })).toEqual(REFUSED)
  })
})

describe('flags', () => {
  const LIMIT = TERMS.LIMIT
  it.each<[Partial<OrderDraft>, [string, string] | null]>([
    [{ ...LIMIT, postOnly: true }, null],
    [{ ...LIMIT, postOnly: true, timeInForce: 'DAY' }, null],
    [{ ...LIMIT, postOnly: true, timeInForce: 'IOC' }, ['unprocessable', '#/post_only']],
    [{ ...LIMIT, postOnly: true, timeInForce: 'FOK' }, ['unprocessable', '#/post_only']],
    [{ postOnly: true }, ['unprocessable', '#/post_only']],
    [{ ...TERMS.STOP_LIMIT, postOnly: true }, ['unprocessable', '#/post_only']],
    [{ reduceOnly: true, side: 'SELL' }, null],
    [{ reduceOnly: true, side: 'BUY' }, ['reduce_only', '#/reduce_only']],
    [{ queueForOpen: true }, null],
  ])('%o', (change, expected) => {
    expect(verdict(draft(SAMSUNG, '1', null, change))).toEqual(expected)
  })
})

describe('sessions', () => {
  const REFUSED: [string, string] = ['session', '#/sessions']

  it.each<[string, OrderType, NonNullable<OrderDraft['sessions']>, boolean]>([
    [SAMSUNG, 'LIMIT', ['regular', 'after'], true],
    [SAMSUNG, 'LIMIT', ['after'], true],
    [SAMSUNG, 'LIMIT', ['pre'], false],
    [SAMSUNG, 'LIMIT', ['regular', 'day'], false],
    [SAMSUNG, 'MARKET', ['regular'], true],
    [SAMSUNG, 'MARKET', ['regular', 'after'], false],
    [SAMSUNG, 'STOP', ['after'], false],
    [SAMSUNG, 'STOP_LIMIT', ['after'], true],
    [SAMSUNG, 'TRAILING_STOP', ['regular', 'after'], false],
    [ETF, 'LIMIT', ['regular'], true],
    [ETF, 'LIMIT', ['regular', 'after'], false],
    [APPLE, 'LIMIT', ['pre', 'regular', 'after', 'day'], true],
    [APPLE, 'MARKET', ['pre'], false],
    [BTC, 'LIMIT', ['regular'], true],
    [BTC, 'LIMIT', ['after'], false],
  ])('of %s, %s in %j: %s', (tickerId, type, sessions, isTaken) => {
    const price = { ...TERMS[type], ...(tickerId === ETF && { limitPrice: decimal('51000') }) }
    const order = draft(tickerId, '1', null, { ...price, sessions })
    expect(verdict(order)).toEqual(isTaken ? null : REFUSED)
  })
})

describe('orders that belong together', () => {
  const TARGET: OrderTerms = { ...TERMS.LIMIT, limitPrice: decimal('60000') }
  const STOP = TERMS.STOP
  const BRACKET: Partial<OrderDraft> = {
    ...{ orderClass: 'BRACKET', takeProfit: TARGET, stopLoss: STOP },
  }
  const OCO: Partial<OrderDraft> = {
    ...TARGET,
    ...{ side: 'SELL', orderClass: 'OCO', stopLoss: STOP },
  }
  const CLASS: [string, string] = ['unprocessable', '#/order_class']
  const at = (pointer: string): [string, string] => ['unprocessable', pointer]

  it.each<[string, Partial<OrderDraft>, [string, string] | null]>([
    ['a bracket', BRACKET, null],
    ['a bracket around a limit', { ...TERMS.LIMIT, ...BRACKET }, null],
    ['a bracket without a stop', { orderClass: 'BRACKET', takeProfit: TARGET }, CLASS],
    ['a bracket without a target', { orderClass: 'BRACKET', stopLoss: STOP }, CLASS],
    ['a bracket without exits', { orderClass: 'BRACKET' }, CLASS],
    ['a bracket that sells', { ...BRACKET, side: 'SELL' }, at('#/side')],
    ['an OTO with a target', { orderClass: 'OTO', takeProfit: TARGET }, null],
    ['an OTO with a stop', { orderClass: 'OTO', stopLoss: STOP }, null],
    ['an OTO with both', { ...BRACKET, orderClass: 'OTO' }, CLASS],
    ['an OTO with none', { orderClass: 'OTO' }, CLASS],
    ['an OCO', OCO, null],
    ['an OCO that buys', { ...OCO, side: 'BUY' }, at('#/side')],
    ['an OCO at the market', { ...OCO, ...TERMS.MARKET }, CLASS],
    ['an OCO with another target', { ...OCO, takeProfit: TARGET }, CLASS],
    ['an OCO without a stop', { ...TARGET, side: 'SELL', orderClass: 'OCO' }, CLASS],
    ['exits without a class', { takeProfit: TARGET }, CLASS],
    ['exits of a SIMPLE order', { orderClass: 'SIMPLE', stopLoss: STOP }, CLASS],
    ['no exits of a SIMPLE order', { orderClass: 'SIMPLE' }, null],
    ['a bracket by amount', { ...BRACKET, notional: decimal('100000') }, at('#/notional')],
    ['a bracket that replaces', { ...BRACKET, replaces: 'x' }, CLASS],
    ['a target that is no limit', { ...BRACKET, takeProfit: STOP }, at('#/take_profit/type')],
    ['a stop that is none', { ...BRACKET, stopLoss: TARGET }, at('#/stop_loss/type')],
    ['a stop that trails', { ...BRACKET, stopLoss: TERMS.TRAILING_STOP }, null],
    ['a stop with a limit', { ...BRACKET, stopLoss: TERMS.STOP_LIMIT }, null],
    [
      'a target of the moment',
      { ...BRACKET, takeProfit: { ...TARGET, timeInForce: 'IOC' } },
      CLASS,
    ],
    ['a stop of the moment', { ...BRACKET, stopLoss: { ...STOP, timeInForce: 'FOK' } }, CLASS],
    [
      'a target off its tick',
      { ...BRACKET, takeProfit: { ...TARGET, limitPrice: decimal('60050') } },
      ['tick_size', '#/take_profit/limit_price'],
    ],
    [
      'a stop off its tick',
      { ...BRACKET, stopLoss: { ...STOP, stopPrice: decimal('50050') } },
      ['tick_size', '#/stop_loss/stop_price'],
    ],
    [
      'a stop with a date and no GTD',
      { ...BRACKET, stopLoss: { ...STOP, expireAt: NOW } },
      ['time_in_force', '#/stop_loss/time_in_force'],
    ],
    [
      'a stop below its target',
      { ...BRACKET, stopLoss: { ...STOP, stopPrice: decimal('59900') } },
      null,
    ],
    [
      'a stop at its target',
      { ...BRACKET, stopLoss: { ...STOP, stopPrice: decimal('60000') } },
      at('#/stop_loss/stop_price'),
    ],
    [
      'an OCO with its stop at its target',
      { ...OCO, stopLoss: { ...STOP, stopPrice: decimal('60000') } },
      at('#/stop_loss/stop_price'),
    ],
    [
      'an OCO with its stop below its target',
      { ...OCO, stopLoss: { ...STOP, stopPrice: decimal('59900') } },
      null,
    ],
  ])('%s', (_, change, expected) => {
    expect(verdict(draft(SAMSUNG, '1', null, change))).toEqual(expected)
  })

  const OTO = { orderClass: 'OTO' } as const
  // A market buy of a US stock takes fractions; a limit or a stop, and so an exit, does not.
  it.each<[string, string, Partial<OrderDraft>, string | null]>([
    ['1.5', 'without an exit', {}, null],
    ['1.5', 'with a target', { ...OTO, takeProfit: TARGET }, 'lot_size'],
    ['2', 'with a target', { ...OTO, takeProfit: TARGET }, null],
    ['1.5', 'with a trailing stop', { ...OTO, stopLoss: TERMS.TRAILING_STOP }, 'lot_size'],
    ['1.000001', 'with a stop', { ...OTO, stopLoss: STOP }, 'lot_size'],
    ['1', 'with a stop', { ...OTO, stopLoss: STOP }, null],
    ['0.999999', 'with both', BRACKET, 'lot_size'],
  ])('%s of Apple at the market %s', (quantity, _, change, expected) => {
    const found = verdict(draft(APPLE, quantity, null, change))
    expect(found).toEqual(expected && [expected, '#/quantity'])
  })
})
