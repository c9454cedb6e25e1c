// Pure: no I/O, no clock, no randomness.
// What an order's end is to its user.

import type { Order } from '@motu/shared/contract/orders.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { isFinal, type Reason } from '@motu/shared/order.ts'
import type { PersonalKind } from '@motu/shared/contract/notification-settings.ts'

export type OrderEndKind = Extract<PersonalKind, 'order_filled' | 'order_failed'>

/** Ends that the user brought about himself, or that are told by the order they come from. */
const NO_NEWS: ReadonlySet<Reason> = new Set([
  ...(['cancelled_by_user', 'replaced', 'oco_sibling', 'entry_ended'] as const),
])

/**
 * An order is told once, at its end: `order_filled` with all that it filled, in however many parts and
 * however it ended; `order_failed` where it filled nothing, was refused or ran out. Null: it goes on,
 * or there is nothing to tell.
 */
export function kindOfEnd(
  order: Pick<Order, 'status' | 'reason' | 'filled_quantity'>,
): OrderEndKind | null {
  if (!isFinal(order.status)) return null
  if (decimal(order.filled_quantity) > 0n) return 'order_filled'
  return order.reason !== null && NO_NEWS.has(order.reason) ? null : 'order_failed'
}
