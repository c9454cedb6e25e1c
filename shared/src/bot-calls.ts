// What the edge asks home for the bot (`POST /internal/bot/…`): who is linked to whom, and what he may
// know. Home answers for the person the edge names: the service vouched for him at the edge.

import { z } from 'zod'
import { CHAT_SERVICES } from './channel-link.ts'
import { orderSchema } from './contract/orders.ts'
import { portfolioSchema } from './contract/portfolio.ts'
import { rankedSchema } from './contract/ranking.ts'

/** Somebody at a service, as the service named him. */
export const chatPersonSchema = z.strictObject({
  service: z.enum(CHAT_SERVICES),
  external_id: z.string().regex(/^\d{1,20}$/),
})
export type ChatPerson = z.infer<typeof chatPersonSchema>

export const DISPLAY_NAME_LENGTH_MAX = 80
export const LINK_PATH = '/internal/bot/link'

export const linkCallSchema = z.strictObject({
  person: chatPersonSchema,
  display_name: z.string().min(1).max(DISPLAY_NAME_LENGTH_MAX),
  /** As it was typed. */
  code: z.string().max(64),
})
export type LinkCall = z.infer<typeof linkCallSchema>

/** Whom a person speaks for. */
export const linkedUserSchema = z.object({
  link_id: z.string(),
  user_id: z.uuid(),
  role: z.enum(['ADMIN', 'USER']),
  nickname: z.string(),
  may_trade: z.boolean(),
})
export type LinkedUser = z.infer<typeof linkedUserSchema>

export const linkAnswerSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('linked'), user: linkedUserSchema }),
  z.object({ outcome: z.enum(['unknown_code', 'too_many_tries']) }),
])
export type LinkAnswer = z.infer<typeof linkAnswerSchema>

export const ASK_PATH = '/internal/bot/ask'
export const BOT_RANKING_MAX = 10

/** What a person wants to know: who he is, his portfolio, the ranking, an order of his. */
export const askCallSchema = z.strictObject({
  person: chatPersonSchema,
  what: z.enum(['user', 'portfolio', 'ranking', 'order']),
  order_id: z.uuid().optional(),
})
export type AskCall = z.infer<typeof askCallSchema>

/** `user` is null for one who is not linked: there is nothing else in it then. */
export const askAnswerSchema = z.object({
  user: linkedUserSchema.nullable(),
  portfolio: portfolioSchema.nullish(),
  ranking: z.object({ ranking: z.array(rankedSchema), users: z.int() }).nullish(),
  order: orderSchema.nullish(),
})
export type AskAnswer = z.infer<typeof askAnswerSchema>

/** At the edge: what home heard at a service (an interaction, an update), signed by home. */
export const RELAY_PATH = '/bot/relay'
export const relaySchema = z.strictObject({ service: z.enum(CHAT_SERVICES), event: z.unknown() })
