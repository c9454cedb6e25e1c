// Pure: no I/O, no clock, no randomness.
// When a venue trades. Asked for every order: days are computed once and kept, and no look-up
// touches `Intl`.

import type { Venue } from '../instrument.ts'
import { dateOf, dayNumberOf, DAY_MS, isWeekend, secondsOf } from './calendar-date.ts'
import type { CalendarOverride, OverrideSession } from './calendar-override.ts'
import { CRYPTO_SESSIONS } from './crypto/sessions.ts'
import { KRX_SESSIONS } from './krx/sessions.ts'
import {
  type Hours,
  ORDER_SESSIONS,
  type SessionName,
  type SessionRow,
  type SessionTable,
} from './session-table.ts'
import { US_SESSIONS } from './us/sessions.ts'
import { dayNumberAt, instantOf, type Zone } from './zone.ts'

/** From its opening instant up to, not including, its closing one; UTC milliseconds. */
export type TradingSession = { name: SessionName; opensAt: number; closesAt: number }

/** `date` is the venue's own, `YYYY-MM-DD`; sessions by their opening, some of them overlapping. */
export type TradingDay = { date: string; sessions: readonly TradingSession[] }

/** `auction`: orders are collected for one price. `closed`: no session an order can trade in. */
export const PHASES = ['continuous', 'auction', 'closed'] as const
export type Phase = (typeof PHASES)[number]

export type CalendarOptions = {
  /** For a replayed feed: every instant is `regular`, on every date; overrides do not count. */
  alwaysOpen?: boolean
}

export const SESSION_TABLES: Readonly<Record<Venue, SessionTable>> = {
  KRX: KRX_SESSIONS,
  US: US_SESSIONS,
  CRYPTO: CRYPTO_SESSIONS,
}

/** Thirteen years are 4,748 days. */
const DAYS_CACHED_MAX = 8_192
/** How far ahead an opening or a closing is looked for: three times the longest run of closed days. */
const SEARCH_DAYS_MAX = 30
const REGULAR: readonly SessionName[] = ['regular']

export class VenueCalendar {
  readonly venue: Venue
  readonly zone: Zone
  readonly alwaysOpen: boolean
  readonly #table: SessionTable
  readonly #closed: ReadonlySet<string>
  readonly #special: ReadonlyMap<string, string>
  readonly #overrides: ReadonlyMap<string, CalendarOverride>
  /** By day number; the oldest entry goes first. */
  readonly #days = new Map<number, TradingDay | null>()

  /** Overrides of other venues are ignored; those of this one are valid (`overrideFault`). */
  constructor(
    venue: Venue,
    overrides: readonly CalendarOverride[],
    { alwaysOpen = false }: CalendarOptions = {},
  ) {
    const table = SESSION_TABLES[venue]
    const own = overrides.filter((override) => override.venue === venue)
    this.venue = venue
    this.zone = table.zone
    this.alwaysOpen = alwaysOpen
    this.#table = table
    this.#closed = new Set(table.closedDays.map(([date]) => date))
    this.#special = new Map(table.specialDays)
    this.#overrides = new Map(own.map((override) => [override.date, override]))
  }

  /** The trading day of a date; null when the venue is shut on it, and for text that is no date. */
  day(date: string): TradingDay | null {
    const number = dayNumberOf(date)
    return number === null ? null : this.#dayOf(number)
  }

  isTradingDay(date: string): boolean {
    return this.day(date) !== null
  }

  /** The trading days of a range of dates, both ends included. */
  days(from: string, to: string): TradingDay[] {
    const [first, last] = [dayNumberOf(from), dayNumberOf(to)]
    if (first === null || last === null) return []
    const days: TradingDay[] = []
    for (let number = first; number <= last; number += 1) {
      const day = this.#dayOf(number)
      if (day) days.push(day)
    }
    return days
  }

