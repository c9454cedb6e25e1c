// What a venue is doing, in words: open, collecting orders, shut until when.

import type { VenueClock } from '@motu/shared/contract/market-calendar.ts'
import type { Venue } from '@motu/shared/instrument.ts'
import * as m from '#lib/paraglide/messages.js'
import { getLocale } from '#lib/paraglide/runtime.js'

const DAY_MS = 86_400_000
/** Within it a weekday says which day is meant. */
const WEEK_MS = 6 * DAY_MS

export const VENUE_NAMES = {
  KRX: m.venue_krx,
  US: m.venue_us,
  CRYPTO: m.venue_crypto,
} as const satisfies Record<Venue, () => string>

/** `장 중`, `동시호가`, `장 마감 · (월) 09:00 개장`. */
export function stateText(clock: VenueClock, now: number): string {
  if (clock.phase === 'auction') return m.market_auction()
  if (clock.is_open) return m.market_open()
  if (clock.session === 'day') return m.market_daytime()
  if (clock.session !== null) return m.market_extended()
  if (clock.next_open === null) return m.market_closed()
  return m.market_closed_until({ when: openingText(clock.next_open, now) })
}

/** In the viewer's zone: the time alone for today, with its weekday this week, else with its date. */
export function openingText(iso: string, now: number): string {
  const at = new Date(iso)
  const isToday = at.toDateString() === new Date(now).toDateString()
  const isThisWeek = at.getTime() - now < WEEK_MS
  const day: Intl.DateTimeFormatOptions = isThisWeek
    ? { weekday: 'short' }
    : { month: 'numeric', day: 'numeric' }
  return new Intl.DateTimeFormat(getLocale(), {
    ...(isToday ? {} : day),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}
