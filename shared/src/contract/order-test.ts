// Trying an order: what would become of it now, what it would cost, and what it would hold. Nothing
// is placed and nothing is written.

import { createRoute, z } from '@hono/zod-openapi'
import { REASONS, WAITING_FOR } from '../order.ts'
import { SESSION_NAMES } from '../venues/session-table.ts'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'
import { placeOrderSchema } from './order-request.ts'
import { chargeSchema } from './receipt.ts'

export const orderTestSchema = z
  .object({
    /** Whether the order would be kept if it came now. */
    ok: z.boolean(),
    refusal: z
      .object({
        reason: z.enum(REASONS),
        detail: z.string(),
        /** The field it is about, as a URI fragment; null where it is about none. */
        pointer: z.string().nullable(),
        /** When it could be given instead; null unless it is the hour that refuses it. */
        next_open: instantText.nullable(),
      })
      .nullable(),
    /** What it would wait for; null when it is refused. */
    waiting_for: z.enum(WAITING_FOR).nullable(),
    /** One fill of all of it at the price it would find now; null where no price is known. */
    expected: z
      .object({
        price: decimalText,
        quantity: decimalText,
        notional_krw: decimalText,
        applied_exchange_rate: decimalText,
        charges: z.array(chargeSchema),
        fee_krw: decimalText,
        /** What a buy costs, what a sell brings, fees and taxes included. */
        total_krw: decimalText,
      })
      .nullable(),
    /** Won, or shares, that it would hold; null when it is refused. */
    hold: z.object({ krw: decimalText, quantity: decimalText }).nullable(),
    /** Null for an instrument that is not known. */
    hours: z
      .object({
        /** Whether a session is open that the order may trade in. */
        is_open: z.boolean(),
        session: z.enum(SESSION_NAMES).nullable(),
        /** Null while it is open. */
        next_open: instantText.nullable(),
        /** When its time would be over; null: when it is cancelled, or refused for the hour. */
        expires_at: instantText.nullable(),
      })
      .nullable(),
  })
  .openapi('OrderTest')
export type OrderTest = z.infer<typeof orderTestSchema>

export const testOrderRoute = createRoute({
  method: 'post',
  path: '/api/v1/orders/test',
  summary: 'Try an order without placing it: rules, price, every fee, hold and hours',
  ...access('trade'),
  request: { body: jsonBody(placeOrderSchema) },
  responses: { 200: jsonAnswer(orderTestSchema, 'What would become of it'), ...problemAnswers },
})
