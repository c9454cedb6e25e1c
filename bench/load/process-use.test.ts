import { expect, test } from 'vitest'
import { processUse, secondsOf } from './process-use.ts'

test.each([
  ['00:01:05', 65],
  ['1:05.50', 65.5],
  ['1-01:00:00', 90_000],
])('reads %s of processor time', (text, seconds) => expect(secondsOf(text)).toBe(seconds))

test('sees what this process has', async () => {
  const { residentMb, cpuSeconds } = await processUse(process.pid)
  const actualMb = process.memoryUsage().rss / 1_048_576
  expect(residentMb).toBeGreaterThan(actualMb / 2)
  expect(residentMb).toBeLessThan(actualMb * 2)
  expect(cpuSeconds).toBeLessThanOrEqual(process.uptime() * 10)
})
