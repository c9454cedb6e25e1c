// The parts every resource of the contract shares: decimals, instants, problem answers.

import { z } from '@hono/zod-openapi'
import { parseDecimal } from '../decimal.ts'
import { PROBLEM_CONTENT_TYPE } from '../problem.ts'
import { TICKER_ID_LENGTH_MAX } from '../ticker.ts'

/** A decimal on the wire: text, at most 12 digits before and 8 after the point. */
export const decimalText = z
  .string()
  .openapi({ example: '0.01', pattern: '^-?(0|[1-9]\\d{0,11})(\\.\\d{1,8})?$' })

/** A decimal a client sends that must be above zero. */
export const positiveDecimalText = z
  .string({ error: 'must be a decimal written as a string, such as "0.01"' })
  .superRefine((text, context) => {
    const value = parseDecimal(text)
    if (value === null) {
      context.addIssue({
        code: 'custom',
        message: 'must be a plain decimal: at most 12 digits before and 8 after the point',
      })
    } else if (value <= 0n) {
      context.addIssue({ code: 'custom', message: 'must be above zero' })
    }
  })
  .openapi({ example: '0.01', pattern: '^(0|[1-9]\\d{0,11})(\\.\\d{1,8})?$' })

/** An instant on the wire: ISO 8601 in UTC. */
export const instantText = z
  .string()
  .openapi({ example: '2026-11-20T09:00:00.000Z', format: 'date-time' })

/** A ticker id somebody names, listed or not. */
export const tickerIdText = z
  .string()
  .max(TICKER_ID_LENGTH_MAX)
  .regex(/^[A-Z0-9.-]+$/, { error: 'must be a ticker id such as KRX-STOCK-005930' })
  .openapi({ example: 'KRX-STOCK-005930' })

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem')

/** A line a person writes: trimmed, without control characters and halves of characters. */
export const lineOfText = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must not hold control characters' })
  // Spelled out: the flag of the expression would be written into the document.
  .openapi({ pattern: '^[^\\p{Cc}\\p{Cs}]*$' })

/** An answer in JSON. */
export function jsonAnswer<T extends z.ZodType>(schema: T, description: string) {
  return { content: { 'application/json': { schema } }, description }
}

/** The body of a request in JSON. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { content: { 'application/json': { schema } }, required: true }
}

/** The answers every route may give besides its own. */
export const problemAnswers = {
  default: {
    content: { [PROBLEM_CONTENT_TYPE]: { schema: problemSchema } },
    description: 'A problem (RFC 9457); `type` says which',
  },
} as const
