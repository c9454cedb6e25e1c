// What may be told, and where: the words of the table, and what a tick in it comes to.

import {
  type NotificationSettings,
  PERSONAL_CHANNELS,
  PERSONAL_KINDS,
  type PersonalChannel,
  type PersonalKind,
} from '@motu/shared/contract/notification-settings.ts'
import * as m from '#lib/paraglide/messages.js'

const KIND_NAMES = {
  order_filled: m.messages_order_filled,
  order_failed: m.messages_order_failed,
  price_alert: m.messages_price_alert,
} as const satisfies Record<PersonalKind, () => string>

const CHANNEL_NAMES = {
  push: m.messages_push,
  telegram: m.messages_telegram,
  discord: m.messages_discord,
} as const satisfies Record<PersonalChannel, () => string>

export const kinds = () => PERSONAL_KINDS.map((kind) => ({ kind, name: KIND_NAMES[kind]() }))
export const channels = () =>
  PERSONAL_CHANNELS.map((channel) => ({ channel, name: CHANNEL_NAMES[channel]() }))

type Channels = NotificationSettings['channels']

/** The choices with one of them turned on or off. */
export function withChoice(
  chosen: Channels,
  { kind, channel, isOn }: { kind: PersonalKind; channel: PersonalChannel; isOn: boolean },
): Channels {
  const others = chosen[kind].filter((one) => one !== channel)
  return { ...chosen, [kind]: isOn ? [...others, channel] : others }
}
