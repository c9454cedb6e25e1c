// Where the bot is, in words, and what is typed to it there.

import type { ChatService } from '@motu/shared/channel-link.ts'
import * as m from '#lib/paraglide/messages.js'

const NAMES: Record<ChatService, () => string> = {
  discord: m.chat_discord,
  telegram: m.chat_telegram,
}
const HOW: Record<ChatService, () => string> = {
  discord: m.chat_type_discord,
  telegram: m.chat_type_telegram,
}

export const chatName = (service: ChatService): string => NAMES[service]()
export const howToType = (service: ChatService): string => HOW[service]()

/** How long is left, as `9:59`. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
