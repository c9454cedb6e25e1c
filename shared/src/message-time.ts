// Pure: no I/O, no clock, no randomness.
// Instants and durations as messages say them: in Seoul, which has no summer time.

const SEOUL_MS = 9 * 60 * 60_000

/** `11-20 09:05`. */
export function dayAndTime(ms: number): string {
  return new Date(ms + SEOUL_MS).toISOString().slice(5, 16).replace('T', ' ')
}

/** `09:05`. */
export const clockTime = (ms: number): string => dayAndTime(ms).slice(6)

/** `1시간 5분`, `5분`, `40초`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds}초`
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes}분`
  return minutes % 60 === 0 ? `${hours}시간` : `${hours}시간 ${minutes % 60}분`
}
