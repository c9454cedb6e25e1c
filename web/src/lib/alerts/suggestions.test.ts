import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { expect, it } from 'vitest'
import { conditionOf, suggestionsOf } from './suggestions.ts'

it.each([
  ['KRX-STOCK-005930', '51000', ['45900', '48450', '49450', '52600', '53600', '56100']],
  ['US-STOCK-AAPL', '128.37', ['115.53', '121.95', '124.51', '132.23', '134.79', '141.21']],
  [
    'CRYPTO-COIN-BTC',
    '95123000',
    ['85610000', '90366000', '92269000', '97977000', '99880000', '104636000'],
  ],
])('of %s at %s are on the tick, away from now', (tickerId, price, expected) => {
  const suggestions = suggestionsOf(findInstrument(tickerId)!, decimal(price))
  expect(suggestions.map((one) => formatDecimal(one.price))).toEqual(expected)
  expect(suggestions.map(({ percent }) => percent)).toEqual([-10, -5, -3, 3, 5, 10])
  for (const { condition, price: line } of suggestions) {
    expect(condition).toBe(conditionOf(line, decimal(price)))
  }
})

it('waits from below for a price above', () => {
  expect([conditionOf(11n, 10n), conditionOf(9n, 10n)]).toEqual(['ABOVE', 'BELOW'])
})
