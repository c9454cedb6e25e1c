import { expect, it } from 'vitest'
import { decimal, formatDecimal } from './decimal.ts'
import type { Side } from './order.ts'
import { trailingStop } from './trailing-stop.ts'

it.each<[Side, string | null, string | null, string, string]>([
  ['SELL', '5', null, '100', '95'],
  ['BUY', '5', null, '100', '105'],
  ['SELL', null, '10', '100', '90'],
  ['BUY', null, '10', '100', '110'],
  // The distance is rounded up.
  ['SELL', null, '0.7', '0.00000001', '0'],
  ['BUY', null, '33.33333333', '0.00000001', '0.00000002'],
])('a stop to %s, %s or %s percent behind %s, stands at %s', (side, amount, percent, mark, at) => {
  const trail = {
    side,
    trailAmount: amount === null ? null : decimal(amount),
    trailPercent: percent === null ? null : decimal(percent),
  }
  expect(formatDecimal(trailingStop(trail, decimal(mark)))).toBe(at)
})
