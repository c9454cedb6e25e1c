// Pure: no I/O, no clock, no randomness.
// What the Mailbox puts into the queue and the engine takes out of it.

import { z } from 'zod'
import { parseDecimal } from './decimal.ts'
import {
  CLIENT_ORDER_ID_LENGTH_MAX,
  ORDER_TYPES,
  type OrderDraft,
  SIDES,
  TIMES_IN_FORCE,
} from './order.ts'
import { TICKER_ID_LENGTH_MAX } from './ticker.ts'

/** A message is far smaller; anything above is not ours. */
export const ORDER_MESSAGE_BYTES_MAX = 4096

/**
 * Messages that travel as one at the most: under load the Mailbox bundles what it gathered, so that
 * one publish and one confirm serve many orders. Each keeps its own fate at home.
 */
export const BUNDLE_LENGTH_MAX = 32

/** Messages as text, in their order, as one body: a line each. */
export const bundleOf = (texts: readonly string[]): string => texts.join('\n')

/** The messages of a body, as text. JSON without blanks holds no line break. */
export const linesOf = (body: string): string[] => body.split('\n')

const positiveDecimal = z.string().refine((text) => (parseDecimal(text) ?? 0n) > 0n)
const instant = z.iso.datetime()

const session = {
  /** The sign-in the order was placed under; null for one placed without (tests, tools). */
  sid: z.string().max(64).nullable(),
  /** The API key it was placed with, by its public id; absent under a sign-in. */
  key_id: z.string().max(64).nullish(),
  /** When its access token ends, in seconds since 1970. */
  exp: z.int(),
}

export const placeMessageSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('place'),
  order_id: z.uuid(),
  user_id: z.uuid(),
  client_order_id: z
    .string()
    .max(CLIENT_ORDER_ID_LENGTH_MAX)
    .regex(/^[\x21-\x7e]+$/),
  ticker_id: z
    .string()
    .max(TICKER_ID_LENGTH_MAX)
    .regex(/^[A-Z0-9.-]+$/),
  side: z.enum(SIDES),
  type: z.enum(ORDER_TYPES),
  quantity: positiveDecimal,
  limit_price: positiveDecimal.nullable(),
  time_in_force: z.enum(TIMES_IN_FORCE),
  accepted_at: instant,
  ...session,
})

export const cancelMessageSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('cancel'),
  order_id: z.uuid(),
  user_id: z.uuid(),
  cancel_requested_at: instant,
  ...session,
})

export const orderMessageSchema = z.discriminatedUnion('kind', [
  placeMessageSchema,
  cancelMessageSchema,
])

export type PlaceMessage = z.infer<typeof placeMessageSchema>
export type CancelMessage = z.infer<typeof cancelMessageSchema>
export type OrderMessage = z.infer<typeof orderMessageSchema>

/** The draft inside a message that was parsed. */
export function draftOf(message: PlaceMessage): OrderDraft {
  return {
    clientOrderId: message.client_order_id,
    tickerId: message.ticker_id,
    side: message.side,
    type: message.type,
    quantity: parseDecimal(message.quantity)!,
    limitPrice: message.limit_price === null ? null : parseDecimal(message.limit_price)!,
    timeInForce: message.time_in_force,
  }
}
