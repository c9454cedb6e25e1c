// Pure: no I/O, no clock, no randomness.
// Dates and times as KIS writes them: `20261120` and `153000`, in Seoul, which has no summer time.

const KST_MS = 9 * 3_600_000
const DAY_MS = 86_400_000

/** The instant of a date and a time in Seoul, in UTC ms; null when they are none. */
export function kstInstant(date: string, time: string): number | null {
  const dayMs = dayOf(date)
  const timeMs = timeOfDay(time)
  return dayMs === null || timeMs === null ? null : dayMs + timeMs - KST_MS
}

/** The instant at which a clock in Seoul showed this time, of those the nearest to another one. */
export function kstNearest(time: string, nearMs: number): number | null {
  const timeMs = timeOfDay(time)
  if (timeMs === null) return null
  const midnight = Math.floor((nearMs + KST_MS) / DAY_MS) * DAY_MS - KST_MS
  const candidates = [-DAY_MS, 0, DAY_MS].map((shift) => midnight + shift + timeMs)
  const distance = (ms: number): number => Math.abs(ms - nearMs)
  return candidates.reduce((a, b) => (distance(b) < distance(a) ? b : a))
}

/** `20261120`: the date in Seoul. */
export function kstDate(ms: number): string {
  return new Date(ms + KST_MS).toISOString().slice(0, 10).replaceAll('-', '')
}

/** `153000`: the time of day in Seoul. */
export function kstTime(ms: number): string {
  return new Date(ms + KST_MS).toISOString().slice(11, 19).replaceAll(':', '')
}

/** Midnight UTC of a trading date, at which its daily candle opens; null when it is no date. */
export function dayOf(date: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(date)
  if (!match) return null
  const ms = Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00.000Z`)
  if (Number.isNaN(ms)) return null
  // The 31st of a shorter month must not become the 1st of the next.
  return new Date(ms).toISOString().slice(8, 10) === match[3] ? ms : null
}

function timeOfDay(time: string): number | null {
  const match = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(time)
  if (!match) return null
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number.parseInt(part, 10))
  return ((hours! * 60 + minutes!) * 60 + seconds!) * 1_000
}
