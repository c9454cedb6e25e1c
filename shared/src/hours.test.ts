import { describe, expect, it } from 'vitest'
import { hoursOf, type TimedOrder } from './hours.ts'
import type { Venue } from './instrument.ts'
import type { OrderSession, TimeInForce } from './order.ts'
import { VenueCalendar } from './venues/calendar.ts'

const CALENDARS: Readonly<Record<Venue, VenueCalendar>> = {
  KRX: new VenueCalendar('KRX', []),
  US: new VenueCalendar('US', []),
  CRYPTO: new VenueCalendar('CRYPTO', []),
}
const ALWAYS_OPEN = new VenueCalendar('KRX', [], { alwaysOpen: true })
const UNTIL = Date.parse('2027-01-01T00:00:00Z')

/** In short: `open` or `waits`, and until when; or why it is refused. */
function told(calendar: VenueCalendar, at: string, more: Partial<TimedOrder>): string {
  const order: TimedOrder = { type: 'LIMIT', timeInForce: 'DAY', ...more }
  const hours = hoursOf(calendar, order, Date.parse(at))
  if (hours.kind === 'refuse') return hours.reason
  const until = hours.expiresAt === null ? 'ever' : new Date(hours.expiresAt).toISOString()
  return `${hours.isOpen ? 'open' : 'waits'} until ${until.replace(':00.000Z', 'Z')}`
}

const FRIDAY = 'open until 2026-11-20T06:30Z'
const MONDAY = 'waits until 2026-11-23T06:30Z'

describe('the hours of an order on KRX', () => {
  // Seoul. Columns: DAY, the same with queue_for_open, GTC, GTD, IOC and FOK.
  it.each<[string, string, string, string, string]>([
    ['2026-11-20T08:29:59.999', 'market_closed', 'waits until 2026-11-20T06:30Z', 'waits', 'no'],
    ['2026-11-20T08:30:00.000', FRIDAY, FRIDAY, 'open', 'no'],
    ['2026-11-20T08:59:59.999', FRIDAY, FRIDAY, 'open', 'no'],
    ['2026-11-20T09:00:00.000', FRIDAY, FRIDAY, 'open', 'yes'],
    ['2026-11-20T15:19:59.999', FRIDAY, FRIDAY, 'open', 'yes'],
    ['2026-11-20T15:20:00.000', FRIDAY, FRIDAY, 'open', 'no'],
    ['2026-11-20T15:29:59.999', FRIDAY, FRIDAY, 'open', 'no'],
    ['2026-11-20T15:30:00.000', 'market_closed', MONDAY, 'waits', 'no'],
    ['2026-11-20T16:30:00.000', 'market_closed', MONDAY, 'waits', 'no'],
    ['2026-11-21T12:00:00.000', 'market_closed', MONDAY, 'waits', 'no'],
    ['2026-11-22T12:00:00.000', 'market_closed', MONDAY, 'waits', 'no'],
    // Christmas, a Friday; the day of the university entrance exam, an hour later.
    ['2026-12-25T12:00:00.000', 'market_closed', 'waits until 2026-12-28T06:30Z', 'waits', 'no'],
    ['2026-11-19T09:15:00.000', 'market_closed', 'waits until 2026-11-19T07:30Z', 'waits', 'no'],
    [
      '2026-11-19T09:45:00.000',
      'open until 2026-11-19T07:30Z',
      'open until 2026-11-19T07:30Z',
      'open',
      'no',
    ],
    [
      '2026-11-19T16:00:00.000',
      'open until 2026-11-19T07:30Z',
      'open until 2026-11-19T07:30Z',
      'open',
      'yes',
    ],
  ])('at %s: %s, or %s; %s, at once: %s', (time, day, queued, waits, atOnce) => {
    const at = `${time}+09:00`
    const { KRX } = CALENDARS
    expect(told(KRX, at, {})).toBe(day)
    expect(told(KRX, at, { queueForOpen: true })).toBe(queued)
    expect(told(KRX, at, { timeInForce: 'GTC' })).toBe(`${waits} until ever`)
    expect(told(KRX, at, { timeInForce: 'GTD', expireAt: UNTIL })).toBe(
      `${waits} until 2027-01-01T00:00Z`,
    )
    for (const timeInForce of ['IOC', 'FOK'] as const) {
      const expected = atOnce === 'yes' ? 'open until ever' : 'market_closed'
      expect(told(KRX, at, { timeInForce })).toBe(expected)
    }
  })

  it.each<[string, readonly OrderSession[], string, string]>([
    ['2026-11-20T12:00', ['regular', 'after'], 'open until 2026-11-20T11:00Z', 'yes'],
    ['2026-11-20T15:45', ['regular', 'after'], 'market_closed', 'no'],
    ['2026-11-20T15:59', ['after'], 'market_closed', 'no'],
    ['2026-11-20T16:00', ['after'], 'open until 2026-11-20T11:00Z', 'yes'],
    ['2026-11-20T19:59', ['after'], 'open until 2026-11-20T11:00Z', 'yes'],
    ['2026-11-20T20:00', ['after'], 'market_closed', 'no'],
    ['2026-11-20T15:25', ['after'], 'market_closed', 'no'],
    ['2026-11-20T16:00', ['regular'], 'market_closed', 'no'],
  ])('at %s for %j: %s', (time, sessions, day, atOnce) => {
    const at = `${time}:00+09:00`
    expect(told(CALENDARS.KRX, at, { sessions })).toBe(day)
    const now = told(CALENDARS.KRX, at, { sessions, timeInForce: 'IOC' })
    expect(now).toBe(atOnce === 'yes' ? 'open until ever' : 'market_closed')
  })

  it.each<[string, readonly OrderSession[], string]>([
    ['2026-11-20T08:00', ['after'], 'waits until 2026-11-20T11:00Z'],
    ['2026-11-20T08:45', ['after'], 'waits until 2026-11-20T11:00Z'],
    ['2026-11-20T15:45', ['regular', 'after'], 'waits until 2026-11-20T11:00Z'],
    ['2026-11-20T20:00', ['after'], 'waits until 2026-11-23T11:00Z'],
  ])('queued at %s for %j: %s', (time, sessions, expected) => {
    const at = `${time}:00+09:00`
    expect(told(CALENDARS.KRX, at, { sessions, queueForOpen: true })).toBe(expected)
  })
})

