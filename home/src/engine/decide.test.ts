import { decimal, DECIMAL_MAX, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { type Instrument, findInstrument } from '@motu/shared/instrument.ts'
import type { Side, TimeInForce } from '@motu/shared/order.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APPLE, BTC, orderRecord, SAMSUNG } from '../../test/engine/samples.ts'
import { admit, type DecidableQuote, decide, weightedMean } from './decide.ts'

const instrument = (tickerId: string): Instrument => findInstrument(tickerId)!
const quote = (bid: string, ask: string, base = bid, fxMid = '1'): DecidableQuote => ({
  bid: decimal(bid),
  ask: decimal(ask),
  basePrice: decimal(base),
  fxMid: decimal(fxMid),
})
const NOTHING = { cashKrw: 0n, quantity: 0n }
const cash = (cashKrw: bigint) => ({ cashKrw, quantity: 0n })
const RICH = { cashKrw: decimal('100000000000'), quantity: decimal('1000000') }

describe('the decision on an event', () => {
  // Bid 99, ask 101. The outcome: the price filled at, or what else becomes of the order.
  it.each<[Side, string | null, TimeInForce, string]>([
    ['BUY', null, 'GTC', '101'],
    ['BUY', null, 'DAY', '101'],
    ['BUY', null, 'IOC', '101'],
    ['BUY', null, 'FOK', '101'],
    ['BUY', '100', 'GTC', 'rest'],
    ['BUY', '100', 'DAY', 'rest'],
    ['BUY', '100', 'IOC', 'ioc_unfilled'],
    ['BUY', '100', 'FOK', 'fok_unfilled'],
    ['BUY', '100.99999999', 'GTC', 'rest'],
    ['BUY', '101', 'GTC', '101'],
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
    const decision = decide(order, instrument(BTC), quote('99', '101'), RICH)
    const actual =
      decision.kind === 'fill'
        ? decision.fills.map((fill) => formatDecimal(fill.price)).join()
        : decision.kind === 'reject'
          ? decision.reason
          : decision.kind
    expect(actual).toBe(expected)
  })

  // One coin at 101 and a fee of 0.05 %: 101.0505.
  it.each([
    ['101.0505', '0', 'fill'],
    ['0', '101.0505', 'fill'],
    ['50', '51.0505', 'fill'],
    ['101.05049999', '0', 'insufficient_funds'],
    ['0', '101.05049999', 'insufficient_funds'],
    ['50', '51.05049999', 'insufficient_funds'],
    ['0', '-0.00000001', 'insufficient_funds'],
  ])('with %s held and %s free: %s', (held, free, expected) => {
    const order = orderRecord({ holdKrw: decimal(held) })
    const decision = decide(order, instrument(BTC), quote('99', '101'), cash(decimal(free)))
    expect(decision.kind === 'reject' ? decision.reason : decision.kind).toBe(expected)
  })

  it('asks no cash of a sell', () => {
    const order = orderRecord({ side: 'SELL' })
    expect(decide(order, instrument(BTC), quote('99', '101'), NOTHING).kind).toBe('fill')
  })

  it.each<[Side, string, string]>([
    ['BUY', '0.00000001', 'fill'],
    ['SELL', '0.00000001', 'min_notional'],
    ['SELL', '0.00000002', 'fill'],
  ])('for a %s of %s at half a won: %s', (side, quantity, expected) => {
    const order = orderRecord({ side, requestedQuantity: decimal(quantity) })
    const decision = decide(order, instrument(BTC), quote('0.5', '0.5'), RICH)
    expect(decision.kind === 'reject' ? decision.reason : decision.kind).toBe(expected)
  })

  it.each([
    [0n, 'fill'],
    [2n, 'too_large'],
  ])('for a sell of half of all money and %s units: %s', (more, expected) => {
    const price = DECIMAL_MAX / 2n + more
    const order = orderRecord({ side: 'SELL', requestedQuantity: SCALE })
    const decision = decide(
      order,
      instrument(BTC),
      { bid: price, ask: price, basePrice: price, fxMid: SCALE },
      NOTHING,
    )
    expect(decision.kind === 'reject' ? decision.reason : decision.kind).toBe(expected)
  })

  it('fills what is left, and charges the fee on the running total', () => {
    // 100.00000001 before and 101 now: a fee of 0.10050001 in all (rounded up once), 0.05 paid.
    const order = orderRecord({
      requestedQuantity: decimal('3'),
      filledQuantity: decimal('2'),
      notionalKrw: decimal('100.00000001'),
      feeKrw: decimal('0.05000001'),
    })
    const decision = decide(order, instrument(BTC), quote('99', '101'), RICH)
    expect(decision).toEqual({
      kind: 'fill',
      fills: [
        {
          quantity: decimal('1'),
          price: decimal('101'),
          appliedExchangeRate: SCALE,
          notionalKrw: decimal('101'),
          feeKrw: decimal('0.0505'),
        },
      ],
    })
  })

  it.each<[Side, string, string, string]>([
    ['BUY', '1401.4', '280280', '280.28'],
    ['SELL', '1398.6', '279580.14', '279.58014'],
  ])('books a %s in dollars at %s: %s and a fee of %s', (side, rate, notional, fee) => {
    const order = orderRecord({ tickerId: APPLE, side })
    const decision = decide(order, instrument(APPLE), quote('199.9', '200', '199.9', '1400'), RICH)
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
})

describe('the admission of an order', () => {
  // What each holds, to the last unit: with that much it is admitted, with one unit less it is not.
  it.each<[string, string, string | null, DecidableQuote, string]>([
    ['at its price and fee', BTC, '100', quote('99', '101'), '100.05'],
    ['at its price above the ask', BTC, '110', quote('99', '101'), '110.055'],
    ['at the ask and the collar', BTC, null, quote('9900', '10000'), '10505.25'],
    ["at the day's upper limit", SAMSUNG, null, quote('54000', '54100', '54200'), '70409.8931008'],
    ['at its price within the band', SAMSUNG, '50000', quote('54000', '54100'), '50007.02635'],
    ['in won', APPLE, '200', quote('1', '2', '1', '1400'), '280560.28'],
    ['in won, with the collar', APPLE, null, quote('1', '200', '1', '1400'), '294588.294'],
  ])('of a buy holds %s: %s at %s', (_, tickerId, limit, at, held) => {
    const limitPrice = limit === null ? null : decimal(limit)
    const order = orderRecord({ tickerId, limitPrice })
    const admitted = admit(order, instrument(tickerId), at, cash(decimal(held)))
    expect(admitted).toEqual({ kind: 'admit', hold: { krw: decimal(held), quantity: 0n } })
    const short = admit(order, instrument(tickerId), at, cash(decimal(held) - 1n))
    expect(short).toEqual({ kind: 'reject', reason: 'insufficient_funds' })
  })

  it.each<['BUY' | 'SELL', string, string | null]>([
    ['BUY', '0.5', null],
    ['BUY', '0.49999999', 'min_notional'],
    ['SELL', '0.50505051', null],
    ['SELL', '0.5050505', 'min_notional'],
  ])('of a market %s of %s coins at 9,900 to 10,000: %s', (side, quantity, reason) => {
    const order = orderRecord({ tickerId: BTC, side, requestedQuantity: decimal(quantity) })
    const admission = admit(order, instrument(BTC), quote('9900', '10000'), RICH)
    expect(admission.kind === 'reject' ? admission.reason : null).toBe(reason)
  })

  it.each([BTC, SAMSUNG, APPLE])('of a sell of %s holds the shares and no cash', (tickerId) => {
    const order = orderRecord({ tickerId, side: 'SELL', requestedQuantity: SCALE })
    const at = quote('10000', '10100', '10000', '1400')
    const shares = (quantity: bigint) => ({ cashKrw: 0n, quantity })
    expect(admit(order, instrument(tickerId), at, shares(SCALE))).toEqual({
      kind: 'admit',
      hold: { krw: 0n, quantity: SCALE },
    })
    expect(admit(order, instrument(tickerId), at, shares(SCALE - 1n))).toEqual({
      kind: 'reject',
      reason: 'insufficient_quantity',
    })
  })

  it.each<[Side, string, string, string | null, string]>([
    ['BUY', SAMSUNG, '54200', '70400', 'admit'],
    ['BUY', SAMSUNG, '54200', '70500', 'price_limit'],
    ['BUY', SAMSUNG, '54200', '38000', 'admit'],
    ['BUY', SAMSUNG, '54200', '37950', 'price_limit'],
    ['BUY', SAMSUNG, '54200', null, 'admit'],
    ['SELL', SAMSUNG, '54200', '70400', 'admit'],
    ['SELL', SAMSUNG, '54200', '70500', 'price_limit'],
    ['SELL', SAMSUNG, '54200', '38000', 'admit'],
    ['SELL', SAMSUNG, '54200', '37950', 'price_limit'],
    ['SELL', SAMSUNG, '54200', null, 'admit'],
    ['BUY', BTC, '54200', '100000', 'admit'],
    ['SELL', APPLE, '100', '1000', 'admit'],
  ])('of a %s of %s around %s at %s: %s', (side, tickerId, base, limit, expected) => {
    const limitPrice = limit === null ? null : decimal(limit)
    const order = orderRecord({ tickerId, side, limitPrice })
    const at = quote(base, base, base)
    const admission = admit(order, instrument(tickerId), at, RICH)
    expect(admission.kind === 'reject' ? admission.reason : admission.kind).toBe(expected)
  })

  it('holds enough for every fill at the limit or better', () => {
    const units = fc.bigInt({ min: 1n, max: 10n ** 13n })
    fc.assert(
      fc.property(
        fc.constantFrom(BTC, APPLE),
        units,
        units,
        units,
        (tickerId, requestedQuantity, limitPrice, ask) => {
          const at = { bid: ask, ask, basePrice: ask, fxMid: decimal('1400.12345678') }
          const order = orderRecord({ tickerId, requestedQuantity, limitPrice })
          const endless = { ...RICH, cashKrw: DECIMAL_MAX * DECIMAL_MAX }
          const admission = admit(order, instrument(tickerId), at, endless)
          if (admission.kind !== 'admit') throw new Error('not admitted')
          const held = { ...order, holdKrw: admission.hold.krw }
          const decision = decide(held, instrument(tickerId), at, NOTHING)
          expect(decision.kind).toBe(ask <= limitPrice ? 'fill' : 'rest')
        },
      ),
    )
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
