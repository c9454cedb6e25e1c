// Telegram's bots. Source: Telegram's Bot API, `sendMessage` and `sendPhoto`, and its FAQ on limits.

import { createHash } from 'node:crypto'
import { PLAIN_TEXT } from '@motu/shared/render-template.ts'
import {
  type Answer,
  type Call,
  pauseMsOf,
  postForm,
  postJson,
  verdictOfStatus,
} from './http-call.ts'
import type { Picture, Place, Sent } from './service.ts'

export const TELEGRAM_URL = 'https://api.telegram.org'
/** A chat takes about one message a second, a group twenty a minute. */
const PAUSE_MS = 1_000
const GROUP_PAUSE_MS = 3_000
/** Of a photo; what is longer is a message of its own before it. */
const CAPTION_LENGTH_MAX = 1_024

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
  const method = (name: string): string => `${baseUrl}/bot${botToken}/${name}`
  const sendText = async (text: string): Promise<Sent> => {
    // Without `parse_mode` a text is text: nothing in it can be markup, right or wrong.
    const message = { chat_id: chatId, text, link_preview_options: { is_disabled: true } }
    const answer = await postJson(call, method('sendMessage'), message)
    return 'kind' in answer ? answer : verdictOf(answer, pauseMs)
  }
  const sendPhoto = async (caption: string | null, { png, fileName }: Picture): Promise<Sent> => {
    const form = new FormData()
    form.set('chat_id', chatId)
    if (caption !== null) form.set('caption', caption)
    form.set('photo', new Blob([png], { type: 'image/png' }), fileName)
    const answer = await postForm(call, method('sendPhoto'), form)
    return 'kind' in answer ? answer : verdictOf(answer, pauseMs)
  }
  return {
    medium: PLAIN_TEXT,
    addressHash: createHash('sha256').update(`${botToken} ${chatId}`).digest('hex'),
    async send(text, picture) {
      const isCaption = text.length <= CAPTION_LENGTH_MAX
      if (!picture) return sendText(text)
      if (!isCaption) {
        const sent = await sendText(text)
        if (sent.kind !== 'sent') return sent
      }
      const sent = await sendPhoto(isCaption ? text : null, picture)
      if (isCaption) return sent.kind === 'refused' ? sendText(text) : sent
      // The text is there: all that may be repeated is the picture that belongs to it.
      if (sent.kind === 'refused') return { kind: 'sent', pauseMs }
      return 'error' in sent ? { kind: 'unclear', error: sent.error } : waited(sent)
    },
  }
}

/** A photo that has to wait goes once more with its text, which says so. */
function waited(sent: Extract<Sent, { kind: 'sent' | 'limited' }>): Sent {
  return sent.kind === 'sent' ? sent : { kind: 'unclear', error: 'its picture has to wait' }
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
