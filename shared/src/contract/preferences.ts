// How a user wants the app to look: kept at home, so that his phone looks like his desk.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

export const LOCALES = ['ko', 'en'] as const
export const THEMES = ['system', 'light', 'dark'] as const
/** `up_red`: rises are red and falls blue, as in Korea; `up_green`: rises green and falls red. */
export const PRICE_COLOURS = ['up_red', 'up_green'] as const

export const preferencesSchema = z
  .object({
    locale: z.enum(LOCALES),
    theme: z.enum(THEMES),
    colours: z.enum(PRICE_COLOURS),
    /** Asks once more before an order is sent. */
    confirm_orders: z.boolean(),
    /** Shows a toast for a fill. */
    fill_toasts: z.boolean(),
  })
  .openapi('Preferences')
export type PreferencesView = z.infer<typeof preferencesSchema>

export const getPreferencesRoute = createRoute({
  method: 'get',
  path: '/api/v1/users/me/preferences',
  summary: 'How the app looks to you; null before you chose anything',
  ...access('session'),
  responses: {
    200: jsonAnswer(z.object({ preferences: preferencesSchema.nullable() }), 'What was chosen'),
    ...problemAnswers,
  },
})

export const putPreferencesRoute = createRoute({
  method: 'put',
  path: '/api/v1/users/me/preferences',
  summary: 'Choose how the app looks to you',
  ...access('session'),
  request: { body: jsonBody(preferencesSchema) },
  responses: {
    200: jsonAnswer(z.object({ preferences: preferencesSchema }), 'As chosen'),
    ...problemAnswers,
  },
})
