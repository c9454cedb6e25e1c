// The deny-list on Redis: a key for each revocation, gone when it cannot matter any more, and one that
// says that the list is whole. A flush takes that one too, so a missing key alone is never a no.

import type { Redis } from 'ioredis'
import type { Revocation } from '@motu/shared/upstream.ts'
import type { Deniable } from './bus.ts'

type Target = { redis: Redis; prefix: string }

/** Keys set in one round trip. */
const KEYS_AT_ONCE = 1_000

const keyOf = (prefix: string, { kind, id }: Deniable): string => `${prefix}revoked:${kind}:${id}`
const wholeKey = (prefix: string): string => `${prefix}revoked:loaded`

export async function denyInRedis(
  { redis, prefix }: Target,
  revocations: readonly Revocation[],
  isAll: boolean,
): Promise<void> {
  for (let start = 0; start < revocations.length; start += KEYS_AT_ONCE) {
    const pipeline = redis.pipeline()
    for (const one of revocations.slice(start, start + KEYS_AT_ONCE)) {
      // By the instant, not by what is left: a clock of ours that is moved keeps its list. What has
      // ended already would be refused by Redis as never set.
      pipeline.set(keyOf(prefix, one), '1', 'PXAT', Date.parse(one.until))
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
  }
  if (isAll) await redis.set(wholeKey(prefix), '1')
}

export async function isDeniedInRedis(
  { redis, prefix }: Target,
  what: Deniable,
): Promise<boolean | null> {
  const [denied, whole] = await redis.mget(keyOf(prefix, what), wholeKey(prefix))
  if (denied !== null) return true
  return whole === null ? null : false
}
