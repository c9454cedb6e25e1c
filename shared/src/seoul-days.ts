// Pure: no I/O, no clock, no randomness.
// When days, weeks and months begin in Seoul, which keeps one time all year.

export const DAY_MS = 24 * 60 * 60 * 1_000
const SEOUL_MS = 9 * 60 * 60 * 1_000
/** 1970-01-01 was a Thursday. */
const MONDAY_OF_THE_FIRST_WEEK = -3

const dayNumberOf = (ms: number): number => Math.floor((ms + SEOUL_MS) / DAY_MS)
const beginOf = (dayNumber: number): number => dayNumber * DAY_MS - SEOUL_MS

/** When a date (`2026-11-20`) begins there; no earlier than 1970. */
export function dateBegins(date: string): number {
  return Math.max(0, Date.parse(`${date}T00:00:00Z`) - SEOUL_MS)
}

export function dayBegins(ms: number): number {
  return beginOf(dayNumberOf(ms))
}

/** Weeks begin on Monday. */
export function weekBegins(ms: number): number {
  const day = dayNumberOf(ms)
  const sinceMonday = (((day - MONDAY_OF_THE_FIRST_WEEK) % 7) + 7) % 7
  return beginOf(day - sinceMonday)
}

export function monthBegins(ms: number): number {
  const there = new Date(ms + SEOUL_MS)
  return Date.UTC(there.getUTCFullYear(), there.getUTCMonth(), 1) - SEOUL_MS
}

/** The date there, `2026-11-20`. */
export function seoulDate(ms: number): string {
  return new Date(ms + SEOUL_MS).toISOString().slice(0, 10)
}

/** The date of the last day there that was over then. */
export function lastEndedDate(ms: number): string {
  return seoulDate(ms - DAY_MS)
}
