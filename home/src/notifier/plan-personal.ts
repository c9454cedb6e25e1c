// Pure: no I/O, no clock, no randomness.
// Which of a person's own places tell him what.

import type { PersonalNotification } from './notification.ts'
import { deliveriesTo, type PlannedDelivery, type Routing } from './plan-deliveries.ts'

export type PersonalRules = {
  readonly nowMs: number
  readonly tellsSimulated: boolean
  /** The places he chose for a kind, by `wishKey`. */
  readonly placesOf: ReadonlyMap<string, readonly string[]>
}

/** One user's wish to hear of a kind. */
export const wishKey = (userId: string, kind: string): string => `${userId} ${kind}`

/**
 * Decides on what people asked to be told of themselves, in the order it was found. Hours of quiet are
 * no matter here: they count when a message is about to be sent.
 */
export function planPersonal(
  found: readonly PersonalNotification[],
  rules: PersonalRules,
): { routings: Routing<PersonalNotification>[]; deliveries: PlannedDelivery[] } {
  const byPlace = new Map<string, PersonalNotification[]>()
  const routings = found.map((notification): Routing<PersonalNotification> => {
    const { userId, kind, simulated } = notification
    const places = userId === null ? [] : (rules.placesOf.get(wishKey(userId, kind)) ?? [])
    if (places.length === 0) return { notification, untold: 'no_place' }
    if (simulated && !rules.tellsSimulated) return { notification, untold: 'simulated' }
    for (const place of places) byPlace.set(place, [...(byPlace.get(place) ?? []), notification])
    return { notification, untold: null }
  })
  const deliveries = [...byPlace].flatMap(([place, here]) => deliveriesTo(place, here, rules.nowMs))
  return { routings, deliveries }
}
