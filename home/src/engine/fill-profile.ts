// Pure: no I/O, no clock, no randomness.
// Realism as a versioned rule: what a fill profile grants and what it charges. A change of any value
// that can change a fill is a new version, so that a rank says which rule it was earned under.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { Venue } from '@motu/shared/instrument.ts'

export const PROFILE_NAMES = ['arcade', 'standard', 'strict'] as const
export type ProfileName = (typeof PROFILE_NAMES)[number]

export type FillProfile = {
  readonly name: ProfileName
  readonly version: number
  /** An order may use the first market event received after its acceptance plus this. */
  readonly latencyMs: number
  /** Up to so much more, fixed for each order by its seed (`latencyOf`). */
  readonly latencyJitterMs: number
  /** Takes level after level at each one's price; else everything at the best price. */
  readonly walksBook: boolean
  /**
   * What happens to the part of a MARKET order that the displayed levels do not fill:
   * `all_at_touch`: there is none, the best price fills everything.
   * `slips`: each further tick away gives as much as the displayed levels show on average.
   * `displayed_only`: it is not filled.
   * What a LIMIT order does not find displayed rests in every profile but arcade.
   */
  readonly residual: 'all_at_touch' | 'slips' | 'displayed_only'
  /**
   * When a resting LIMIT order fills: `touch`, whole, as soon as its price is touched or crossed;
   * `ahead`, after what stood before it at its price has traded or gone (`queue-ahead.ts`).
   */
  readonly queue: 'touch' | 'ahead'
  /**
   * What a trade strictly through a resting order's price fills of it: `level`, as much as the
   * queue that it joined, or the trade if that is more; `print`, as much as traded there.
   */
  readonly printThrough: 'level' | 'print'
  /** What an account took from a level is not offered to it again until the level changes. */
  readonly consumesOwnLiquidity: boolean
  /** Around the USD/KRW mid, as a fraction: 0.001 is 0.1 %. */
  readonly fxSpreadRate: Decimal
}

/** Korean brokers list 1 % and waive 90 % of it as a rule. */
const FX_SPREAD_WAIVED = decimal('0.001')

export const PROFILES: Readonly<Record<ProfileName, FillProfile>> = {
  // For a first week: what the screen shows is what one gets. A market order costs its fee and half
  // the spread, never its own size. No FX spread: the fee alone keeps a round trip from being free.
  arcade: {
    name: 'arcade',
    version: 1,
    latencyMs: 0,
    latencyJitterMs: 0,
    walksBook: false,
    residual: 'all_at_touch',
    queue: 'touch',
    printThrough: 'level',
    consumesOwnLiquidity: false,
    fxSpreadRate: 0n,
  },
  // As the venue would most likely have done it. Size costs what the book says, and beyond the book
  // what its density suggests, since ten levels are not the whole of it. No latency of its own: the
  // way to home and the wait for the next event are latency enough.
  standard: {
    name: 'standard',
    version: 1,
    latencyMs: 0,
    latencyJitterMs: 0,
    walksBook: true,
    residual: 'slips',
    queue: 'ahead',
    printThrough: 'level',
    consumesOwnLiquidity: false,
    fxSpreadRate: FX_SPREAD_WAIVED,
  },
  // Nothing that the data does not prove. A quarter of a second and a bit is a retail order's way
  // from a phone through a broker to the venue; the jitter keeps a bot from aiming at one event.
  strict: {
    name: 'strict',
    version: 1,
    latencyMs: 250,
    latencyJitterMs: 100,
    walksBook: true,
    residual: 'displayed_only',
    queue: 'ahead',
    printThrough: 'print',
    consumesOwnLiquidity: true,
    fxSpreadRate: FX_SPREAD_WAIVED,
  },
}

/** How a profile is named beside a fill or a rank: `standard@1`. */
export function profileId(profile: FillProfile): string {
  return `${profile.name}@${profile.version}`
}

/** The seed of everything that is drawn for an order: 32-bit FNV-1a of its id. */
export function seedOf(orderId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < orderId.length; index += 1) {
    hash = Math.imul(hash ^ orderId.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** The latency of one order in ms, `latencyMs` to `latencyMs + latencyJitterMs`, by its seed. */
export function latencyOf(profile: FillProfile, seed: number): number {
  return profile.latencyMs + (mixed(seed) % (profile.latencyJitterMs + 1))
}

/** Spreads a seed over 32 bits (the finaliser of MurmurHash3): FNV's low bits are near each other. */
function mixed(seed: number): number {
  let value = seed >>> 0
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/**
 * How old an event may have been when it was received and still fill an order, in ms: `received_at`
 * less `venue_time`. It keeps out what is not the market of the moment though it arrives now: a
 * delayed feed (free KRX and US quotes are 15 to 20 minutes late), or a socket that was stuck and
 * delivers its backlog, whose prices the user can look up elsewhere.
 *
 * It cannot be seconds: the venue's time of an order book is that of its last change, and a book
 * that nobody touches is still the book. Five minutes lie above the pauses of a thin stock and well
 * below any delayed feed. Upbit's coins change their book many times a minute at any hour; a minute
 * without a change is a fault. What a feeder has polled afresh and knows to be current it may stamp
 * with the time of the answer.
 *
 * The time from `received_at` until the engine decides has no bound: after an outage an order is
 * decided, late, on the event that was the right one then.
 */
export const MAX_AGE_MS: Readonly<Record<Venue, number>> = {
  KRX: 300_000,
  US: 300_000,
  CRYPTO: 60_000,
}

/** Whether an event was too old when it was received. A venue's clock may be ahead of home's. */
export function isTooOld(
  venue: Venue,
  event: { readonly venueTime: number; readonly receivedAt: number },
): boolean {
  return event.receivedAt - event.venueTime > MAX_AGE_MS[venue]
}
