// How much anyone may ask of the edge: token buckets in its memory, so that no limit needs home. Users
// and API keys have their own; by address goes who shows nothing, or something that is not good. Open
// sockets are counted in the Hub, up to the number that stands here.

import { z } from 'zod'
import { DomainError } from '@motu/shared/problem.ts'
import { addressGroup } from './client-address.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Env } from './env.ts'
import { type BucketRule, type Draw, TokenBuckets } from './token-bucket.ts'

/** Of each kind; some 200 bytes a bucket. */
const BUCKETS_MAX = 100_000
/** Addresses someone signed in from: a flood from elsewhere does not shut them out. */
const GOOD_ADDRESSES_MAX = 10_000
const GOOD_ADDRESS_MS = 24 * 60 * 60 * 1_000

/** Open sockets of one address group: a house full of tabs, not the whole Hub. */
const SOCKETS_PER_ADDRESS_MAX = 200

const RULES = {
  user: { perSecond: 100, burst: 400 },
  /** By address: requests that show nothing. */
  anonymous: { perSecond: 50, burst: 200 },
  /** By address: tokens and keys that were not good. */
  failure: { perSecond: 5, burst: 50 },
  /** By address. */
  signIn: { perSecond: 1, burst: 10 },
  /** By address: ten an hour. */
  register: { perSecond: 10 / 3_600, burst: 5 },
  /** By person at a chat service; each sign he types at a name is one. */
  bot: { perSecond: 5, burst: 40 },
  /** Of everyone together: passwords that home hashes, at some 20 ms of a core each. */
  passwords: { perSecond: 5, burst: 10 },
  /** Of everyone together: keys that might be ours, which home is asked about. */
  keyQuestions: { perSecond: 50, burst: 200 },
} as const satisfies Record<string, BucketRule>

export type LimitName = keyof typeof RULES
export type LimitRules = Readonly<Record<LimitName, BucketRule>>
/** `rules` is null where nothing is limited. */
export type Limits = { rules: LimitRules | null; socketsPerAddress: number }

const ruleSchema = z
  .strictObject({ per_second: z.number().positive(), burst: z.number().min(1) })
  .transform(({ per_second, burst }) => ({ perSecond: per_second, burst }))
const countsSchema = z.looseObject({
  socketsPerAddress: z.int().min(1).default(SOCKETS_PER_ADDRESS_MAX),
})
const overridesSchema = z.partialRecord(z.enum(Object.keys(RULES) as LimitName[]), ruleSchema)

/** None where the setting is `off`; else the usual ones, with what the setting (JSON) changes. */
export function readLimits(setting: string | null | undefined): Limits {
  if (setting === 'off') return { rules: null, socketsPerAddress: Number.POSITIVE_INFINITY }
  const { socketsPerAddress, ...rules } = countsSchema.parse(JSON.parse(setting || '{}'))
  return { rules: { ...RULES, ...overridesSchema.parse(rules) }, socketsPerAddress }
}

export class RateLimiter {
  readonly #now: Clock
  readonly #rules: LimitRules | null
  readonly #buckets = new Map<string, TokenBuckets>()
  readonly #goodAddresses = new Map<string, number>()

  constructor(now: Clock, rules: LimitRules | null) {
    this.#now = now
    this.#rules = rules
  }

  /** Takes one for a request; null where nothing is limited. Throws 429 when there is none. */
  take(name: LimitName, whose: string): Draw | null {
    return this.#rules && enough(this.#of(name).take(whose, this.#rules[name], this.#now()))
  }

  /** As `take`, for a key, with the quota its owner gave it. */
  takeQuota(keyId: string, perMinute: number): Draw | null {
    if (!this.#rules) return null
    const rule = { perSecond: perMinute / 60, burst: perMinute }
    return enough(this.#of('quota').take(keyId, rule, this.#now()))
  }

  /** Refuses to look at anything more that a failing address shows. */
  checkFailures(address: string): void {
    if (!this.#rules) return
    enough(this.#of('failure').peek(addressGroup(address), this.#rules.failure, this.#now()))
  }

  noteFailure(address: string): void {
    if (!this.#rules) return
    this.#of('failure').take(addressGroup(address), this.#rules.failure, this.#now())
  }

  /** One password for home to hash, unless everyone together sends too many. */
  takePassword(address: string): void {
    const goodAt = this.#goodAddresses.get(address)
    if (goodAt !== undefined && this.#now() - goodAt < GOOD_ADDRESS_MS) return
    this.take('passwords', '')
  }

  noteSignIn(address: string): void {
    this.#goodAddresses.delete(address)
    this.#goodAddresses.set(address, this.#now())
    if (this.#goodAddresses.size <= GOOD_ADDRESSES_MAX) return
    const oldest = this.#goodAddresses.keys().next().value
    if (oldest !== undefined) this.#goodAddresses.delete(oldest)
  }

  #of(kind: LimitName | 'quota'): TokenBuckets {
    let buckets = this.#buckets.get(kind)
    if (!buckets) {
      buckets = new TokenBuckets(BUCKETS_MAX)
      this.#buckets.set(kind, buckets)
    }
    return buckets
  }
}

let limiter: RateLimiter | null = null

/** The one of this isolate: it keeps the buckets of all its requests. */
export function limiterOf(env: Env): RateLimiter {
  limiter ??= new RateLimiter(systemClock, readLimits(env.LIMITS).rules)
  return limiter
}

/** What an answer says of the limit its request was counted under (draft-ietf-httpapi-ratelimit). */
export function limitHeaders({ rule, left }: Draw): Record<string, string> {
  return {
    'ratelimit-limit': String(rule.burst),
    'ratelimit-remaining': String(Math.floor(left)),
    'ratelimit-reset': String(Math.ceil((rule.burst - left) / rule.perSecond)),
  }
}

function enough(draw: Draw): Draw {
  if (draw.waitMs === 0) return draw
  const seconds = String(Math.max(1, Math.ceil(draw.waitMs / 1_000)))
  throw new DomainError('rate-limited', {
    detail: `Too many requests: try again in ${seconds} s.`,
    headers: { ...limitHeaders(draw), 'retry-after': seconds },
  })
}
