// What a user is told outside the app, and what is told of him.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  getNotificationSettingsRoute,
  putNotificationSettingsRoute,
} from '@motu/shared/contract/notification-settings.ts'
import type { ApiParts } from '../api.ts'
import type { ApiEnv } from '../env.ts'
import {
  readNotificationSettings,
  writeNotificationSettings,
} from '../queries/notification-settings.ts'

export function addNotificationRoutes(app: OpenAPIHono<ApiEnv>, { sql, now }: ApiParts): void {
  app.openapi(getNotificationSettingsRoute, async (c) => {
    return c.json(await readNotificationSettings(sql, c.get('principal').userId), 200)
  })

  app.openapi(putNotificationSettingsRoute, async (c) => {
    const { userId } = c.get('principal')
    return c.json(await writeNotificationSettings(sql, userId, c.req.valid('json'), now()), 200)
  })
}
