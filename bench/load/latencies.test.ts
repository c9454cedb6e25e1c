import { expect, test } from 'vitest'
import { Latencies, median } from './latencies.ts'

test('percentiles are exact, whatever the order of the samples', () => {
  const latencies = new Latencies()
  for (let value = 10_000; value >= 1; value -= 1) latencies.add(value)
  expect(latencies.summary()).toEqual({
    count: 10_000,
    p50_ms: 5_000,
    p99_ms: 9_900,
    max_ms: 10_000,
  })
})

test('one sample is every percentile, none is zero', () => {
  const latencies = new Latencies()
  expect(latencies.percentile(0.99)).toBe(0)
  latencies.add(7)
  expect(latencies.percentile(0.01)).toBe(7)
})

test('the median of an even number of values is the lower one in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2)
  expect(median([9, 1, 5])).toBe(5)
})
