// How the edge's cron asks home for the report of the day that ended: `POST /internal/reports`.

import { z } from 'zod'

export const REPORTS_PATH = '/internal/reports'

export const reportCallSchema = z.strictObject({ date: z.iso.date() })

/** `too_early`: ask again after `wait_ms`. `nobody`: nobody had an account then. */
export const reportAnswerSchema = z.object({
  outcome: z.enum(['made', 'already_made', 'too_early', 'nobody']),
  wait_ms: z.int().min(0),
})
export type ReportAnswer = z.infer<typeof reportAnswerSchema>
