import { expect, it } from 'vitest'
import { linePath, nearest, sampled, scaleOf, stepPath } from './curve-shape.ts'

const BOX = { width: 100, height: 100 }
const DOTS = [
  { at: 0, value: 0 },
  { at: 50, value: 100 },
  { at: 100, value: 50 },
]

it('fits the curve into its box, with room above and below', () => {
  const scale = scaleOf(DOTS, [0, 100], BOX)
  expect([scale.x(0), scale.x(100)]).toEqual([0, 100])
  expect(scale.y(100)).toBeCloseTo(100 * (0.08 / 1.16))
  expect(scale.ticks).toEqual([0, 25, 50, 75, 100])
  expect(linePath(DOTS, scale)).toBe('M0 93.1L50 6.9L100 50')
  expect(stepPath(DOTS, scale)).toBe('M0 93.1H50V6.9H100V50')
})

it('puts a line that never moves, and a single point, into the middle', () => {
  const flat = [{ at: 5, value: 1_000 }]
  const scale = scaleOf(flat, [1_000], BOX)
  expect(scale.y(1_000)).toBeCloseTo(50)
  expect(scale.x(5)).toBe(100)
  expect(scaleOf([], [], BOX).ticks.length).toBeGreaterThan(0)
})

it('finds the point under the pointer', () => {
  const scale = scaleOf(DOTS, [0, 100], BOX)
  expect([-5, 24, 26, 80, 400].map((left) => nearest(DOTS, left, scale))).toEqual([0, 0, 1, 2, 2])
})

it('samples a long curve with both its ends', () => {
  const items = Array.from({ length: 101 }, (_, index) => index)
  expect(sampled(items, 5)).toEqual([0, 25, 50, 75, 100])
  expect(sampled([1, 2], 5)).toEqual([1, 2])
})
