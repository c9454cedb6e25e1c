// Pure: no I/O, no clock, no randomness.
// Whether a price may follow the last one that was trusted, and whether its time makes sense: what
// the quality gate asks of a venue's observations, and of other exchanges' reference quotes, too.

import { type Decimal, divide } from '@motu/shared/decimal.ts'
import { type Band, SKEW_MS_MAX } from './gate-bounds.ts'
import type { GateReason } from './readable.ts'

/** Looks that agree on a spike, from more than one source, and from the only one there is. */
const CONFIRMATIONS = 3
const CONFIRM_MS = 3_000
const CONFIRM_ALONE_MS = 30_000
/** Looks at a new price agree within this, in ten thousandths. */
const AGREE_WITHIN = 200n

/** One look of one source: what it showed, in one text, and when. */
export type Look = { content: string; venueMs: number; receivedMs: number }
type Trusted = { price: Decimal; receivedMs: number }
/** A price too far away to be believed, and who has seen it since when. */
type Suspicion = { price: Decimal; sinceMs: number; looks: number; sources: Set<string> }

/** What is remembered of one market: by source the last look that passed, and the last good price. */
export type TrustState = {
  looks: Map<string, Look>
  trusted: Trusted | null
  suspicion: Suspicion | null
}

/** One look's prices; `beside` it are bid, ask and prints: all of them must fit. */
export type Sight = {
  band: Band
  price: Decimal
  beside: readonly Decimal[]
  /** What the first price is held against: the previous close. */
  base: Decimal
  source: string
  receivedMs: number
}

export function newTrust(): TrustState {
  return { looks: new Map(), trusted: null, suspicion: null }
}

/** Remembers a look that passed. */
export function noteTrusted(state: TrustState, source: string, look: Look, price: Decimal): void {
  state.trusted = { price, receivedMs: look.receivedMs }
  state.suspicion = null
  state.looks.set(source, look)
}

/**
 * Time never goes back, is not in the future, and is not late. A market that is quiet shows an old
 * time in a fresh look, and that is fine; so is a change that happened while nobody looked. Late is
 * a change that an earlier look should have seen: the line, or a cache in it, lags behind.
 */
export function timeFault(look: Look, last: Look | undefined, lateMs: number): GateReason | null {
  const { content, venueMs, receivedMs } = look
  if (Number.isNaN(venueMs) || Number.isNaN(receivedMs)) return 'bad_time'
  if (venueMs > receivedMs + SKEW_MS_MAX) return 'future_time'
  if (!last) return null
  if (venueMs < last.venueMs) return 'time_backwards'
  const isOld = receivedMs - venueMs > lateMs
  if (isOld && content !== last.content && last.receivedMs - venueMs > lateMs) return 'late'
  return null
}

/** Whether a price may follow the last trusted one; the first one is held against the base price. */
export function isBelievable(state: TrustState, sight: Sight): boolean {
  const { band, price, beside, base, receivedMs } = sight
  const { trusted } = state
  const elapsedMs = trusted ? Math.max(0, receivedMs - trusted.receivedMs) : Infinity
  const allowed = allowedMove(band, elapsedMs)
  const from = trusted?.price ?? base
  if ([price, ...beside].every((one) => apart(from, one) <= allowed)) return true
  return isConfirmed(state, sight)
}

/** In ten thousandths. */
export function allowedMove({ atOnce, perSecond, most }: Band, elapsedMs: number): bigint {
  if (elapsedMs >= 3_600_000) return BigInt(most)
  return BigInt(Math.min(most, atOnce + Math.floor((perSecond * elapsedMs) / 1_000)))
}

/** How far a price is from another in ten thousandths, counted from the lower one. */
export function apart(a: Decimal, b: Decimal): bigint {
  const [low, high] = a < b ? [a, b] : [b, a]
  return divide((high - low) * 10_000n, low, 'up')
}

function isConfirmed(state: TrustState, { price, beside, source, receivedMs }: Sight): boolean {
  const before = state.suspicion
  // What contradicts itself is no opinion at all.
  if (beside.some((one) => apart(price, one) > AGREE_WITHIN)) return false
  if (!before || apart(before.price, price) > AGREE_WITHIN) {
    state.suspicion = { price, sinceMs: receivedMs, looks: 1, sources: new Set([source]) }
    return false
  }
  before.looks += 1
  before.sources.add(source)
  const neededMs = before.sources.size > 1 ? CONFIRM_MS : CONFIRM_ALONE_MS
  return before.looks >= CONFIRMATIONS && receivedMs - before.sinceMs >= neededMs
}
