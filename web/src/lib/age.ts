// How long ago something was, in the largest unit that fits.

import * as m from '#lib/paraglide/messages.js'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

export function ageText(ageMs: number): string {
  const age = Math.max(0, ageMs)
  if (age < MINUTE_MS) return m.age_seconds({ count: Math.floor(age / SECOND_MS) })
  if (age < HOUR_MS) return m.age_minutes({ count: Math.floor(age / MINUTE_MS) })
  return m.age_hours({ count: Math.floor(age / HOUR_MS) })
}
