// What a user is told outside the app, where and when, and what is told of him.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

/**
 * What happens to one user alone. `order_filled`: an order of his ended and filled, whole or in part;
 * `order_failed`: one was refused or ran out and filled nothing; `price_alert`: a price crossed his line.
 */
export const PERSONAL_KINDS = ['order_filled', 'order_failed', 'price_alert'] as const
export type PersonalKind = (typeof PERSONAL_KINDS)[number]

/** Where he may hear of it. */
export const PERSONAL_CHANNELS = ['push', 'telegram', 'discord'] as const
export type PersonalChannel = (typeof PERSONAL_CHANNELS)[number]

const clockText = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as 22:00' })
  .openapi({ example: '22:00' })

const TIME_ZONE_LENGTH_MAX = 64

/** A zone of the IANA database, as its own list spells it: no offset, which knows no summer time. */
const timeZoneText = z
  .string()
  .max(TIME_ZONE_LENGTH_MAX)
  .regex(/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/, {
    ...{ error: 'must be a time zone', abort: true },
  })
  .refine(isTimeZone, { error: 'must be a zone of the IANA database, such as Asia/Seoul' })
  .openapi({ example: 'Asia/Seoul' })

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const channels = z
  .array(z.enum(PERSONAL_CHANNELS))
  .max(PERSONAL_CHANNELS.length)
  .refine((list) => new Set(list).size === list.length, { error: 'must name each channel once' })

export const notificationSettingsSchema = z
  .object({
    /** Nothing public tells of him: no whale, no liquidation, no daily report. */
    hidden_from_public: z.boolean(),
    /** The channels he hears of each kind through. */
    channels: z.object({ order_filled: channels, order_failed: channels, price_alert: channels }),
    /** What happens in these hours is told after them, together; they may last over midnight. */
    quiet_hours: z
      .object({ from: clockText, until: clockText })
      .refine(({ from, until }) => from !== until, {
        error: 'must end at another time than they begin',
        path: ['until'],
      })
      .nullable(),
    /** His own: that of his quiet hours, and of the times in his messages. */
    time_zone: timeZoneText,
  })
  .openapi('NotificationSettings')
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>

/** Before he chose anything: nobody is told what he did not ask for. */
export const NOTIFICATION_DEFAULTS: NotificationSettings = {
  hidden_from_public: false,
  channels: { order_filled: [], order_failed: [], price_alert: [] },
  quiet_hours: null,
  time_zone: 'Asia/Seoul',
}

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
