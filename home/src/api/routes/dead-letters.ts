// Messages that could not become orders, for admins.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { listDeadLettersRoute } from '@motu/shared/contract/dead-letters.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { listDeadLetters } from '../queries/dead-letters.ts'

export function addDeadLetterRoutes(app: OpenAPIHono<ApiEnv>, { sql }: ApiParts): void {
  app.openapi(listDeadLettersRoute, async (c) => {
    const { limit, cursor } = c.req.valid('query')
    return c.json(await listDeadLetters(sql, { limit, cursor }), 200)
  })
}
