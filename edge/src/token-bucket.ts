// Pure: no I/O, no clock, no randomness.
// Token buckets by key. A bucket starts full, is refilled by the passing of time, and is forgotten when
// it has been idle longest of too many: what is forgotten would be full again soon.

/** What may be spent at once, and what comes back each second. */
export type BucketRule = { perSecond: number; burst: number }

/** What a bucket said; `waitMs` until it would say yes, 0 when it did. */
export type Draw = { rule: BucketRule; left: number; waitMs: number }

type Bucket = { left: number; at: number }

export class TokenBuckets {
  readonly #countMax: number
  /** The one used last is the last. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(countMax: number) {
    this.#countMax = countMax
  }

  get size(): number {
    return this.#buckets.size
  }

  /** Takes one token, if there is a whole one. */
  take(key: string, rule: BucketRule, nowMs: number): Draw {
    const bucket = this.#refilled(key, rule, nowMs)
    if (bucket.left < 1) return drawOf(bucket, rule)
    bucket.left -= 1
    return { rule, left: bucket.left, waitMs: 0 }
  }

  /** What `take` would say, without taking. */
  peek(key: string, rule: BucketRule, nowMs: number): Draw {
    const bucket = this.#buckets.get(key)
    return drawOf(bucket ? refill(bucket, rule, nowMs) : { left: rule.burst, at: nowMs }, rule)
  }

  #refilled(key: string, rule: BucketRule, nowMs: number): Bucket {
    const known = this.#buckets.get(key)
    if (known) {
      this.#buckets.delete(key)
      this.#buckets.set(key, known)
      return refill(known, rule, nowMs)
    }
    if (this.#buckets.size >= this.#countMax) this.#forgetOldest()
    const full = { left: rule.burst, at: nowMs }
    this.#buckets.set(key, full)
    return full
  }

  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next().value
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}

/** A clock that steps back refills nothing. */
function refill(bucket: Bucket, { perSecond, burst }: BucketRule, nowMs: number): Bucket {
  const passedMs = Math.max(0, nowMs - bucket.at)
  bucket.left = Math.min(burst, bucket.left + (passedMs / 1_000) * perSecond)
  bucket.at = nowMs
  return bucket
}

function drawOf({ left }: Bucket, rule: BucketRule): Draw {
  return { rule, left, waitMs: left < 1 ? ((1 - left) / rule.perSecond) * 1_000 : 0 }
}
