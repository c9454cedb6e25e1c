// Token buckets: what they give, when they give again, and how many of them there are.

import { describe, expect, it } from 'vitest'
import { TokenBuckets } from '../src/token-bucket.ts'

const RULE = { perSecond: 2, burst: 3 }

describe('a bucket', () => {
  it('gives its burst, then one each time it has a whole one', () => {
    const buckets = new TokenBuckets(10)
    const take = (nowMs: number) => buckets.take('a', RULE, nowMs).waitMs === 0
    expect([take(0), take(0), take(0), take(0)]).toEqual([true, true, true, false])
    expect(take(499)).toBe(false)
    expect(take(500)).toBe(true)
    expect(take(500)).toBe(false)
    expect(take(1_000)).toBe(true)
  })

  it('is never fuller than its burst', () => {
    const buckets = new TokenBuckets(10)
    buckets.take('a', RULE, 0)
    expect(buckets.take('a', RULE, 3_600_000).left).toBe(2)
  })

  it('says how long to wait, and keeps its word', () => {
    const buckets = new TokenBuckets(10)
    for (let count = 0; count < 3; count += 1) buckets.take('a', RULE, 0)
    const { waitMs } = buckets.take('a', RULE, 100)
    expect(waitMs).toBe(400)
    expect(buckets.take('a', RULE, 100 + waitMs).waitMs).toBe(0)
  })

  it('is not refilled by a clock that steps back', () => {
    const buckets = new TokenBuckets(10)
    for (let count = 0; count < 3; count += 1) buckets.take('a', RULE, 10_000)
    expect(buckets.take('a', RULE, 0).waitMs).toBe(500)
    expect(buckets.take('a', RULE, 499).waitMs).toBeGreaterThan(0)
  })

  it('can be looked into without taking', () => {
    const buckets = new TokenBuckets(10)
    for (let count = 0; count < 5; count += 1) expect(buckets.peek('a', RULE, 0).waitMs).toBe(0)
    for (let count = 0; count < 3; count += 1) buckets.take('a', RULE, 0)
    expect(buckets.peek('a', RULE, 0).waitMs).toBe(500)
    expect(buckets.peek('a', RULE, 500).waitMs).toBe(0)
  })

  it('is its owner’s alone', () => {
    const buckets = new TokenBuckets(10)
    for (let count = 0; count < 4; count += 1) buckets.take('a', RULE, 0)
    expect(buckets.take('b', RULE, 0).left).toBe(2)
  })
})

it('forgets the bucket that was idle longest when there are too many', () => {
  const buckets = new TokenBuckets(2)
  for (const key of ['a', 'a', 'b', 'a', 'c']) buckets.take(key, RULE, 0)
  expect(buckets.size).toBe(2)
  expect(buckets.take('a', RULE, 0).waitMs).toBe(500)
  expect(buckets.take('b', RULE, 0).left).toBe(2)
})
