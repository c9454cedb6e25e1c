import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { OrderType, Side } from '@motu/shared/order.ts'
import { describe, expect, it } from 'vitest'
import { affordableQuantity, basePriceOf, estimateCost, stepPrice } from './cost.ts'

const SAMSUNG = findInstrument('KRX-STOCK-005930')!
const APPLE = findInstrument('US-STOCK-AAPL')!
const BITCOIN = findInstrument('CRYPTO-COIN-BTC')!

const market = (bid: string, ask: string, fx = '1', change = '0') => ({
  price: decimal(ask),
  bid: decimal(bid),
  ask: decimal(ask),
  changePercent: decimal(change),
  fxMid: decimal(fx),
})

const terms = (instrument: typeof SAMSUNG, side: Side, type: OrderType, limit?: string) => ({
  instrument,
  side,
  type,
  limitPrice: limit === undefined ? null : decimal(limit),
})

const won = market('50900', '51000')
const dollars = market('127.99', '128', '1000')
const coin = market('9499000', '9500000')

describe('the cost before submit', () => {
  // instrument · side · type · limit · quantity · market → price · notional · fee · total
  it.each([
    [SAMSUNG, 'BUY', 'MARKET', undefined, '10', won, '51000', '510000', '71.66877', '510071.66877'],
    [
      SAMSUNG,
      'SELL',
      'MARKET',
      undefined,
      '10',
      won,
      '50900',
      '509000',
      '71.528243',
      '508928.471757',
    ],
    [SAMSUNG, 'BUY', 'LIMIT', '50900', '10', won, '50900', '509000', '71.528243', '509071.528243'],
    [SAMSUNG, 'BUY', 'LIMIT', '51100', '10', won, '51000', '510000', '71.66877', '510071.66877'],
    [SAMSUNG, 'SELL', 'LIMIT', '51000', '1', won, '51000', '51000', '7.166877', '50992.833123'],
    [BITCOIN, 'BUY', 'MARKET', undefined, '0.01', coin, '9500000', '95000', '47.5', '95047.5'],
    [APPLE, 'BUY', 'MARKET', undefined, '2', dollars, '128', '256256', '256.256', '256512.256'],
    [
      APPLE,
      'SELL',
      'MARKET',
      undefined,
      '2',
      dollars,
      '127.99',
      '255724.02',
      '255.72402',
      '255468.29598',
    ],
  ] as const)('%o %s %s %s × %s', (instrument, side, type, limit, quantity, at, ...expected) => {
    const cost = estimateCost(terms(instrument, side, type, limit), decimal(quantity), at)!
    const { price, notionalKrw, feeKrw, totalKrw } = cost
    expect([price, notionalKrw, feeKrw, totalKrw].map(formatDecimal)).toEqual(expected)
  })

  it('reserves a KRX market buy at the upper limit, others with a collar, a sell nothing', () => {
    const hold = (of: ReturnType<typeof terms>, at: typeof won) =>
      formatDecimal(estimateCost(of, decimal('1'), at)!.holdKrw)
    // Base 51,000: the width is 15,300, so the upper limit is 66,300.
    expect(hold(terms(SAMSUNG, 'BUY', 'MARKET'), won)).toBe('66309.3169401')
    expect(hold(terms(BITCOIN, 'BUY', 'MARKET'), coin)).toBe('9979987.5')
    expect(hold(terms(BITCOIN, 'SELL', 'MARKET'), coin)).toBe('0')
  })

  it('is unknown without a market, and without a limit price', () => {
    expect(estimateCost(terms(SAMSUNG, 'BUY', 'MARKET'), decimal('1'), null)).toBeNull()
    expect(estimateCost(terms(SAMSUNG, 'BUY', 'LIMIT'), decimal('1'), won)).toBeNull()
  })
})

describe('the most one can buy', () => {
  it.each([
    ['510071.66877', '10'],
    ['510071.66876', '9'],
    ['51007.16687', '0'],
    ['0', '0'],
  ])('with %s won at a limit of 51,000: %s shares', (cash, quantity) => {
    const limit = terms(SAMSUNG, 'BUY', 'LIMIT', '51000')
    expect(formatDecimal(affordableQuantity(limit, decimal(cash), won))).toBe(quantity)
  })

  it.each([
    [SAMSUNG, won],
    [BITCOIN, coin],
    [APPLE, dollars],
  ] as const)('holds for no more than there is, and one lot more would (%o)', (instrument, at) => {
    const buy = terms(instrument, 'BUY', 'MARKET')
    const cash = decimal('1000000')
    const most = affordableQuantity(buy, cash, at)
    const lot = instrument === SAMSUNG ? decimal('1') : decimal('0.000001')
    expect(estimateCost(buy, most, at)!.holdKrw <= cash).toBe(true)
    expect(estimateCost(buy, most + lot, at)!.holdKrw > cash).toBe(true)
  })
})

describe('one tick up or down', () => {
  it.each([
    ['49950', 1, '50000'],
    ['50000', 1, '50100'],
    ['50000', -1, '49950'],
    ['50100', -1, '50000'],
    ['50030', 1, '50100'],
    ['50030', -1, '50000'],
    ['1', -1, '1'],
  ] as const)('of %s, %d: %s', (from, direction, to) => {
    expect(formatDecimal(stepPrice(SAMSUNG, decimal(from), direction))).toBe(to)
  })
})

it('finds the previous close behind a rounded change', () => {
  const price = decimal('1209000')
  const at = { ...market('1208000', '1209000', '1', '1.60'), price }
  expect(formatDecimal(basePriceOf(findInstrument('KRX-STOCK-207940')!, at))).toBe('1190000')
})
