// The hours of quiet, by the clock on somebody's wall: over midnight, and where it is set forward or back.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isQuietAt, minutesOf, type QuietHours } from './quiet-hours.ts'

const hours = (from: string, until: string, timeZone = 'Asia/Seoul'): QuietHours => ({
  ...{ fromMinute: minutesOf(from), untilMinute: minutesOf(until), timeZone },
})

/** zone · from · until · instant · whether it is quiet */
const CASES: readonly [string, string, string, string, boolean][] = [
  // Within one day: the last minute before, the first in them, the last, the first after.
  ['Asia/Seoul', '13:00', '14:30', '2026-11-20T03:59:59.999Z', false],
  ['Asia/Seoul', '13:00', '14:30', '2026-11-20T04:00:00Z', true],
  ['Asia/Seoul', '13:00', '14:30', '2026-11-20T05:29:59.999Z', true],
  ['Asia/Seoul', '13:00', '14:30', '2026-11-20T05:30:00Z', false],
  // Over midnight.
  ['Asia/Seoul', '22:00', '07:00', '2026-11-20T12:59:59.999Z', false],
  ['Asia/Seoul', '22:00', '07:00', '2026-11-20T13:00:00Z', true],
  ['Asia/Seoul', '22:00', '07:00', '2026-11-20T15:00:00Z', true],
  ['Asia/Seoul', '22:00', '07:00', '2026-11-20T21:59:59.999Z', true],
  ['Asia/Seoul', '22:00', '07:00', '2026-11-20T22:00:00Z', false],
  ['UTC', '00:00', '23:59', '2026-11-20T23:58:59Z', true],
  ['UTC', '00:00', '23:59', '2026-11-20T23:59:00Z', false],
  // New York sets its clock forward at 02:00 on 8 March 2026: 07:00 comes an hour sooner.
  ['America/New_York', '22:00', '07:00', '2026-03-08T10:59:59Z', true],
  ['America/New_York', '22:00', '07:00', '2026-03-08T11:00:00Z', false],
  ['America/New_York', '22:00', '07:00', '2026-03-07T11:59:59Z', true],
  // The hour there is not: nothing of 02:00 to 03:00 exists on that day.
  ['America/New_York', '02:00', '03:00', '2026-03-08T06:59:59Z', false],
  ['America/New_York', '02:00', '03:00', '2026-03-08T07:00:00Z', false],
  // And back at 02:00 on 1 November 2026: 01:30 comes twice, and is quiet twice.
  ['America/New_York', '01:15', '01:45', '2026-11-01T05:30:00Z', true],
  ['America/New_York', '01:15', '01:45', '2026-11-01T06:00:00Z', false],
  ['America/New_York', '01:15', '01:45', '2026-11-01T06:30:00Z', true],
  ['America/New_York', '22:00', '07:00', '2026-11-01T11:59:59Z', true],
  ['America/New_York', '22:00', '07:00', '2026-11-01T12:00:00Z', false],
  // A zone that is not whole hours away, with a half hour of summer time.
  ['Australia/Lord_Howe', '23:30', '06:15', '2026-10-03T12:59:59Z', false],
  ['Australia/Lord_Howe', '23:30', '06:15', '2026-10-03T13:00:00Z', true],
  ['Australia/Lord_Howe', '23:30', '06:15', '2026-10-03T19:14:59Z', true],
  ['Australia/Lord_Howe', '23:30', '06:15', '2026-10-03T19:15:00Z', false],
]

describe('quiet hours', () => {
  it.each(CASES)('in %s from %s until %s, at %s: %s', (zone, from, until, at, expected) => {
    expect(isQuietAt(hours(from, until, zone), Date.parse(at))).toBe(expected)
  })

  const zone = fc.constantFrom('Asia/Seoul', 'America/New_York', 'Europe/London', 'Asia/Kathmandu')
  const minute = fc.integer({ min: 0, max: 1_439 })
  const instant = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) })

  it('and those from their end until their begin share the day, in every zone', () => {
    fc.assert(
      fc.property(zone, minute, minute, instant, (timeZone, from, until, ms) => {
        fc.pre(from !== until)
        const quiet = { fromMinute: from, untilMinute: until, timeZone }
        const rest = { fromMinute: until, untilMinute: from, timeZone }
        expect(isQuietAt(quiet, ms)).toBe(!isQuietAt(rest, ms))
      }),
    )
  })

  it('last as long as they say on every day on which no clock is set', () => {
    fc.assert(
      fc.property(minute, minute, fc.nat({ max: 700 }), (from, until, day) => {
        fc.pre(from !== until)
        const quiet = { fromMinute: from, untilMinute: until, timeZone: 'Asia/Seoul' }
        const start = Date.UTC(2026, 0, 1 + day)
        const minutes = Array.from({ length: 96 }, (_, step) => start + step * 900_000)
        const count = minutes.filter((ms) => isQuietAt(quiet, ms)).length
        const length = (until - from + 1_440) % 1_440
        expect(Math.abs(count * 15 - length)).toBeLessThanOrEqual(15)
      }),
      { numRuns: 40 },
    )
  })
})
