// Pure: no I/O, no clock, no randomness.
// The time that is left, as a clock that runs down: `2:03:04`, `03:04`; hours of days are counted on.

const SECOND_MS = 1_000
const HOUR_SECONDS = 3_600

/** Never below zero. */
export function timeLeft(untilMs: number, now: number): string {
  const seconds = Math.max(0, Math.floor((untilMs - now) / SECOND_MS))
  const two = (value: number) => `${value}`.padStart(2, '0')
  const hours = Math.floor(seconds / HOUR_SECONDS)
  const rest = `${two(Math.floor((seconds % HOUR_SECONDS) / 60))}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
