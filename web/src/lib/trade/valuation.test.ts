import type { Portfolio } from '@motu/shared/contract/portfolio.ts'
import { decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { expect, it } from 'vitest'
import { valuate } from './valuation.ts'

const PORTFOLIO: Portfolio = {
  cash_krw: '1000',
  held_krw: '200',
  equity_krw: '0',
  realized_pnl_krw: '-5',
  as_of: '2026-11-20T09:00:00.000Z',
  positions: [
    {
      ticker_id: 'US-STOCK-AAPL',
      quantity: '2',
      held_quantity: '1',
      average_price: '100',
      currency: 'USD',
      price: '110',
      value_krw: '220000',
      unrealized_pnl_krw: '20000',
    },
  ],
}

it('values positions at the mid of this moment and keeps the booked cost', () => {
  const mark = { mid: decimal('120'), fxMid: decimal('1100') }
  const valuation = valuate(PORTFOLIO, () => mark)
  const [position] = valuation.positions
  expect(formatDecimal(position!.valueKrw!)).toBe('264000')
  expect(formatDecimal(position!.unrealizedKrw!)).toBe('64000')
  expect(formatDecimal(position!.returnPercent!)).toBe('32')
  expect(position!.freeQuantity).toBe(SCALE)
  expect(formatDecimal(valuation.equityKrw)).toBe('265200')
})

it('falls back on the last value the server gave, and on nothing before it gave one', () => {
  expect(formatDecimal(valuate(PORTFOLIO, () => null).equityKrw)).toBe('221200')
  const [view] = PORTFOLIO.positions
  const unpriced = { ...view!, price: null, value_krw: null, unrealized_pnl_krw: null }
  const valuation = valuate({ ...PORTFOLIO, positions: [unpriced] }, () => null)
  expect(valuation.positions[0]!.valueKrw).toBeNull()
  expect(formatDecimal(valuation.equityKrw)).toBe('1200')
})