  /**
   * The venue's trading date at an instant: that of the session an order could trade in, or else
   * the date on the venue's clock. An early morning in Seoul is still the previous New York date;
   * the US session `day` is already the next one's.
   */
  dateAt(ms: number): string {
    return this.sessionAt(ms, ORDER_SESSIONS)?.day.date ?? dateOf(dayNumberAt(this.zone, ms))
  }

  /** Every session under way, of whatever kind. */
  sessionsAt(ms: number): TradingSession[] {
    return this.#around(ms).flatMap(({ sessions }) =>
      sessions.filter((session) => isWithin(session, ms)),
    )
  }

  /** The session under way among those named, and its trading day. */
  sessionAt(
    ms: number,
    among: readonly SessionName[] = REGULAR,
  ): { day: TradingDay; session: TradingSession } | null {
    const local = dayNumberAt(this.zone, ms)
    for (let ahead = 0; ahead <= this.#table.daysAhead; ahead += 1) {
      const day = this.#dayOf(local + ahead)
      for (const session of day?.sessions ?? []) {
        if (isWithin(session, ms) && among.includes(session.name)) return { day: day!, session }
      }
    }
    return null
  }

  /**
   * The next session among those named that opens after `ms`, and not just where another of them
   * closes. Null when there is none for a month: the venue never closes, or stays shut.
   */
  nextOpen(ms: number, among: readonly SessionName[] = REGULAR): TradingSession | null {
    let coveredUntil = -Infinity
    for (const session of this.#from(ms, among)) {
      if (session.opensAt > ms && session.opensAt > coveredUntil) return session
      coveredUntil = Math.max(coveredUntil, session.closesAt)
    }
    return null
  }

  /**
   * When the sessions named that are under way end, where another of them takes over the end of
   * that; while none is, the end of the next ones. Null when they do not end within a month.
   */
  nextClose(ms: number, among: readonly SessionName[] = REGULAR): number | null {
    let closesAt: number | null = null
    for (const session of this.#from(ms, among)) {
      if (closesAt !== null && session.opensAt > closesAt) return closesAt
      closesAt = Math.max(closesAt ?? 0, session.closesAt)
    }
    const horizon = ms + (SEARCH_DAYS_MAX - 2) * DAY_MS
    return closesAt !== null && closesAt < horizon ? closesAt : null
  }

  /** When the last of the named sessions of a trading day ends; null when it has none of them. */
  lastCloseOfDay(
    dateOrMs: string | number,
    among: readonly SessionName[] = REGULAR,
  ): number | null {
    const day = typeof dateOrMs === 'string' ? this.day(dateOrMs) : this.#dayAt(dateOrMs)
    let last: number | null = null
    for (const { name, closesAt } of day?.sessions ?? []) {
      if (among.includes(name) && (last === null || closesAt > last)) last = closesAt
    }
    return last
  }

  /** How orders of the named sessions are matched; call auctions belong to `regular`. */
  phaseAt(ms: number, among: readonly SessionName[] = ORDER_SESSIONS): Phase {
    if (among.includes('regular') && this.sessionAt(ms, AUCTIONS)) return 'auction'
    return this.sessionAt(ms, among) ? 'continuous' : 'closed'
  }

  /** The named sessions that close after `ms`, by their opening, for a month. */
  *#from(ms: number, among: readonly SessionName[]): Generator<TradingSession> {
    const local = dayNumberAt(this.zone, ms)
    for (let number = local; number < local + SEARCH_DAYS_MAX; number += 1) {
      for (const session of this.#dayOf(number)?.sessions ?? []) {
        if (session.closesAt > ms && among.includes(session.name)) yield session
      }
    }
  }

  /** The trading day of `dateAt`. */
  #dayAt(ms: number): TradingDay | null {
    return this.sessionAt(ms, ORDER_SESSIONS)?.day ?? this.#dayOf(dayNumberAt(this.zone, ms))
  }

  #around(ms: number): TradingDay[] {
    const local = dayNumberAt(this.zone, ms)
    const numbers = this.#table.daysAhead === 0 ? [local] : [local, local + 1]
    return numbers.flatMap((number) => this.#dayOf(number) ?? [])
  }

  #dayOf(number: number): TradingDay | null {
    const known = this.#days.get(number)
    if (known !== undefined) return known
    const day = this.#compute(number)
    if (this.#days.size >= DAYS_CACHED_MAX) this.#days.delete(this.#days.keys().next().value!)
    this.#days.set(number, day)
    return day
  }

  #compute(number: number): TradingDay | null {
    const date = dateOf(number)
    if (this.alwaysOpen) {
      const [opensAt, closesAt] = [number, number + 1].map((day) => instantOf(this.zone, day, 0))
      return { date, sessions: [{ name: 'regular', opensAt: opensAt!, closesAt: closesAt! }] }
    }
    const override = this.#overrides.get(date)
    const sessions = override
      ? sessionsOfOverride(this.#table, number, override.sessions ?? [])
      : this.#isShut(number, date)
        ? []
        : sessionsOfRows(this.#table, number, this.#special.get(date))
    return sessions.length === 0 ? null : { date, sessions }
  }

  #isShut(number: number, date: string): boolean {
    return this.#closed.has(date) || (isWeekend(number) && !this.#table.tradesOnWeekends)
  }
}

