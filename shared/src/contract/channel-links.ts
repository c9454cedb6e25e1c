// Accounts at Discord and Telegram that speak for a user through the bot. They are linked by a code
// that is made here and typed there; an API key can do neither.

import { createRoute, z } from '@hono/zod-openapi'
import { CHAT_SERVICES } from '../channel-link.ts'
import { access } from './access.ts'
import { instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

const service = z.enum(CHAT_SERVICES).openapi({ example: 'discord' })

export const channelLinkSchema = z
  .object({
    service,
    /** What he is called there. */
    display_name: z.string(),
    /** Whether the bot may place orders for him. */
    may_trade: z.boolean(),
    linked_at: instantText,
  })
  .openapi('ChannelLink')
export type ChannelLink = z.infer<typeof channelLinkSchema>

export const channelLinksSchema = z
  .object({
    /** Where this Motu has a bot. */
    services: z.array(service),
    links: z.array(channelLinkSchema),
  })
  .openapi('ChannelLinks')
export type ChannelLinks = z.infer<typeof channelLinksSchema>

export const newLinkCodeSchema = z
  .strictObject({
    may_trade: z
      .boolean()
      .default(false)
      .openapi({ description: 'Whether the bot may place orders; off by default' }),
  })
  .openapi('NewLinkCode')

export const linkCodeSchema = z
  .object({
    code: z.string().openapi({ example: 'ABCD-EFGH' }),
    may_trade: z.boolean(),
    expires_at: instantText,
  })
  .openapi('LinkCode')
export type LinkCode = z.infer<typeof linkCodeSchema>

export const listChannelLinksRoute = createRoute({
  method: 'get',
  path: '/api/v1/channel-links',
  summary: 'Your accounts at Discord and Telegram that the bot listens to',
  ...access('session'),
  responses: { 200: jsonAnswer(channelLinksSchema, 'The links'), ...problemAnswers },
})

export const createLinkCodeRoute = createRoute({
  method: 'post',
  path: '/api/v1/channel-links/codes',
  summary: 'Make a code to type to the bot; good once, for ten minutes, instead of the one before',
  ...access('session'),
  request: { body: jsonBody(newLinkCodeSchema) },
  responses: { 201: jsonAnswer(linkCodeSchema, 'The code'), ...problemAnswers },
})

export const endChannelLinkRoute = createRoute({
  method: 'delete',
  path: '/api/v1/channel-links/{service}',
  summary: 'End the link to an account there: the bot may do nothing for you any more',
  ...access('session'),
  request: { params: z.object({ service }) },
  responses: { 204: { description: 'Ended' }, ...problemAnswers },
})
