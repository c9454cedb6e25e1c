// When the venues trade: their days and hours, the clock of now, and what admins change of it.

import { createRoute, z } from '@hono/zod-openapi'
import { VENUES } from '../instrument.ts'
import { PHASES } from '../venues/calendar.ts'
import { dayNumberOf } from '../venues/calendar-date.ts'
import { SESSION_NAMES } from '../venues/session-table.ts'
import { ZONES } from '../venues/zone.ts'
import { access } from './access.ts'
import { instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

/** Dates from `from` to `to`: the thirteen years whose holidays are known are 4,748. */
export const CALENDAR_DAYS_PER_ANSWER_MAX = 4_800
export const CALENDAR_DAYS_DEFAULT = 30
const NOTE_LENGTH_MAX = 200

/** A date without a zone. */
const dateText = z
  .string()
  .max(20)
  .refine((text) => /^(19[789]|20\d)\d-/.test(text) && dayNumberOf(text) !== null, {
    error: 'must be a date between 1970 and 2099, such as 2026-11-20',
  })
  .openapi({ example: '2026-11-20', format: 'date', pattern: '^(19[789]|20\\d)\\d-\\d\\d-\\d\\d$' })

const clockText = z
  .string()
  .regex(/^([01]\d|2[0-4]):[0-5]\d(:[0-5]\d)?$/, { error: 'must be a time, such as 09:00' })
  .openapi({ example: '09:00' })

const venueName = z.enum(VENUES)
const sessionName = z.enum(SESSION_NAMES)

export const calendarSchema = z
  .object({
    venue: venueName,
    zone: z.enum(ZONES),
    days: z.array(
      z.object({
        date: dateText,
        sessions: z.array(
          z.object({ name: sessionName, opens_at: instantText, closes_at: instantText }),
        ),
      }),
    ),
  })
  .openapi('MarketCalendar')
export type MarketCalendar = z.infer<typeof calendarSchema>

/** Days ahead that a clock tells holidays and other hours of. */
export const NOTED_DAYS = 10

export const dayNoteSchema = z
  .object({
    date: dateText,
    /** Nothing trades on it; else its hours are others than usual. */
    is_closed: z.boolean(),
    name_ko: z.string(),
    name_en: z.string(),
  })
  .openapi('DayNote')
export type DayNoteView = z.infer<typeof dayNoteSchema>

export const venueClockSchema = z
  .object({
    venue: venueName,
    zone: z.enum(ZONES),
    /** Whether the regular session is under way, its closing call included. */
    is_open: z.boolean(),
    /** The session under way that orders can trade in; null: none. */
    session: sessionName.nullable(),
    phase: z.enum(PHASES),
    /** Of the regular session, after now; null: it never closes, or stays shut for a month. */
    next_open: instantText.nullable(),
    next_close: instantText.nullable(),
    /** What it does next, auctions and sessions outside the regular one too; null: nothing in sight. */
    next_change: z
      .object({ at: instantText, session: sessionName.nullable(), phase: z.enum(PHASES) })
      .nullable(),
    /** Holidays and days of other hours, today's and those of the next days; of a replay too. */
    notes: z.array(dayNoteSchema),
  })
  .openapi('VenueClock')
export type VenueClock = z.infer<typeof venueClockSchema>

export const marketClockSchema = z
  .object({
    now: instantText,
    /** The feed is a replay, and every venue trades without a pause. */
    always_open: z.boolean(),
    venues: z.array(venueClockSchema),
  })
  .openapi('MarketClock')
export type MarketClock = z.infer<typeof marketClockSchema>

export const newOverrideSchema = z
  .strictObject({
    /** In the venue's own time (the US session `day`: Seoul's); null closes the date. */
    sessions: z
      .array(z.strictObject({ name: sessionName, opens: clockText, closes: clockText }))
      .min(1)
      .max(SESSION_NAMES.length)
      .nullable(),
    note: z
      .string()
      .trim()
      .min(1)
      .max(NOTE_LENGTH_MAX)
      .regex(/^[^\p{C}]*$/u, { error: 'must not hold control characters' })
      .openapi({ pattern: '^[^\\p{C}]*$', example: '임시공휴일' }),
  })
  .openapi('NewCalendarOverride')
export type NewOverride = z.infer<typeof newOverrideSchema>

export const overrideSchema = z
  .object({
    venue: venueName,
    date: dateText,
    ...newOverrideSchema.shape,
    changed_by: z.uuid().nullable(),
    changed_at: instantText,
  })
  .openapi('CalendarOverride')
export type OverrideView = z.infer<typeof overrideSchema>

const overrideParams = z.object({ venue: venueName, date: dateText })

export const getCalendarRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/calendar/{venue}',
  summary: 'The trading days of a venue; `from` and `to` are dates, both included',
  ...access('anyone'),
  request: {
    params: z.object({ venue: venueName }),
    query: z.object({
      from: dateText.optional().openapi({ description: "The venue's today, unless given" }),
      to: dateText.optional().openapi({ description: '30 days from `from`, unless given' }),
    }),
  },
  responses: {
    200: jsonAnswer(calendarSchema, 'Of at most 4,800 dates those on which it trades'),
    ...problemAnswers,
  },
})

export const getClockRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/clock',
  summary: 'Which venues are open now, and what comes next',
  ...access('anyone'),
  responses: { 200: jsonAnswer(marketClockSchema, 'Every venue'), ...problemAnswers },
})

export const listOverridesRoute = createRoute({
  method: 'get',
  path: '/api/v1/admin/calendar',
  summary: 'Every date that admins closed, opened or gave other hours, oldest first',
  ...access('admin'),
  responses: {
    200: jsonAnswer(z.object({ overrides: z.array(overrideSchema) }), 'All overrides'),
    ...problemAnswers,
  },
})

export const putOverrideRoute = createRoute({
  method: 'put',
  path: '/api/v1/admin/calendar/{venue}/{date}',
  summary: 'Close a date, or say at what hours it trades; it counts within seconds',
  ...access('admin'),
  request: { params: overrideParams, body: jsonBody(newOverrideSchema) },
  responses: { 200: jsonAnswer(overrideSchema, 'It counts'), ...problemAnswers },
})

export const deleteOverrideRoute = createRoute({
  method: 'delete',
  path: '/api/v1/admin/calendar/{venue}/{date}',
  summary: 'Go back to what the calendar says of a date',
  ...access('admin'),
  request: { params: overrideParams },
  responses: { 204: { description: 'The calendar counts again' }, ...problemAnswers },
})
