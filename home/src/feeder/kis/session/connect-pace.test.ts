import { describe, expect, it } from 'vitest'
import { ConnectPace } from './connect-pace.ts'

const limits = { delayMs: 1_000, delayMsMax: 60_000, connectsMax: 100, windowMs: 600_000 }

describe('connecting anew', () => {
  it('waits twice as long after each failure, up to a bound', () => {
    const pace = new ConnectPace(limits)
    const delays = Array.from({ length: 8 }, () => {
      pace.ended(10)
      return pace.nextAt(0)
    })
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })

  it.each([
    [60_000, 8_000],
    [60_001, 1_000],
  ])('after a session of %i ms waits %i', (workedMs, delayMs) => {
    const pace = new ConnectPace(limits)
    for (let i = 0; i < 3; i += 1) pace.ended(10)
    pace.ended(workedMs)
    expect(pace.nextAt(0)).toBe(delayMs)
  })

  it('is tried so often in a window at the most', () => {
    const pace = new ConnectPace({ ...limits, connectsMax: 3 })
    for (const at of [0, 5_000, 9_000]) pace.connecting(at)
    expect(pace.nextAt(9_000)).toBe(600_000)
    pace.connecting(600_000)
    expect(pace.nextAt(600_000)).toBe(605_000)
  })
})
