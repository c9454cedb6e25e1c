// The state of the system as its users should know it.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const feedStatusSchema = z.object({
  source: z.string(),
  /** `live`: an event within the last five seconds; `stale`: longer ago; `down`: never, or lost. */
  state: z.enum(['live', 'stale', 'down']),
  last_event_at: instantText.nullable(),
})
export type FeedStatus = z.infer<typeof feedStatusSchema>

export const statusSchema = z
  .object({
    edge: z.enum(['up', 'degraded']),
    home: z.enum(['up', 'down']),
    /** `none`: this edge hands orders to home directly. */
    broker: z.enum(['up', 'down', 'none']),
    /** Accepted orders that wait at the edge. */
    held_orders: z.int(),
    feeds: z.array(feedStatusSchema),
    /** Home's clock minus the edge's; null while home is dark. */
    clock_offset_ms: z.int().nullable(),
    /**
     * Outage grace: until when sign-ins and API keys that were good when home was last
     * seen still place orders; null while home is there, and where it never was.
     */
    grace_until: instantText.nullable(),
    version: z.string(),
  })
  .openapi('Status')
export type Status = z.infer<typeof statusSchema>

export const statusRoute = createRoute({
  method: 'get',
  path: '/api/v1/status',
  summary: 'What is up, what is dark, how many orders wait',
  ...access('anyone'),
  responses: { 200: jsonAnswer(statusSchema, 'The status'), ...problemAnswers },
})
