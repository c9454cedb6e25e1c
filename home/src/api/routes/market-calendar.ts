// When the venues trade, for anyone; and what admins change of it.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  CALENDAR_DAYS_DEFAULT,
  CALENDAR_DAYS_PER_ANSWER_MAX,
  deleteOverrideRoute,
  getCalendarRoute,
  getClockRoute,
  listOverridesRoute,
  NOTED_DAYS,
  putOverrideRoute,
  type VenueClock,
} from '@motu/shared/contract/market-calendar.ts'
import { type Venue, VENUES } from '@motu/shared/instrument.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { SESSION_TABLES, type VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { dateOf, dayNumberOf } from '@motu/shared/venues/calendar-date.ts'
import { overrideFault } from '@motu/shared/venues/calendar-override.ts'
import { dayNotes } from '@motu/shared/venues/day-notes.ts'
import { nextChange } from '@motu/shared/venues/next-change.ts'
import { ORDER_SESSIONS } from '@motu/shared/venues/session-table.ts'
import {
  countOverrides,
  listOverrides,
  OVERRIDES_MAX,
  removeOverride,
  storeOverride,
} from '../../db/calendar-overrides.ts'
import type { Calendars } from '../../calendars.ts'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import { invalidRequest } from '../problem.ts'

export function addMarketCalendarRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { calendars, now } = parts

  app.openapi(getCalendarRoute, (c) => {
    const calendar = calendars.published(c.req.valid('param').venue)
    const { from, to } = rangeOf(calendar, c.req.valid('query'), now())
    const days = calendar.days(from, to).map(({ date, sessions }) => ({
      date,
      sessions: sessions.map(({ name, opensAt, closesAt }) => ({
        ...{ name, opens_at: instantOf(opensAt), closes_at: instantOf(closesAt) },
      })),
    }))
    return c.json({ venue: calendar.venue, zone: calendar.zone, days }, 200)
  })

  app.openapi(getClockRoute, (c) => {
    const nowMs = now()
    const venues = VENUES.map((venue) => ({
      ...clockOf(calendars.of(venue), nowMs),
      notes: notesOf(calendars, venue, nowMs),
    }))
    return c.json({ now: instantOf(nowMs), always_open: calendars.alwaysOpen, venues }, 200)
  })

  addOverrideRoutes(app, parts)
}

function addOverrideRoutes(
  app: OpenAPIHono<ApiEnv>,
  { sql, calendars, now }: Pick<ApiParts, 'sql' | 'calendars' | 'now'>,
): void {
  app.openapi(listOverridesRoute, async (c) => {
    return c.json({ overrides: await listOverrides(sql) }, 200)
  })

  app.openapi(putOverrideRoute, async (c) => {
    const { venue, date } = c.req.valid('param')
    const { sessions, note } = c.req.valid('json')
    const fault = overrideFault(SESSION_TABLES[venue], { date, sessions })
    if (fault) throw invalidRequest([{ path: ['sessions'], message: fault }])
    const nowMs = now()
    const changedBy = c.get('principal').userId
    await sql.begin(async (tx) => {
      await storeOverride(tx, { venue, date, sessions, note }, { changedBy, nowMs })
      if ((await countOverrides(tx)) > OVERRIDES_MAX) {
        const message = `is one more than the ${OVERRIDES_MAX} there may be: remove old ones first`
        throw invalidRequest([{ path: ['date'], message }])
      }
      const actor = { ...actorOf(c), target: `calendar:${venue}:${date}` }
      await audit(tx, { action: 'calendar_changed', ...actor, detail: { sessions, note } }, nowMs)
    })
    await calendars.reload()
    const changed = { changed_by: changedBy, changed_at: instantOf(nowMs) }
    return c.json({ venue, date, sessions, note, ...changed }, 200)
  })

  app.openapi(deleteOverrideRoute, async (c) => {
    const { venue, date } = c.req.valid('param')
    await sql.begin(async (tx) => {
      if (!(await removeOverride(tx, { venue, date }))) {
        const detail = `Nobody changed ${date} at ${venue}. GET /api/v1/admin/calendar lists all.`
        throw new DomainError('not-found', { detail })
      }
      const actor = { ...actorOf(c), target: `calendar:${venue}:${date}` }
      await audit(tx, { action: 'calendar_restored', ...actor }, now())
    })
    await calendars.reload()
    return c.body(null, 204)
  })
}

const instantOf = (ms: number): string => new Date(ms).toISOString()

function clockOf(calendar: VenueCalendar, nowMs: number): Omit<VenueClock, 'notes'> {
  const next = calendar.nextOpen(nowMs)
  const closesAt = calendar.nextClose(nowMs)
  const change = nextChange(calendar, nowMs)
  return {
    venue: calendar.venue,
    zone: calendar.zone,
    is_open: calendar.sessionAt(nowMs) !== null,
    session: calendar.sessionAt(nowMs, ORDER_SESSIONS)?.session.name ?? null,
    phase: calendar.phaseAt(nowMs),
    next_open: next && instantOf(next.opensAt),
    next_close: closesAt === null ? null : instantOf(closesAt),
    next_change: change && {
      ...{ at: instantOf(change.atMs), session: change.session, phase: change.phase },
    },
  }
}

/** Of the days the venue really trades: a holiday is one, though a replay goes on through it. */
function notesOf(calendars: Calendars, venue: Venue, nowMs: number): VenueClock['notes'] {
  const calendar = calendars.published(venue)
  const from = calendar.dateAt(nowMs)
  const to = dateOf(dayNumberOf(from)! + NOTED_DAYS)
  const days = { calendar, table: SESSION_TABLES[venue], overrides: calendars.overridesOf(venue) }
  return dayNotes(days, { from, to }).map(({ date, isClosed, nameKo, nameEn }) => ({
    ...{ date, is_closed: isClosed, name_ko: nameKo, name_en: nameEn },
  }))
}

/** The dates asked for, or the next thirty; refused where nobody knows the holidays. */
function rangeOf(
  calendar: VenueCalendar,
  asked: { from?: string | undefined; to?: string | undefined },
  nowMs: number,
): { from: string; to: string } {
  const { known } = SESSION_TABLES[calendar.venue]
  const bounds = calendar.alwaysOpen ? null : known
  const from = asked.from ?? calendar.dateAt(nowMs)
  const to = asked.to ?? lastByDefault(from, bounds?.until)
  for (const [name, date] of Object.entries(asked)) {
    if (!bounds || !date || (date >= bounds.from && date <= bounds.until)) continue
    const message = `must be between ${bounds.from} and ${bounds.until}: the holidays known`
    throw invalidRequest([{ path: [name], message }])
  }
  const days = dayNumberOf(to)! - dayNumberOf(from)! + 1
  if (days < 1) throw invalidRequest([{ path: ['from'], message: 'must not be after `to`' }])
  if (days > CALENDAR_DAYS_PER_ANSWER_MAX) {
    const message = `is ${days} days from \`from\`, ${CALENDAR_DAYS_PER_ANSWER_MAX} at the most`
    throw invalidRequest([{ path: ['to'], message }])
  }
  return { from, to }
}

function lastByDefault(from: string, knownUntil: string | undefined): string {
  const to = dateOf(dayNumberOf(from)! + CALENDAR_DAYS_DEFAULT)
  return knownUntil !== undefined && from <= knownUntil && to > knownUntil ? knownUntil : to
}
