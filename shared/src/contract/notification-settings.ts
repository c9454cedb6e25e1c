// What a user is told outside the app, and what is told of him.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

export const notificationSettingsSchema = z
  .object({
    /** Nothing public tells of him: no whale, no liquidation, no daily report. */
    hidden_from_public: z.boolean(),
  })
  .openapi('NotificationSettings')
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>

/** Before he chose anything. */
export const NOTIFICATION_DEFAULTS: NotificationSettings = { hidden_from_public: false }

export const getNotificationSettingsRoute = createRoute({
  method: 'get',
  path: '/api/v1/users/me/notifications',
  summary: 'What you are told outside the app, and what is told of you',
  ...access('session'),
  responses: { 200: jsonAnswer(notificationSettingsSchema, 'As chosen'), ...problemAnswers },
})

export const putNotificationSettingsRoute = createRoute({
  method: 'put',
  path: '/api/v1/users/me/notifications',
  summary: 'Choose what you are told outside the app, and what is told of you',
  ...access('session'),
  request: { body: jsonBody(notificationSettingsSchema) },
  responses: { 200: jsonAnswer(notificationSettingsSchema, 'As chosen'), ...problemAnswers },
})
