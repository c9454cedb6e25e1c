import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import type { FillMark } from './marks.ts'
import { placeMarks } from './place-marks.ts'

const grid = { interval: '1m', zone: 'Asia/Seoul' } as const
const opensAts = ['2026-11-20T00:00:00Z', '2026-11-20T00:01:00Z'].map((at) => Date.parse(at))
const mark = (
  at: string,
  side: 'BUY' | 'SELL' = 'BUY',
  [quantity, price]: [string, string] = ['2', '51000'],
): FillMark => ({
  ...{ id: at, side, at: Date.parse(at) },
  ...{ price: decimal(price), quantity: decimal(quantity) },
})
const place = (fills: readonly FillMark[]) => placeMarks({ fills, opensAts, grid })

describe('fills on the chart', () => {
  it.each([
    ['2026-11-20T00:00:59Z', ['2026-11-20T00:00:00Z']],
    ['2026-11-20T00:01:00Z', ['2026-11-20T00:01:00Z']],
    // No candle was formed in the minutes between.
    ['2026-11-20T00:04:00Z', ['2026-11-20T00:01:00Z']],
    ['2026-11-19T23:59:59Z', []],
  ])('of %s stand at the candle of %s', (at, expected) => {
    expect(place([mark(at)]).map(({ opensAt }) => opensAt)).toEqual(
      expected.map((one) => Date.parse(one)),
    )
  })

  it('of one candle and side are one mark, which knows how many they are', () => {
    const placed = place([
      mark('2026-11-20T00:01:10Z', 'SELL'),
      mark('2026-11-20T00:00:10Z', 'BUY', ['1', '50000']),
      mark('2026-11-20T00:00:20Z', 'BUY', ['3', '51000']),
    ])
    expect(placed.map(({ side, count, quantity }) => [side, count, quantity])).toEqual([
      ['BUY', 2, decimal('4')],
      ['SELL', 1, decimal('2')],
    ])
    expect(placed.map(({ price }) => price)).toEqual([decimal('50750'), decimal('51000')])
  })
})
