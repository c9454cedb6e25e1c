// When the venues trade, over HTTP, on a real Postgres: what anyone may ask, what admins change.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditList } from '@motu/shared/contract/admin.ts'
import type {
  MarketCalendar,
  MarketClock,
  OverrideView,
  VenueClock,
} from '@motu/shared/contract/market-calendar.ts'
import type { Venue } from '@motu/shared/instrument.ts'
import { pino } from 'pino'
import { Calendars } from '../../src/calendars.ts'
import { until } from '../until.ts'
import { createWorld, PASSWORD, problemIn, type World } from './world.ts'

const CALENDAR = '/api/v1/market/calendar'
const CLOCK = '/api/v1/market/clock'
const ADMIN = '/api/v1/admin/calendar'

let world: World
let token: string
let adminId: string

beforeAll(async () => {
  world = await createWorld()
  const user = await world.signedIn()
  adminId = user.user_id
  await world.sql`UPDATE users SET role = 'ADMIN' WHERE id = ${adminId}`
  const body = { username: user.username, password: PASSWORD }
  const signedIn = await world.call<{ access_token: string }>('/api/v1/login/access-token', {
    body,
  })
  token = signedIn.body.access_token
})
afterAll(() => world.close())

async function daysOf(path: string): Promise<string[]> {
  const { status, body } = await world.call<MarketCalendar>(`${CALENDAR}/${path}`)
  expect(status).toBe(200)
  return body.days.map(({ date }) => date)
}

async function clockAt(at: string, of: World = world): Promise<Record<Venue, VenueClock>> {
  const before = of.clock.nowMs
  of.clock.nowMs = Date.parse(at)
  const { status, body } = await of.call<MarketClock>(CLOCK)
  of.clock.nowMs = before
  expect([status, body.now]).toEqual([200, new Date(at).toISOString()])
  return Object.fromEntries(body.venues.map((venue) => [venue.venue, venue])) as Record<
    Venue,
    VenueClock
  >
}

describe('the calendar of a venue', () => {
  it('names its trading days with their sessions, in UTC', async () => {
    const range = '?from=2026-11-19&to=2026-11-23'
    const { body } = await world.call<MarketCalendar>(`${CALENDAR}/KRX${range}`)
    expect([body.venue, body.zone]).toEqual(['KRX', 'Asia/Seoul'])
    expect(body.days.map(({ date }) => date)).toEqual(['2026-11-19', '2026-11-20', '2026-11-23'])
    expect(body.days[0]!.sessions).toContainEqual({
      name: 'regular',
      opens_at: '2026-11-19T01:00:00.000Z',
      closes_at: '2026-11-19T07:30:00.000Z',
    })
  })

  it('is that of the next thirty days unless asked otherwise', async () => {
    const before = world.clock.nowMs
    world.clock.nowMs = Date.parse('2026-12-20T15:00:00Z') // the 21st in Seoul
    const days = await daysOf('KRX')
    expect([days[0], days.at(-1)]).toEqual(['2026-12-21', '2027-01-20'])
    const us = await daysOf('US')
    expect([us[0], us.at(-1)]).toEqual(['2026-12-21', '2027-01-19'])
    world.clock.nowMs = Date.parse('2027-12-20T03:00:00Z')
    expect((await daysOf('KRX')).at(-1)).toBe('2027-12-30')
    world.clock.nowMs = before
  })

  it('is told for all the years at once', async () => {
    expect(await daysOf('KRX?from=2015-01-01&to=2027-12-31')).toHaveLength(3_189)
    expect(await daysOf('US?from=2015-01-01&to=2027-12-31')).toHaveLength(3_268)
    expect(await daysOf('CRYPTO?from=2026-11-21&to=2026-11-22')).toHaveLength(2)
    expect(await daysOf('KRX?from=2026-11-21&to=2026-11-22')).toEqual([])
  })

  it.each([
    ['NYSE', '#/venue', 'KRX'],
    ['KRX?from=2026-02-30', '#/from', 'such as 2026-11-20'],
    ['KRX?to=tomorrow', '#/to', 'such as 2026-11-20'],
    ['KRX?from=2026-11-21&to=2026-11-20', '#/from', 'must not be after'],
    ['KRX?from=2014-12-31&to=2015-01-31', '#/from', 'between 2015-01-01 and 2027-12-31'],
    ['US?from=2027-12-01&to=2028-01-01', '#/to', 'between 2015-01-01 and 2027-12-31'],
    ['CRYPTO?from=2010-01-01&to=2026-01-01', '#/to', '4800 at the most'],
  ])('is refused for %s, with the way out', async (path, pointer, cure) => {
    const answer = await world.call<{ detail: string }>(`${CALENDAR}/${path}`)
    expect(problemIn(answer)).toEqual([400, 'invalid-request', pointer])
    expect(answer.body.detail).toContain(cure)
  })
})

type ClockCase = readonly [
  at: string,
  Venue,
  isOpen: boolean,
  session: string | null,
  phase: string,
  opens: string | null,
  closes: string | null,
]

