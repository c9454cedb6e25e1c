// Pure: no I/O, no clock, no randomness.
// The message that the edge made of a request, made again from the journal.

import { defaultTimeInForce } from '@motu/shared/order.ts'
import type { CancelMessage, PlaceMessage } from '@motu/shared/order-message.ts'
import type { CancelEntry, PlaceEntry } from './journal.ts'

/** `null` for a request that was not accepted. */
export function placeMessage(entry: PlaceEntry): PlaceMessage | null {
  const { order, outcome, session } = entry
  if (outcome.kind !== 'accepted') return null
  return {
    v: 1,
    kind: 'place',
    order_id: entry.orderId,
    user_id: entry.userId,
    client_order_id: order.client_order_id,
    ticker_id: order.ticker_id,
    side: order.side,
    type: order.type,
    quantity: order.quantity,
    limit_price: order.limit_price ?? null,
    time_in_force: order.time_in_force ?? defaultTimeInForce(order.type, order.ticker_id),
    accepted_at: outcome.acceptedAt,
    ...session,
  }
}

/** `null` for a request that was not accepted. */
export function cancelMessage(
  entry: CancelEntry,
  session: PlaceEntry['session'],
): CancelMessage | null {
  if (entry.outcome.kind !== 'accepted') return null
  return {
    v: 1,
    kind: 'cancel',
    order_id: entry.orderId,
    user_id: entry.userId,
    cancel_requested_at: entry.outcome.acceptedAt,
    ...session,
  }
}
