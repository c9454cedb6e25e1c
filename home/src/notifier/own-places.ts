// A user's own places as something to send to: his devices, and the accounts he linked.

import { discordDm } from './discord-dm.ts'
import type { NotifierSettings } from './notifier-settings.ts'
import type { OpenPlace } from './personal-reader.ts'
import { pushPlace, type PushSender } from './push.ts'
import type { Place } from './service.ts'
import { telegramPlace } from './telegram.ts'

/** Answers where a place is; null where its service is not set up, or its address is gone. */
export function ownPlaces(
  { telegram, discord }: NotifierSettings['bots'],
  pushes: PushSender | undefined,
): (open: OpenPlace) => Place | null {
  const dmChannels = new Map<string, string>()
  return ({ push, chat }) => {
    if (push !== null) return pushes ? pushPlace(push, pushes) : null
    if (chat?.service === 'telegram' && telegram) {
      return telegramPlace({ ...telegram, chatId: chat.externalId })
    }
    if (chat?.service === 'discord' && discord) {
      return discordDm({ ...discord, userId: chat.externalId, channels: dmChannels })
    }
    return null
  }
}
