import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { expect, it } from 'vitest'
import {
  curveOf,
  gainOf,
  gainSince,
  type NetWorthPoints,
  seoulMidnight,
  withLive,
} from './net-worth.ts'

const at = (text: string): number => Date.parse(text)
const POINTS: NetWorthPoints = [
  [at('2026-11-19T12:00:00Z'), '100', '100'],
  [at('2026-11-20T14:00:00Z'), '110', '100'],
  // 50 put in, 5 gained.
  [at('2026-11-20T16:00:00Z'), '165', '150'],
]
const live = { at: at('2026-11-20T17:00:00Z'), netWorthKrw: decimal('154') }

it('begins the day at midnight in Seoul', () => {
  expect(seoulMidnight(at('2026-11-20T14:59:59Z'))).toBe(at('2026-11-19T15:00:00Z'))
  expect(seoulMidnight(at('2026-11-20T15:00:00Z'))).toBe(at('2026-11-20T15:00:00Z'))
})

it('counts money put in from outside as no gain', () => {
  const curve = curveOf(POINTS)
  expect(curve.map(({ gainKrw }) => formatDecimal(gainKrw))).toEqual(['0', '10', '15'])
  expect(formatDecimal(gainOf(curve)!.krw)).toBe('15')
  expect(formatDecimal(gainOf(curve)!.percent!)).toBe('15')
})

it('ends with the net worth of this moment, unless what is stored is newer', () => {
  expect(formatDecimal(withLive(curveOf(POINTS), live).at(-1)!.gainKrw)).toBe('4')
  expect(withLive(curveOf(POINTS), { ...live, at: at('2026-11-20T15:30:00Z') })).toHaveLength(3)
  expect(withLive([], live)).toEqual([])
})

it.each([
  ['today begins with the last point before midnight', '2026-11-20T15:00:00Z', '-6', '-5.45454545'],
  ['an account younger than the day begins with its first', '2026-11-18T00:00:00Z', '4', '4'],
])('%s', (_, since, krw, percent) => {
  const gain = gainSince(withLive(curveOf(POINTS), live), at(since))!
  expect(formatDecimal(gain.krw)).toBe(krw)
  expect(formatDecimal(gain.percent!)).toBe(percent)
})

it('measures an account that began with nothing by what was put in', () => {
  const points: NetWorthPoints = [
    [0, '0', '0'],
    [1, '110', '100'],
  ]
  expect(formatDecimal(gainOf(curveOf(points))!.percent!)).toBe('10')
  expect(gainOf(curveOf([[0, '0', '0']]))!.percent).toBeNull()
  expect(gainOf([])).toBeNull()
})
