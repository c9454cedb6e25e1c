// What a client sends to place an order or to replace one.

import { z } from '@hono/zod-openapi'
import {
  CLIENT_ORDER_ID_LENGTH_MAX,
  ORDER_CLASSES,
  ORDER_SESSIONS,
  ORDER_TYPES,
  type OrderType,
  SIDES,
  TIMES_IN_FORCE,
} from '../order.ts'
import { positiveDecimalText } from './answers.ts'

const clientOrderId = z
  .string()
  .min(1)
  .max(CLIENT_ORDER_ID_LENGTH_MAX)
  .regex(/^[\x21-\x7e]+$/, { error: 'must be printable ASCII without blanks' })

/** Until when an order with GTD waits, and the like: any instant of this century. */
const futureInstant = z.iso.datetime({ offset: true }).max(40)

const termsShape = {
  type: z.enum(ORDER_TYPES),
  limit_price: positiveDecimalText.nullish(),
  stop_price: positiveDecimalText.nullish(),
  /** How far a trailing stop stays behind: in the currency, or in percent. */
  trail_amount: positiveDecimalText.nullish(),
  trail_percent: positiveDecimalText.nullish(),
  time_in_force: z.enum(TIMES_IN_FORCE).optional(),
  expire_at: futureInstant.nullish(),
}

type Terms = {
  type: OrderType
  limit_price?: string | null | undefined
  stop_price?: string | null | undefined
  trail_amount?: string | null | undefined
  trail_percent?: string | null | undefined
}

/** Which prices go with which type. */
function refineTerms(terms: Terms, context: z.RefinementCtx): void {
  const refuse = (field: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [field], message })
  const hasLimit = terms.type === 'LIMIT' || terms.type === 'STOP_LIMIT'
  if (hasLimit && !terms.limit_price) refuse('limit_price', `a ${terms.type} order names its price`)
  if (!hasLimit && terms.limit_price) refuse('limit_price', `a ${terms.type} order has no price`)
  const hasStop = terms.type === 'STOP' || terms.type === 'STOP_LIMIT'
  if (hasStop && !terms.stop_price) refuse('stop_price', `a ${terms.type} order names its stop`)
  if (!hasStop && terms.stop_price) refuse('stop_price', `a ${terms.type} order has no stop price`)
  const trails = [terms.trail_amount, terms.trail_percent].filter(Boolean).length
  if (terms.type === 'TRAILING_STOP' && trails !== 1) {
    refuse('trail_percent', 'a TRAILING_STOP order names trail_amount or trail_percent')
  }
  if (terms.type !== 'TRAILING_STOP' && trails > 0) {
    refuse('trail_percent', `a ${terms.type} order does not trail`)
  }
}

const legSchema = z.strictObject(termsShape).superRefine(refineTerms).openapi('OrderExit')

export const placeOrderSchema = z
  .strictObject({
    client_order_id: clientOrderId.optional(),
    ticker_id: z
      .string()
      .regex(/^[A-Z]{2,6}-[A-Z]{2,10}-[A-Z0-9.]{1,20}$/, {
        error: 'must be a ticker id such as CRYPTO-COIN-BTC',
      })
      .openapi({ example: 'CRYPTO-COIN-BTC' }),
    side: z.enum(SIDES),
    ...termsShape,
    quantity: positiveDecimalText.nullish(),
    /** Won to spend instead of a quantity: market buys only. */
    notional: positiveDecimalText.nullish(),
    post_only: z.boolean().optional(),
    reduce_only: z.boolean().optional(),
    sessions: z.array(z.enum(ORDER_SESSIONS)).min(1).max(ORDER_SESSIONS.length).optional(),
    /** A DAY order given outside its hours waits for the next opening instead of being refused. */
    queue_for_open: z.boolean().optional(),
    order_class: z.enum(ORDER_CLASSES).optional(),
    take_profit: legSchema.nullish(),
    stop_loss: legSchema.nullish(),
  })
  .superRefine((order, context) => {
    refineTerms(order, context)
    if (Boolean(order.quantity) === Boolean(order.notional)) {
      const message = 'an order names a quantity or a notional, and not both'
      context.addIssue({ code: 'custom', path: ['quantity'], message })
    }
  })
  .openapi('PlaceOrder')
export type PlaceOrder = z.infer<typeof placeOrderSchema>
export type OrderExit = z.infer<typeof legSchema>

/** What a replacement changes; what is left out stays as it is. The quantity counts what has filled. */
export const replaceOrderSchema = z
  .strictObject({
    client_order_id: clientOrderId.optional(),
    quantity: positiveDecimalText.optional(),
    limit_price: positiveDecimalText.optional(),
    stop_price: positiveDecimalText.optional(),
    trail_amount: positiveDecimalText.optional(),
    trail_percent: positiveDecimalText.optional(),
    time_in_force: z.enum(TIMES_IN_FORCE).optional(),
    expire_at: futureInstant.optional(),
  })
  .refine(({ client_order_id: _id, ...changes }) => Object.keys(changes).length > 0, {
    error: 'names nothing to change',
  })
  .openapi('ReplaceOrder')
export type ReplaceOrder = z.infer<typeof replaceOrderSchema>
