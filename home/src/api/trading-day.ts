// Pure: no I/O, no clock, no randomness.
// The day a price belongs to, and when it began.

import type { MarketEvent, MarketPhase } from '@motu/shared/market-data.ts'
import type { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { dayNumberOf } from '@motu/shared/venues/calendar-date.ts'
import { instantOf } from '@motu/shared/venues/zone.ts'

/** The venue's date an event belongs to. */
export function dateOfEvent(calendar: VenueCalendar, event: MarketEvent): string {
  return calendar.dateAt(Date.parse(event.venue_time))
}

/**
 * A date of a venue: from its midnight to the next, or from where its first session opens on the eve,
 * as the daytime session of the US does in New York; UTC milliseconds, the end excluded.
 */
export function spanOf(calendar: VenueCalendar, date: string): { fromMs: number; toMs: number } {
  const number = dayNumberOf(date)!
  const opens = (calendar.day(date)?.sessions ?? []).map(({ opensAt }) => opensAt)
  return {
    fromMs: Math.min(instantOf(calendar.zone, number, 0), ...opens),
    toMs: instantOf(calendar.zone, number + 1, 0),
  }
}

/** The day so far that the change of an event is about: its venue's date, or the day that is played. */
export function spanOfEvent(
  calendar: VenueCalendar,
  event: MarketEvent,
): { fromMs: number; toMs: number } {
  if (event.day_opened_at === undefined) return spanOf(calendar, dateOfEvent(calendar, event))
  return { fromMs: Date.parse(event.day_opened_at), toMs: Date.parse(event.venue_time) + 1 }
}

/** What the venue does with orders now: what the calendar says, and what only the venue knows. */
export function phaseNow(
  calendar: VenueCalendar,
  { phase = 'continuous' }: Pick<MarketEvent, 'phase'>,
  nowMs: number,
): MarketPhase {
  const scheduled = calendar.phaseAt(nowMs)
  return scheduled === 'closed' || phase === 'continuous' ? scheduled : phase
}
