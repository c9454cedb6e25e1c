// Pure: no I/O, no clock, no randomness.
// Calendar dates without a zone: `YYYY-MM-DD`, and the number of days since 1970-01-01.

export const DAY_MS = 86_400_000
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/

/** Days since 1970-01-01; null for text that is no date, such as `2026-02-30`. */
export function dayNumberOf(date: string): number | null {
  const match = DATE.exec(date)
  if (!match) return null
  const [year, month, day] = match.slice(1).map((part) => Number.parseInt(part, 10))
  const at = new Date(Date.UTC(year!, month! - 1, day!))
  // What JavaScript would move to another date is none. Years below 100 it takes for 19xx.
  const isDate =
    at.getUTCFullYear() === year && at.getUTCMonth() + 1 === month && at.getUTCDate() === day
  return isDate ? at.getTime() / DAY_MS : null
}

export function dateOf(dayNumber: number): string {
  return new Date(dayNumber * DAY_MS).toISOString().slice(0, 10)
}

/** Saturday or Sunday. 1970-01-01 was a Thursday. */
export function isWeekend(dayNumber: number): boolean {
  const weekday = (((dayNumber + 4) % 7) + 7) % 7
  return weekday === 0 || weekday === 6
}

const CLOCK_TIME = /^(\d\d):(\d\d)(?::(\d\d))?$/

/** Seconds since midnight of `HH:MM` or `HH:MM:SS`, `24:00` included; null for other text. */
export function secondsOf(clockTime: string): number | null {
  const match = CLOCK_TIME.exec(clockTime)
  if (!match) return null
  const hours = Number.parseInt(match[1]!, 10)
  const minutes = Number.parseInt(match[2]!, 10)
  const seconds = Number.parseInt(match[3] ?? '0', 10)
  if (minutes > 59 || seconds > 59) return null
  const total = hours * 3_600 + minutes * 60 + seconds
  return total <= 86_400 ? total : null
}
