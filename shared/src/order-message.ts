// Pure: no I/O, no clock, no randomness.
// What the Mailbox puts into the queue and the engine takes out of it.

import { z } from 'zod'
import { type Decimal, formatDecimal, parseDecimal } from './decimal.ts'
import {
  CLIENT_ORDER_ID_LENGTH_MAX,
  ORDER_CLASSES,
  ORDER_SESSIONS,
  ORDER_TYPES,
  type OrderDraft,
  type OrderTerms,
  type OrderType,
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
  /** The API key or link (`link:…`) it was placed with, by its id; absent under a sign-in. */
  key_id: z.string().max(64).nullish(),
  /** When its access token ends, in seconds since 1970. */
  exp: z.int(),
}

/** What an order and each of its exits says for itself; what was not asked for is absent. */
const terms = {
  type: z.enum(ORDER_TYPES),
  limit_price: positiveDecimal.nullable(),
  time_in_force: z.enum(TIMES_IN_FORCE),
  stop_price: positiveDecimal.optional(),
  trail_amount: positiveDecimal.optional(),
  trail_percent: positiveDecimal.optional(),
  expire_at: instant.optional(),
}

/** Each type has its prices, and no other has them: an order without its stop would never trigger. */
function hasItsPrices(order: {
  type: OrderType
  limit_price: string | null
  stop_price?: string | undefined
  trail_amount?: string | undefined
  trail_percent?: string | undefined
}): boolean {
  const { type } = order
  const hasLimit = type === 'LIMIT' || type === 'STOP_LIMIT'
  const hasStop = type === 'STOP' || type === 'STOP_LIMIT'
  const trails = [order.trail_amount, order.trail_percent].filter(Boolean).length
  return (
    hasLimit === (order.limit_price !== null) &&
    hasStop === (order.stop_price !== undefined) &&
    trails === (type === 'TRAILING_STOP' ? 1 : 0)
  )
}

const exit = z.strictObject(terms).refine(hasItsPrices)

const placeShape = z.strictObject({
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
  ...terms,
  /** Null where `notional` says what to spend. */
  quantity: positiveDecimal.nullable(),
  notional: positiveDecimal.optional(),
  post_only: z.literal(true).optional(),
  reduce_only: z.literal(true).optional(),
  sessions: z.array(z.enum(ORDER_SESSIONS)).min(1).max(ORDER_SESSIONS.length).optional(),
  queue_for_open: z.literal(true).optional(),
  order_class: z.enum(ORDER_CLASSES).optional(),
  take_profit: exit.optional(),
  stop_loss: exit.optional(),
  replaces: z.uuid().optional(),
  accepted_at: instant,
  ...session,
})

export const placeMessageSchema = placeShape
  .refine(hasItsPrices)
  .refine(({ quantity, notional }) => (quantity === null) === (notional !== undefined))

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

type TermsMessage = Pick<
  PlaceMessage,
  | 'type'
  | 'limit_price'
  | 'time_in_force'
  | 'stop_price'
  | 'trail_amount'
  | 'trail_percent'
  | 'expire_at'
>

/** The draft inside a message that was parsed. */
export function draftOf(message: PlaceMessage): OrderDraft {
  return {
    clientOrderId: message.client_order_id,
    tickerId: message.ticker_id,
    side: message.side,
    quantity: message.quantity === null ? 0n : parseDecimal(message.quantity)!,
    ...termsOf(message),
    ...(message.notional && { notional: parseDecimal(message.notional)! }),
    ...(message.post_only && { postOnly: true }),
    ...(message.reduce_only && { reduceOnly: true }),
    ...(message.sessions && { sessions: message.sessions }),
    ...(message.queue_for_open && { queueForOpen: true }),
    ...(message.order_class && { orderClass: message.order_class }),
    ...(message.take_profit && { takeProfit: termsOf(message.take_profit) }),
    ...(message.stop_loss && { stopLoss: termsOf(message.stop_loss) }),
    ...(message.replaces && { replaces: message.replaces }),
  }
}

function termsOf(message: TermsMessage): OrderTerms {
  return {
    type: message.type,
    limitPrice: message.limit_price === null ? null : parseDecimal(message.limit_price)!,
    timeInForce: message.time_in_force,
    ...(message.stop_price && { stopPrice: parseDecimal(message.stop_price)! }),
    ...(message.trail_amount && { trailAmount: parseDecimal(message.trail_amount)! }),
    ...(message.trail_percent && { trailPercent: parseDecimal(message.trail_percent)! }),
    ...(message.expire_at && { expireAt: Date.parse(message.expire_at) }),
  }
}

/** The part of a message that says what a draft asks for. */
export function draftMessageOf(
  draft: OrderDraft,
): Omit<
  PlaceMessage,
  'v' | 'kind' | 'order_id' | 'user_id' | 'accepted_at' | keyof typeof session
> {
  return {
    client_order_id: draft.clientOrderId,
    ticker_id: draft.tickerId,
    side: draft.side,
    quantity: draft.notional === undefined ? formatDecimal(draft.quantity) : null,
    ...termsMessageOf(draft),
    ...(draft.notional !== undefined && { notional: formatDecimal(draft.notional) }),
    ...(draft.postOnly && { post_only: true as const }),
    ...(draft.reduceOnly && { reduce_only: true as const }),
    ...(draft.sessions && { sessions: [...draft.sessions] }),
    ...(draft.queueForOpen && { queue_for_open: true as const }),
    ...(draft.orderClass && { order_class: draft.orderClass }),
    ...(draft.takeProfit && { take_profit: termsMessageOf(draft.takeProfit) }),
    ...(draft.stopLoss && { stop_loss: termsMessageOf(draft.stopLoss) }),
    ...(draft.replaces !== undefined && { replaces: draft.replaces }),
  }
}

function termsMessageOf(draft: OrderTerms): TermsMessage {
  return {
    type: draft.type,
    limit_price: draft.limitPrice === null ? null : formatDecimal(draft.limitPrice),
    time_in_force: draft.timeInForce,
    ...optional('stop_price', draft.stopPrice),
    ...optional('trail_amount', draft.trailAmount),
    ...optional('trail_percent', draft.trailPercent),
    ...(draft.expireAt !== undefined && { expire_at: new Date(draft.expireAt).toISOString() }),
  }
}

function optional<K extends string>(key: K, value: Decimal | undefined): { [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: formatDecimal(value) } as { [key in K]: string })
}
