import { expect, it } from 'vitest'
import { decimal } from '@motu/shared/decimal.ts'
import { premiumOver } from './premium.ts'

it.each([
  ['90000', '1460', '135000000', '131400000', '2.74'],
  ['100000', '1000', '100000000', '100000000', '0'],
  ['100000', '1000', '100005000', '100000000', '0'],
  ['100000', '1000', '100015000', '100000000', '0.02'],
  ['100000', '1000', '99985000', '100000000', '-0.02'],
  ['0.00000001', '0.1', '100', '0', null],
  ['90000', null, '135000000', null, null],
  ['90000', '1460', null, '131400000', null],
])('%s USDT at %s against %s won: %s won, %s %', (price, rate, venue, priceKrw, premium) => {
  const usdKrw = rate === null ? null : decimal(rate)
  const venuePrice = venue === null ? null : decimal(venue)
  expect(premiumOver({ price }, { usdKrw, venuePrice })).toEqual({
    price_krw: priceKrw,
    kimchi_premium_pct: premium,
  })
})
