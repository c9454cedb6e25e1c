// The daily report: what the friends' day came to, told once after midnight in Seoul.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const REPORTS_MAX = 100

/** A day of Seoul. */
export const reportDate = z.iso.date().openapi({ example: '2026-11-20' })

const resultSchema = z.object({ nickname: z.string(), pnl_krw: decimalText })

/** What a day came to. Profit leaves out what came from outside: cash, adjustments, bailouts. */
export const reportFiguresSchema = z.object({
  /** Of those who traded, or whose worth moved: the highest profit, and the lowest of the others. */
  gainer: resultSchema.nullable(),
  loser: resultSchema.nullable(),
  /** Who traded most by the won of his fills, and how many of his orders were filled. */
  volume_king: z
    .object({ nickname: z.string(), notional_krw: decimalText, trade_count: z.int() })
    .nullable(),
  /** Of everybody: orders that were filled, wholly or in part, and the won of their fills. */
  trade_count: z.int(),
  notional_krw: decimalText,
  /** Worth most first; equal figures share a rank. */
  net_worth: z.array(
    z.object({
      rank: z.int(),
      nickname: z.string(),
      net_worth_krw: decimalText,
      pnl_krw: decimalText,
    }),
  ),
  /** Who had an account then, in the table or not. */
  users: z.int(),
  /** When the worths were taken that the day began and ended with: its midnights, if home was up. */
  worth_began_at: instantText,
  worth_ended_at: instantText,
})
export type ReportFigures = z.infer<typeof reportFiguresSchema>

export const reportSchema = reportFiguresSchema
  .extend({
    date: reportDate,
    made_at: instantText,
    /** Made of prices that were not the market's. */
    simulated: z.boolean(),
  })
  .openapi('DailyReport')
export type DailyReport = z.infer<typeof reportSchema>

export const listReportsRoute = createRoute({
  method: 'get',
  path: '/api/v1/reports',
  summary: 'The daily reports, newest first',
  ...access('read'),
  request: {
    query: z.object({
      /** Only of days before this one. */
      before: reportDate.optional(),
      limit: z.coerce.number().int().min(1).max(REPORTS_MAX).default(7),
    }),
  },
  responses: {
    200: jsonAnswer(z.object({ reports: z.array(reportSchema) }), 'The reports'),
    ...problemAnswers,
  },
})

export const getReportRoute = createRoute({
  method: 'get',
  path: '/api/v1/reports/{date}',
  summary: 'The report of a day of Seoul',
  ...access('read'),
  request: { params: z.object({ date: reportDate }) },
  responses: { 200: jsonAnswer(reportSchema, 'The report'), ...problemAnswers },
})