describe('the hours of an order in the US', () => {
  // New York, in winter five hours behind UTC. Columns: DAY, then IOC and FOK.
  it.each<[string, readonly OrderSession[] | undefined, string, string]>([
    ['2026-11-20T09:29:59-05:00', undefined, 'market_closed', 'no'],
    ['2026-11-20T09:30:00-05:00', undefined, 'open until 2026-11-20T21:00Z', 'yes'],
    ['2026-11-20T15:59:59-05:00', undefined, 'open until 2026-11-20T21:00Z', 'yes'],
    ['2026-11-20T16:00:00-05:00', undefined, 'market_closed', 'no'],
    ['2026-11-20T04:00:00-05:00', ['pre', 'regular'], 'open until 2026-11-20T21:00Z', 'yes'],
    ['2026-11-20T03:59:59-05:00', ['pre', 'regular'], 'market_closed', 'no'],
    ['2026-11-20T16:00:00-05:00', ['regular', 'after'], 'open until 2026-11-21T01:00Z', 'yes'],
    ['2026-11-20T20:00:00-05:00', ['regular', 'after'], 'market_closed', 'no'],
    ['2026-11-20T12:00:00-05:00', ['pre', 'after'], 'market_closed', 'no'],
    // By day in Korea, 10:00 to 16:00, the evening and night before in New York.
    ['2026-11-20T09:59:59+09:00', ['day'], 'market_closed', 'no'],
    ['2026-11-20T10:00:00+09:00', ['day'], 'open until 2026-11-20T07:00Z', 'yes'],
    ['2026-11-20T15:59:59+09:00', ['day'], 'open until 2026-11-20T07:00Z', 'yes'],
    ['2026-11-20T16:00:00+09:00', ['day'], 'market_closed', 'no'],
    ['2026-11-20T10:00:00+09:00', ['day', 'regular'], 'open until 2026-11-20T21:00Z', 'yes'],
    // The half day after Thanksgiving; Thanksgiving; a summer day.
    ['2026-11-27T12:59:59-05:00', undefined, 'open until 2026-11-27T18:00Z', 'yes'],
    ['2026-11-27T13:00:00-05:00', undefined, 'market_closed', 'no'],
    ['2026-11-27T13:00:00-05:00', ['after'], 'open until 2026-11-27T22:00Z', 'yes'],
    ['2026-11-26T12:00:00-05:00', undefined, 'market_closed', 'no'],
    ['2026-07-01T12:00:00-04:00', undefined, 'open until 2026-07-01T20:00Z', 'yes'],
    ['2026-11-21T12:00:00-05:00', undefined, 'market_closed', 'no'],
  ])('at %s for %j: %s', (at, sessions, day, atOnce) => {
    expect(told(CALENDARS.US, at, { sessions })).toBe(day)
    for (const timeInForce of ['IOC', 'FOK'] as const) {
      const expected = atOnce === 'yes' ? 'open until ever' : 'market_closed'
      expect(told(CALENDARS.US, at, { sessions, timeInForce })).toBe(expected)
    }
  })

  it.each<[string, readonly OrderSession[] | undefined, string]>([
    ['2026-11-25T17:00:00-05:00', undefined, 'waits until 2026-11-27T18:00Z'],
    ['2026-11-20T21:00:00-05:00', ['pre'], 'waits until 2026-11-23T14:30Z'],
    ['2026-11-20T12:00:00-05:00', ['pre', 'after'], 'waits until 2026-11-21T01:00Z'],
    ['2026-11-20T16:30:00+09:00', ['day'], 'waits until 2026-11-23T07:00Z'],
  ])('queued at %s for %j: %s', (at, sessions, expected) => {
    expect(told(CALENDARS.US, at, { sessions, queueForOpen: true })).toBe(expected)
  })
})

