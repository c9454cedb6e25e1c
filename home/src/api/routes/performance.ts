// How accounts fared: net worth over time, what was realised by day, the cash ledger, the ranking.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  ledgerRoute,
  netWorthHistoryRoute,
  realizedRoute,
} from '@motu/shared/contract/performance.ts'
import { rankingRoute } from '@motu/shared/contract/ranking.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { readHistory } from '../queries/net-worth.ts'
import { listLedger, listRealizedDays } from '../queries/statement.ts'
import { RankingBoard } from '../ranking-board.ts'

export function addPerformanceRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now } = parts
  const board = new RankingBoard(parts)

  app.openapi(netWorthHistoryRoute, async (c) => {
    const { range } = c.req.valid('query')
    const history = await readHistory(parts, c.get('principal').userId, { range, nowMs: now() })
    if (!history) throw new DomainError('unauthenticated')
    return c.json(history, 200)
  })

  app.openapi(realizedRoute, async (c) => {
    const { from, to } = c.req.valid('query')
    return c.json(
      { days: await listRealizedDays(sql, c.get('principal').userId, { from, to }) },
      200,
    )
  })

  app.openapi(ledgerRoute, async (c) => {
    const page = c.req.valid('query')
    return c.json(await listLedger(sql, c.get('principal').userId, page), 200)
  })

  app.openapi(rankingRoute, async (c) => {
    const { period, limit } = c.req.valid('query')
    return c.json(await board.read(c.get('principal').userId, { period, limit }), 200)
  })
}
