import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument, lotOf } from '@motu/shared/instrument.ts'
import type { OrderDraft, OrderType, Side } from '@motu/shared/order.ts'
import { describe, expect, it } from 'vitest'
import { basePriceOf, estimateCost, stepPrice, type TicketDay } from './cost.ts'
import { mostAmount, mostQuantity } from './most.ts'
import { pricePercentAway, quantityStep } from './steps.ts'
import { findIssue } from './ticket-check.ts'

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

const FRIDAY = '2026-11-20'
const NOON_MS = Date.parse('2026-11-20T03:00:00Z')
const on = (instrument: typeof SAMSUNG, at: ReturnType<typeof market>): TicketDay => ({
  instrument,
  market: at,
  tradeDate: FRIDAY,
})

/** As it is typed: without a limit at the market. */
const draft = (
  instrument: typeof SAMSUNG,
  side: Side,
  type: OrderType,
  {
    limit,
    stop,
    quantity = '1',
    notional,
  }: Partial<Record<'limit' | 'stop' | 'quantity' | 'notional', string>> = {},
): OrderDraft => ({
  clientOrderId: '',
  tickerId: instrument.tickerId,
  side,
  type,
  quantity: notional === undefined ? decimal(quantity) : 0n,
  limitPrice: limit === undefined ? null : decimal(limit),
  timeInForce: 'GTC',
  ...(stop !== undefined && { stopPrice: decimal(stop) }),
  ...(notional !== undefined && { notional: decimal(notional) }),
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
      '1089.528243',
      '507910.471757',
    ],
    [SAMSUNG, 'BUY', 'LIMIT', '50900', '10', won, '50900', '509000', '71.528243', '509071.528243'],
    [SAMSUNG, 'BUY', 'LIMIT', '51100', '10', won, '51000', '510000', '71.66877', '510071.66877'],
    [SAMSUNG, 'SELL', 'LIMIT', '51000', '1', won, '51000', '51000', '109.166877', '50890.833123'],
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
      '261.38154482',
      '255462.63845518',
    ],
  ] as const)('%o %s %s %s × %s', (instrument, side, type, limit, quantity, at, ...expected) => {
    const order = draft(instrument, side, type, { quantity, ...(limit && { limit }) })
    const cost = estimateCost(order, on(instrument, at))!
    const { price, notionalKrw, feeKrw, totalKrw } = cost
    expect([price, notionalKrw, feeKrw, totalKrw].map(formatDecimal)).toEqual(expected)
  })

  it('names every charge of a sell: commission and transaction tax in Korea, SEC and TAF in the US', () => {
    const chargesOf = (instrument: typeof SAMSUNG, at: typeof won, side: Side) =>
      estimateCost(
        draft(instrument, side, 'MARKET', { quantity: '10' }),
        on(instrument, at),
      )!.charges.map(({ kind }) => kind)
    expect(chargesOf(SAMSUNG, won, 'SELL')).toEqual(['commission', 'transaction_tax'])
    expect(chargesOf(APPLE, dollars, 'SELL')).toEqual(['commission', 'sec_fee', 'taf'])
    expect(chargesOf(SAMSUNG, won, 'BUY')).toEqual(['commission'])
  })

  it('reserves a KRX market buy at the upper limit, others with a collar, a sell nothing', () => {
    const hold = (instrument: typeof SAMSUNG, side: Side, at: typeof won) =>
      formatDecimal(estimateCost(draft(instrument, side, 'MARKET'), on(instrument, at))!.holdKrw)
    // Base 51,000: the width is 15,300, so the upper limit is 66,300.
    expect(hold(SAMSUNG, 'BUY', won)).toBe('66309.3169401')
    expect(hold(BITCOIN, 'BUY', coin)).toBe('9979987.5')
    expect(hold(BITCOIN, 'SELL', coin)).toBe('0')
  })

  it('goes by the price each kind would find', () => {
    const price = (...[side, type, prices]: [Side, OrderType, Parameters<typeof draft>[3]]) =>
      formatDecimal(estimateCost(draft(SAMSUNG, side, type, prices), on(SAMSUNG, won))!.price)
    expect(price('BUY', 'STOP', { stop: '52000' })).toBe('52000')
    expect(price('BUY', 'STOP_LIMIT', { stop: '52000', limit: '52500' })).toBe('52500')
    expect(price('SELL', 'TRAILING_STOP', {})).toBe('50900')
    expect(estimateCost(draft(SAMSUNG, 'BUY', 'LIMIT'), on(SAMSUNG, won))).toBeNull()
  })

  it('buys for an amount what the amount covers, down to the lot', () => {
    const cost = estimateCost(
      draft(SAMSUNG, 'BUY', 'MARKET', { notional: '200000' }),
      on(SAMSUNG, won),
    )!
    expect([cost.quantity, cost.notionalKrw].map(formatDecimal)).toEqual(['3', '153000'])
  })
})

