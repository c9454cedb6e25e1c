// All fills of a user, whatever order they belong to.

import { createRoute, z } from '@hono/zod-openapi'
import { SIDES } from '../order.ts'
import { access } from './access.ts'
import { decimalText, jsonAnswer, problemAnswers, tickerIdText } from './answers.ts'
import { fillSchema } from './orders.ts'

export const FILLS_PER_ANSWER_MAX = 500

/** A fill together with the order it belongs to. */
export const ownFillSchema = z
  .object({
    ...fillSchema.shape,
    order_id: z.uuid(),
    client_order_id: z.string(),
    ticker_id: z.string(),
    side: z.enum(SIDES),
    /** The part of `fee_krw` that is tax. */
    tax_krw: decimalText,
  })
  .openapi('OwnFill')
export type OwnFill = z.infer<typeof ownFillSchema>

export const fillListSchema = z
  .object({ fills: z.array(ownFillSchema), next_cursor: z.string().nullable() })
  .openapi('FillList')
export type FillList = z.infer<typeof fillListSchema>

export const listOwnFillsRoute = createRoute({
  method: 'get',
  path: '/api/v1/fills',
  summary:
    'Your fills, those booked last first; `from` and `to` (exclusive) are ISO 8601 or milliseconds',
  ...access('read'),
  request: {
    query: z.object({
      ticker_id: tickerIdText.optional(),
      from: z.string().max(40).optional(),
      to: z.string().max(40).optional(),
      limit: z.coerce.number().int().min(1).max(FILLS_PER_ANSWER_MAX).default(100),
      cursor: z.string().max(200).optional(),
    }),
  },
  responses: { 200: jsonAnswer(fillListSchema, 'A page of fills'), ...problemAnswers },
})