const AUCTIONS: readonly SessionName[] = ['opening_auction', 'closing_auction']

function isWithin({ opensAt, closesAt }: TradingSession, ms: number): boolean {
  return ms >= opensAt && ms < closesAt
}

function sessionsOfRows(
  table: SessionTable,
  number: number,
  kind: string | undefined,
): TradingSession[] {
  const date = dateOf(number)
  const rows = table.rows.filter(
    ({ from, until }) => (from === undefined || from <= date) && (!until || date <= until),
  )
  const sessions = rows.flatMap((row) => {
    const hours = hoursOn(row, kind)
    return hours ? [sessionOf(row.name, number, { hours, zone: row.zone ?? table.zone })] : []
  })
  return sessions.sort(byOpening)
}

function hoursOn(row: SessionRow, kind: string | undefined): Hours | null {
  const special = kind === undefined ? undefined : row.special?.[kind]
  return special === undefined ? row.hours : special
}

/** Where the venue has call auctions, those of a regular session come with it unless named. */
function sessionsOfOverride(
  table: SessionTable,
  number: number,
  named: readonly OverrideSession[],
): TradingSession[] {
  const sessions = named.map(({ name, opens, closes }) => {
    const zone = table.rows.find((row) => row.name === name)?.zone ?? table.zone
    return sessionOf(name, number, { hours: [opens, closes], zone })
  })
  const regular = sessions.find(({ name }) => name === 'regular')
  const { auctions } = table
  if (!regular || !auctions) return sessions.sort(byOpening)
  const { opensAt, closesAt } = regular
  const calls: TradingSession[] = [
    { name: 'opening_auction', opensAt: opensAt - auctions.opening * MINUTE_MS, closesAt: opensAt },
    { name: 'closing_auction', opensAt: closesAt - auctions.closing * MINUTE_MS, closesAt },
  ]
  const missing = calls.filter((call) => !sessions.some(({ name }) => name === call.name))
  return [...sessions, ...missing].sort(byOpening)
}

const MINUTE_MS = 60_000

function sessionOf(
  name: SessionName,
  number: number,
  { hours: [opens, closes], zone }: { hours: Hours; zone: Zone },
): TradingSession {
  const [from, to] = [secondsOf(opens)!, secondsOf(closes)!]
  return {
    ...{ name, opensAt: instantOf(zone, number, from), closesAt: instantOf(zone, number, to) },
  }
}

function byOpening(a: TradingSession, b: TradingSession): number {
  return a.opensAt - b.opensAt || a.closesAt - b.closesAt
}
