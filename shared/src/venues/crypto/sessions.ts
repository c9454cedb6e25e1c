// Pure: no I/O, no clock, no randomness.
// Coins trade without a pause. A day is a UTC date: Upbit counts its daily change and its daily
// candles from 09:00 in Korea, which is midnight UTC.

import type { SessionTable } from '../session-table.ts'
import { VENUE_ZONES } from '../zone.ts'

export const CRYPTO_SESSIONS: SessionTable = {
  zone: VENUE_ZONES.CRYPTO,
  rows: [{ name: 'regular', hours: ['00:00', '24:00'] }],
  known: null,
  closedDays: [],
  specialDays: [],
  tradesOnWeekends: true,
  daysAhead: 0,
  auctions: null,
}
