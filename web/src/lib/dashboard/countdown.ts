// What a market does now and how long that lasts, in words.

import type { DayNoteView, VenueClock } from '@motu/shared/contract/market-calendar.ts'
import * as m from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `1일 4시간` · `3시간 5분` · `12분 08초`: the two largest units; rounded up, so that it ends at zero. */
export function countdownText(leftMs: number): string {
  const left = Math.max(0, Math.ceil(leftMs / SECOND_MS) * SECOND_MS)
  if (left >= DAY_MS) {
    return m.dashboard_left_days({
      days: Math.floor(left / DAY_MS),
      hours: Math.floor((left % DAY_MS) / HOUR_MS),
    })
  }
  if (left >= HOUR_MS) {
    return m.dashboard_left_hours({
      hours: Math.floor(left / HOUR_MS),
      minutes: Math.floor((left % HOUR_MS) / MINUTE_MS),
    })
  }
  return m.dashboard_left_minutes({
    minutes: Math.floor(left / MINUTE_MS),
    seconds: `${Math.floor((left % MINUTE_MS) / SECOND_MS)}`.padStart(2, '0'),
  })
}

/** What comes next, as the words before a countdown: `마감까지`, `동시호가까지`. */
export function nextText({ session, phase }: NonNullable<VenueClock['next_change']>): string {
  if (phase === 'auction') return m.dashboard_until_auction()
  if (session === 'regular') return m.dashboard_until_open()
  if (session === 'day') return m.dashboard_until_daytime()
  return session === null ? m.dashboard_until_close() : m.dashboard_until_extended()
}

/** `11/26 (목) 추수감사절 휴장`; of today and tomorrow by that name. `today` is the venue's date. */
export function noteText(note: DayNoteView, today: string): string {
  const name = getLocale() === 'ko' ? note.name_ko : note.name_en
  const words = { date: dateText(note.date, today), name }
  return note.is_closed ? m.dashboard_note_closed(words) : m.dashboard_note_hours(words)
}

function dateText(date: string, today: string): string {
  const days = Math.round((Date.parse(date) - Date.parse(today)) / DAY_MS)
  if (days === 0) return m.dashboard_today()
  if (days === 1) return m.dashboard_tomorrow()
  return new Intl.DateTimeFormat(getLocale(), {
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    timeZone: 'UTC',
  }).format(new Date(date))
}

/** The date on a venue's clock: `2026-11-20`. */
export function dateIn(zone: string, ms: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(ms)
}
