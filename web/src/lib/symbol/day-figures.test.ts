import type { MarketDay } from '@motu/shared/contract/market-day.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { dayFigures } from './day-figures.ts'

const day: MarketDay = {
  ...{ ticker_id: 'KRX-STOCK-005930', currency: 'KRW', date: '2026-11-20', base_price: '50000' },
  ...{ open: '50100', high: '51000', low: '49900', price: '50500', change_pct: '1' },
  ...{ volume: '1000', turnover: '1284500000000.5', upper_limit: '65000', lower_limit: '35000' },
  ...{ year_high: '60000', year_low: '40000', phase: 'continuous', strength_pct: '104.5' },
  ...{ simulated: true, as_of: '2026-11-20T00:00:00Z' },
}

describe('the figures of a day', () => {
  it.each([
    ['50500', '51000', '49900', 0.525],
    ['51100', '51100', '49900', 0.555],
    ['49800', '51000', '49800', 0.49],
    ['61000', '61000', '49900', 1],
    ['39000', '51000', '39000', 0],
  ])('take a live price of %s', (price, high, low, yearShare) => {
    const figures = dayFigures(day, price)
    expect(figures).toMatchObject({ high: decimal(high), low: decimal(low), yearShare })
  })

  it('are the server’s without a live price, and keep sums larger than a decimal as text', () => {
    const figures = dayFigures(day, null)
    expect(figures).toMatchObject({ high: decimal('51000'), turnover: '1284500000000.5' })
    expect(figures.limits).toEqual({ upper: decimal('65000'), lower: decimal('35000') })
  })

  it('have no high, low or limits where the day has none', () => {
    const bare = { ...day, open: null, high: null, low: null, upper_limit: null, lower_limit: null }
    expect(dayFigures({ ...bare, strength_pct: null }, '1')).toMatchObject({
      ...{ open: null, high: null, low: null, limits: null, strength: null },
    })
  })
})
