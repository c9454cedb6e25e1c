// The status of an order in a word, and what an open order waits for in a sentence.

import type { Order } from '@motu/shared/contract/orders.ts'
import type { CancelResult, OrderStatus, WaitingFor } from '@motu/shared/order.ts'
import * as m from '#lib/paraglide/messages.js'
import { reasonText } from '#lib/reasons.ts'

export const STATUS_TEXTS = {
  PENDING: m.status_pending,
  OPEN: m.status_open,
  PARTIALLY_FILLED: m.status_partially_filled,
  FILLED: m.status_filled,
  CANCELLED: m.status_cancelled,
  EXPIRED: m.status_expired,
  FAILED: m.status_failed,
} satisfies Record<OrderStatus, () => string>

const WAITING_TEXTS = {
  EVENT: m.waiting_event,
  PRICE: m.waiting_price,
  TRIGGER: m.waiting_trigger,
  SESSION: m.waiting_session,
  ENTRY: m.waiting_entry,
} satisfies Record<WaitingFor, () => string>

/** What became of a request to cancel; of one that was done the order's own status says it. */
const CANCEL_TEXTS = {
  DONE: null,
  TOO_LATE: m.cancel_too_late,
} satisfies Record<CancelResult, (() => string) | null>

/** An order that home does not know yet, because it is dark, is called what it is: kept. */
export function statusText(order: Pick<Order, 'status'>, isHomeDark: boolean): string {
  if (order.status === 'PENDING' && isHomeDark) return m.status_kept()
  return STATUS_TEXTS[order.status]()
}

/** Why an order ended, or what it waits for; null when its status says it all. */
export function explanationOf(order: Order, isHomeDark: boolean): string | null {
  const cancelled = order.cancel_result && CANCEL_TEXTS[order.cancel_result]
  if (cancelled) return cancelled()
  if (order.reason) return reasonText(order.reason)
  if (order.status === 'PENDING') return isHomeDark ? m.waiting_home() : m.waiting_storage()
  if (order.cancel_requested_at && !order.cancel_result) return m.waiting_cancel()
  return order.waiting_for && WAITING_TEXTS[order.waiting_for]()
}
