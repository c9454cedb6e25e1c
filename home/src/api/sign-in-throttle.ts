// Pure: no I/O, no clock, no randomness.
// How often passwords may be tried for one account. A stranger who tries them must not lock its owner
// out: strangers share one allowance, and an address the owner has signed in from has its own.
// Only what was wrong counts: a right password gives its try back.

import { DomainError } from '@motu/shared/problem.ts'

/** A bucket holds this many tries, and fills up again in a minute. */
const PER_ADDRESS = 5
const PER_ACCOUNT_FOR_STRANGERS = 20
const REFILL_MS = 60_000
/** Accounts and addresses remembered: beyond it those whose last try is oldest are forgotten. */
const BUCKETS_MAX = 100_000

type Bucket = { tries: number; atMs: number }

export type Attempt = {
  /** The user name as it was given, whether or not there is such a user. */
  account: string
  address: string
  /** Whether the account was lately signed in to from this address. */
  isKnownAddress: boolean
}

export class SignInThrottle {
  readonly #buckets = new Map<string, Bucket>()

  /** Takes a try; refuses when there is none left, and says how long to wait. */
  take(attempt: Attempt, nowMs: number): void {
    const limits = limitsOf(attempt)
    const waitMs = Math.max(...limits.map(({ key, size }) => this.#waitMs(key, size, nowMs)))
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000)
      throw new DomainError('rate-limited', {
        detail: `Too many wrong passwords. Try again in ${seconds} s.`,
        headers: { 'retry-after': String(seconds) },
      })
    }
    for (const { key, size } of limits) this.#add(key, size, { change: -1, nowMs })
  }

  /** The password was right. */
  giveBack(attempt: Attempt, nowMs: number): void {
    for (const { key, size } of limitsOf(attempt)) this.#add(key, size, { change: 1, nowMs })
  }

  get size(): number {
    return this.#buckets.size
  }

  #triesIn(key: string, size: number, nowMs: number): number {
    const bucket = this.#buckets.get(key)
    if (!bucket) return size
    const refilled = (Math.max(0, nowMs - bucket.atMs) / REFILL_MS) * size
    return Math.min(size, bucket.tries + refilled)
  }

  #waitMs(key: string, size: number, nowMs: number): number {
    const missing = 1 - this.#triesIn(key, size, nowMs)
    return missing <= 0 ? 0 : Math.ceil((missing * REFILL_MS) / size)
  }

  #add(key: string, size: number, { change, nowMs }: { change: number; nowMs: number }): void {
    const tries = Math.min(size, this.#triesIn(key, size, nowMs) + change)
    // Inserted anew, so that the map is in the order of the last tries.
    this.#buckets.delete(key)
    if (tries < size) this.#buckets.set(key, { tries, atMs: nowMs })
    if (this.#buckets.size > BUCKETS_MAX) {
      const oldest = this.#buckets.keys().next().value
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
  }
}

function limitsOf({ account, address, isKnownAddress }: Attempt): { key: string; size: number }[] {
  const name = account.toLowerCase()
  // Anything may be given as a name, but no address has a blank: no name makes the key of another.
  const own = { key: `${address} ${name}`, size: PER_ADDRESS }
  return isKnownAddress ? [own] : [own, { key: ` ${name}`, size: PER_ACCOUNT_FOR_STRANGERS }]
}
