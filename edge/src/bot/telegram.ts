// Pure: no I/O, no clock, no randomness.
// Telegram's updates: what they ask, and the calls that answer them. Source: Telegram's Bot API.

import { type BotAsk, parsePress, parseWords, pressText } from '@motu/shared/bot/ask.ts'
import type { BotReply } from '@motu/shared/bot/reply.ts'
import { DISPLAY_NAME_LENGTH_MAX } from '@motu/shared/bot-calls.ts'
import { cut, PLAIN_TEXT } from '@motu/shared/render-template.ts'
import { z } from 'zod'
import type { Asker } from './asker.ts'

const userSchema = z.object({
  id: z.int().min(1),
  is_bot: z.boolean().optional(),
  first_name: z.string().max(200),
  username: z.string().max(100).optional(),
})
const messageSchema = z.object({
  message_id: z.int(),
  from: userSchema.optional(),
  chat: z.object({ id: z.int(), type: z.string().max(20) }),
  text: z.string().max(4_096).optional(),
})

/** What we read of an update; everything else in it is not for us. */
export const updateSchema = z.object({
  update_id: z.int(),
  message: messageSchema.optional(),
  callback_query: z
    .object({
      id: z.string().max(100),
      from: userSchema,
      message: messageSchema.optional(),
      data: z.string().max(64).optional(),
    })
    .optional(),
})
export type Update = z.infer<typeof updateSchema>

/** A call of the Bot API. */
export type TelegramCall = { method: string; params: object }

/** Who asks what; null for an update that asks nothing. */
export function readUpdate(update: Update): { asker: Asker; ask: BotAsk } | null {
  const { message, callback_query: pressed } = update
  const from = pressed?.from ?? message?.from
  const chat = pressed?.message?.chat ?? message?.chat
  if (!from || !chat || from.is_bot) return null
  const ask = pressed ? parsePress(pressed.data ?? '') : parseWords(message?.text ?? '')
  if (!ask) return null
  const name = from.username ? `@${from.username}` : from.first_name
  const asker: Asker = {
    person: { service: 'telegram', external_id: String(from.id) },
    name: cut(name || String(from.id), DISPLAY_NAME_LENGTH_MAX),
    interactionId: `telegram-${from.id}-${update.update_id}`,
    isOverheard: chat.type !== 'private',
  }
  return { asker, ask }
}

/** The calls that answer an update. Without `parse_mode` a text is text: nothing in it is markup. */
export function callsOf(
  { message, callback_query: pressed }: Update,
  reply: BotReply,
): TelegramCall[] {
  const text = cut(
    PLAIN_TEXT.escape([reply.title, ...reply.lines].join('\n')),
    PLAIN_TEXT.lengthMax,
  )
  const keyboard = reply.buttons.map(({ kind, id, label }) => ({
    ...{ text: label, callback_data: pressText(kind, id) },
  }))
  const content = {
    ...{ text, link_preview_options: { is_disabled: true } },
    reply_markup: { inline_keyboard: keyboard.length === 0 ? [] : [keyboard] },
  }
  if (!pressed)
    return [{ method: 'sendMessage', params: { chat_id: message!.chat.id, ...content } }]
  const original = pressed.message
  return [
    { method: 'answerCallbackQuery', params: { callback_query_id: pressed.id } },
    ...(original
      ? [
          {
            method: 'editMessageText',
            params: { chat_id: original.chat.id, message_id: original.message_id, ...content },
          },
        ]
      : []),
  ]
}
