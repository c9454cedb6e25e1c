// `GET /api/v1/openapi.json`: the contract for machines. `/docs` shows it to people.

import { Hono } from 'hono'
import { apiAnswer } from '../answer.ts'
import type { AppEnv } from '../env.ts'
import { admitAnyone } from '../guard.ts'
import { openApiText } from '../openapi.ts'

export const document = new Hono<AppEnv>()

document.get('/', (c) => {
  admitAnyone(c)
  const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' }
  return apiAnswer(c, openApiText(c.env.VERSION), { headers })
})
