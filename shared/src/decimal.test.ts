import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Decimal,
  decimal,
  DECIMAL_MAX,
  divide,
  formatDecimal,
  isMultiple,
  multiply,
  parseDecimal,
  ratio,
  type Rounding,
  SCALE,
  toStep,
} from './decimal.ts'

const ROUNDINGS: readonly Rounding[] = ['down', 'up', 'half_up', 'half_even']
const anyDecimal = fc.bigInt({ min: -DECIMAL_MAX, max: DECIMAL_MAX })
const anyPositive = fc.bigInt({ min: 1n, max: DECIMAL_MAX })

describe('decimal text', () => {
  it.each<[string, Decimal]>([
    ['0', 0n],
    ['-0', 0n],
    ['0.0', 0n],
    ['1', SCALE],
    ['-1', -SCALE],
    ['0.00000001', 1n],
    ['-0.00000001', -1n],
    ['1.5', 150_000_000n],
    ['1.50', 150_000_000n],
    ['-12.34', -1_234_000_000n],
    ['999999999999.99999999', DECIMAL_MAX],
    ['-999999999999.99999999', -DECIMAL_MAX],
  ])('%s is read as %s units', (text, value) => {
    expect(parseDecimal(text)).toBe(value)
    expect(decimal(text)).toBe(value)
  })

  it.each([
    '',
    ' ',
    '-',
    '.',
    '.5',
    '1.',
    '+1',
    '--1',
    '01',
    '00',
    '-01',
    '1,000',
    '1_000',
    '1 ',
    ' 1',
    '1\n',
    '1\0',
    '1e3',
    '1E3',
    '1e308',
    '0x10',
    '0b1',
    '1n',
    'NaN',
    'Infinity',
    '-Infinity',
    '1.000000001',
    '0.000000000',
    '1000000000000',
    '1.2.3',
    '\u0661',
    '\uff11',
    '\u22121',
  ])('%j is refused', (text) => {
    expect(parseDecimal(text)).toBeNull()
    expect(() => decimal(text)).toThrow('not a decimal')
  })

  it.each<[Decimal, string]>([
    [0n, '0'],
    [1n, '0.00000001'],
    [-1n, '-0.00000001'],
    [10n, '0.0000001'],
    [SCALE, '1'],
    [SCALE * 10n, '10'],
    [-SCALE * 100n, '-100'],
    [SCALE + 1n, '1.00000001'],
    [DECIMAL_MAX, '999999999999.99999999'],
  ])('%s units are written as %s', (value, text) => {
    expect(formatDecimal(value)).toBe(text)
  })

  it('is the identity from decimal to text and back', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        expect(parseDecimal(formatDecimal(value))).toBe(value)
      }),
    )
  })

  it('is written in its shortest form, whatever zeros it was read with', () => {
    fc.assert(
      fc.property(anyDecimal, fc.nat({ max: 8 }), (value, zeros) => {
        const shortest = formatDecimal(value)
        const fraction = shortest.split('.')[1] ?? ''
        const padding = '0'.repeat(Math.min(zeros, 8 - fraction.length))
        const point = fraction === '' && padding !== '' ? '.' : ''
        expect(formatDecimal(decimal(shortest + point + padding))).toBe(shortest)
      }),
    )
  })
})

