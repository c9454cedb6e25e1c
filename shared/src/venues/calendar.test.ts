import { describe, expect, it } from 'vitest'
import type { Venue } from '../instrument.ts'
import { type Phase, VenueCalendar } from './calendar.ts'
import type { CalendarOverride } from './calendar-override.ts'
import { KRX_CLOSED_DAYS } from './krx/holidays.ts'
import type { SessionName } from './session-table.ts'
import { US_CLOSED_DAYS } from './us/holidays.ts'

const CALENDARS: Readonly<Record<Venue, VenueCalendar>> = {
  KRX: new VenueCalendar('KRX', []),
  US: new VenueCalendar('US', []),
  CRYPTO: new VenueCalendar('CRYPTO', []),
}
const { KRX, US, CRYPTO } = CALENDARS
const ms = (text: string): number => Date.parse(text)
const instant = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString().slice(0, 19) + 'Z'

describe('the trading days of a year', () => {
  it.each([
    [2015, 248, 252],
    [2016, 246, 252],
    [2017, 243, 251],
    [2018, 244, 251],
    [2019, 246, 252],
    [2020, 248, 253],
    [2021, 248, 252],
    [2022, 246, 251],
    [2023, 245, 250],
    [2024, 244, 252],
    [2025, 242, 250],
    [2026, 244, 251],
    [2027, 245, 251],
  ])('%i are %i at KRX and %i in the US', (year, krx, us) => {
    const range = [`${year}-01-01`, `${year}-12-31`] as const
    expect(KRX.days(...range)).toHaveLength(krx)
    expect(US.days(...range)).toHaveLength(us)
    expect(CRYPTO.days(...range)).toHaveLength(year % 4 === 0 ? 366 : 365)
  })

  it.each([
    ['KRX', KRX_CLOSED_DAYS],
    ['US', US_CLOSED_DAYS],
  ] as const)('of %s lack weekdays only, each listed once', (venue, rows) => {
    const dates = rows.map(([date]) => date)
    expect(dates).toEqual([...new Set(dates)].sort())
    for (const date of dates) {
      expect(CALENDARS[venue].day(date), date).toBeNull()
      expect([0, 6], date).not.toContain(new Date(date).getUTCDay())
    }
  })
})

