// How long a key may live, and how long an old one lives on: the choices, in words.

import * as m from '#lib/paraglide/messages.js'

export const DAY_MS = 86_400_000

/** Days, as the form's list names them. */
export const LIFETIMES = ['7', '30', '90', '365', 'none'] as const
export type Lifetime = (typeof LIFETIMES)[number]

export function lifetimeText(lifetime: Lifetime): string {
  return lifetime === 'none' ? m.lifetime_none() : m.lifetime_days({ count: lifetime })
}

/** Seconds; none at all unless its owner asks for some. */
export const GRACES = ['0', '3600', '86400', '604800'] as const
export type Grace = (typeof GRACES)[number]

const GRACE_TEXTS: Record<Grace, () => string> = {
  '0': m.grace_none,
  '3600': m.grace_hour,
  '86400': m.grace_day,
  '604800': m.grace_week,
}

export function graceText(grace: Grace): string {
  return GRACE_TEXTS[grace]()
}
