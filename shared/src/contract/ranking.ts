// The ranking: who is worth most, and who gained most.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { decimalText, instantText, jsonAnswer, problemAnswers } from './answers.ts'

export const RANKING_MAX = 100

/** `all`: by net worth; else by the return over the day, week or month of Seoul so far. */
export const RANKING_PERIODS = ['all', 'day', 'week', 'month'] as const
export type RankingPeriod = (typeof RANKING_PERIODS)[number]

export const rankedSchema = z
  .object({
    /** Equal figures share a rank; the next one follows after a gap. */
    rank: z.int(),
    nickname: z.string(),
    net_worth_krw: decimalText,
    /** Profit of the period without money put in from outside, and over what it began with. */
    pnl_krw: decimalText,
    return_pct: decimalText,
    /** The fill model that most of his latest fills were judged by, and its version: `standard@1`. */
    fill_model: z.string().nullable(),
    /** Whether it is the caller. */
    is_self: z.boolean(),
  })
  .openapi('Ranked')
export type Ranked = z.infer<typeof rankedSchema>

export const rankingRoute = createRoute({
  method: 'get',
  path: '/api/v1/ranking',
  summary: 'The ranking in won; the caller is always in it, below the others if need be',
  ...access('read'),
  request: {
    query: z.object({
      period: z.enum(RANKING_PERIODS).default('all'),
      limit: z.coerce.number().int().min(1).max(RANKING_MAX).default(50),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({ ranking: z.array(rankedSchema), users: z.int(), as_of: instantText }),
      'The ranking',
    ),
    ...problemAnswers,
  },
})
