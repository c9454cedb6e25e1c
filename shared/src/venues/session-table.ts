// Pure: no I/O, no clock, no randomness.
// What a venue's calendar is made of: dated rows of sessions, closed days, days with other hours.

import type { Zone } from './zone.ts'

/**
 * Every session there is. `regular` is the main one everywhere.
 * US: `pre`, `after`, and `day`, the daytime session of Korean brokers.
 * KRX: `after`, its after-market. Orders cannot name the others, they are for information:
 * `opening_auction`, `closing_auction` (part of `regular`), `pre_hours` and `after_hours_close` (at
 * the closing price), `after_hours_single` (calls every ten minutes), `nxt_…` (Nextrade).
 */
export const SESSION_NAMES = [
  'regular',
  'pre',
  'after',
  'day',
  'pre_hours',
  'opening_auction',
  'closing_auction',
  'after_hours_close',
  'after_hours_single',
  'nxt_pre',
  'nxt_main',
  'nxt_after',
] as const
export type SessionName = (typeof SESSION_NAMES)[number]

/** The sessions an order can trade in. */
export const ORDER_SESSIONS = ['regular', 'pre', 'after', 'day'] as const satisfies SessionName[]

/** Local times, `HH:MM` or `HH:MM:SS`; the second one is the first instant after the session. */
export type Hours = readonly [opens: string, closes: string]

/** A closed weekday: its date, and why in Korean and English. */
export type ClosedDay = readonly [date: string, nameKo: string, nameEn: string]

/** A trading day whose hours are others, and the kind that `SessionRow.special` names. */
export type SpecialDay<Kind extends string = string> = readonly [date: string, kind: Kind]

/** The hours of one session through an era. A change of the rules is a new row. */
export type SessionRow<Kind extends string = string> = {
  readonly name: SessionName
  /** First and last date it holds for; left out: from ever, for ever. */
  readonly from?: string
  readonly until?: string
  readonly hours: Hours
  /** Its hours on special days: null, it is left out; a kind not named here changes nothing. */
  readonly special?: Readonly<Partial<Record<Kind, Hours | null>>>
  /** Whose clock the hours are told by, if not the venue's. */
  readonly zone?: Zone
}

export type SessionTable = {
  readonly zone: Zone
  readonly rows: readonly SessionRow[]
  /**
   * First and last date that closed and special days are known for; null: there are none to know.
   * Any weekday outside counts as an ordinary trading day: nobody has said otherwise yet.
   */
  readonly known: { readonly from: string; readonly until: string } | null
  readonly closedDays: readonly ClosedDay[]
  readonly specialDays: readonly SpecialDay[]
  readonly tradesOnWeekends: boolean
  /** Days by which a session may begin before its own date does, on the venue's clock. */
  readonly daysAhead: 0 | 1
  /** Call auctions around a regular session whose hours an override sets, in minutes. */
  readonly auctions: { readonly opening: number; readonly closing: number } | null
}
