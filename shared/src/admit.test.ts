import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AdmissibleOrder, admit, affordable, type Reference } from './admit.ts'
import { type Decimal, decimal, SCALE } from './decimal.ts'
import { appliedExchangeRate, notionalKrw } from './fill.ts'
import { findInstrument, type Instrument } from './instrument.ts'
import type { Side } from './order.ts'
import { chargesOf, chargesTotalKrw } from './venues/charges.ts'
import { priceLimitsOf } from './venues/price-limits.ts'

const BTC = 'CRYPTO-COIN-BTC'
const SAMSUNG = 'KRX-STOCK-005930'
const APPLE = 'US-STOCK-AAPL'
const TRADE_DATE = '2026-11-20'
const instrument = (tickerId: string): Instrument => findInstrument(tickerId)!
const ENDLESS = { cashKrw: decimal('900000000000'), quantity: decimal('900000000') }
const cash = (cashKrw: Decimal) => ({ cashKrw, quantity: 0n })
const shares = (quantity: Decimal) => ({ cashKrw: 0n, quantity })

function order(more: Partial<AdmissibleOrder> = {}): AdmissibleOrder {
  const limitPrice = more.limitPrice ?? null
  return {
    side: 'BUY',
    type: limitPrice === null ? 'MARKET' : 'LIMIT',
    requestedQuantity: SCALE,
    requestedNotional: null,
    stopPrice: null,
    reduceOnly: false,
    ...more,
    limitPrice,
  }
}

/** Bid, ask and base price of an instrument; dollars at 1,400 with a spread of 0.1 %. */
function reference(tickerId: string, bid: string, ask: string, more: Partial<Reference> = {}) {
  const lots: Record<string, string> = { [SAMSUNG]: '1', [APPLE]: '0.000001', [BTC]: '0.00000001' }
  return {
    bid: decimal(bid),
    ask: decimal(ask),
    limits: priceLimitsOf(instrument(tickerId), decimal(bid), TRADE_DATE),
    fxMid: tickerId === APPLE ? decimal('1400') : SCALE,
    fxSpreadRate: decimal('0.001'),
    lot: decimal(lots[tickerId]!),
    tradeDate: TRADE_DATE,
    ...more,
  }
}

