// Who asks the bot, where, and what it says to him.

import type { ChatPerson } from '@motu/shared/bot-calls.ts'
import type { BotReply } from '@motu/shared/bot/reply.ts'

export type Asker = {
  person: ChatPerson
  /** What he is called there. */
  name: string
  /** Of this one question; asked again, it is the same. The client order id of what comes of it. */
  interactionId: string
  /** Others read what he asks and what he is told. */
  isOverheard: boolean
}

/** A reply; `later` waits for what becomes of it, and is null when nothing does. */
export type Said = { reply: BotReply; later?: () => Promise<BotReply | null> }
