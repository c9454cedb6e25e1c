// Messages that could not become orders, as an admin sees them.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const DEAD_LETTERS_PAGE_MAX = 50
/** Of a message at the most; an order is always shown whole. */
export const DEAD_LETTER_BODY_SHOWN_MAX = 4_096

export const deadLetterSchema = z
  .object({
    dead_letter_id: z.string(),
    /** When it was given up. */
    at: instantText,
    /** `unreadable`, or the name of the error that refused it. */
    reason: z.string().openapi({ example: 'unreadable' }),
    /** What that error said; null where nothing was said. */
    detail: z.string().nullable(),
    /** Null where the message could not be read. */
    order_id: z.uuid().nullable(),
    user_id: z.uuid().nullable(),
    username: z.string().nullable(),
    /** The message as it came, without what looks like a secret. */
    body: z.string(),
    /** Whether the message was longer than what is shown of it. */
    is_cut: z.boolean(),
  })
  .openapi('DeadLetter')
export type DeadLetter = z.infer<typeof deadLetterSchema>

export const deadLetterListSchema = z
  .object({ dead_letters: z.array(deadLetterSchema), next_cursor: z.string().nullable() })
  .openapi('DeadLetterList')
export type DeadLetterList = z.infer<typeof deadLetterListSchema>

export const listDeadLettersRoute = createRoute({
  method: 'get',
  path: '/api/v1/admin/dead-letters',
  summary: 'Messages that could not become orders, newest first',
  ...access('admin'),
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(DEAD_LETTERS_PAGE_MAX).default(20),
      cursor: z.string().min(1).max(200).optional(),
    }),
  },
  responses: { 200: jsonAnswer(deadLetterListSchema, 'A page of them'), ...problemAnswers },
})