const CLOCKS: readonly ClockCase[] = [
  // Saturday in Seoul, Friday evening in New York.
  [
    ...(['2026-11-20T23:00:00Z', 'KRX', false, null, 'closed'] as const),
    ...(['2026-11-23T00:00:00.000Z', '2026-11-23T06:30:00.000Z'] as const),
  ],
  [
    ...(['2026-11-20T23:00:00Z', 'US', false, 'after', 'continuous'] as const),
    ...(['2026-11-23T14:30:00.000Z', '2026-11-23T21:00:00.000Z'] as const),
  ],
  ['2026-11-20T23:00:00Z', 'CRYPTO', true, 'regular', 'continuous', null, null],
  // The opening call, the last ten minutes, the after-market.
  [
    ...(['2026-11-22T23:30:00Z', 'KRX', false, null, 'auction'] as const),
    ...(['2026-11-23T00:00:00.000Z', '2026-11-23T06:30:00.000Z'] as const),
  ],
  [
    ...(['2026-11-23T06:20:00Z', 'KRX', true, 'regular', 'auction'] as const),
    ...(['2026-11-24T00:00:00.000Z', '2026-11-23T06:30:00.000Z'] as const),
  ],
  [
    ...(['2026-11-23T07:00:00Z', 'KRX', false, 'after', 'continuous'] as const),
    ...(['2026-11-24T00:00:00.000Z', '2026-11-24T06:30:00.000Z'] as const),
  ],
  // Thanksgiving, and the half day behind it.
  [
    ...(['2026-11-26T15:00:00Z', 'US', false, null, 'closed'] as const),
    ...(['2026-11-27T14:30:00.000Z', '2026-11-27T18:00:00.000Z'] as const),
  ],
  // The turn of the year.
  [
    ...(['2026-12-31T01:00:00Z', 'KRX', false, null, 'closed'] as const),
    ...(['2027-01-04T01:00:00.000Z', '2027-01-04T06:30:00.000Z'] as const),
  ],
]

describe('the clock', () => {
  it.each(CLOCKS)('at %s says of %s', async (at, venue, isOpen, session, phase, opens, closes) => {
    expect((await clockAt(at))[venue]).toMatchObject({
      ...{ is_open: isOpen, session, phase, next_open: opens, next_close: closes },
    })
  })

  it('says what comes next, be it an auction or the after-market', async () => {
    const nextOf = async (at: string, venue: Venue) => (await clockAt(at))[venue].next_change
    expect(await nextOf('2026-11-22T23:00:00Z', 'KRX')).toEqual({
      ...{ at: '2026-11-22T23:30:00.000Z', session: null, phase: 'auction' },
    })
    expect(await nextOf('2026-11-23T06:25:00Z', 'KRX')).toEqual({
      ...{ at: '2026-11-23T06:30:00.000Z', session: null, phase: 'closed' },
    })
    expect(await nextOf('2026-11-23T06:45:00Z', 'KRX')).toEqual({
      ...{ at: '2026-11-23T07:00:00.000Z', session: 'after', phase: 'continuous' },
    })
    expect(await nextOf('2026-11-23T06:45:00Z', 'CRYPTO')).toBeNull()
  })

  it('names the holidays and half days of the next days', async () => {
    const { US, KRX, CRYPTO } = await clockAt('2026-11-20T15:00:00Z')
    expect(US.notes).toEqual([
      {
        ...{ date: '2026-11-26', is_closed: true },
        ...{ name_ko: '추수감사절', name_en: 'Thanksgiving Day' },
      },
      { date: '2026-11-27', is_closed: false, name_ko: '조기 폐장', name_en: 'Early close' },
    ])
    expect([KRX.notes, CRYPTO.notes]).toEqual([[], []])
  })

  it('says that a replay never closes, and leaves the calendar as it is', async () => {
    const open = await createWorld(undefined, { MOTU_ALWAYS_OPEN: '1' })
    try {
      const { body } = await open.call<MarketClock>(CLOCK)
      expect(body.always_open).toBe(true)
      for (const clock of Object.values(await clockAt('2026-12-25T03:00:00Z', open))) {
        const state = { is_open: true, session: 'regular', phase: 'continuous' }
        expect(clock).toMatchObject({ ...state, next_open: null, next_close: null })
      }
      const range = '?from=2026-12-24&to=2026-12-27'
      const calendar = await open.call<MarketCalendar>(`${CALENDAR}/US${range}`)
      expect(calendar.body.days.map(({ date }) => date)).toEqual(['2026-12-24'])
    } finally {
      await open.close()
    }
    expect((await world.call<MarketClock>(CLOCK)).body.always_open).toBe(false)
  })
})

