import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { changeOf, decimalOf, priceOf, sizeOf } from './kis-text.ts'

describe('a number', () => {
  it.each([
    ['53600', '53600'],
    ['00053600', '53600'],
    ['-600', '-600'],
    ['+0.52', '0.52'],
    [' 234.0900 ', '234.09'],
    ['.5', '0.5'],
    ['0', '0'],
    ['-0', '0'],
    ['999999999999.99999999', '999999999999.99999999'],
    ['1.1234567800', '1.12345678'],
  ])('"%s" is %s', (text, value) => expect(decimalOf(text)).toBe(decimal(value)))

  it.each([
    '',
    ' ',
    '.',
    '-',
    '+',
    '1e5',
    '1,000',
    'N',
    '0x1f',
    '1000000000000',
    '0.123456789',
    7,
    null,
  ])('%j is none', (text) => expect(decimalOf(text)).toBeNull())

  it('of a price is above zero, of a size not below', () => {
    expect([priceOf('1'), priceOf('0'), priceOf('-1')]).toEqual([decimal('1'), null, null])
    expect([sizeOf('1'), sizeOf('0'), sizeOf('-1')]).toEqual([decimal('1'), 0n, null])
  })

  it.each([
    ['1', '5', '5'],
    ['2', '-5', '5'],
    ['3', '0', '0'],
    ['4', '5', '-5'],
    ['5', '-5', '-5'],
    ['5', '5', '-5'],
    ['', '-5', '-5'],
  ])('of a change with sign %s and %s is %s', (sign, change, value) =>
    expect(changeOf(sign, change)).toBe(decimal(value)),
  )
})
