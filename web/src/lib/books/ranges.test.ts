import { beforeAll, expect, it } from 'vitest'
import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import { axisWon } from './ranges.ts'

beforeAll(() => overwriteGetLocale(() => 'ko'))

const labels = (...ticks: number[]): string[] => ticks.map((tick) => axisWon(tick, ticks))

it('names the levels of a curve so that each is another, however close they lie', () => {
  expect(labels(0, 50_000_000, 100_000_000)).toEqual(['0', '5000만', '1억'])
  expect(labels(100_000_000, 100_010_000)).toEqual(['1억', '1.0001억'])
  expect(labels(100_000_000, 100_000_250, 100_000_500)).toEqual([
    '1억',
    '1.0000025억',
    '1.000005억',
  ])
})
