// Instants as a settings page names them: a day, or how long ago.

import type { Venue } from '@motu/shared/instrument.ts'
import { parseTickerId } from '@motu/shared/ticker.ts'
import { VENUE_ZONES } from '@motu/shared/venues/zone.ts'
import * as m from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'
import { ageText } from './age.ts'

const DAY_MS = 86_400_000

/** `2026. 11. 21. 15:04`, in the viewer's zone. */
export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(getLocale(), {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))
}

/** `11월 20일 (금)`: a date (`2026-11-20`), wherever it is read. */
export function dayOf(date: string): string {
  return new Intl.DateTimeFormat(getLocale(), {
    ...{ month: 'long', day: 'numeric', weekday: 'short', timeZone: 'UTC' },
  }).format(new Date(`${date}T00:00:00Z`))
}

/**
 * A moment by the clock of the venue a ticker trades at, and which clock that is: for who hovers over
 * the viewer's own. Undefined where both show the same, or where there is no venue.
 */
export function venueMoment(
  iso: string,
  tickerId: string | null,
  viewerZone?: string,
): string | undefined {
  const market = tickerId && parseTickerId(tickerId)?.market
  if (!market || !isVenue(market)) return undefined
  const timeZone = VENUE_ZONES[market]
  const at = new Date(iso)
  const text = new Intl.DateTimeFormat(getLocale(), { ...MOMENT, timeZone }).format(at)
  const own = new Intl.DateTimeFormat(getLocale(), { ...MOMENT, timeZone: viewerZone }).format(at)
  if (text === own) return undefined
  return `${text} ${timeZone.split('/').at(-1)!.replace('_', ' ')}`
}

const MOMENT: Intl.DateTimeFormatOptions = {
  ...{ year: 'numeric', month: 'numeric', day: 'numeric', hourCycle: 'h23' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
}

const isVenue = (market: string): market is Venue => Object.hasOwn(VENUE_ZONES, market)

/** The last midnight of the viewer's zone. */
export function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}

/** `3 min ago` within the last day, the date before that. */
export function ago(iso: string, now: number): string {
  const ageMs = now - Date.parse(iso)
  if (ageMs < 60_000) return m.just_now()
  return ageMs < DAY_MS ? ageText(ageMs) : dateTime(iso)
}