describe('the admission of a buy', () => {
  const at = (price: string) => ({ limitPrice: decimal(price) })
  const stop = (price: string) => ({ type: 'STOP', stopPrice: decimal(price) }) as const
  // With what it holds it is admitted, with one unit less it is not.
  it.each<[string, string, Partial<AdmissibleOrder>, [bid: string, ask: string], string]>([
    ['its price and fee', BTC, at('10000'), ['9900', '10100'], '10005'],
    ['its price, above the ask', BTC, at('11000'), ['9900', '10100'], '11005.5'],
    ['the ask and the collar', BTC, {}, ['9900', '10000'], '10505.25'],
    ['the ask and the collar, at a stop below', BTC, stop('9000'), ['9900', '10000'], '10505.25'],
    ['its stop and the collar, above the ask', BTC, stop('20000'), ['9900', '10000'], '21010.5'],
    [
      'its limit, behind a stop',
      BTC,
      { type: 'STOP_LIMIT', stopPrice: decimal('20000'), ...at('20100') },
      ['9900', '10000'],
      '20110.05',
    ],
    ['a trail by the ask', BTC, { type: 'TRAILING_STOP' }, ['9900', '10000'], '10505.25'],
    ["the day's upper limit", SAMSUNG, {}, ['54200', '54100'], '70409.8931008'],
    [
      "the day's upper limit, at a stop",
      SAMSUNG,
      stop('60000'),
      ['54200', '54100'],
      '70409.8931008',
    ],
    ['its price within the band', SAMSUNG, at('50000'), ['54200', '54100'], '50007.02635'],
    ['won for dollars', APPLE, at('200'), ['199', '201'], '280560.28'],
    ['won for dollars and the collar', APPLE, {}, ['199', '200'], '294588.294'],
    [
      'its amount and fee',
      BTC,
      { requestedQuantity: 0n, requestedNotional: decimal('100000') },
      ['9900', '10000'],
      '100050',
    ],
    [
      'its amount and fee, for shares',
      APPLE,
      { requestedQuantity: 0n, requestedNotional: decimal('100000') },
      ['199', '200'],
      '100100',
    ],
    [
      'its amount and fee, under a band',
      SAMSUNG,
      { requestedQuantity: 0n, requestedNotional: decimal('100000') },
      ['49950', '50000'],
      '100014.0527',
    ],
  ])('holds %s: %s %o at %j', (_, tickerId, more, [bid, ask], held) => {
    const known = reference(tickerId, bid, ask)
    const wanted = order(more)
    const enough = admit(wanted, instrument(tickerId), known, cash(decimal(held)))
    expect(enough).toMatchObject({ kind: 'admit', hold: { krw: decimal(held), quantity: 0n } })
    const short = admit(wanted, instrument(tickerId), known, cash(decimal(held) - 1n))
    expect(short).toEqual({ kind: 'reject', reason: 'insufficient_funds' })
  })

  it('holds by the spread of the profile', () => {
    const known = reference(APPLE, '199', '200', { fxSpreadRate: 0n })
    expect(admit(order(at('200')), instrument(APPLE), known, ENDLESS)).toMatchObject({
      hold: { krw: decimal('280280') },
    })
  })

  // Down to the step, and nothing below one.
  it.each<[string, string, string, string]>([
    [BTC, '10000', '10000', '1'],
    [BTC, '9999.99999999', '10000', '0.99999999'],
    [BTC, '5000', '10000', '0.5'],
    [BTC, '4999.99999999', '10000', 'min_notional'],
    [SAMSUNG, '99999.99999999', '50000', '1'],
    [SAMSUNG, '100000', '50000', '2'],
    [SAMSUNG, '50000', '50000', '1'],
    [SAMSUNG, '49999.99999999', '50000', 'min_notional'],
    [APPLE, '280280', '200', '1'],
    [APPLE, '280279.99999999', '200', '0.999999'],
    [APPLE, '0.28028', '200', '0.000001'],
    [APPLE, '0.28027999', '200', 'min_notional'],
  ])('of %s for %s won at %s asks for: %s', (tickerId, amount, ask, expected) => {
    const wanted = order({ requestedQuantity: 0n, requestedNotional: decimal(amount) })
    const admission = admit(wanted, instrument(tickerId), reference(tickerId, ask, ask), ENDLESS)
    if (admission.kind === 'reject') expect(admission.reason).toBe(expected)
    else expect(admission.quantity).toBe(decimal(expected))
  })

  it('is never too little for a fill at its limit or better, in slices', () => {
    const units = fc.bigInt({ min: 1n, max: 10n ** 12n })
    fc.assert(
      fc.property(
        fc.constantFrom(BTC, APPLE, SAMSUNG),
        fc.tuple(units, units, fc.bigInt({ min: 1n, max: 99n })),
        (tickerId, [requestedQuantity, limitPrice, percent]) => {
          const one = instrument(tickerId)
          const known = { ...reference(tickerId, '100', '100'), limits: null }
          const wanted = order({ requestedQuantity, limitPrice })
          const admission = admit(wanted, one, known, { cashKrw: 10n ** 40n, quantity: 0n })
          fc.pre(admission.kind === 'admit')
          const rate =
            tickerId === APPLE ? appliedExchangeRate(known.fxMid, 'BUY', known.fxSpreadRate) : SCALE
          const first = (requestedQuantity * percent) / 100n
          const before = { quantity: 0n, notionalKrw: 0n }
          let spent = 0n
          for (const quantity of [first, requestedQuantity - first]) {
            const notional = notionalKrw('BUY', { price: limitPrice, quantity, rate })
            const fill = {
              quantity,
              price: limitPrice,
              appliedExchangeRate: rate,
              notionalKrw: notional,
            }
            const dates = { tradeDate: TRADE_DATE, settlementDate: TRADE_DATE }
            spent += notional + chargesTotalKrw(chargesOf(one, 'BUY', { before, fill }, dates))
            before.quantity += quantity
            before.notionalKrw += notional
          }
          // Each slice is rounded up once more than the whole is.
          expect(spent - admission.hold.krw <= 2n).toBe(true)
        },
      ),
      { seed: 20_261_121 },
    )
  })
})

describe('the admission of a sell', () => {
  it.each([BTC, SAMSUNG, APPLE])('of %s holds the shares and no cash', (tickerId) => {
    const wanted = order({ side: 'SELL' })
    const known = reference(tickerId, '10000', '10100')
    expect(admit(wanted, instrument(tickerId), known, shares(SCALE))).toEqual({
      kind: 'admit',
      hold: { krw: 0n, quantity: SCALE },
      quantity: SCALE,
    })
    expect(admit(wanted, instrument(tickerId), known, shares(SCALE - 1n))).toEqual({
      kind: 'reject',
      reason: 'insufficient_quantity',
    })
  })

  // Two are asked for.
  it.each<[string, string, string]>([
    [SAMSUNG, '3', '2'],
    [SAMSUNG, '2', '2'],
    [SAMSUNG, '1.99999999', '1'],
    [SAMSUNG, '1', '1'],
    [SAMSUNG, '0.99999999', 'reduce_only'],
    [SAMSUNG, '0', 'reduce_only'],
    [BTC, '0.75', '0.75'],
    [BTC, '0.4', 'min_notional'],
    [BTC, '0', 'reduce_only'],
  ])('that only reduces, of %s with %s free, is cut to: %s', (tickerId, free, expected) => {
    const wanted = order({ side: 'SELL', reduceOnly: true, requestedQuantity: 2n * SCALE })
    const known = reference(tickerId, '10000', '10100')
    const admission = admit(wanted, instrument(tickerId), known, shares(decimal(free)))
    if (admission.kind === 'reject') return expect(admission.reason).toBe(expected)
    expect(admission.quantity).toBe(decimal(expected))
    expect(admission.hold).toEqual({ krw: 0n, quantity: decimal(expected) })
  })
})

