// Messages and where they go, by the names an admin knows them by.

import type { DeliveryPlace, DeliveryState } from '@motu/shared/contract/deliveries.ts'
import { isTemplateKey } from '@motu/shared/message-template.ts'
import * as m from '#lib/paraglide/messages.js'
import { TEMPLATE_NAMES } from '../templates/template-words.ts'

export const STATE_NAMES = {
  queued: m.delivery_state_queued,
  sending: m.delivery_state_sending,
  sent: m.delivery_state_sent,
  failed: m.delivery_state_failed,
} as const satisfies Record<DeliveryState, () => string>

type KnownPlace = { name: () => string; variable: string }

/** Places by what home calls them; the variable is the one that holds the address. */
const PLACES: Readonly<Record<string, KnownPlace>> = {
  'discord:alerts': {
    name: m.delivery_place_discord_alerts,
    variable: 'DISCORD_ALERTS_WEBHOOK_URL',
  },
  'discord:human': { name: m.delivery_place_discord_human, variable: 'DISCORD_HUMAN_WEBHOOK_URL' },
  'discord:admin': { name: m.delivery_place_discord_admin, variable: 'DISCORD_ADMIN_WEBHOOK_URL' },
  'telegram:alerts': {
    name: m.delivery_place_telegram_alerts,
    variable: 'TELEGRAM_ALERTS_CHAT_ID',
  },
  'telegram:admin': { name: m.delivery_place_telegram_admin, variable: 'TELEGRAM_ADMIN_CHAT_ID' },
}

const known = (place: string): KnownPlace | undefined =>
  Object.hasOwn(PLACES, place) ? PLACES[place] : undefined

/** A place that home learned since by its own name. */
export const placeName = (place: string): string => known(place)?.name() ?? place

export const kindName = (kind: string): string =>
  isTemplateKey(kind) ? TEMPLATE_NAMES[kind]() : kind

/** What brings a place back that is gone. */
export function cureOf({ place }: Pick<DeliveryPlace, 'place'>): string {
  const variable = known(place)?.variable
  if (variable === undefined) return m.delivery_off_cure_other()
  return place.startsWith('discord:')
    ? m.delivery_off_cure_discord({ variable })
    : m.delivery_off_cure_telegram({ variable })
}
