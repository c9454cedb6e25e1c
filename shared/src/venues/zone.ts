// Pure: no I/O, no clock, no randomness.
// The venues' clocks, by arithmetic: `Intl` would cost more than all the rest of a look-up.

import type { Venue } from '../instrument.ts'
import { DAY_MS } from './calendar-date.ts'

export const ZONES = ['Asia/Seoul', 'America/New_York', 'UTC'] as const
export type Zone = (typeof ZONES)[number]

/** Whose dates a venue goes by: for those that need no calendar of it. */
export const VENUE_ZONES: Readonly<Record<Venue, Zone>> = {
  KRX: 'Asia/Seoul',
  US: 'America/New_York',
  CRYPTO: 'UTC',
}

const HOUR_MS = 3_600_000

/** Korea has had no summer time since 1988. */
const SEOUL_OFFSET_MS = 9 * HOUR_MS
const NEW_YORK_STANDARD_MS = -5 * HOUR_MS
const NEW_YORK_SUMMER_MS = -4 * HOUR_MS

/**
 * Summer time in New York begins and ends on a Sunday at 02:00 of the clock then in use.
 * Source: Energy Policy Act of 2005, section 110, in force since 2007. A new law is a new row.
 */
const SUMMER_TIMES: readonly { sinceYear: number; starts: SundayOf; ends: SundayOf }[] = [
  { sinceYear: 2007, starts: { month: 3, nth: 2 }, ends: { month: 11, nth: 1 } },
]
type SundayOf = { month: number; nth: number }

const YEARS_CACHED_MAX = 200
const summerByYear = new Map<number, { startsAt: number; endsAt: number }>()

/** What to add to UTC for the zone's own clock. */
export function offsetMsAt(zone: Zone, ms: number): number {
  if (zone === 'UTC') return 0
  if (zone === 'Asia/Seoul') return SEOUL_OFFSET_MS
  const { startsAt, endsAt } = summerOf(new Date(ms).getUTCFullYear())
  return ms >= startsAt && ms < endsAt ? NEW_YORK_SUMMER_MS : NEW_YORK_STANDARD_MS
}

/** The zone's date at an instant, as days since 1970-01-01. */
export function dayNumberAt(zone: Zone, ms: number): number {
  return Math.floor((ms + offsetMsAt(zone, ms)) / DAY_MS)
}

/**
 * The instant at which the zone's clock shows a time of a date. Of an hour that comes twice it is
 * the first; an hour that is left out counts in standard time.
 */
export function instantOf(zone: Zone, dayNumber: number, seconds: number): number {
  const local = dayNumber * DAY_MS + seconds * 1_000
  if (zone !== 'America/New_York') return local - offsetMsAt(zone, local)
  const summer = local - NEW_YORK_SUMMER_MS
  const isSummer = offsetMsAt(zone, summer) === NEW_YORK_SUMMER_MS
  return isSummer ? summer : local - NEW_YORK_STANDARD_MS
}

function summerOf(year: number): { startsAt: number; endsAt: number } {
  const known = summerByYear.get(year)
  if (known) return known
  const rule = SUMMER_TIMES.findLast(({ sinceYear }) => sinceYear <= year) ?? SUMMER_TIMES[0]!
  const summer = {
    startsAt: sundayMs(year, rule.starts) + 2 * HOUR_MS - NEW_YORK_STANDARD_MS,
    endsAt: sundayMs(year, rule.ends) + 2 * HOUR_MS - NEW_YORK_SUMMER_MS,
  }
  if (summerByYear.size >= YEARS_CACHED_MAX) summerByYear.clear()
  summerByYear.set(year, summer)
  return summer
}

function sundayMs(year: number, { month, nth }: SundayOf): number {
  const first = Date.UTC(year, month - 1, 1)
  const daysToSunday = (7 - new Date(first).getUTCDay()) % 7
  return first + (daysToSunday + (nth - 1) * 7) * DAY_MS
}