describe('the admission', () => {
  // Coins ask for 5,000 won; without a price of its own an order is counted at the one it would find.
  it.each<[Side, string, Partial<AdmissibleOrder>, string]>([
    ['BUY', '0.5', {}, 'admit'],
    ['BUY', '0.49999999', {}, 'min_notional'],
    ['SELL', '0.50505051', {}, 'admit'],
    ['SELL', '0.5050505', {}, 'min_notional'],
    ['BUY', '0.25', { limitPrice: decimal('20000') }, 'admit'],
    ['BUY', '0.24999999', { limitPrice: decimal('20000') }, 'min_notional'],
    ['SELL', '0.25', { limitPrice: decimal('20000') }, 'admit'],
    ['SELL', '0.24999999', { limitPrice: decimal('20000') }, 'min_notional'],
    ['SELL', '0.625', { type: 'STOP', stopPrice: decimal('8000') }, 'admit'],
    ['SELL', '0.62499999', { type: 'STOP', stopPrice: decimal('8000') }, 'min_notional'],
  ])('of a %s of %s coins %o at 9,900 to 10,000: %s', (side, quantity, more, expected) => {
    const wanted = order({ side, requestedQuantity: decimal(quantity), ...more })
    const admission = admit(wanted, instrument(BTC), reference(BTC, '9900', '10000'), ENDLESS)
    expect(admission.kind === 'reject' ? admission.reason : admission.kind).toBe(expected)
  })

  // 38,000 to 70,400 around 54,200.
  it.each<[string, Partial<AdmissibleOrder>, string]>([
    [SAMSUNG, { limitPrice: decimal('70400') }, 'admit'],
    [SAMSUNG, { limitPrice: decimal('70500') }, 'price_limit'],
    [SAMSUNG, { limitPrice: decimal('38000') }, 'admit'],
    [SAMSUNG, { limitPrice: decimal('37950') }, 'price_limit'],
    [SAMSUNG, {}, 'admit'],
    [SAMSUNG, { type: 'STOP', stopPrice: decimal('70400') }, 'admit'],
    [SAMSUNG, { type: 'STOP', stopPrice: decimal('70500') }, 'price_limit'],
    [SAMSUNG, { type: 'STOP', stopPrice: decimal('37950') }, 'price_limit'],
    [
      SAMSUNG,
      { type: 'STOP_LIMIT', stopPrice: decimal('60000'), limitPrice: decimal('70500') },
      'price_limit',
    ],
    [BTC, { limitPrice: decimal('1000000') }, 'admit'],
    [APPLE, { limitPrice: decimal('1000000') }, 'admit'],
  ])('of %s %o around 54,200: %s', (tickerId, more, expected) => {
    for (const side of ['BUY', 'SELL'] as const) {
      const known = reference(tickerId, '54200', '54200')
      const admission = admit(order({ side, ...more }), instrument(tickerId), known, ENDLESS)
      expect(admission.kind === 'reject' ? admission.reason : admission.kind, side).toBe(expected)
    }
  })
})

it('what an amount buys never costs more than it', () => {
  const units = fc.bigInt({ min: 1n, max: 10n ** 14n })
  fc.assert(
    fc.property(
      units,
      units,
      units,
      fc.constantFrom(1n, 100n, SCALE),
      (amount, price, rate, lot) => {
        const quantity = affordable(amount, { price, rate, lot })
        expect(quantity % lot).toBe(0n)
        expect(notionalKrw('BUY', { price, quantity, rate }) <= amount).toBe(true)
        // And one step more would.
        const more = notionalKrw('BUY', { price, quantity: quantity + lot, rate })
        expect(more > amount || price * rate * (quantity + lot) <= amount * SCALE * SCALE).toBe(
          true,
        )
      },
    ),
    { seed: 20_261_121 },
  )
  expect(affordable(SCALE, { price: 0n, rate: SCALE, lot: 1n })).toBe(0n)
})
