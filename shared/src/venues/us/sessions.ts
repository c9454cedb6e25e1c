// Pure: no I/O, no clock, no randomness.
// The hours of NYSE and Nasdaq. New York's clock, but for the daytime session.

import type { SessionRow, SessionTable } from '../session-table.ts'
import { US_CLOSED_DAYS, US_KNOWN, US_SPECIAL_DAYS } from './holidays.ts'
import { VENUE_ZONES } from '../zone.ts'

type Kind = (typeof US_SPECIAL_DAYS)[number][1]

/** NYSE rule 7.34 and Nasdaq equity rules 1 and 4; half days by the exchanges' calendars. */
const EXCHANGES: readonly SessionRow<Kind>[] = [
  { name: 'pre', hours: ['04:00', '09:30'] },
  { name: 'regular', hours: ['09:30', '16:00'], special: { half: ['09:30', '13:00'] } },
  { name: 'after', hours: ['16:00', '20:00'], special: { half: ['13:00', '17:00'] } },
]

/**
 * What Korean brokers sell as daytime trading runs on American night venues, from 10:00 to 16:00 of
 * Seoul's clock. It belongs to the trading day whose regular session follows it that evening in
 * Korea: its Korean date is that day's date. Shut since 2024-08-16, after the cancelled orders of
 * August 5th, until 2025-11-04 (Korea Financial Investment Association).
 */
const DAYTIME: readonly SessionRow<Kind>[] = [
  {
    ...{ name: 'day', from: '2022-02-07', until: '2024-08-15' },
    ...{ hours: ['10:00', '16:00'], zone: 'Asia/Seoul' },
  },
  { name: 'day', from: '2025-11-04', hours: ['10:00', '16:00'], zone: 'Asia/Seoul' },
]

export const US_SESSIONS: SessionTable = {
  zone: VENUE_ZONES.US,
  rows: [...EXCHANGES, ...DAYTIME],
  known: US_KNOWN,
  closedDays: US_CLOSED_DAYS,
  specialDays: US_SPECIAL_DAYS,
  tradesOnWeekends: false,
  daysAhead: 1,
  auctions: null,
}
