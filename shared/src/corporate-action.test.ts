import { describe, expect, it } from 'vitest'
import {
  type CashDividend,
  dividendOf,
  type Holding,
  type Split,
  splitBar,
  splitHolding,
  splitPrice,
} from './corporate-action.ts'
import { decimal, formatDecimal } from './decimal.ts'
import { dividendTaxPercentOf } from './venues/dividend-tax.ts'

const split = (from: string, to: string): Split => ({
  ...{ kind: 'SPLIT', from: decimal(from), to: decimal(to) },
})
const holding = (quantity: string, cost: string, costKrw = cost): Holding => ({
  quantity: decimal(quantity),
  averagePrice: (decimal(cost) * 100_000_000n) / decimal(quantity),
  costNative: decimal(cost),
  costKrw: decimal(costKrw),
  realizedPriceKrw: 0n,
  realizedFxKrw: 0n,
})

describe('a split', () => {
  // held · cost · ratio · lot · last price → held, average, cost, cash, realised
  it.each([
    ['10', '1000000', '1', '2', '1', '110000', '20', '50000', '1000000', '0', '0'],
    ['1', '2650000', '1', '50', '1', '2600000', '50', '53000', '2650000', '0', '0'],
    // 15 shares become one and a half: the half is paid out at ten times the old price.
    ['15', '150000', '10', '1', '1', '12000', '1', '100000', '100000', '60000', '10000'],
    // Less than one is left of it: all is paid out, and all cost goes.
    ['7', '70000', '10', '1', '1', '12000', '0', '0', '0', '84000', '14000'],
    // Two for three: of 10 come 15, of 5 come 7 and a half.
    ['10', '30', '2', '3', '1', '3', '15', '2', '30', '0', '0'],
    ['5', '30', '2', '3', '1', '6', '7', '4', '28', '2', '0'],
    // Three for one joined: a third stays exact.
    ['10', '30', '3', '1', '1', '3', '3', '9', '27', '3', '0'],
    ['0.000007', '7', '2', '1', '0.000001', '0', '0.000003', '2000000', '6', '0', '-1'],
  ])('of %s shares that cost %s, %s to %s', (held, cost, from, to, lot, base, ...expected) => {
    const before = holding(held, cost)
    const { holding: after, fractionKrw } = splitHolding(before, {
      ...{ split: split(from, to), eligible: before.quantity, lot: decimal(lot) },
      ...{ basePrice: decimal(base), currency: 'KRW', exchangeRate: decimal('1') },
    })
    const { quantity, averagePrice, costNative, costKrw, realizedPriceKrw } = after
    const seen = [quantity, averagePrice, costNative, fractionKrw, realizedPriceKrw]
    expect(seen.map(formatDecimal)).toEqual(expected)
    expect(costKrw).toBe(costNative)
    expect(after.realizedFxKrw).toBe(0n)
    // What it cost is still there: in the position, or in what the fraction realised.
    expect(costKrw + fractionKrw - realizedPriceKrw).toBe(before.costKrw)
  })

  it('pays a fraction in dollars at the rate of a sell, and tells price from exchange', () => {
    const { holding: after, fractionKrw } = splitHolding(holding('3', '300', '390000'), {
      ...{ split: split('2', '1'), eligible: decimal('3'), lot: decimal('1') },
      ...{ basePrice: decimal('110'), currency: 'USD', exchangeRate: decimal('1400') },
    })
    // Half a new share of 220 dollars; it had cost 100 dollars at 1,300.
    expect(fractionKrw).toBe(decimal('154000'))
    expect(after).toMatchObject({ costNative: decimal('200'), costKrw: decimal('260000') })
    expect(after.realizedPriceKrw).toBe(decimal('14000'))
    expect(after.realizedFxKrw).toBe(decimal('10000'))
  })

  it('leaves alone what was bought at the new price', () => {
    const { holding: after } = splitHolding(holding('12', '1200'), {
      ...{ split: split('1', '2'), eligible: decimal('10'), lot: decimal('1') },
      ...{ basePrice: decimal('100'), currency: 'KRW', exchangeRate: decimal('1') },
    })
    expect(after).toMatchObject({ quantity: decimal('22'), costNative: decimal('1200') })
  })

  it('divides the prices of a candle, and multiplies its volume', () => {
    const bar = {
      ...{ at: 1, open: decimal('100'), high: decimal('110'), low: decimal('90') },
      ...{ close: decimal('105'), volume: decimal('1000') },
    }
    expect(splitBar(bar, split('1', '50'))).toEqual({
      ...{ at: 1, open: decimal('2'), high: decimal('2.2'), low: decimal('1.8') },
      ...{ close: decimal('2.1'), volume: decimal('50000') },
    })
    expect(splitPrice(decimal('100'), split('10', '1'))).toBe(decimal('1000'))
    expect(splitPrice(decimal('1'), split('1', '3'))).toBe(33_333_333n)
  })
})

describe('a dividend', () => {
  const dividend = (amount: string): CashDividend => ({
    ...{ kind: 'CASH_DIVIDEND', amount: decimal(amount) },
  })
  it.each([
    ['KRX', '361', '100', '1', '36100', '5559.4'],
    ['KRX', '0.00000001', '1', '1', '0.00000001', '0.00000001'],
    ['US', '0.26', '10.5', '1464.0345', '3996.814185', '599.52212775'],
    ['US', '0.26', '0', '1464', '0', '0'],
  ] as const)('on %s of %s for %s shares', (venue, amount, quantity, rate, gross, tax) => {
    const taxPercent = dividendTaxPercentOf(venue, '2026-11-20')
    const { grossKrw, taxKrw } = dividendOf(dividend(amount), {
      ...{ quantity: decimal(quantity), exchangeRate: decimal(rate), taxPercent },
    })
    expect([formatDecimal(grossKrw), formatDecimal(taxKrw)]).toEqual([gross, tax])
  })

  it('has a tax with a day it began, and none on coins', () => {
    expect(dividendTaxPercentOf('KRX', '2005-01-01')).toBe(decimal('15.4'))
    expect(dividendTaxPercentOf('KRX', '2004-12-31')).toBe(0n)
    expect(dividendTaxPercentOf('US', '2026-01-02')).toBe(decimal('15'))
    expect(dividendTaxPercentOf('CRYPTO', '2026-01-02')).toBe(0n)
  })
})
