import { expect, it } from 'vitest'
import { bigWon } from './turnover.ts'

it.each([
  ['1250000000000', '1.2조원'],
  ['12500000000000', '12조원'],
  ['999999999999', '9,999억원'],
  ['34512345678', '345억원'],
  ['950000000', '9.5억원'],
  ['56789', '5.6만원'],
  ['9999.9', '9,999원'],
  ['0', '0원'],
])('%s won are %s', (value, text) => {
  expect(bigWon(value)).toBe(text)
})
