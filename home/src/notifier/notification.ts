// Pure: no I/O, no clock, no randomness.
// What may be told outside, and where to.

import type { PersonalKind } from '@motu/shared/contract/notification-settings.ts'
import { isTemplateKey, type TemplateKey } from '@motu/shared/message-template.ts'
import type { TemplateValues } from '@motu/shared/render-template.ts'
import { type AdminKind, isAdminKind } from './admin-texts.ts'

/** What a notification may be: a message template's key, or news for admins. */
export type NotificationKind = TemplateKey | AdminKind

/** Something public that happened, by an id of its own: found twice, it is told once. */
export type Notification = {
  readonly eventId: string
  readonly kind: NotificationKind
  /** Whom it is about. */
  readonly userId: string | null
  readonly tickerId: string | null
  readonly values: TemplateValues
  /** Of a feed that is not the market. */
  readonly simulated: boolean
  readonly occurredAtMs: number
}

/** The same for nobody but the one it is about. */
export type PersonalNotification = Omit<Notification, 'kind'> & { readonly kind: PersonalKind }

export type AnyNotification = Notification | PersonalNotification

/** Whether it is told in public places, or the admins' own. */
export function isPublic(one: AnyNotification): one is Notification {
  return isTemplateKey(one.kind) || isAdminKind(one.kind)
}

/** A public place that messages go to: a service, and the channel of it. */
export const PUBLIC_PLACES = [
  ...(['discord:alerts', 'discord:human', 'telegram:alerts'] as const),
  ...(['discord:admin', 'telegram:admin'] as const),
]
export type PublicPlace = (typeof PUBLIC_PLACES)[number]

const ALERTS: readonly PublicPlace[] = ['discord:alerts', 'telegram:alerts']
const HUMAN: readonly PublicPlace[] = ['discord:human']

/** Where a kind is told: the owner's two channels of Discord, and Telegram beside the first. */
const PLACES_OF: Readonly<Record<TemplateKey, readonly PublicPlace[]>> = {
  whale_trade: ALERTS,
  liquidation: ALERTS,
  daily_report: ALERTS,
  ipo_listed: HUMAN,
  dividend_paid: HUMAN,
  bailout_processed: HUMAN,
}

const ADMIN: readonly PublicPlace[] = ['discord:admin', 'telegram:admin']

/**
 * Where something is told. News for admins goes to their own places; where they have none that works,
 * to those of the alerts that do.
 */
export function placesOf(
  { kind }: Pick<Notification, 'kind'>,
  {
    places,
    switchedOff,
  }: { places: ReadonlySet<PublicPlace>; switchedOff: ReadonlySet<PublicPlace> },
): PublicPlace[] {
  if (!isAdminKind(kind)) return PLACES_OF[kind].filter((place) => places.has(place))
  const works = (place: PublicPlace): boolean => places.has(place) && !switchedOff.has(place)
  const own = ADMIN.filter(works)
  return own.length > 0 ? own : ALERTS.filter(works)
}
