import { describe, expect, it } from 'vitest'
import { type Decimal, decimal } from './decimal.ts'
import {
  checkDraft,
  defaultTimeInForce,
  isFinal,
  mayFollow,
  ORDER_STATUSES,
  type OrderDraft,
  type OrderStatus,
} from './order.ts'
import { PROBLEMS } from './problem.ts'

describe('the status of an order', () => {
  // One row per status it comes from; columns in the order of ORDER_STATUSES; x: may follow.
  it.each<[OrderStatus, string]>([
    ['PENDING', '. x x x x x x'],
    ['OPEN', '. . x x x x x'],
    ['PARTIALLY_FILLED', '. . x x x x .'],
    ['FILLED', '. . . . . . .'],
    ['CANCELLED', '. . . . . . .'],
    ['EXPIRED', '. . . . . . .'],
    ['FAILED', '. . . . . . .'],
  ])('%s goes to: %s', (from, row) => {
    const actual = ORDER_STATUSES.map((to) => (mayFollow(from, to) ? 'x' : '.')).join(' ')
    expect(actual).toBe(row)
    expect(isFinal(from)).toBe(!row.includes('x'))
  })
})

describe('the default time in force', () => {
  it.each([
    ['MARKET', 'KRX-STOCK-005930', 'GTC'],
    ['LIMIT', 'KRX-STOCK-005930', 'DAY'],
    ['MARKET', 'US-STOCK-AAPL', 'GTC'],
    ['LIMIT', 'US-STOCK-AAPL', 'DAY'],
    ['MARKET', 'CRYPTO-COIN-BTC', 'GTC'],
    ['LIMIT', 'CRYPTO-COIN-BTC', 'GTC'],
  ] as const)('of a %s order on %s is %s', (type, tickerId, expected) => {
    expect(defaultTimeInForce(type, tickerId)).toBe(expected)
  })
})

describe('a draft', () => {
  const SAMSUNG = 'KRX-STOCK-005930'
  const APPLE = 'US-STOCK-AAPL'
  const BTC = 'CRYPTO-COIN-BTC'
  const XRP = 'CRYPTO-COIN-XRP'

  function draft(tickerId: string, quantity: string, limitPrice: string | null): OrderDraft {
    return {
      clientOrderId: 'a',
      tickerId,
      side: 'BUY',
      type: limitPrice === null ? 'MARKET' : 'LIMIT',
      quantity: decimal(quantity),
      limitPrice: limitPrice === null ? null : decimal(limitPrice),
      timeInForce: 'GTC',
    }
  }

  it.each<[string, string, string | null, string | null]>([
    // Listed or not.
    [SAMSUNG, '1', null, null],
    ['KRX-STOCK-999999', '1', null, 'unknown_instrument'],
    ['FX-RATE-USDKRW', '1', null, 'unknown_instrument'],
    ['', '1', null, 'unknown_instrument'],
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
    // The largest: 100 billion won, 50 million dollars.
    [XRP, '100000000000', '1', null],
    [XRP, '100000000000.00000001', '1', 'too_large'],
    [APPLE, '500000', '100', null],
    [APPLE, '500000', '100.01', 'too_large'],
    [BTC, '10526.31578947', null, null],
    [BTC, '10526.31578948', null, 'too_large'],
  ])('of %s × %s at %s: %s', (tickerId, quantity, price, reason) => {
    expect(checkDraft(draft(tickerId, quantity, price))?.reason ?? null).toBe(reason)
  })

  it.each([
    [BTC, '0.01', '9500000', 'DAY', 'time_in_force'],
    [BTC, '0.01', null, 'DAY', 'time_in_force'],
    [BTC, '0.01', '9500000', 'GTC', null],
    [BTC, '0.01', '9500000', 'IOC', null],
    [BTC, '0.01', '9500000', 'FOK', null],
    [SAMSUNG, '1', '51000', 'DAY', null],
    [APPLE, '1', '128', 'DAY', null],
  ] as const)('of %s × %s at %s, %s: %s', (tickerId, quantity, price, timeInForce, reason) => {
    const refusal = checkDraft({ ...draft(tickerId, quantity, price), timeInForce })
    expect(refusal?.reason ?? null).toBe(reason)
  })

  it.each([
    ['KRX-STOCK-999999', '1', null, 'unknown-instrument', '#/ticker_id', 'KRX-STOCK-999999'],
    [SAMSUNG, '0.5', null, 'quantity-off-lot', '#/quantity', 'steps of 1.'],
    [XRP, '100000000000', '100', 'quantity-too-large', '#/quantity', 'worth more'],
    [XRP, '1', '100', 'below-min-notional', '#/quantity', '5000 KRW'],
    [SAMSUNG, '1', '51050', 'price-off-tick', '#/limit_price', 'steps of 100 KRW'],
  ] as const)(
    'of %s × %s at %s is refused as %s at %s',
    (tickerId, quantity, price, problem, pointer, detail) => {
      const refusal = checkDraft(draft(tickerId, quantity, price))!
      expect(refusal).toMatchObject({ problem, pointer })
      expect(refusal.detail).toContain(detail)
      expect(PROBLEMS[refusal.problem].status).toBe(422)
    },
  )

  it('of the largest decimals there are is refused, not overflowed', () => {
    const largest: Decimal = decimal('999999999999')
    const refusal = checkDraft({
      ...draft(SAMSUNG, '1', '1000'),
      quantity: largest,
      limitPrice: largest,
    })
    expect(refusal?.reason).toBe('too_large')
  })
})
