import { decimal, DECIMAL_MAX, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { Side, TimeInForce } from '@motu/shared/order.ts'
import { describe, expect, it } from 'vitest'
import {
  APPLE,
  BTC,
  engineQuote,
  marketAt,
  orderRecord,
  SAMSUNG,
} from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { decide, type Decision, foresee, type Market, weightedMean } from './decide.ts'
import { type FillProfile, PROFILES } from './fill-profile.ts'
import { NO_PROGRESS, type Progress } from './judgement.ts'

const NOTHING = { cashKrw: 0n, quantity: 0n }
const cash = (cashKrw: bigint) => ({ cashKrw, quantity: 0n })
const RICH = { cashKrw: decimal('100000000000'), quantity: decimal('1000000') }
const MET: Progress = { ...NO_PROGRESS, isMet: true }
type Event = NonNullable<Parameters<typeof engineQuote>[2]>
type Level = [price: string, size: string]

type Case = {
  available?: { cashKrw: bigint; quantity: bigint }
  profile?: FillProfile
  progress?: Progress
  market?: Partial<Market> & { fxMid?: string }
}

function decided(
  order: OrderRecord,
  quote: ReturnType<typeof engineQuote>,
  { available = RICH, profile = PROFILES.arcade, progress = NO_PROGRESS, market }: Case = {},
): Decision {
  const instrument = findInstrument(order.tickerId)!
  return decide(order, instrument, marketAt(order, quote, market), profile, available, progress)
}

/** In short: what fills at which price, `quantity@price`, then how the rest ends. */
function told(decision: Decision): string {
  if (decision.kind === 'end') return decision.end.reason
  if (decision.kind !== 'fill') return decision.kind
  const fills = decision.fills.map(
    ({ quantity, price }) => `${formatDecimal(quantity)}@${formatDecimal(price)}`,
  )
  const then = decision.then ? [decision.then.reason] : []
  return [...fills, ...then].join(' ')
}

describe('the decision on an event', () => {
  // Bid 99, ask 101. The outcome: the price filled at, or what else becomes of the order.
  it.each<[Side, string | null, TimeInForce, string]>([
    ['BUY', null, 'GTC', '101'],
    ['BUY', null, 'DAY', '101'],
    ['BUY', null, 'IOC', '101'],
    ['BUY', null, 'FOK', '101'],
    ['BUY', '100', 'GTC', 'rest'],
    ['BUY', '100', 'DAY', 'rest'],
    ['BUY', '100', 'GTD', 'rest'],
    ['BUY', '100', 'IOC', 'ioc_unfilled'],
    ['BUY', '100', 'FOK', 'fok_unfilled'],
    ['BUY', '100.99999999', 'GTC', 'rest'],
    ['BUY', '101', 'GTC', '101'],
    ['BUY', '101', 'GTD', '101'],
    ['BUY', '101', 'IOC', '101'],
    ['BUY', '101', 'FOK', '101'],
    ['BUY', '102', 'GTC', '101'],
    ['BUY', '102', 'IOC', '101'],
    ['SELL', null, 'GTC', '99'],
    ['SELL', null, 'DAY', '99'],
    ['SELL', null, 'IOC', '99'],
    ['SELL', null, 'FOK', '99'],
    ['SELL', '100', 'GTC', 'rest'],
    ['SELL', '100', 'DAY', 'rest'],
    ['SELL', '100', 'IOC', 'ioc_unfilled'],
    ['SELL', '100', 'FOK', 'fok_unfilled'],
    ['SELL', '99.00000001', 'GTC', 'rest'],
    ['SELL', '99', 'GTC', '99'],
    ['SELL', '99', 'IOC', '99'],
    ['SELL', '99', 'FOK', '99'],
    ['SELL', '98', 'GTC', '99'],
    ['SELL', '98', 'FOK', '99'],
  ])('for a %s at %s, %s: %s', (side, limit, timeInForce, expected) => {
    const limitPrice = limit === null ? null : decimal(limit)
    const order = orderRecord({ side, limitPrice, timeInForce, requestedQuantity: SCALE })
    for (const profile of Object.values(PROFILES)) {
      const decision = decided(order, engineQuote('99', '101'), { profile })
      const [first] = told(decision).replace('1@', '').split(' ')
      expect(first, profile.name).toBe(expected)
    }
  })

  // One coin at 101 and a fee of 0.05 %: 101.0505.
  it.each([
    ['101.0505', '0', '1@101'],
    ['0', '101.0505', '1@101'],
    ['50', '51.0505', '1@101'],
    ['101.05049999', '0', 'insufficient_funds'],
    ['0', '101.05049999', 'insufficient_funds'],
    ['50', '51.05049999', 'insufficient_funds'],
    ['0', '-0.00000001', 'insufficient_funds'],
  ])('with %s held and %s free: %s', (held, free, expected) => {
    const order = orderRecord({ holdKrw: decimal(held), limitPrice: decimal('102') })
    const available = cash(decimal(free))
    expect(told(decided(order, engineQuote('99', '101'), { available }))).toBe(expected)
  })

  it('asks no cash of a sell', () => {
    const order = orderRecord({ side: 'SELL', limitPrice: decimal('90') })
    expect(told(decided(order, engineQuote('99', '101'), { available: NOTHING }))).toBe('1@99')
  })

  it('fills as many levels as there is money for, and ends there', () => {
    const order = orderRecord({ requestedQuantity: 3n * SCALE, limitPrice: decimal('110') })
    const quote = engineQuote('99', '101', { bids: [['99', '9']], asks: ladder(101, 102, 103) })
    const { standard: profile } = PROFILES
    const at = (free: string) =>
      told(decided(order, quote, { profile, available: cash(decimal(free)) }))
    expect(at('306.153')).toBe('1@101 1@102 1@103')
    expect(at('306.15299999')).toBe('1@101 1@102 insufficient_funds')
    expect(at('101.0505')).toBe('1@101 insufficient_funds')
    expect(at('101.05049999')).toBe('insufficient_funds')
  })

  // Two coins, at 101 and 102, and a fee of 0.05 %: 203.1015.
  it.each<[TimeInForce, string | null, string, string]>([
    ['FOK', '110', '203.1015', '1@101 1@102 fok_unfilled'],
    ['FOK', '110', '203.10149999', 'insufficient_funds'],
    ['FOK', null, '203.1015', '1@101 1@102 fok_unfilled'],
    ['FOK', null, '203.10149999', 'insufficient_funds'],
    ['IOC', '110', '203.10149999', '1@101 insufficient_funds'],
  ])('fills %s with the limit %s and %s free: %s', (timeInForce, limit, free, expected) => {
    const limitPrice = limit === null ? null : decimal(limit)
    const order = orderRecord({ requestedQuantity: 2n * SCALE, timeInForce, limitPrice })
    const quote = engineQuote('99', '101', { bids: [['99', '9']], asks: ladder(101, 102) })
    const available = cash(decimal(free))
    const decision = decided(order, quote, { profile: PROFILES.standard, available })
    expect(told(decision)).toBe(expected)
  })

  it.each<[Side, string, string]>([
    ['BUY', '0.00000001', '0.00000001@0.5'],
    ['SELL', '0.00000001', 'min_notional'],
    ['SELL', '0.00000002', '0.00000002@0.5'],
  ])('for a %s of %s at half a won: %s', (side, quantity, expected) => {
    const order = orderRecord({
      side,
      requestedQuantity: decimal(quantity),
      limitPrice: decimal('0.5'),
    })
    expect(told(decided(order, engineQuote('0.5', '0.5')))).toBe(expected)
  })

  it.each([
    [0n, null],
    [2n, 'too_large'],
  ])('for a sell of half of all money and %s units: %s', (more, reason) => {
    const price = formatDecimal(DECIMAL_MAX / 2n + more)
    const order = orderRecord({ side: 'SELL', limitPrice: SCALE })
    const decision = decided(order, engineQuote(price, price), { available: NOTHING })
    expect(told(decision)).toBe(reason ?? `1@${price}`)
  })

  it('fills what is left, and charges the fee on the running total', () => {
    // 100.00000001 before and 101 now: a fee of 0.10050001 in all (rounded up once), 0.05 paid.
    const order = orderRecord({
      limitPrice: decimal('101'),
      requestedQuantity: decimal('3'),
      filledQuantity: decimal('2'),
      notionalKrw: decimal('100.00000001'),
      feeKrw: decimal('0.05000001'),
    })
    expect(decided(order, engineQuote('99', '101'))).toMatchObject({
      kind: 'fill',
      fills: [
        {
          quantity: decimal('1'),
          price: decimal('101'),
          appliedExchangeRate: SCALE,
          notionalKrw: decimal('101'),
          feeKrw: decimal('0.0505'),
          charges: [{ kind: 'commission', amountKrw: decimal('0.0505') }],
        },
      ],
    })
  })

  // Dollars at 1,400: with 0.1 % of spread, or none. A sell pays SEC and TAF fees besides 0.1 %.
  it.each<[keyof typeof PROFILES, Side, string, string, string]>([
    ['standard', 'BUY', '1401.4', '280280', '280.28'],
    ['standard', 'SELL', '1398.6', '279580.14', '285.61221789'],
    ['strict', 'BUY', '1401.4', '280280', '280.28'],
    ['arcade', 'BUY', '1400', '280000', '280'],
    // 279,860; 279.86 of commission, 5.765116 and 0.273.
    ['arcade', 'SELL', '1400', '279860', '285.898116'],
  ])('books under %s a %s in dollars at %s: %s and charges of %s', (name, side, ...row) => {
    const [rate, notional, fee] = row
    const limitPrice = decimal(side === 'BUY' ? '200' : '199.9')
    const order = orderRecord({ tickerId: APPLE, side, limitPrice })
    const decision = decided(order, engineQuote('199.9', '200'), {
      profile: PROFILES[name],
      market: { fxMid: '1400' },
    })
    expect(decision).toMatchObject({
      fills: [
        {
          appliedExchangeRate: decimal(rate),
          notionalKrw: decimal(notional),
          feeKrw: decimal(fee),
        },
      ],
    })
  })

  it('takes the transaction tax of a KRX sale by the day it settles', () => {
    const order = orderRecord({ tickerId: SAMSUNG, side: 'SELL', limitPrice: decimal('50000') })
    const taxes = ['2025-12-31', '2026-01-02'].map((settlementDate) => {
      const dates = { tradeDate: '2025-12-29', settlementDate }
      const decision = decided(order, engineQuote('50000', '50100'), { market: { dates } })
      if (decision.kind !== 'fill') throw new Error('no fill')
      const tax = decision.fills[0]!.charges.find(({ kind }) => kind === 'transaction_tax')!
      return [tax.rule, formatDecimal(tax.amountKrw)]
    })
    expect(taxes).toEqual([
      ['krx-tax-2025', '75'],
      ['krx-tax-2026', '100'],
    ])
  })
})

const ladder = (...prices: number[]): Level[] => prices.map((price) => [`${price}`, '1'])

describe('an order by amount', () => {
  const book: Event = { bids: [['99', '9']], asks: ladder(100, 102, 104) }
  const order = (amount: string, more: Partial<OrderRecord> = {}) =>
    orderRecord({ requestedNotional: decimal(amount), ...more })

  // The steps of a coin are a hundred-millionth; under `strict` only what is shown is filled.
  it.each<[keyof typeof PROFILES, string, string]>([
    ['arcade', '100', '1@100 no_liquidity'],
    ['arcade', '100.00000099', '1@100 no_liquidity'],
    ['arcade', '100.000001', '1.00000001@100 no_liquidity'],
    ['arcade', '250', '2.5@100 no_liquidity'],
    ['standard', '100', '1@100 no_liquidity'],
    ['standard', '151', '1@100 0.5@102 no_liquidity'],
    ['standard', '155', '1@100 0.53921568@102 no_liquidity'],
    ['standard', '202', '1@100 1@102 no_liquidity'],
    ['standard', '210', '1@100 1@102 0.07692307@104 no_liquidity'],
    ['strict', '306', '1@100 1@102 1@104 no_liquidity'],
    ['strict', '1000', '1@100 1@102 1@104 no_liquidity'],
    ['arcade', '0.000001', '0.00000001@100 no_liquidity'],
  ])('buys under %s for %s: %s', (name, amount, expected) => {
    const decision = decided(order(amount), engineQuote('99', '100', book), {
      profile: PROFILES[name],
    })
    expect(told(decision)).toBe(expected)
  })

  it.each<[string, string, string]>([
    [APPLE, '280280', '1@200 no_liquidity'],
    [APPLE, '280279.99999999', '0.999999@200 no_liquidity'],
    [SAMSUNG, '399', '1@200 no_liquidity'],
    [SAMSUNG, '400', '2@200 no_liquidity'],
    [SAMSUNG, '200', '1@200 no_liquidity'],
    // What buys not one step was too small.
    [SAMSUNG, '199.99999999', 'min_notional'],
    [APPLE, '0.28', 'min_notional'],
    [APPLE, '0.28028', '0.000001@200 no_liquidity'],
  ])('of %s for %s goes down to the step: %s', (tickerId, amount, expected) => {
    const quote = engineQuote('199', '200', { ticker_id: tickerId, base_price: '200' })
    const market = { fxMid: '1400' }
    const decision = decided(order(amount, { tickerId }), quote, {
      profile: PROFILES.strict,
      market,
    })
    expect(told(decision)).toBe(expected)
  })

  it.each<[string, Event, string]>([
    ['an auction', { uncross: { price: '50', quantity: '1' } }, '2@50 no_liquidity'],
    [
      'a candle',
      { candle: { open: decimal('49'), high: decimal('60'), low: decimal('40') } },
      '2@50 no_liquidity',
    ],
  ])('reckons from the price of %s', (_, event, expected) => {
    const quote = engineQuote('99', '101', event)
    expect(told(decided(order('100'), quote))).toBe(expected)
  })
})

describe('what is foreseen', () => {
  it('is what is decided, as far as the market goes', () => {
    const order = orderRecord({ limitPrice: decimal('101'), requestedQuantity: 2n * SCALE })
    const quote = engineQuote('99', '101')
    const market = marketAt(order, quote)
    const instrument = findInstrument(BTC)!
    const { standard } = PROFILES
    const foreseen = foresee(order, instrument, market, standard, NO_PROGRESS)
    const actual = decide(order, instrument, market, standard, RICH, NO_PROGRESS)
    if (foreseen.kind !== 'execute' || actual.kind !== 'fill') throw new Error('no fill')
    expect(actual.progress).toEqual(foreseen.progress)
    expect(actual.fills.map(({ price, quantity }) => ({ price, quantity }))).toEqual(
      foreseen.executions,
    )
    const rest = foresee({ ...order, limitPrice: SCALE }, instrument, market, standard, MET)
    expect(rest).toMatchObject({ kind: 'rest', progress: { seenAt: quote.receivedAt } })
  })
})

describe('the weighted mean', () => {
  it.each([
    ['100', '1', '200', '1', '150'],
    ['100', '3', '200', '1', '125'],
    ['100', '0', '200', '1', '200'],
    ['1', '1', '1.00000001', '1', '1'],
    ['1.00000001', '1', '1.00000002', '1', '1.00000002'],
  ])('of %s × %s and %s × %s is %s', (a, weightA, b, weightB, mean) => {
    const actual = weightedMean(
      { value: decimal(a), weight: decimal(weightA) },
      { value: decimal(b), weight: decimal(weightB) },
    )
    expect(formatDecimal(actual)).toBe(mean)
  })
})
