// What companies do to their shares: splits and cash dividends, for anyone to read, for admins to record.

import { createRoute, z } from '@hono/zod-openapi'
import { RATIO_MAX } from '../corporate-action.ts'
import { parseDecimal, SCALE } from '../decimal.ts'
import { dayNumberOf } from '../venues/calendar-date.ts'
import { access } from './access.ts'
import {
  decimalText,
  instantText,
  jsonAnswer,
  jsonBody,
  problemAnswers,
  tickerIdText,
} from './answers.ts'

export const CORPORATE_ACTIONS_PER_ANSWER_MAX = 200

const exDate = z
  .string()
  .max(20)
  .refine((text) => /^20\d\d-/.test(text) && dayNumberOf(text) !== null, {
    error: 'must be a date of this century, such as 2026-11-20',
  })
  .openapi({ example: '2026-11-20', format: 'date', pattern: '^20\\d\\d-\\d\\d-\\d\\d$' })

const positive = (max: bigint) =>
  z
    .string()
    .refine(
      (text) => {
        const value = parseDecimal(text)
        return value !== null && value > 0n && value <= max
      },
      { error: 'must be a positive decimal within its bound' },
    )
    .openapi({ pattern: '^(0|[1-9]\\d{0,11})(\\.\\d{1,8})?$' })
const ratio = positive(RATIO_MAX)
const AMOUNT_MAX = 1_000_000_000n * SCALE

const common = {
  ticker_id: tickerIdText,
  /** In the zone of the venue: from its beginning on the ticker trades without the right. */
  ex_date: exDate,
  source: z.string().trim().min(1).max(200).openapi({ example: 'DART 2026-10-30' }),
}

export const newCorporateActionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('SPLIT'),
      ...common,
      /** `ratio_from` shares become `ratio_to`. */
      ratio_from: ratio,
      ratio_to: ratio,
    }),
    z.strictObject({
      kind: z.literal('CASH_DIVIDEND'),
      ...common,
      /** A share, before tax, in the instrument's currency. */
      amount: positive(AMOUNT_MAX),
    }),
  ])
  .openapi('NewCorporateAction')
export type NewCorporateAction = z.infer<typeof newCorporateActionSchema>

export const corporateActionSchema = z
  .object({
    action_id: z.uuid(),
    ticker_id: z.string(),
    kind: z.enum(['SPLIT', 'CASH_DIVIDEND']),
    ex_date: z.string(),
    ratio_from: decimalText.nullable(),
    ratio_to: decimalText.nullable(),
    amount: decimalText.nullable(),
    source: z.string(),
    created_at: instantText,
    /** Null: not yet. */
    applied_at: instantText.nullable(),
  })
  .openapi('CorporateAction')
export type CorporateActionView = z.infer<typeof corporateActionSchema>

export const listCorporateActionsRoute = createRoute({
  method: 'get',
  path: '/api/v1/market/corporate-actions',
  summary: 'Splits and cash dividends, the newest ex-date first',
  ...access('anyone'),
  request: {
    query: z.object({
      ticker_id: tickerIdText.optional(),
      limit: z.coerce.number().int().min(1).max(CORPORATE_ACTIONS_PER_ANSWER_MAX).default(50),
    }),
  },
  responses: {
    200: jsonAnswer(z.object({ actions: z.array(corporateActionSchema) }), 'The actions'),
    ...problemAnswers,
  },
})

export const recordCorporateActionRoute = createRoute({
  method: 'post',
  path: '/api/v1/admin/corporate-actions',
  summary: 'Record a split or a cash dividend; it is applied when its ex-date begins, once',
  ...access('admin'),
  request: { body: jsonBody(newCorporateActionSchema) },
  responses: {
    201: jsonAnswer(corporateActionSchema, 'It is recorded; a repeat answers the same'),
    ...problemAnswers,
  },
})
