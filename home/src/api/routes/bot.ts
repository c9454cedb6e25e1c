// What the bot asks at the edge for somebody at a chat service: answered as if his user had asked.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { ASK_PATH, type AskAnswer, askCallSchema, BOT_RANKING_MAX } from '@motu/shared/bot-calls.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { invalidRequest } from '../problem.ts'
import { findLinkedUser } from '../queries/channel-links.ts'
import { findOrder } from '../queries/orders.ts'
import { readPortfolio } from '../queries/portfolio.ts'
import { RankingBoard } from '../ranking-board.ts'

export function addBotRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now } = parts
  const board = new RankingBoard(parts)

  app.post(ASK_PATH, async (c) => {
    const parsed = askCallSchema.safeParse(await c.req.json())
    if (!parsed.success) throw invalidRequest(parsed.error.issues)
    const { person, what, order_id: orderId } = parsed.data
    const user = await findLinkedUser(sql, person)
    if (!user) return c.json({ user } satisfies AskAnswer)
    const userId = user.user_id
    const answer: AskAnswer = { user }
    if (what === 'portfolio') answer.portfolio = await readPortfolio(parts, userId, now())
    if (what === 'ranking') {
      answer.ranking = await board.read(userId, { period: 'all', limit: BOT_RANKING_MAX })
    }
    if (what === 'order' && orderId) answer.order = await findOrder(sql, userId, orderId)
    return c.json(answer)
  })
}
