import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument, tickOf } from '@motu/shared/instrument.ts'
import { expect, it } from 'vitest'
import { subjectTick } from './alert-subject.ts'
import { isRateMeant, nextLine } from './rate-line.ts'
import { conditionOf, RATE_PERCENTS, SUGGESTED_PERCENTS, suggestionsOf } from './suggestions.ts'
import { USD_KRW_RATE } from './usd-krw-rate.ts'

it.each([
  ['KRX-STOCK-005930', '51000', ['45900', '48450', '49450', '52600', '53600', '56100']],
  ['US-STOCK-AAPL', '128.37', ['115.53', '121.95', '124.51', '132.23', '134.79', '141.21']],
  [
    'CRYPTO-COIN-BTC',
    '95123000',
    ['85610000', '90366000', '92269000', '97977000', '99880000', '104636000'],
  ],
])('of %s at %s are on the tick, away from now', (tickerId, price, expected) => {
  const instrument = findInstrument(tickerId)!
  const suggestions = suggestionsOf(decimal(price), {
    tickAt: (at) => tickOf(instrument, at),
    percents: SUGGESTED_PERCENTS,
  })
  expect(suggestions.map((one) => formatDecimal(one.price))).toEqual(expected)
  expect(suggestions.map(({ percent }) => percent)).toEqual([-10, -5, -3, 3, 5, 10])
  for (const { condition, price: line } of suggestions) {
    expect(condition).toBe(conditionOf(line, decimal(price)))
  }
})

it('waits from below for a price above', () => {
  expect([conditionOf(11n, 10n), conditionOf(9n, 10n)]).toEqual(['ABOVE', 'BELOW'])
})

it('of the exchange rate are nearer, to the hundredth of a won', () => {
  const suggestions = suggestionsOf(decimal('1465.51'), {
    tickAt: (at) => subjectTick(USD_KRW_RATE, at),
    percents: RATE_PERCENTS,
  })
  expect(suggestions.map((one) => formatDecimal(one.price))).toEqual([
    ...['1421.54', '1436.19', '1450.85', '1480.17', '1494.83', '1509.48'],
  ])
})

it.each([
  ['1465.51', 1, '1466'],
  ['1466', 1, '1467'],
  ['1465.51', -1, '1465'],
  ['1465', -1, '1464'],
  ['0.5', -1, '0.01'],
] as const)('the rate %s moved by %s is %s', (from, direction, to) => {
  expect(nextLine(USD_KRW_RATE, decimal(from), direction)).toBe(decimal(to))
})

it.each([
  ['', true],
  ['환율', true],
  ['원 달러', true],
  ['ㄷㄹ', true],
  ['USD', true],
  ['삼성', false],
  ['btc', false],
])('%j may mean the rate: %s', (typed, isMeant) => {
  expect(isRateMeant(typed)).toBe(isMeant)
})