/** Year, then month and day of every closed weekday, as the exchanges announced them. */
const CLOSED: readonly [Venue, number, string][] = [
  [
    ...(['KRX', 2024] as const),
    '01-01 02-09 02-12 03-01 04-10 05-01 05-06 05-15 06-06 08-15 09-16 09-17 09-18 10-01 10-03 10-09 12-25 12-31',
  ],
  [
    ...(['KRX', 2025] as const),
    '01-01 01-27 01-28 01-29 01-30 03-03 05-01 05-05 05-06 06-03 06-06 08-15 10-03 10-06 10-07 10-08 10-09 12-25 12-31',
  ],
  [
    ...(['KRX', 2026] as const),
    '01-01 02-16 02-17 02-18 03-02 05-01 05-05 05-25 06-03 07-17 08-17 09-24 09-25 10-05 10-09 12-25 12-31',
  ],
  [
    ...(['KRX', 2027] as const),
    '01-01 02-08 02-09 03-01 05-03 05-05 05-13 07-19 08-16 09-14 09-15 09-16 10-04 10-11 12-27 12-31',
  ],
  ['US', 2024, '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25'],
  ['US', 2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25'],
  ['US', 2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25'],
  ['US', 2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24'],
]

describe('the closed weekdays', () => {
  it.each(CLOSED)('of %s in %i are these and no others', (venue, year, listed) => {
    const open = new Set(
      CALENDARS[venue].days(`${year}-01-01`, `${year}-12-31`).map(({ date }) => date),
    )
    const closed: string[] = []
    for (let at = ms(`${year}-01-01`); at <= ms(`${year}-12-31`); at += 86_400_000) {
      const date = new Date(at).toISOString().slice(0, 10)
      const isWeekend = [0, 6].includes(new Date(at).getUTCDay())
      if (!open.has(date) && !isWeekend) closed.push(date.slice(5))
    }
    expect(closed.join(' ')).toBe(listed)
  })

  it.each<[Venue, date: string, day: string | null, why: string]>([
    ['KRX', '2017-05-09', null, 'a presidential election'],
    ['KRX', '2020-08-17', null, 'a one-off holiday'],
    ['KRX', '2021-04-30', '2021-04-30', 'Labour Day is a Saturday: neither side of it'],
    ['KRX', '2021-05-03', '2021-05-03', 'Labour Day is a Saturday: neither side of it'],
    ['KRX', '2021-12-27', '2021-12-27', 'Christmas is a Saturday, without a substitute'],
    ['KRX', '2025-07-17', '2025-07-17', 'Constitution Day, not yet a holiday again'],
    ['KRX', '2027-12-30', '2027-12-30', 'the last trading day'],
    ['US', '2021-12-31', '2021-12-31', 'New Year’s Day on a Saturday is not moved'],
    ['US', '2021-06-18', '2021-06-18', 'before Juneteenth counted'],
    ['US', '2018-12-05', null, 'a day of mourning'],
    ['US', '2026-11-28', null, 'a Saturday'],
    ['CRYPTO', '2026-11-28', '2026-11-28', 'a Saturday'],
    ['KRX', '2028-01-03', '2028-01-03', 'beyond the rows a weekday trades'],
    ['KRX', '2028-01-01', null, 'beyond the rows a weekend does not'],
    ['KRX', '2026-02-30', null, 'no date'],
    ['KRX', 'tomorrow', null, 'no date'],
  ])('%s %s: %s (%s)', (venue, date, day) => {
    expect(CALENDARS[venue].day(date)?.date ?? null).toBe(day)
    expect(CALENDARS[venue].isTradingDay(date)).toBe(day !== null)
  })
})

type HoursCase = readonly [Venue, string, SessionName, hours: string | null]

/** `opens closes`, in UTC; a closing on the next UTC date has a plus. */
const HOURS: readonly HoursCase[] = [
  ['KRX', '2026-11-20', 'regular', '00:00 06:30'],
  ['KRX', '2026-11-20', 'opening_auction', '-23:30 00:00'],
  ['KRX', '2026-11-20', 'pre_hours', '-23:30 -23:40'],
  ['KRX', '2026-11-20', 'closing_auction', '06:20 06:30'],
  ['KRX', '2026-11-20', 'after_hours_close', '06:30 07:00'],
  ['KRX', '2026-11-20', 'nxt_pre', '-23:00 -23:50'],
  ['KRX', '2026-11-20', 'nxt_main', '00:00:30 06:20'],
  ['KRX', '2026-11-20', 'nxt_after', '06:40 11:00'],
  // Half an hour longer since August 2016.
  ['KRX', '2016-07-29', 'regular', '00:00 06:00'],
  ['KRX', '2016-07-29', 'closing_auction', '05:50 06:00'],
  ['KRX', '2016-07-29', 'after_hours_single', '06:30 09:00'],
  ['KRX', '2016-08-01', 'regular', '00:00 06:30'],
  ['KRX', '2016-08-01', 'closing_auction', '06:20 06:30'],
  ['KRX', '2016-08-01', 'after_hours_single', '07:00 09:00'],
  // The opening call took an hour until April 2019.
  ['KRX', '2019-04-26', 'opening_auction', '-23:00 00:00'],
  ['KRX', '2019-04-26', 'pre_hours', '-22:30 -23:30'],
  ['KRX', '2019-04-29', 'opening_auction', '-23:30 00:00'],
  // The after-market took the place of the single price.
  ['KRX', '2026-09-11', 'after_hours_single', '07:00 09:00'],
  ['KRX', '2026-09-11', 'after', null],
  ['KRX', '2026-09-14', 'after_hours_single', null],
  ['KRX', '2026-09-14', 'after', '07:00 11:00'],
  // Nextrade.
  ['KRX', '2025-02-28', 'nxt_main', null],
  ['KRX', '2025-03-04', 'nxt_pre', '-23:00 -23:50'],
  // The scholastic test, and the days around it.
  ['KRX', '2026-11-18', 'regular', '00:00 06:30'],
  ['KRX', '2026-11-19', 'regular', '01:00 07:30'],
  ['KRX', '2026-11-19', 'opening_auction', '00:30 01:00'],
  ['KRX', '2026-11-19', 'closing_auction', '07:20 07:30'],
  ['KRX', '2026-11-19', 'after', '08:00 11:00'],
  ['KRX', '2026-11-19', 'nxt_pre', null],
  ['KRX', '2026-11-19', 'nxt_main', '01:00:30 07:20'],
  ['KRX', '2025-11-13', 'after_hours_single', '08:00 09:00'],
  ['KRX', '2015-11-12', 'regular', '01:00 07:00'],
  ['KRX', '2015-11-13', 'regular', '00:00 06:00'],
  ['KRX', '2017-11-16', 'regular', '01:00 07:30'],
  ['KRX', '2017-11-22', 'regular', '00:00 06:30'],
  ['KRX', '2017-11-23', 'regular', '01:00 07:30'],
  ['KRX', '2017-11-24', 'regular', '00:00 06:30'],
  ['KRX', '2020-11-19', 'regular', '00:00 06:30'],
  ['KRX', '2020-12-03', 'regular', '01:00 07:30'],
  // The first day of a year.
  ['KRX', '2015-01-02', 'regular', '01:00 06:00'],
  ['KRX', '2015-01-05', 'regular', '00:00 06:00'],
  ['KRX', '2016-01-04', 'regular', '01:00 06:00'],
  ['KRX', '2017-01-02', 'regular', '01:00 06:30'],
  ['KRX', '2021-01-04', 'regular', '01:00 06:30'],
  ['KRX', '2026-01-02', 'regular', '01:00 06:30'],
  ['KRX', '2026-01-02', 'opening_auction', '00:30 01:00'],
  ['KRX', '2026-01-02', 'closing_auction', '06:20 06:30'],
  ['KRX', '2026-01-02', 'nxt_pre', null],
  ['KRX', '2026-01-05', 'regular', '00:00 06:30'],
  ['KRX', '2027-01-04', 'regular', '01:00 06:30'],
  // New York: the last trading day of each kind of time, and the first of the other.
  ['US', '2026-11-20', 'pre', '09:00 14:30'],
  ['US', '2026-11-20', 'regular', '14:30 21:00'],
  ['US', '2026-11-20', 'after', '21:00 +01:00'],
  ['US', '2026-11-20', 'day', '01:00 07:00'],
  ['US', '2026-03-06', 'regular', '14:30 21:00'],
  ['US', '2026-03-09', 'regular', '13:30 20:00'],
  ['US', '2026-03-09', 'day', '01:00 07:00'],
  ['US', '2026-10-30', 'regular', '13:30 20:00'],
  ['US', '2026-10-30', 'after', '20:00 +00:00'],
  ['US', '2026-11-02', 'regular', '14:30 21:00'],
  ['US', '2024-03-08', 'regular', '14:30 21:00'],
  ['US', '2024-03-11', 'regular', '13:30 20:00'],
  ['US', '2025-10-31', 'regular', '13:30 20:00'],
  ['US', '2025-11-03', 'regular', '14:30 21:00'],
  ['US', '2027-03-12', 'regular', '14:30 21:00'],
  ['US', '2027-03-15', 'regular', '13:30 20:00'],
  ['US', '2027-11-05', 'regular', '13:30 20:00'],
  ['US', '2027-11-08', 'regular', '14:30 21:00'],
  // Half days.
  ['US', '2026-11-25', 'regular', '14:30 21:00'],
  ['US', '2026-11-27', 'regular', '14:30 18:00'],
  ['US', '2026-11-27', 'after', '18:00 22:00'],
  ['US', '2026-11-27', 'pre', '09:00 14:30'],
  ['US', '2025-07-02', 'regular', '13:30 20:00'],
  ['US', '2025-07-03', 'regular', '13:30 17:00'],
  ['US', '2027-12-23', 'regular', '14:30 21:00'],
  // Korean brokers' daytime, while there was one.
  ['US', '2022-02-04', 'day', null],
  ['US', '2022-02-07', 'day', '01:00 07:00'],
  ['US', '2024-08-15', 'day', '01:00 07:00'],
  ['US', '2024-08-16', 'day', null],
  ['US', '2025-11-03', 'day', null],
  ['US', '2025-11-04', 'day', '01:00 07:00'],
  ['CRYPTO', '2026-11-21', 'regular', '00:00 +00:00'],
]

function hoursOf(calendar: VenueCalendar, date: string, name: SessionName): string | null {
  const session = calendar.day(date)?.sessions.find((one) => one.name === name)
  if (!session) return null
  const told = [session.opensAt, session.closesAt].map((at) => {
    const [on, time] = new Date(at).toISOString().slice(0, 19).split('T') as [string, string]
    return (on > date ? '+' : on < date ? '-' : '') + time.replace(/:00$/, '')
  })
  return told.join(' ')
}

describe('the hours in UTC', () => {
  it.each(HOURS)('%s %s %s: %s', (venue, date, name, hours) => {
    expect(hoursOf(CALENDARS[venue], date, name)).toBe(hours)
  })
})

describe('the trading date at an instant', () => {
  it.each<[Venue, at: string, date: string, why: string]>([
    ['KRX', '2026-11-20T14:59:59Z', '2026-11-20', 'the last second of a day in Seoul'],
    ['KRX', '2026-11-20T15:00:00Z', '2026-11-21', 'midnight in Seoul'],
    ['US', '2026-11-19T20:00:00Z', '2026-11-19', '05:00 of the 20th in Korea'],
    ['US', '2026-11-20T00:59:59Z', '2026-11-19', 'after hours, 09:59:59 of the 20th in Korea'],
    ['US', '2026-11-20T01:00:00Z', '2026-11-20', 'the daytime session of the 20th'],
    ['US', '2026-11-20T06:59:59Z', '2026-11-20', 'its end, past midnight in New York'],
    ['US', '2026-07-09T23:59:59Z', '2026-07-09', 'after hours in summer'],
    ['US', '2026-07-10T00:30:00Z', '2026-07-09', 'between after hours and daytime, in summer'],
    ['US', '2026-07-10T01:00:00Z', '2026-07-10', 'daytime in summer, 21:00 of the 9th in New York'],
    ['US', '2026-11-26T02:00:00Z', '2026-11-25', 'no daytime session before a holiday'],
    ['CRYPTO', '2026-11-20T23:59:59Z', '2026-11-20', '08:59:59 of the 21st in Korea'],
    ['CRYPTO', '2026-11-21T00:00:00Z', '2026-11-21', '09:00 in Korea'],
  ])('%s %s is %s: %s', (venue, at, date) => {
    expect(CALENDARS[venue].dateAt(ms(at))).toBe(date)
  })
})

describe('the phase', () => {
  it.each<[Venue, string, Phase]>([
    ['KRX', '2026-11-19T23:29:59.999Z', 'closed'],
    ['KRX', '2026-11-19T23:30:00Z', 'auction'],
    ['KRX', '2026-11-19T23:59:59.999Z', 'auction'],
    ['KRX', '2026-11-20T00:00:00Z', 'continuous'],
    ['KRX', '2026-11-20T06:19:59.999Z', 'continuous'],
    ['KRX', '2026-11-20T06:20:00Z', 'auction'],
    ['KRX', '2026-11-20T06:29:59.999Z', 'auction'],
    ['KRX', '2026-11-20T06:30:00Z', 'closed'],
    ['KRX', '2026-11-20T06:59:59.999Z', 'closed'],
    ['KRX', '2026-11-20T07:00:00Z', 'continuous'],
    ['KRX', '2026-11-20T10:59:59.999Z', 'continuous'],
    ['KRX', '2026-11-20T11:00:00Z', 'closed'],
    // The single price of old is for information, as Nextrade is.
    ['KRX', '2026-09-11T07:00:00Z', 'closed'],
    ['KRX', '2026-11-18T23:30:00Z', 'closed'],
    ['KRX', '2026-11-19T00:30:00Z', 'auction'],
    ['KRX', '2026-11-19T07:19:59Z', 'continuous'],
    ['KRX', '2026-11-19T07:20:00Z', 'auction'],
    ['KRX', '2026-12-31T01:00:00Z', 'closed'],
    ['US', '2026-11-20T14:29:59.999Z', 'continuous'],
    ['US', '2026-11-20T20:59:59Z', 'continuous'],
    ['US', '2026-11-20T08:00:00Z', 'closed'],
    ['US', '2026-11-21T15:00:00Z', 'closed'],
    ['CRYPTO', '2026-11-21T15:00:00Z', 'continuous'],
  ])('of %s at %s is %s', (venue, at, phase) => {
    expect(CALENDARS[venue].phaseAt(ms(at))).toBe(phase)
  })

  it('regards the sessions an order may trade in', () => {
    expect(KRX.phaseAt(ms('2026-11-20T08:00:00Z'), ['regular'])).toBe('closed')
    expect(KRX.phaseAt(ms('2026-11-20T06:25:00Z'), ['after'])).toBe('closed')
    expect(US.phaseAt(ms('2026-11-20T10:00:00Z'), ['regular'])).toBe('closed')
  })
})

describe('the session at an instant', () => {
  it('is told with its day, among those that are asked for', () => {
    const at = ms('2026-11-20T02:00:00Z')
    expect(US.sessionAt(at)).toBeNull()
    const found = US.sessionAt(at, ['regular', 'day'])
    expect([found?.day.date, found?.session.name]).toEqual(['2026-11-20', 'day'])
  })

  it('may be one of several', () => {
    const names = (at: string) => KRX.sessionsAt(ms(at)).map(({ name }) => name)
    expect(names('2026-11-20T06:25:00Z')).toEqual(['regular', 'closing_auction'])
    expect(names('2026-11-20T06:45:00Z')).toEqual(['after_hours_close', 'nxt_after'])
    expect(names('2026-11-21T01:00:00Z')).toEqual([])
  })
})

describe('the next opening and closing', () => {
  it.each<[Venue, at: string, opens: string | null, closes: string | null]>([
    ['KRX', '2026-11-19T23:59:59Z', '2026-11-20T00:00:00Z', '2026-11-20T06:30:00Z'],
    ['KRX', '2026-11-20T00:00:00Z', '2026-11-23T00:00:00Z', '2026-11-20T06:30:00Z'],
    ['KRX', '2026-11-20T06:29:59Z', '2026-11-23T00:00:00Z', '2026-11-20T06:30:00Z'],
    ['KRX', '2026-11-20T06:30:00Z', '2026-11-23T00:00:00Z', '2026-11-23T06:30:00Z'],
    // Over Seollal, and over the turn of the year with its late opening.
    ['KRX', '2026-02-13T07:00:00Z', '2026-02-19T00:00:00Z', '2026-02-19T06:30:00Z'],
    ['KRX', '2026-12-30T07:00:00Z', '2027-01-04T01:00:00Z', '2027-01-04T06:30:00Z'],
    // Ten days of Chuseok.
    ['KRX', '2017-09-29T06:30:00Z', '2017-10-10T00:00:00Z', '2017-10-10T06:30:00Z'],
    ['US', '2026-11-25T21:00:00Z', '2026-11-27T14:30:00Z', '2026-11-27T18:00:00Z'],
    ['US', '2026-10-30T20:00:00Z', '2026-11-02T14:30:00Z', '2026-11-02T21:00:00Z'],
    ['CRYPTO', '2026-11-21T12:00:00Z', null, null],
  ])('%s %s: %s, %s', (venue, at, opens, closes) => {
    const calendar = CALENDARS[venue]
    expect(instant(calendar.nextOpen(ms(at))?.opensAt ?? null)).toBe(opens)
    expect(instant(calendar.nextClose(ms(at)))).toBe(closes)
  })

  it('regard the sessions named as one where they touch', () => {
    const at = ms('2026-11-20T12:00:00Z')
    expect(instant(US.nextOpen(at)!.opensAt)).toBe('2026-11-20T14:30:00Z')
    const all = ['pre', 'regular', 'after'] as const
    expect(instant(US.nextOpen(at, all)!.opensAt)).toBe('2026-11-23T09:00:00Z')
    expect(instant(US.nextClose(at, all))).toBe('2026-11-21T01:00:00Z')
  })

  it.each<[Venue, string | number, readonly SessionName[], string | null]>([
    ['KRX', '2026-11-20', ['regular'], '2026-11-20T06:30:00Z'],
    ['KRX', '2026-11-20', ['regular', 'after'], '2026-11-20T11:00:00Z'],
    ['KRX', '2026-09-11', ['after'], null],
    ['KRX', '2026-11-21', ['regular'], null],
    ['US', '2026-11-27', ['regular'], '2026-11-27T18:00:00Z'],
    ['US', ms('2026-11-20T02:00:00Z'), ['regular'], '2026-11-20T21:00:00Z'],
    ['US', ms('2026-11-20T00:30:00Z'), ['after'], '2026-11-20T01:00:00Z'],
  ])('%s %s: the day ends for %s at %s', (venue, when, among, closes) => {
    expect(instant(CALENDARS[venue].lastCloseOfDay(when, among))).toBe(closes)
  })
})

describe('an override', () => {
  const note = 'a decree'
  const overrides: CalendarOverride[] = [
    { venue: 'KRX', date: '2026-11-23', sessions: null, note },
    {
      ...{ venue: 'KRX', date: '2026-12-31', note },
      sessions: [{ name: 'regular', opens: '10:00', closes: '12:00:30' }],
    },
    {
      ...{ venue: 'US', date: '2026-11-21', note },
      sessions: [
        { name: 'regular', opens: '09:30', closes: '13:00' },
        { name: 'day', opens: '10:00', closes: '11:00' },
      ],
    },
    { venue: 'CRYPTO', date: '2026-11-23', sessions: null, note },
  ]
  const [krx, us, crypto] = (['KRX', 'US', 'CRYPTO'] as const).map(
    (venue) => new VenueCalendar(venue, overrides),
  ) as [VenueCalendar, VenueCalendar, VenueCalendar]

  it('closes a trading day, of its venue only', () => {
    expect(krx.isTradingDay('2026-11-23')).toBe(false)
    expect(us.isTradingDay('2026-11-23')).toBe(true)
    expect(krx.isTradingDay('2026-11-24')).toBe(true)
    expect(instant(krx.nextOpen(ms('2026-11-21T00:00:00Z'))!.opensAt)).toBe('2026-11-24T00:00:00Z')
  })

  it('opens a closed one, with the calls that belong to it', () => {
    expect(hoursOf(krx, '2026-12-31', 'regular')).toBe('01:00 03:00:30')
    expect(hoursOf(krx, '2026-12-31', 'opening_auction')).toBe('00:30 01:00')
    expect(krx.phaseAt(ms('2026-12-31T02:50:29Z'))).toBe('continuous')
    expect(krx.phaseAt(ms('2026-12-31T02:50:30Z'))).toBe('auction')
    expect(krx.phaseAt(ms('2026-12-31T03:00:30Z'))).toBe('closed')
  })

  it('opens a weekend, each session by its own clock', () => {
    expect(hoursOf(us, '2026-11-21', 'regular')).toBe('14:30 18:00')
    expect(hoursOf(us, '2026-11-21', 'day')).toBe('01:00 02:00')
  })

  it('gives a venue that never closes an end and a beginning', () => {
    const at = ms('2026-11-21T12:00:00Z')
    expect(instant(crypto.nextClose(at))).toBe('2026-11-23T00:00:00Z')
    expect(instant(crypto.nextOpen(at)!.opensAt)).toBe('2026-11-24T00:00:00Z')
  })
})

describe('a calendar that is always open', () => {
  const closed: CalendarOverride = { venue: 'US', date: '2026-11-21', sessions: null, note: 'no' }
  const open = new VenueCalendar('US', [closed], { alwaysOpen: true })

  it.each([
    // A Saturday, overridden; Christmas; the days on which New York's clock changes.
    ['2026-11-21', '2026-11-21T05:00:00Z', '2026-11-22T05:00:00Z'],
    ['2026-12-25', '2026-12-25T05:00:00Z', '2026-12-26T05:00:00Z'],
    ['2026-03-08', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'],
    ['2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
  ])('has %s from midnight to midnight', (date, opensAt, closesAt) => {
    const { sessions } = open.day(date)!
    expect(sessions).toEqual([{ name: 'regular', opensAt: ms(opensAt), closesAt: ms(closesAt) }])
  })

  it('knows no auction, no opening and no end', () => {
    const krx = new VenueCalendar('KRX', [], { alwaysOpen: true })
    for (const calendar of [krx, open]) {
      for (let minute = 0; minute < 3 * 1_440; minute += 7) {
        const at = ms('2026-11-20T00:00:00Z') + minute * 60_000
        expect(calendar.phaseAt(at)).toBe('continuous')
        expect(calendar.sessionAt(at)?.day.date).toBe(calendar.dateAt(at))
      }
      expect(calendar.nextOpen(ms('2026-11-20T00:00:00Z'))).toBeNull()
      expect(calendar.nextClose(ms('2026-11-20T00:00:00Z'))).toBeNull()
    }
  })
})

it('keeps every answer the same, however many days it has been asked for', () => {
  const calendar = new VenueCalendar('KRX', [])
  const first = calendar.days('2015-01-01', '2015-12-31')
  calendar.days('1990-01-01', '2030-12-31')
  expect(calendar.days('2015-01-01', '2015-12-31')).toEqual(first)
})
