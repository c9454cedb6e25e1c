import { expect, it } from 'vitest'
import { curvePath } from './curve.ts'

const SIZE = { width: 100, height: 23, base: null }

it('spans its box, the highest value on top', () => {
  const points = [
    [10, 5],
    [20, 15],
    [30, 10],
  ] as const
  expect(curvePath(points, SIZE)).toEqual({ line: 'M0 21.5L50 1.5L100 11.5', baseY: null })
})

it('makes room for the base line', () => {
  const points = [
    [0, 10],
    [1, 20],
  ] as const
  expect(curvePath(points, { ...SIZE, base: 0 })).toEqual({ line: 'M0 11.5L100 1.5', baseY: 21.5 })
})

it('runs level through the middle, and is nothing for less than two points', () => {
  expect(
    curvePath(
      [
        [0, 7],
        [1, 7],
      ],
      SIZE,
    )!.line,
  ).toBe('M0 11.5L100 11.5')
  expect(curvePath([[0, 7]], SIZE)).toBeNull()
  expect(
    curvePath(
      [
        [3, 7],
        [3, 8],
      ],
      SIZE,
    ),
  ).toBeNull()
})