describe('the hours of a coin', () => {
  it.each<[TimeInForce, string]>([
    ['GTC', 'open until ever'],
    ['IOC', 'open until ever'],
    ['FOK', 'open until ever'],
    ['GTD', 'open until 2027-01-01T00:00Z'],
  ])('are all: %s', (timeInForce, expected) => {
    const more = timeInForce === 'GTD' ? { timeInForce, expireAt: UNTIL } : { timeInForce }
    for (const at of ['2026-11-22T03:00:00Z', '2026-12-25T23:59:59.999Z', '2026-11-20T00:00:00Z']) {
      expect(told(CALENDARS.CRYPTO, at, more)).toBe(expected)
    }
  })
})

describe('an order until an instant', () => {
  const at = '2026-11-20T12:00:00.000+09:00'
  it.each([
    [-1, 'expired'],
    [0, 'expired'],
    [1, 'open until 2026-11-20T03:00:00.001Z'],
  ])('that is %i ms from now: %s', (ms, expected) => {
    const order = { timeInForce: 'GTD', expireAt: Date.parse(at) + ms } as const
    expect(told(CALENDARS.KRX, at, order)).toBe(expected)
  })

  it('that it does not name is over', () => {
    expect(told(CALENDARS.KRX, at, { timeInForce: 'GTD' })).toBe('expired')
  })
})

it.each<[TimeInForce, string]>([
  ['DAY', 'open until 2026-11-22T15:00Z'],
  ['GTC', 'open until ever'],
  ['IOC', 'open until ever'],
  ['FOK', 'open until ever'],
])('a market that never closes takes %s on a Sunday: %s', (timeInForce, expected) => {
  expect(told(ALWAYS_OPEN, '2026-11-22T12:00:00+09:00', { timeInForce })).toBe(expected)
})
