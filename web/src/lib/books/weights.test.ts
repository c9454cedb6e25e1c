import { decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { expect, it } from 'vitest'
import { weightsOf } from './weights.ts'

it.each([
  ['thirds', ['1', '1', '1'], ['33.4', '33.3', '33.3']],
  ['what lost most is given most', ['666', '667', '667'], ['33.3', '33.4', '33.3']],
  ['one', ['5'], ['100']],
  ['a crumb', ['100000000', '1'], ['100', '0']],
  ['nothing', ['0', '0'], ['0', '0']],
  ['none', [], []],
])('%s', (_, values, weights) => {
  expect(weightsOf(values.map(decimal)).map(formatDecimal)).toEqual(weights)
})

it('adds up to exactly 100, whatever the parts', () => {
  for (let count = 1; count < 40; count += 1) {
    const values = Array.from({ length: count }, (_, index) => BigInt((index * 7_919 + 13) % 997))
    const sum = weightsOf(values).reduce((total, weight) => total + weight, 0n)
    expect(sum).toBe(100n * SCALE)
  }
})