describe('division', () => {
  it.each<[bigint, bigint, bigint, bigint, bigint, bigint]>([
    // numerator, denominator, down, up, half_up, half_even
    [6n, 3n, 2n, 2n, 2n, 2n],
    [-6n, 3n, -2n, -2n, -2n, -2n],
    [0n, 3n, 0n, 0n, 0n, 0n],
    [1n, 3n, 0n, 1n, 0n, 0n],
    [2n, 3n, 0n, 1n, 1n, 1n],
    [-1n, 3n, -1n, 0n, 0n, 0n],
    [-2n, 3n, -1n, 0n, -1n, -1n],
    [1n, 2n, 0n, 1n, 1n, 0n],
    [3n, 2n, 1n, 2n, 2n, 2n],
    [5n, 2n, 2n, 3n, 3n, 2n],
    [-1n, 2n, -1n, 0n, -1n, 0n],
    [-3n, 2n, -2n, -1n, -2n, -2n],
    [-5n, 2n, -3n, -2n, -3n, -2n],
    [49n, 100n, 0n, 1n, 0n, 0n],
    [50n, 100n, 0n, 1n, 1n, 0n],
    [51n, 100n, 0n, 1n, 1n, 1n],
    [-49n, 100n, -1n, 0n, 0n, 0n],
    [-50n, 100n, -1n, 0n, -1n, 0n],
    [-51n, 100n, -1n, 0n, -1n, -1n],
  ])(
    '%s / %s is %s down, %s up, %s half up, %s half even',
    (numerator, denominator, ...expected) => {
      const actual = ROUNDINGS.map((rounding) => divide(numerator, denominator, rounding))
      expect(actual).toEqual(expected)
    },
  )

  it('refuses a denominator that is not positive', () => {
    expect(() => divide(1n, 0n, 'down')).toThrow('positive')
    expect(() => divide(1n, -1n, 'down')).toThrow('positive')
    expect(() => ratio(1n, 0n, 'half_even')).toThrow('positive')
  })

  it('is off by less than one, below for down, above for up, by a half at most otherwise', () => {
    fc.assert(
      fc.property(anyDecimal, anyPositive, (numerator, denominator) => {
        const error = (rounding: Rounding): bigint =>
          divide(numerator, denominator, rounding) * denominator - numerator
        expect(error('down') <= 0n && error('down') > -denominator).toBe(true)
        expect(error('up') >= 0n && error('up') < denominator).toBe(true)
        for (const rounding of ['half_up', 'half_even'] as const) {
          const off = error(rounding)
          expect((off < 0n ? -off : off) * 2n <= denominator).toBe(true)
        }
      }),
    )
  })
})

describe('products, quotients and steps', () => {
  it.each<[string, string, Rounding, string]>([
    ['1.5', '2', 'down', '3'],
    ['0.00000001', '0.5', 'down', '0'],
    ['0.00000001', '0.5', 'up', '0.00000001'],
    ['0.00000001', '0.5', 'half_up', '0.00000001'],
    ['0.00000001', '0.5', 'half_even', '0'],
    ['0.00000003', '0.5', 'half_even', '0.00000002'],
    ['-0.00000001', '0.5', 'down', '-0.00000001'],
    ['-0.00000001', '0.5', 'up', '0'],
  ])('%s × %s, rounded %s, is %s', (a, b, rounding, product) => {
    expect(formatDecimal(multiply(decimal(a), decimal(b), rounding))).toBe(product)
  })

  it.each<[string, string, Rounding, string]>([
    ['1', '3', 'down', '0.33333333'],
    ['1', '3', 'up', '0.33333334'],
    ['2', '3', 'half_even', '0.66666667'],
    ['-1', '3', 'down', '-0.33333334'],
    ['1', '8', 'up', '0.125'],
    ['999999999999.99999999', '1', 'half_up', '999999999999.99999999'],
  ])('%s : %s, rounded %s, is %s', (a, b, rounding, quotient) => {
    expect(formatDecimal(ratio(decimal(a), decimal(b), rounding))).toBe(quotient)
  })

  it.each<[string, string, boolean, string, string]>([
    ['100', '50', true, '100', '100'],
    ['100.00000001', '50', false, '100', '150'],
    ['99.99999999', '50', false, '50', '100'],
    ['0', '50', true, '0', '0'],
    ['0.3', '0.1', true, '0.3', '0.3'],
    ['0.00000007', '0.00000001', true, '0.00000007', '0.00000007'],
  ])('%s on steps of %s: %s, between %s and %s', (value, step, isOn, below, above) => {
    expect(isMultiple(decimal(value), decimal(step))).toBe(isOn)
    expect(formatDecimal(toStep(decimal(value), decimal(step), 'down'))).toBe(below)
    expect(formatDecimal(toStep(decimal(value), decimal(step), 'up'))).toBe(above)
  })
})
