import { describe, expect, it } from 'vitest'
import {
  defaultTimeInForce,
  isAtMarket,
  isFinal,
  isStop,
  mayFollow,
  ORDER_STATUSES,
  type OrderStatus,
  type OrderType,
} from './order.ts'

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
    ['STOP', 'KRX-STOCK-005930', 'DAY'],
    ['STOP_LIMIT', 'US-STOCK-AAPL', 'DAY'],
    ['TRAILING_STOP', 'KRX-STOCK-005930', 'DAY'],
    ['STOP', 'CRYPTO-COIN-BTC', 'GTC'],
    ['TRAILING_STOP', 'CRYPTO-COIN-BTC', 'GTC'],
  ] as const)('of a %s order on %s is %s', (type, tickerId, expected) => {
    expect(defaultTimeInForce(type, tickerId)).toBe(expected)
  })
})

describe('the type of an order', () => {
  it.each<[OrderType, waitsForItsStop: boolean, takesWhatItFinds: boolean]>([
    ['MARKET', false, true],
    ['LIMIT', false, false],
    ['STOP', true, true],
    ['STOP_LIMIT', true, false],
    ['TRAILING_STOP', true, true],
  ])('%s waits for its stop: %s; takes the price it finds: %s', (type, stop, market) => {
    expect([isStop(type), isAtMarket(type)]).toEqual([stop, market])
  })
})
