import { describe, expect, it } from 'vitest'
import type { Venue } from '@motu/shared/instrument.ts'
import type { MarketEvent, MarketPhase } from '@motu/shared/market-data.ts'
import { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { dateOfEvent, phaseNow, spanOf } from './trading-day.ts'

const calendar = (venue: Venue): VenueCalendar => new VenueCalendar(venue, [])
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16)

describe('the span of a date', () => {
  it.each<[string, Venue, string, string, string]>([
    ['is a day of Seoul', 'KRX', '2026-11-20', '2026-11-19T15:00', '2026-11-20T15:00'],
    ['is a day of UTC for coins', 'CRYPTO', '2026-11-20', '2026-11-20T00:00', '2026-11-21T00:00'],
    // 10:00 in Seoul is 20:00 or 21:00 of the eve in New York.
    ['has the eve of New York', 'US', '2026-11-20', '2026-11-20T01:00', '2026-11-21T05:00'],
    ['of a Saturday is New York alone', 'US', '2026-11-21', '2026-11-21T05:00', '2026-11-22T05:00'],
    ['before its summer time', 'US', '2026-03-07', '2026-03-07T05:00', '2026-03-08T05:00'],
    ['of 23 hours', 'US', '2026-03-08', '2026-03-08T05:00', '2026-03-09T04:00'],
    ['of 25 hours', 'US', '2026-11-01', '2026-11-01T04:00', '2026-11-02T05:00'],
  ])('%s: %s %s', (_, venue, date, from, to) => {
    const span = spanOf(calendar(venue), date)
    expect([iso(span.fromMs), iso(span.toMs)]).toEqual([from, to])
  })

  it('holds every price of its date, and no price of the one before', () => {
    const us = calendar('US')
    const dateAt = (ms: number): string =>
      dateOfEvent(us, { venue_time: new Date(ms).toISOString() } as MarketEvent)
    const { fromMs } = spanOf(us, '2026-11-20')
    expect([dateAt(fromMs - 1), dateAt(fromMs)]).toEqual(['2026-11-19', '2026-11-20'])
  })
})

describe('the phase of now', () => {
  const NOON = Date.parse('2026-11-20T12:00:00+09:00')
  const NIGHT = Date.parse('2026-11-20T23:00:00+09:00')
  const OPENING_CALL = Date.parse('2026-11-20T08:55:00+09:00')
  it.each<[string, number, MarketPhase | undefined, MarketPhase]>([
    ['what the calendar says', NOON, undefined, 'continuous'],
    ['a volatility interruption', NOON, 'halted', 'halted'],
    ['an auction only the venue knows of', NOON, 'auction', 'auction'],
    ['the opening call, whatever the last event was', OPENING_CALL, 'continuous', 'auction'],
    ['closed, though the last event was in the session', NIGHT, 'continuous', 'closed'],
    ['closed, though trading was halted at last', NIGHT, 'halted', 'closed'],
  ])('is %s', (_, nowMs, phase, expected) => {
    expect(phaseNow(calendar('KRX'), phase ? { phase } : {}, nowMs)).toBe(expected)
  })
})
