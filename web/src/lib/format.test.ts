import { decimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import * as format from './format.ts'

const instrument = (tickerId: string) => findInstrument(tickerId)!

describe('format', () => {
  beforeEach(() => overwriteGetLocale(() => 'ko'))

  it.each([
    ['0', '0원'],
    ['999', '999원'],
    ['1000', '1,000원'],
    ['1234567.99999999', '1,234,567원'],
    ['-0.5', '−1원'],
    ['-1000', '−1,000원'],
  ])('shows %s won as %s, never more than there is', (text, shown) => {
    expect(format.won(decimal(text))).toBe(shown)
  })

  it('puts the sign of the currency before the number in English', () => {
    overwriteGetLocale(() => 'en')
    expect(format.won(decimal('-1234'))).toBe('−₩1,234')
    expect(format.amount(decimal('1234.567'), 'USD', 'up')).toBe('$1,234.57')
  })

  it.each([
    ['KRX-STOCK-005930', '51000', '51,000원'],
    ['US-STOCK-AAPL', '128', '$128.00'],
    ['CRYPTO-COIN-BTC', '9500000', '9,500,000원'],
    ['CRYPTO-COIN-DOGE', '99.9', '99.9원'],
    ['CRYPTO-COIN-DOGE', '100', '100원'],
    ['CRYPTO-COIN-DOGE', '9.99', '9.99원'],
  ])('shows the price of %s by its tick: %s', (tickerId, text, shown) => {
    expect(format.priced(decimal(text), instrument(tickerId))).toBe(shown)
  })

  it.each([
    ['US-STOCK-AAPL', '0.02', '120.71', '0.02'],
    ['KRX-STOCK-005930', '50', '49600', '50'],
    ['CRYPTO-COIN-DOGE', '0.5', '99.9', '0.5'],
  ])(
    'shows a step of %s by the tick of the price it is counted from',
    (tickerId, step, from, shown) => {
      expect(format.priceStep(decimal(step), decimal(from), instrument(tickerId))).toBe(shown)
    },
  )

  it.each([
    ['1.255', '+1.26%'],
    ['-0.01', '−0.01%'],
    ['0', '0.00%'],
  ])('shows %s percent as %s', (text, shown) => {
    expect(format.percent(decimal(text))).toBe(shown)
  })

  it.each([
    ['1,000', '1000'],
    ['0.', '0'],
    ['.5', '0.5'],
    ['007', '7'],
    ['1e5', null],
    ['', null],
    ['0.123456789', null],
    ['-1', '-1'],
  ])('reads what was typed, %s, as %s', (typed, value) => {
    expect(format.parseTyped(typed)).toBe(value === null ? null : decimal(value))
  })
})
