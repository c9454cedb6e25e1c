// What a user reads of his own: orders, fills, portfolio.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { listOwnFillsRoute } from '@motu/shared/contract/fills.ts'
import { getOrderRoute, listFillsRoute, listOrdersRoute } from '@motu/shared/contract/orders.ts'
import { portfolioRoute } from '@motu/shared/contract/portfolio.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { parseInstant } from '../parse-instant.ts'
import { invalidRequest } from '../problem.ts'
import { called } from '../listed.ts'
import { findOrder, listFills, listOrders } from '../queries/orders.ts'
import { listOwnFills } from '../queries/own-fills.ts'
import { readPortfolio } from '../queries/portfolio.ts'

const NO_SUCH_ORDER = { detail: 'You have no order with this id.' }

export function addAccountRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now } = parts

  app.openapi(listOrdersRoute, async (c) => {
    const { ticker_id: tickerId, query, from, to, ...asked } = c.req.valid('query')
    const page = { ...asked, tickerId, called: called(query), ...spanOf(from, to) }
    return c.json(await listOrders(sql, c.get('principal').userId, page), 200)
  })

  app.openapi(getOrderRoute, async (c) => {
    const order = await findOrder(sql, c.get('principal').userId, c.req.valid('param').id)
    if (!order) throw new DomainError('not-found', NO_SUCH_ORDER)
    return c.json(order, 200)
  })

  app.openapi(listFillsRoute, async (c) => {
    const { userId } = c.get('principal')
    const { id } = c.req.valid('param')
    const fills = await listFills(sql, userId, id)
    if (fills.length === 0 && !(await findOrder(sql, userId, id))) {
      throw new DomainError('not-found', NO_SUCH_ORDER)
    }
    return c.json({ fills }, 200)
  })

  app.openapi(listOwnFillsRoute, async (c) => {
    const { ticker_id: tickerId, from, to, limit, cursor } = c.req.valid('query')
    const page = { limit, cursor, tickerId, ...spanOf(from, to) }
    return c.json(await listOwnFills(sql, c.get('principal').userId, page), 200)
  })

  app.openapi(portfolioRoute, async (c) => {
    const portfolio = await readPortfolio(parts, c.get('principal').userId, now())
    if (!portfolio) throw new DomainError('unauthenticated')
    return c.json(portfolio, 200)
  })
}

/** Two instants of a query, of which either may be missing. */
function spanOf(
  from: string | undefined,
  to: string | undefined,
): { fromMs: number | undefined; toMs: number | undefined } {
  const [fromMs, toMs] = [parseInstant('from', from), parseInstant('to', to)]
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw invalidRequest([{ path: ['from'], message: 'must be before `to`' }])
  }
  return { fromMs, toMs }
}
