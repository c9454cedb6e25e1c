// Pure: no I/O, no clock, no randomness.
// Who is told of what, in how many messages.

import {
  type AnyNotification,
  placesOf,
  type Notification,
  type PublicPlace,
} from './notification.ts'

/** What is older when it is found was missed: after an outage nobody wants it line by line. */
export const LATE_AFTER_MS = 10 * 60_000
/** As many late ones for a place are still told one by one; more share summaries. */
export const LATE_ALONE_MAX = 5
/** Notifications in one summary at the most. */
export const SUMMARY_MAX = 50

/** Why something is told to nobody. */
export type Untold = 'simulated' | 'cooling_down' | 'opted_out' | 'no_place'

export type Routing<T extends AnyNotification = Notification> = {
  readonly notification: T
  /** Null: it is told. */
  readonly untold: Untold | null
}

export type PlannedDelivery = {
  readonly place: string
  readonly isSummary: boolean
  readonly eventIds: readonly string[]
}

export type Rules = {
  readonly nowMs: number
  /** The places that have an address. */
  readonly places: ReadonlySet<PublicPlace>
  /** Those of them that are gone. */
  readonly switchedOff: ReadonlySet<PublicPlace>
  readonly tellsSimulated: boolean
  /** Between two whales of one user in one ticker. */
  readonly coolDownMs: number
  /** When a user was last told of in a ticker, by `coolDownKey`. */
  readonly lastToldMs: ReadonlyMap<string, number>
  /** Users who do not want to be told of. */
  readonly optedOut: ReadonlySet<string>
}

/** One user's whales in one ticker. */
export const coolDownKey = (userId: string, tickerId: string): string => `${userId} ${tickerId}`

/** Decides on notifications, in the order they were found. */
export function planDeliveries(
  found: readonly Notification[],
  rules: Rules,
): { routings: Routing[]; deliveries: PlannedDelivery[] } {
  const lastToldMs = new Map(rules.lastToldMs)
  const routings = found.map((notification) => {
    const untold = whyUntold(notification, rules, lastToldMs)
    const key = whaleKey(notification)
    if (untold === null && key !== null) lastToldMs.set(key, notification.occurredAtMs)
    return { notification, untold }
  })
  const told = routings.flatMap(({ notification, untold }) => (untold ? [] : [notification]))
  const deliveries = [...rules.places].flatMap((place) => {
    const here = told.filter((one) => placesOf(one, rules).includes(place))
    return deliveriesTo(place, here, rules.nowMs)
  })
  return { routings, deliveries }
}

function whyUntold(
  notification: Notification,
  rules: Rules,
  lastToldMs: ReadonlyMap<string, number>,
): Untold | null {
  const { userId, simulated, occurredAtMs } = notification
  if (placesOf(notification, rules).length === 0) return 'no_place'
  if (simulated && !rules.tellsSimulated) return 'simulated'
  if (userId !== null && rules.optedOut.has(userId)) return 'opted_out'
  const key = whaleKey(notification)
  if (key === null) return null
  const last = lastToldMs.get(key)
  const isCool = last === undefined || Math.abs(occurredAtMs - last) >= rules.coolDownMs
  return isCool ? null : 'cooling_down'
}

/** Only whales cool down: the others are rare, and each of them is news. */
function whaleKey({ kind, userId, tickerId }: Notification): string | null {
  if (kind !== 'whale_trade' || userId === null || tickerId === null) return null
  return coolDownKey(userId, tickerId)
}

/** The messages that tell a place of these: many late ones share summaries. */
export function deliveriesTo(
  place: string,
  here: readonly AnyNotification[],
  nowMs: number,
): PlannedDelivery[] {
  const isLate = ({ occurredAtMs }: AnyNotification): boolean =>
    nowMs - occurredAtMs > LATE_AFTER_MS
  const late = here.filter(isLate)
  const alone = (one: AnyNotification): PlannedDelivery => ({
    place,
    isSummary: false,
    eventIds: [one.eventId],
  })
  if (late.length <= LATE_ALONE_MAX) return here.map(alone)
  const summaries: PlannedDelivery[] = []
  for (let start = 0; start < late.length; start += SUMMARY_MAX) {
    const eventIds = late.slice(start, start + SUMMARY_MAX).map(({ eventId }) => eventId)
    summaries.push({ place, isSummary: true, eventIds })
  }
  return [...summaries, ...here.filter((one) => !isLate(one)).map(alone)]
}
