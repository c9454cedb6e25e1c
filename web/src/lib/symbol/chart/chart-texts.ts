// When a candle was, in words: in the viewer's zone, and by the venue's clock where that differs.

import { DAY_MS } from '@motu/shared/venues/calendar-date.ts'
import { dayNumberAt } from '@motu/shared/venues/zone.ts'
import { dateFormat } from '#lib/intl.ts'
import { getLocale } from '#lib/paraglide/runtime.js'
import type { CandleGrid } from './candle-former.ts'
import { isElsewhere } from './chart-time.ts'

const DAY: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'numeric', day: 'numeric' }
const TIME: Intl.DateTimeFormatOptions = {
  ...{ month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
}

/** `11. 20. 09:31`, or the venue's date for a candle of a day. */
export function candleTime(opensAt: number, { interval, zone }: CandleGrid): string {
  if (interval !== '1d') return dateFormat(getLocale(), TIME).format(opensAt)
  const midnight = dayNumberAt(zone, opensAt) * DAY_MS
  return dateFormat(getLocale(), { ...DAY, timeZone: 'UTC' }).format(midnight)
}

/** The same by the venue's clock; null where it shows what the viewer's does. */
export function venueTime(opensAt: number, { interval, zone }: CandleGrid): string | null {
  if (interval === '1d' || !isElsewhere(opensAt, zone)) return null
  const text = dateFormat(getLocale(), { ...TIME, timeZone: zone }).format(opensAt)
  return `${text} ${zone === 'UTC' ? 'UTC' : zone.split('/')[1]!.replace('_', ' ')}`
}
