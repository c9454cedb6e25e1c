import { describe, expect, it } from 'vitest'
import { CallPace } from './call-pace.ts'

describe('the pace', () => {
  it('keeps a gap between two, and so many in a window', () => {
    const pace = new CallPace({ calls: 3, windowMs: 1_000, spacingMs: 50 })
    const turns = Array.from({ length: 7 }, () => pace.reserve(5_000))
    expect(turns).toEqual([5_000, 5_050, 5_100, 6_000, 6_050, 6_100, 7_000])
  })

  it('never lets more than its number into any window, whenever they ask', () => {
    const pace = new CallPace({ calls: 18, windowMs: 1_000, spacingMs: 20 })
    const turns = Array.from({ length: 500 }, (_, i) => pace.reserve(i * ((i * 7) % 31)))
    for (const at of turns) {
      expect(turns.filter((turn) => turn >= at && turn < at + 1_000).length).toBeLessThanOrEqual(18)
    }
  })

  it('lets nobody go before it is told', () => {
    const pace = new CallPace({ calls: 3, windowMs: 1_000, spacingMs: 0 })
    pace.holdUntil(800)
    pace.holdUntil(700)
    expect(pace.nextAt(100)).toBe(800)
    expect(pace.reserve(900)).toBe(900)
  })
})
