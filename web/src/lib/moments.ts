// Instants as a settings page names them: a day, or how long ago.

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