describe('the most one can order', () => {
  const free = (cash: string, quantity = '0') => ({
    cashKrw: decimal(cash),
    quantity: decimal(quantity),
  })

  it.each([
    ['510071.66877', '10'],
    ['510071.66876', '9'],
    ['51007.16687', '0'],
    ['0', '0'],
  ])('with %s won at a limit of 51,000: %s shares', (cash, quantity) => {
    const buy = draft(SAMSUNG, 'BUY', 'LIMIT', { limit: '51000' })
    expect(formatDecimal(mostQuantity(buy, on(SAMSUNG, won), free(cash), NOON_MS))).toBe(quantity)
  })

  // instrument · side · type · prices · its market: at the most it is taken, one lot more is refused.
  it.each([
    [SAMSUNG, 'BUY', 'MARKET', {}, won, 'insufficient_funds'],
    [SAMSUNG, 'BUY', 'LIMIT', { limit: '50900' }, won, 'insufficient_funds'],
    [SAMSUNG, 'BUY', 'STOP', { stop: '52000' }, won, 'insufficient_funds'],
    [SAMSUNG, 'SELL', 'MARKET', {}, won, 'insufficient_quantity'],
    [BITCOIN, 'BUY', 'MARKET', {}, coin, 'insufficient_funds'],
    [BITCOIN, 'BUY', 'LIMIT', { limit: '9500000' }, coin, 'insufficient_funds'],
    [BITCOIN, 'BUY', 'STOP', { stop: '9900000' }, coin, 'insufficient_funds'],
    [BITCOIN, 'SELL', 'LIMIT', { limit: '9500000' }, coin, 'insufficient_quantity'],
    [APPLE, 'BUY', 'MARKET', {}, dollars, 'insufficient_funds'],
    [APPLE, 'BUY', 'LIMIT', { limit: '128' }, dollars, 'insufficient_funds'],
    [APPLE, 'BUY', 'TRAILING_STOP', {}, dollars, 'insufficient_funds'],
    [APPLE, 'SELL', 'LIMIT', { limit: '128' }, dollars, 'insufficient_quantity'],
  ] as const)('%o %s %s %o', (instrument, side, type, prices, at, reason) => {
    const available = free('1234567.891', '7.12345678')
    const order = draft(instrument, side, type, prices)
    const day = on(instrument, at)
    const most = mostQuantity(order, day, available, NOON_MS)
    const sized = (quantity: bigint) =>
      findIssue({ ...order, quantity }, { day, available, nowMs: NOON_MS })?.block ?? null
    expect(most).toBeGreaterThan(0n)
    expect(sized(most)).toBeNull()
    expect(sized(most + lotOf(instrument, type))).toBe(reason)
  })

  it('in won: one won more would need more than there is', () => {
    const available = free('1234567.891')
    const day = on(APPLE, dollars)
    const most = mostAmount(
      draft(APPLE, 'BUY', 'MARKET', { notional: '1' }),
      day,
      available,
      NOON_MS,
    )
    const issue = (notional: bigint) =>
      findIssue(
        { ...draft(APPLE, 'BUY', 'MARKET', { notional: '1' }), notional },
        { day, available, nowMs: NOON_MS },
      )?.block ?? null
    expect(issue(most)).toBeNull()
    expect(issue(most + decimal('1'))).toBe('insufficient_funds')
  })

  it('stops at what one order may be worth', () => {
    const rich = free('900000000000')
    const buy = draft(BITCOIN, 'BUY', 'LIMIT', { limit: '10000000' })
    expect(formatDecimal(mostQuantity(buy, on(BITCOIN, coin), rich, NOON_MS))).toBe('100')
  })
})

describe('a step', () => {
  it.each([
    [SAMSUNG, 'LIMIT', '51000', '1'],
    [APPLE, 'MARKET', '128', '1'],
    [BITCOIN, 'MARKET', '9500000', '0.001'],
    [findInstrument('CRYPTO-COIN-DOGE')!, 'LIMIT', '240', '100'],
  ] as const)('of %o, %s at %s: %s', (instrument, type, price, step) => {
    expect(formatDecimal(quantityStep(instrument, type, decimal(price)))).toBe(step)
  })

  it('of percents lands on a tick', () => {
    expect(formatDecimal(pricePercentAway(SAMSUNG, decimal('51100'), -5n))).toBe('48550')
    expect(formatDecimal(pricePercentAway(SAMSUNG, decimal('51100'), 5n))).toBe('53700')
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
