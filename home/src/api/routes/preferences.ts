// How the app looks to its user.

import type { OpenAPIHono } from '@hono/zod-openapi'
import { getPreferencesRoute, putPreferencesRoute } from '@motu/shared/contract/preferences.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import { readPreferences, writePreferences } from '../queries/preferences.ts'

export function addPreferenceRoutes(app: OpenAPIHono<ApiEnv>, { sql, now }: ApiParts): void {
  app.openapi(getPreferencesRoute, async (c) => {
    const preferences = await readPreferences(sql, c.get('principal').userId)
    return c.json({ preferences }, 200)
  })

  app.openapi(putPreferencesRoute, async (c) => {
    const { userId } = c.get('principal')
    const preferences = await writePreferences(sql, userId, c.req.valid('json'), now())
    return c.json({ preferences }, 200)
  })
}
