// Telegram's bots. Source: Telegram's Bot API, `sendMessage`, and its FAQ on limits.

import { createHash } from 'node:crypto'
import { PLAIN_TEXT } from '@motu/shared/render-template.ts'
import { type Answer, type Call, pauseMsOf, postJson, verdictOfStatus } from './http-call.ts'
import type { Place, Sent } from './service.ts'

export const TELEGRAM_URL = 'https://api.telegram.org'
/** A chat takes about one message a second, a group twenty a minute. */
const PAUSE_MS = 1_000
const GROUP_PAUSE_MS = 3_000

export type TelegramChat = {
  readonly baseUrl: string
  readonly botToken: string
  readonly chatId: string
  /** Between two messages; Telegram's own limit where it is not said. */
  readonly pauseMs?: number
}

/** A chat that a bot writes to. */
export function telegramPlace(chat: TelegramChat, call: Call = fetch): Place {
  const { baseUrl, botToken, chatId } = chat
  // Groups have negative ids.
  const pauseMs = chat.pauseMs ?? (chatId.startsWith('-') ? GROUP_PAUSE_MS : PAUSE_MS)
  return {
    medium: PLAIN_TEXT,
    addressHash: createHash('sha256').update(`${botToken} ${chatId}`).digest('hex'),
    async send(text) {
      // Without `parse_mode` a text is text: nothing in it can be markup, right or wrong.
      const message = { chat_id: chatId, text, link_preview_options: { is_disabled: true } }
      const answer = await postJson(call, `${baseUrl}/bot${botToken}/sendMessage`, message)
      return 'kind' in answer ? answer : verdictOf(answer, pauseMs)
    },
  }
}

function verdictOf({ status, body }: Answer, pauseMs: number): Sent {
  if (status >= 200 && status < 300) return { kind: 'sent', pauseMs }
  const { description = '', parameters } = (body ?? {}) as {
    description?: string
    parameters?: { retry_after?: unknown }
  }
  if (status === 429) return { kind: 'limited', pauseMs: pauseMsOf(parameters?.retry_after) }
  const isGone =
    [401, 403, 404].includes(status) || (status === 400 && /chat not found/i.test(description))
  return isGone ? { kind: 'gone', error: `answered ${status}` } : verdictOfStatus(status)
}
