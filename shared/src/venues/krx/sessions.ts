// Pure: no I/O, no clock, no randomness.
// The hours of KRX, by era. Seoul's clock.

import type { SessionRow, SessionTable } from '../session-table.ts'
import { KRX_CLOSED_DAYS, KRX_KNOWN, KRX_SPECIAL_DAYS } from './holidays.ts'
import { VENUE_ZONES } from '../zone.ts'

type Kind = (typeof KRX_SPECIAL_DAYS)[number][1]

/** 2016-08-01: half an hour longer (KRX business regulations, article 4, as amended in 2016). */
const UNTIL_15_00 = { until: '2016-07-31' }
const SINCE_15_30 = { from: '2016-08-01' }

const REGULAR: readonly SessionRow<Kind>[] = [
  {
    ...{ name: 'regular', ...UNTIL_15_00, hours: ['09:00', '15:00'] },
    special: { first: ['10:00', '15:00'], csat: ['10:00', '16:00'] },
  },
  {
    ...{ name: 'regular', ...SINCE_15_30, hours: ['09:00', '15:30'] },
    special: { first: ['10:00', '15:30'], csat: ['10:00', '16:30'] },
  },
  {
    ...{ name: 'closing_auction', ...UNTIL_15_00, hours: ['14:50', '15:00'] },
    special: { csat: ['15:50', '16:00'] },
  },
  {
    ...{ name: 'closing_auction', ...SINCE_15_30, hours: ['15:20', '15:30'] },
    special: { csat: ['16:20', '16:30'] },
  },
]

/** 2019-04-29: half an hour of opening call instead of one (KRX notice of 2019-04-03). */
const BEFORE_THE_OPEN: readonly SessionRow<Kind>[] = [
  {
    ...{ name: 'pre_hours', until: '2019-04-28', hours: ['07:30', '08:30'] },
    special: { first: ['08:30', '09:30'], csat: ['08:30', '09:30'] },
  },
  {
    ...{ name: 'pre_hours', from: '2019-04-29', hours: ['08:30', '08:40'] },
    special: { first: ['09:30', '09:40'], csat: ['09:30', '09:40'] },
  },
  {
    ...{ name: 'opening_auction', until: '2019-04-28', hours: ['08:00', '09:00'] },
    special: { first: ['09:00', '10:00'], csat: ['09:00', '10:00'] },
  },
  {
    ...{ name: 'opening_auction', from: '2019-04-29', hours: ['08:30', '09:00'] },
    special: { first: ['09:30', '10:00'], csat: ['09:30', '10:00'] },
  },
]

/**
 * The last days of the single price and of nothing after it: the after-market opened on 2026-09-14
 * (KRX notice). On CSAT days only what opens is later; the evening ends as ever.
 */
const AFTER_THE_CLOSE: readonly SessionRow<Kind>[] = [
  {
    ...{ name: 'after_hours_close', ...UNTIL_15_00, hours: ['15:00', '15:30'] },
    special: { csat: ['16:00', '16:30'] },
  },
  {
    ...{ name: 'after_hours_close', ...SINCE_15_30, hours: ['15:30', '16:00'] },
    special: { csat: ['16:30', '17:00'] },
  },
  {
    ...{ name: 'after_hours_single', ...UNTIL_15_00, hours: ['15:30', '18:00'] },
    special: { csat: ['16:30', '18:00'] },
  },
  {
    ...{ name: 'after_hours_single', from: '2016-08-01', until: '2026-09-13' },
    hours: ['16:00', '18:00'],
    special: { csat: ['17:00', '18:00'] },
  },
  {
    ...{ name: 'after', from: '2026-09-14', hours: ['16:00', '20:00'] },
    special: { csat: ['17:00', '20:00'] },
  },
]

/** Nextrade opened on 2025-03-04; its hours on special days by its own notices. */
const NEXTRADE: readonly SessionRow<Kind>[] = [
  {
    ...{ name: 'nxt_pre', from: '2025-03-04', hours: ['08:00', '08:50'] },
    special: { first: null, csat: null },
  },
  {
    ...{ name: 'nxt_main', from: '2025-03-04', hours: ['09:00:30', '15:20'] },
    special: { first: ['10:00:30', '15:20'], csat: ['10:00:30', '16:20'] },
  },
  {
    ...{ name: 'nxt_after', from: '2025-03-04', hours: ['15:40', '20:00'] },
    special: { csat: ['16:40', '20:00'] },
  },
]

export const KRX_SESSIONS: SessionTable = {
  zone: VENUE_ZONES.KRX,
  rows: [...REGULAR, ...BEFORE_THE_OPEN, ...AFTER_THE_CLOSE, ...NEXTRADE],
  known: KRX_KNOWN,
  closedDays: KRX_CLOSED_DAYS,
  specialDays: KRX_SPECIAL_DAYS,
  tradesOnWeekends: false,
  daysAhead: 0,
  auctions: { opening: 30, closing: 10 },
}
