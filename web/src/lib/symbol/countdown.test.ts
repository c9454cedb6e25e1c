import { expect, it } from 'vitest'
import { timeLeft } from './countdown.ts'

it.each([
  [0, '00:00'],
  [-5_000, '00:00'],
  [999, '00:00'],
  [61_000, '01:01'],
  [3_599_999, '59:59'],
  [3_600_000, '1:00:00'],
  [200_000_000, '55:33:20'],
])('%d ms are %s', (left, text) => {
  expect(timeLeft(1_000_000 + left, 1_000_000)).toBe(text)
})