describe('an override', () => {
  const put = (path: string, body: unknown) =>
    world.call<OverrideView>(`${ADMIN}/${path}`, { method: 'PUT', body, token })
  const remove = (path: string) => world.call(`${ADMIN}/${path}`, { method: 'DELETE', token })
  const list = async () =>
    (await world.call<{ overrides: OverrideView[] }>(ADMIN, { token })).body.overrides

  it('closes a day, opens it for other hours, and is taken back, at once', async () => {
    const path = 'KRX/2026-11-25'
    const range = 'KRX?from=2026-11-25&to=2026-11-26'
    expect(await daysOf(range)).toEqual(['2026-11-25', '2026-11-26'])

    const closed = await put(path, { sessions: null, note: ' 임시공휴일 ' })
    const said = { venue: 'KRX', date: '2026-11-25', sessions: null, note: '임시공휴일' }
    expect([closed.status, closed.body]).toEqual([
      ...[200, { ...said, changed_by: adminId, changed_at: expect.any(String) as string }],
    ])
    expect(await daysOf(range)).toEqual(['2026-11-26'])
    const shut = (await clockAt('2026-11-25T01:00:00Z')).KRX
    expect(shut.is_open).toBe(false)
    expect(shut.notes).toMatchObject([
      { date: '2026-11-25', is_closed: true, name_ko: '임시공휴일' },
    ])
    expect(await list()).toEqual([closed.body])

    const sessions = [{ name: 'regular', opens: '10:00', closes: '13:00' }]
    expect((await put(path, { sessions, note: '시스템 점검' })).status).toBe(200)
    const late = (await clockAt('2026-11-25T00:30:00Z')).KRX
    expect(late).toMatchObject({ phase: 'auction', next_open: '2026-11-25T01:00:00.000Z' })
    expect(await list()).toMatchObject([{ sessions, note: '시스템 점검' }])

    expect((await remove(path)).status).toBe(204)
    expect((await clockAt('2026-11-25T00:30:00Z')).KRX.is_open).toBe(true)
    expect(problemIn(await remove(path))).toEqual([404, 'not-found'])
    expect(await list()).toEqual([])
  })

  it('is in the audit log, with who said what', async () => {
    const audit = await world.call<AuditList>(`/api/v1/admin/audit?user_id=${adminId}`, { token })
    const changes = audit.body.entries.filter(({ action }) => action.startsWith('calendar_'))
    expect(changes.map(({ action }) => action)).toEqual([
      ...['calendar_restored', 'calendar_changed', 'calendar_changed'],
    ])
    expect(changes.at(-1)).toMatchObject({
      ...{ actor_id: adminId, target: 'calendar:KRX:2026-11-25' },
      detail: { sessions: null, note: '임시공휴일' },
    })
  })

  it.each([
    ['KRX/2026-02-30', { sessions: null, note: 'x' }, '#/date', 'such as'],
    ['LSE/2026-11-25', { sessions: null, note: 'x' }, '#/venue', 'KRX'],
    ['KRX/2026-11-25', { sessions: null, note: '  ' }, '#/note', ''],
    ['KRX/2026-11-25', { note: 'x' }, '#/sessions', ''],
    ['KRX/2026-11-25', { sessions: [], note: 'x' }, '#/sessions', ''],
    [
      'KRX/2026-11-25',
      { sessions: [{ name: 'pre', opens: '09:00', closes: '10:00' }], note: 'x' },
      ...['#/sessions', 'no session pre'],
    ],
    [
      'KRX/2026-11-25',
      { sessions: [{ name: 'regular', opens: '15:00', closes: '10:00' }], note: 'x' },
      ...['#/sessions', 'before it closes'],
    ],
    [
      'US/2026-11-25',
      { sessions: [{ name: 'regular', opens: '25:00', closes: '26:00' }], note: 'x' },
      ...['#/sessions/0/opens', 'such as 09:00'],
    ],
  ] as [string, object, string, string][])(
    '%s %j is refused',
    async (path, body, pointer, cure) => {
      const answer = await put(path, body)
      expect(problemIn(answer).slice(0, 3)).toEqual([400, 'invalid-request', pointer])
      expect((answer.body as unknown as { detail: string }).detail).toContain(cure)
      expect(await list()).toEqual([])
    },
  )

  it('reaches another process by itself, within seconds', async () => {
    const calendars = new Calendars({
      ...{ sql: world.sql, alwaysOpen: false, log: pino({ level: 'silent' }) },
    })
    await calendars.open()
    try {
      const before = calendars.of('US')
      expect(before.isTradingDay('2026-11-30')).toBe(true)
      await put('US/2026-11-30', { sessions: null, note: 'a day of mourning' })
      await until(() => !calendars.of('US').isTradingDay('2026-11-30'), 10_000)
      await remove('US/2026-11-30')
    } finally {
      await calendars.close()
    }
  })

  it('that was put there by hand and makes no sense is ignored', async () => {
    await world.sql`
      INSERT INTO calendar_overrides (venue, date, sessions, note, changed_at) VALUES
        ('KRX', '2026-12-01', '[{"name":"regular","opens":"late","closes":"later"}]', '', now()),
        ('LSE', '2026-12-01', null, '', now()), ('KRX', '2026-12-02', null, '', now())`
    const log = pino({ level: 'silent' })
    const calendars = new Calendars({ sql: world.sql, alwaysOpen: false, log })
    await calendars.reload()
    expect(calendars.of('KRX').isTradingDay('2026-12-01')).toBe(true)
    expect(calendars.of('KRX').isTradingDay('2026-12-02')).toBe(false)
    await world.sql`DELETE FROM calendar_overrides`
  })
})
