// Pure: no I/O, no clock, no randomness.
// When an order may trade and when its time is over, by its venue's calendar.

import type { OrderSession, OrderType, Reason, TimeInForce } from './order.ts'
import type { VenueCalendar } from './venues/calendar.ts'
import type { SessionName } from './venues/session-table.ts'

/** After the end of its time an order may still be filled by the auction that ended with it. */
export const UNCROSS_GRACE_MS = 3_000

/** Of an order, what its hours depend on. */
export type TimedOrder = {
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly sessions?: readonly OrderSession[] | undefined
  readonly expireAt?: number | undefined
  readonly queueForOpen?: boolean | undefined
}

export type Hours =
  | { readonly kind: 'refuse'; readonly reason: Reason }
  /** `expiresAt`: null for an order that waits until it is cancelled. */
  | { readonly kind: 'admit'; readonly isOpen: boolean; readonly expiresAt: number | null }

/** The sessions of an order that names none. */
export const REGULAR: readonly OrderSession[] = ['regular']

/**
 * What the calendar says to an order accepted at an instant. Outside its hours a DAY order is
 * refused unless it may wait for the opening; one of the moment is refused; GTC and GTD wait.
 */
export function hoursOf(calendar: VenueCalendar, order: TimedOrder, acceptedAt: number): Hours {
  const among: readonly SessionName[] = order.sessions ?? REGULAR
  const phase = calendar.phaseAt(acceptedAt, among)
  const isOpen = phase !== 'closed'
  const closed: Hours = { kind: 'refuse', reason: 'market_closed' }
  switch (order.timeInForce) {
    case 'GTC':
      return { kind: 'admit', isOpen, expiresAt: null }
    case 'GTD': {
      const expiresAt = order.expireAt ?? 0
      if (expiresAt <= acceptedAt) return { kind: 'refuse', reason: 'expired' }
      return { kind: 'admit', isOpen, expiresAt }
    }
    case 'IOC':
    case 'FOK':
      return phase === 'continuous' ? { kind: 'admit', isOpen, expiresAt: null } : closed
    case 'DAY': {
      if (!isOpen && !order.queueForOpen) return closed
      const expiresAt = endOfDay(calendar, acceptedAt, among)
      return expiresAt === null ? closed : { kind: 'admit', isOpen, expiresAt }
    }
  }
}

/** The end of the trading day an order belongs to: that of now, or the next one. */
export function endOfDay(
  calendar: VenueCalendar,
  at: number,
  among: readonly SessionName[],
): number | null {
  const now = calendar.sessionAt(at, [...among, 'opening_auction'])
  const date = now ? now.day.date : dateOfNextOpen(calendar, at, among)
  return date === null ? null : calendar.lastCloseOfDay(date, among)
}

function dateOfNextOpen(
  calendar: VenueCalendar,
  at: number,
  among: readonly SessionName[],
): string | null {
  const next = calendar.nextOpen(at, among)
  return next ? calendar.dateAt(next.opensAt) : null
}
