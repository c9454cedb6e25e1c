// The state of the system as its users should know it.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, problemAnswers } from './answers.ts'

/** The tickers of one group that a source speaks for, or spoke for last, and that are in one state. */
export const feedGroupSchema = z.object({
  /** `CRYPTO-COIN`, `KRX-STOCK`, …; `REFERENCE` for coins at exchanges that price nothing here. */
  group: z.string(),
  /**
   * `live`: from the source that comes first; `failed_over`: from another one of the same venue;
   * `stale`: nobody reports; `simulated`: a replay or a walk.
   */
  state: z.enum(['live', 'failed_over', 'stale', 'simulated']),
  tickers: z.int(),
  /** Since when all of them are in that state. */
  since: instantText,
})

/** How often a source was not believed, by reason, since the feeder started. */
export const feedQuarantineSchema = z.object({ reason: z.string(), count: z.int() })

/** What the feeder tells of one source. `none` is the source of tickers nobody has reported yet. */
export const feedDetailSchema = z.object({
  source: z.string(),
  groups: z.array(feedGroupSchema),
  quarantined: z.array(feedQuarantineSchema),
})
export type FeedGroup = z.infer<typeof feedGroupSchema>
export type FeedDetail = z.infer<typeof feedDetailSchema>

/** All that the feeder tells, every few seconds. */
export type FeedReport = { at: string; feeds: FeedDetail[] }

export const feedStatusSchema = z.object({
  source: z.string(),
  /** `live`: an event within the last five seconds; `stale`: longer ago; `down`: never, or lost. */
  state: z.enum(['live', 'stale', 'down']),
  last_event_at: instantText.nullable(),
  /** Absent where the feeder has told nothing lately. */
  groups: z.array(feedGroupSchema).optional(),
  quarantined: z.array(feedQuarantineSchema).optional(),
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
