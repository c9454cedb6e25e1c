import { expect, it } from 'vitest'
import { venueMoment } from './moments.ts'

it.each([
  ['KRX-STOCK-005930', '2026. 11. 21. 00:30:05 Seoul'],
  // Winter in New York.
  ['US-STOCK-AAPL', '2026. 11. 20. 10:30:05 New York'],
])('an instant of %s by its venue’s clock is %s', (tickerId, text) => {
  expect(venueMoment('2026-11-20T15:30:05Z', tickerId, 'UTC')).toBe(text)
})

it.each(['FX-RATE-USDKRW', null, 'nonsense'])('%s has no clock of its own', (tickerId) => {
  expect(venueMoment('2026-11-20T15:30:05Z', tickerId, 'UTC')).toBeUndefined()
})

it('says nothing where the viewer’s clock shows the same', () => {
  const at = '2026-11-20T15:30:05Z'
  expect(venueMoment(at, 'KRX-STOCK-005930', 'Asia/Tokyo')).toBeUndefined()
  expect(venueMoment(at, 'CRYPTO-COIN-BTC', 'UTC')).toBeUndefined()
  expect(venueMoment(at, 'CRYPTO-COIN-BTC', 'Asia/Seoul')).toBe('2026. 11. 20. 15:30:05 UTC')
})
