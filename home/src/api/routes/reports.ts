// Daily reports: read by whoever may come in, asked for by the edge's cron.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { getReportRoute, listReportsRoute } from '@motu/shared/contract/reports.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { type ReportAnswer, reportCallSchema, REPORTS_PATH } from '@motu/shared/report-call.ts'
import { lastEndedDate } from '@motu/shared/seoul-days.ts'
import { listReports, readReport } from '../../db/daily-reports.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { invalidRequest } from '../problem.ts'

export function addReportRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, makeReport } = parts

  app.openapi(listReportsRoute, async (c) => {
    const { before, limit } = c.req.valid('query')
    return c.json({ reports: await listReports(sql, { before: before ?? null, limit }) }, 200)
  })

  app.openapi(getReportRoute, async (c) => {
    const { date } = c.req.valid('param')
    const report = await readReport(sql, date)
    if (!report) throw new DomainError('not-found', { detail: `There is no report of ${date}.` })
    return c.json(report, 200)
  })

  app.post(REPORTS_PATH, async (c) => {
    const parsed = reportCallSchema.safeParse(await c.req.json())
    if (!parsed.success) throw invalidRequest(parsed.error.issues)
    const { date } = parsed.data
    // The edge speaks of the day that just ended: older ones are told by hand, if at all.
    if (date < lastEndedDate(now())) {
      throw invalidRequest([{ path: ['date'], message: 'must be the last day, or a later one' }])
    }
    if (!makeReport) throw new DomainError('unavailable', { detail: 'No reports are made here.' })
    const outcome = await makeReport({ date, trigger: 'edge' })
    const wait_ms = outcome.kind === 'too_early' ? outcome.waitMs : 0
    return c.json({ outcome: outcome.kind, wait_ms } satisfies ReportAnswer)
  })
}
