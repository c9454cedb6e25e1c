// Pure: no I/O, no clock, no randomness.
// The drawing library knows no time zones: it draws UTC. Candles shorter than a day are shifted to
// the viewer's zone, and a day's candle stands at its venue's date.

import { DAY_MS } from '@motu/shared/venues/calendar-date.ts'
import { dayNumberAt, offsetMsAt, type Zone } from '@motu/shared/venues/zone.ts'
import type { CandleGrid } from './candle-former.ts'

const MINUTE_MS = 60_000

/** Seconds since 1970 as the library draws them. */
export function drawnSeconds(opensAt: number, grid: CandleGrid, shiftMs: number): number {
  if (grid.interval === '1d') return (dayNumberAt(grid.zone, opensAt) * DAY_MS) / 1_000
  return (opensAt + shiftMs) / 1_000
}

/**
 * The viewer's distance from UTC, taken at the newest candle: one for all, so that a change of
 * clocks within the range does not make two candles collide.
 */
export function viewerShiftMs(newest: number): number {
  return -new Date(newest).getTimezoneOffset() * MINUTE_MS
}

/** Whether the viewer's clock shows another time than the venue's. */
export function isElsewhere(ms: number, zone: Zone): boolean {
  return viewerShiftMs(ms) !== offsetMsAt(zone, ms)
}
