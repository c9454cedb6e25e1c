import { findInstrument } from '@motu/shared/instrument.ts'
import { expect, it } from 'vitest'
import { priceTextOf } from './order-price.ts'

const SAMSUNG = findInstrument('KRX-STOCK-005930')!
const NONE = {
  ...{ price: null, limit_price: null, stop_price: null, trail_amount: null, trail_percent: null },
}

it.each([
  ['a market order', {}, null],
  ['a limit', { limit_price: '51000' }, '51,000원'],
  ['a stop', { stop_price: '49000' }, '49,000원'],
  [
    'a stop limit, both',
    { stop_price: '49000', limit_price: '48900' },
    '스톱 49,000원 → 지정 48,900원',
  ],
  ['a trailing stop, in percent', { trail_percent: '2.5' }, '간격 2.5%'],
  ['a trailing stop, by an amount', { trail_amount: '1000' }, '간격 1,000원'],
  ['what its fills cost', { price: '48950', limit_price: '48900' }, '48,950원'],
])('of %s', (_name, terms, text) => {
  expect(priceTextOf({ ...NONE, ...terms }, SAMSUNG)).toBe(text)
})
