// Pure: no I/O, no clock, no randomness.
// What an admin says of one date, against the rows: closed, or open at other hours.

import type { Venue } from '../instrument.ts'
import { dayNumberOf, secondsOf } from './calendar-date.ts'
import type { SessionName, SessionTable } from './session-table.ts'

/**
 * It replaces all sessions of its date. Times are the venue's own, as in the venue's table (the US
 * session `day` is told by Seoul's clock). `sessions: null` closes the date.
 */
export type CalendarOverride = {
  readonly venue: Venue
  readonly date: string
  readonly sessions: readonly OverrideSession[] | null
  readonly note: string
}

/** `HH:MM` or `HH:MM:SS`; `24:00` is the end of the day. */
export type OverrideSession = {
  readonly name: SessionName
  readonly opens: string
  readonly closes: string
}

/** What is wrong with an override, in a sentence that says how to cure it; null: nothing. */
export function overrideFault(
  table: SessionTable,
  { date, sessions }: Pick<CalendarOverride, 'date' | 'sessions'>,
): string | null {
  if (dayNumberOf(date) === null) return 'the date must be one of the calendar, like 2026-11-20'
  if (sessions === null) return null
  if (sessions.length === 0) return 'name at least one session, or null for a closed day'
  const names = new Set(sessions.map(({ name }) => name))
  if (names.size < sessions.length) return 'each session may be named once'
  return sessions.map((session) => sessionFault(table, session)).find(Boolean) ?? null
}

function sessionFault(table: SessionTable, { name, opens, closes }: OverrideSession) {
  if (!table.rows.some((row) => row.name === name)) {
    const known = [...new Set(table.rows.map((row) => row.name))].join(', ')
    return `the venue has no session ${name}: use ${known}`
  }
  const [opensAt, closesAt] = [secondsOf(opens), secondsOf(closes)]
  if (opensAt === null || closesAt === null) return `${name}: times must be like 09:00 or 09:00:30`
  return opensAt < closesAt ? null : `${name}: it must open before it closes`
}
