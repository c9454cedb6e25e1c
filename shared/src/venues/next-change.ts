// Pure: no I/O, no clock, no randomness.
// When a venue does something else than now: opens, calls an auction, goes on after hours, shuts.

import type { Phase, VenueCalendar } from './calendar.ts'
import { dateOf, dayNumberOf } from './calendar-date.ts'
import { ORDER_SESSIONS, type SessionName } from './session-table.ts'
import { dayNumberAt } from './zone.ts'

/** What it does from `atMs` on; `session` is one that orders can trade in, null: none. */
export type VenueChange = {
  readonly atMs: number
  readonly session: SessionName | null
  readonly phase: Phase
}

/** As far ahead as the longest run of closed days goes. */
const DAYS_AHEAD = 14
const TOLD: ReadonlySet<SessionName> = new Set([
  ...ORDER_SESSIONS,
  'opening_auction',
  'closing_auction',
])

/** The next change after an instant; null where there is none in sight. */
export function nextChange(calendar: VenueCalendar, nowMs: number): VenueChange | null {
  const before = stateAt(calendar, nowMs)
  const today = dayNumberOf(dateOf(dayNumberAt(calendar.zone, nowMs)))!
  const instants = calendar
    .days(dateOf(today - 1), dateOf(today + DAYS_AHEAD))
    .flatMap(({ sessions }) => sessions.filter(({ name }) => TOLD.has(name)))
    .flatMap(({ opensAt, closesAt }) => [opensAt, closesAt])
    .filter((instant) => instant > nowMs)
    .sort((a, b) => a - b)
  for (const atMs of instants) {
    const { session, phase } = stateAt(calendar, atMs)
    if (session !== before.session || phase !== before.phase) return { atMs, session, phase }
  }
  return null
}

function stateAt(calendar: VenueCalendar, ms: number): Pick<VenueChange, 'session' | 'phase'> {
  const session = calendar.sessionAt(ms, ORDER_SESSIONS)?.session.name ?? null
  return { session, phase: calendar.phaseAt(ms) }
}
