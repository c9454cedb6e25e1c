// Pure: no I/O, no clock, no randomness.
// Why a date is not an ordinary one, in words: a holiday, a half day, what an admin said of it.

import { dateOf, dayNumberOf, isWeekend } from './calendar-date.ts'
import type { CalendarOverride } from './calendar-override.ts'
import type { VenueCalendar } from './calendar.ts'
import type { SessionTable } from './session-table.ts'

/** `isClosed`: nothing trades on it; else its hours are others than usual. */
export type DayNote = {
  readonly date: string
  readonly isClosed: boolean
  readonly nameKo: string
  readonly nameEn: string
}

/** The kinds of special days that the tables of the venues name. */
const SPECIAL_NAMES: Readonly<Record<string, readonly [ko: string, en: string]>> = {
  first: ['새해 첫 거래일, 늦은 개장', 'First trading day of the year, late opening'],
  csat: ['수능일, 한 시간 늦게', 'University entrance exam, an hour later'],
  half: ['조기 폐장', 'Early close'],
}

/**
 * The notes of a range of dates, both ends included. What an admin said of a date comes before what
 * the table says; weekends on which nobody trades anyway have none.
 */
export function dayNotes(
  { calendar, table, overrides }: Days,
  { from, to }: { from: string; to: string },
): DayNote[] {
  const [first, last] = [dayNumberOf(from), dayNumberOf(to)]
  if (first === null || last === null) return []
  const said = new Map(overrides.map((override) => [override.date, override]))
  const closed = new Map(table.closedDays.map(([date, ko, en]) => [date, [ko, en] as const]))
  const special = new Map(table.specialDays)
  const notes: DayNote[] = []
  for (let number = first; number <= last; number += 1) {
    const date = dateOf(number)
    const isClosed = !calendar.isTradingDay(date)
    const override = said.get(date)
    if (isClosed && isWeekend(number) && !table.tradesOnWeekends && !override) continue
    const names = override
      ? ([override.note, override.note] as const)
      : (closed.get(date) ?? SPECIAL_NAMES[special.get(date) ?? ''])
    if (names) notes.push({ date, isClosed, nameKo: names[0], nameEn: names[1] })
  }
  return notes
}

export type Days = {
  readonly calendar: Pick<VenueCalendar, 'isTradingDay'>
  readonly table: SessionTable
  /** Those of this venue. */
  readonly overrides: readonly CalendarOverride[]
}
