import { describe, expect, it } from 'vitest'
import { bollinger, ema, type Line, rsi } from './indicators.ts'

/** The closes of the worked example that is printed with Wilder's RSI everywhere (QQQQ, 2009-12). */
const QQQQ = [
  44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
  46.0328, 45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439,
]

const rounded = (line: Line): Line =>
  line.map((value) => (value === null ? null : Math.round(value * 10_000) / 10_000))

describe('the relative strength index', () => {
  it('agrees with the worked example of 14 closes', () => {
    expect(rounded(rsi(QQQQ, 14)).slice(12)).toEqual([
      null,
      null,
      70.5328,
      66.3186,
      66.5498,
      69.4063,
      66.3552,
      57.9749,
    ])
  })

  it.each([
    ['only rises', [1, 2, 3, 4], [null, null, 100, 100]],
    ['only falls', [4, 3, 2, 1], [null, null, 0, 0]],
    ['no movement', [5, 5, 5], [null, null, 50]],
    ['as much up as down', [1, 2, 1], [null, null, 50]],
    ['too few closes', [1, 2], [null, null]],
    ['no closes', [], []],
  ])('of %s', (_name, closes, expected) => {
    expect(rsi(closes, 2)).toEqual(expected)
  })
})

describe('the exponential moving average', () => {
  it('begins with the simple average and is then smoothed', () => {
    expect(ema([2, 4, 6, 8, 12], 3)).toEqual([null, null, 4, 6, 9])
  })

  it('is nothing while there are too few closes', () => {
    expect(ema([1, 2], 3)).toEqual([null, null])
  })
})

describe('bollinger bands', () => {
  it('stand two deviations of the population around the average', () => {
    // Of 2 4 4 4 5 5 7 9 the average is 5 and the deviation of the population 2.
    const { middle, upper, lower } = bollinger([2, 4, 4, 4, 5, 5, 7, 9], 8, 2)
    expect([middle.at(-1), upper.at(-1), lower.at(-1)]).toEqual([5, 9, 1])
    expect(middle.slice(0, 7)).toEqual([null, null, null, null, null, null, null])
  })

  it('close in on a price that does not move', () => {
    expect(bollinger([3, 3, 3], 2, 2)).toEqual({
      middle: [null, 3, 3],
      upper: [null, 3, 3],
      lower: [null, 3, 3],
    })
  })
})
