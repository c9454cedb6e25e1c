import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, divide, formatDecimal, SCALE } from './decimal.ts'
import { appliedExchangeRate, nextFeeKrw, notionalKrw } from './fill.ts'
import { VENUE_RULES, VENUES } from './instrument.ts'
import type { Side } from './order.ts'

const notional = (side: Side, price: string, quantity: string, rate = '1'): string =>
  formatDecimal(
    notionalKrw(side, { price: decimal(price), quantity: decimal(quantity), rate: decimal(rate) }),
  )
const amount = fc.bigInt({ min: 1n, max: 10n ** 14n })

describe('the notional of a fill', () => {
  it.each<[Side, string, string, string, string]>([
    ['BUY', '95000000', '0.01', '1', '950000'],
    ['SELL', '95000000', '0.01', '1', '950000'],
    ['BUY', '128', '10', '1400.5', '1792640'],
    // One unit of a coin at 0.5 won: half a unit of money.
    ['BUY', '0.5', '0.00000001', '1', '0.00000001'],
    ['SELL', '0.5', '0.00000001', '1', '0'],
    // Rounded once, after all three factors: 0.00000000333… of a dollar is 0.0000046… won.
    ['BUY', '0.3333', '0.00000001', '1401', '0.00000467'],
    ['SELL', '0.3333', '0.00000001', '1401', '0.00000466'],
  ])('of a %s of %s × %s at %s is %s', (side, price, quantity, rate, expected) => {
    expect(notional(side, price, quantity, rate)).toBe(expected)
  })

  it('is never rounded in the favour of the user', () => {
    fc.assert(
      fc.property(amount, amount, amount, (price, quantity, rate) => {
        const amounts = { price, quantity, rate }
        const exact = price * quantity * rate
        const cost = notionalKrw('BUY', amounts) * SCALE * SCALE
        const proceeds = notionalKrw('SELL', amounts) * SCALE * SCALE
        expect(cost >= exact && cost < exact + SCALE * SCALE).toBe(true)
        expect(proceeds <= exact && proceeds > exact - SCALE * SCALE).toBe(true)
      }),
    )
  })
})

describe('the exchange rate of a fill', () => {
  it.each([
    ['1400', 'BUY', '1401.4'],
    ['1400', 'SELL', '1398.6'],
    ['1465.5', 'BUY', '1466.9655'],
    ['1465.5', 'SELL', '1464.0345'],
    ['1400.00000001', 'BUY', '1401.40000002'],
    ['1400.00000001', 'SELL', '1398.6'],
  ] as const)('around a mid of %s for a %s is %s', (mid, side, expected) => {
    expect(formatDecimal(appliedExchangeRate(decimal(mid), side))).toBe(expected)
  })

  it.each([
    ['0', 'BUY', '1400'],
    ['0', 'SELL', '1400'],
    ['0.01', 'BUY', '1414'],
    ['0.01', 'SELL', '1386'],
  ] as const)('with a spread of %s for a %s is %s', (spread, side, expected) => {
    const rate = appliedExchangeRate(decimal('1400'), side, decimal(spread))
    expect(formatDecimal(rate)).toBe(expected)
  })

  it('costs the user a tenth of a percent at least, either way', () => {
    fc.assert(
      fc.property(amount, (mid) => {
        expect(appliedExchangeRate(mid, 'BUY') * 1_000n >= mid * 1_001n).toBe(true)
        expect(appliedExchangeRate(mid, 'SELL') * 1_000n <= mid * 999n).toBe(true)
      }),
    )
  })
})

describe('the fee of a fill', () => {
  const NEW_ORDER = { notionalKrw: 0n, feeKrw: 0n }

  it.each([
    ['KRX', '1000000', '140.527'],
    ['KRX', '70000', '9.83689'],
    ['KRX', '0.00000001', '0.00000001'],
    ['US', '1792640', '1792.64'],
    ['US', '0.00001', '0.00000001'],
    ['US', '0.00001001', '0.00000002'],
    ['CRYPTO', '950000', '475'],
    ['CRYPTO', '5000', '2.5'],
    ['CRYPTO', '0', '0'],
  ] as const)('on %s of %s won is %s', (venue, sum, expected) => {
    const { commissionPercent } = VENUE_RULES[venue]
    const fee = nextFeeKrw(commissionPercent, NEW_ORDER, decimal(sum))
    expect(formatDecimal(fee)).toBe(expected)
  })

  it.each(VENUES)('on %s is the same in one fill or in many, and never negative', (venue) => {
    const { commissionPercent } = VENUE_RULES[venue]
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 20 }), (notionals) => {
        const order = { ...NEW_ORDER }
        for (const next of notionals) {
          const fee = nextFeeKrw(commissionPercent, order, next)
          expect(fee >= 0n).toBe(true)
          order.notionalKrw += next
          order.feeKrw += fee
        }
        const atOnce = nextFeeKrw(commissionPercent, NEW_ORDER, order.notionalKrw)
        expect(order.feeKrw).toBe(atOnce)
        expect(atOnce).toBe(divide(order.notionalKrw * commissionPercent, SCALE * 100n, 'up'))
      }),
    )
  })
})
