import { decimal } from '@motu/shared/decimal.ts'
import { expect, it } from 'vitest'
import { gainSince } from './today.ts'

const POINTS: [number, string, string][] = [
  [100, '1000', '1000'],
  [200, '1100', '1000'],
  [300, '1600', '1500'],
]

it.each([
  // since · worth now · gain · percent: from the point before, what was put in since apart
  [250, '1650', '50', '3.125'],
  [200, '1650', '50', '3.125'],
  [50, '1500', '0', '0'],
  [300, '1592', '-8', '-0.5'],
])('since %d, at %s: %s', (since, worth, amount, percent) => {
  expect(gainSince(POINTS, since, decimal(worth))).toEqual({
    amount: decimal(amount),
    percent: decimal(percent),
  })
})

it('is unknown without a point', () => {
  expect(gainSince([], 100, decimal('5'))).toBeNull()
})
