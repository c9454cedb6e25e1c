import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isTooOld,
  latencyOf,
  MAX_AGE_MS,
  PROFILE_NAMES,
  profileId,
  PROFILES,
  seedOf,
} from './fill-profile.ts'

describe('a fill profile', () => {
  it('is named with its version', () => {
    expect(PROFILE_NAMES.map((name) => profileId(PROFILES[name]))).toEqual([
      'arcade@1',
      'standard@1',
      'strict@1',
    ])
  })

  it('draws the latency of an order from its id, always the same, within its bounds', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom(...PROFILE_NAMES), (orderId, name) => {
        const profile = PROFILES[name]
        const latency = latencyOf(profile, seedOf(orderId))
        expect(latency).toBe(latencyOf(profile, seedOf(orderId)))
        expect(latency).toBeGreaterThanOrEqual(profile.latencyMs)
        expect(latency).toBeLessThanOrEqual(profile.latencyMs + profile.latencyJitterMs)
      }),
      { seed: 1 },
    )
  })

  it('spreads the latencies of ids that differ in one digit', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `00000000-0000-5000-8000-${index}`)
    const latencies = new Set(ids.map((id) => latencyOf(PROFILES.strict, seedOf(id))))
    expect(latencies.size).toBeGreaterThan(70)
  })

  it('has the seed of FNV-1a', () => {
    // The published test vectors of the hash.
    expect(seedOf('')).toBe(0x811c9dc5)
    expect(seedOf('a')).toBe(0xe40c292c)
    expect(seedOf('foobar')).toBe(0xbf9cf968)
  })

  it.each([
    ['KRX', MAX_AGE_MS.KRX, false],
    ['KRX', MAX_AGE_MS.KRX + 1, true],
    ['US', 15 * 60_000, true],
    ['CRYPTO', MAX_AGE_MS.CRYPTO, false],
    ['CRYPTO', MAX_AGE_MS.CRYPTO + 1, true],
    ['CRYPTO', -250, false],
  ] as const)('of %s, received %i ms after it happened: too old is %s', (venue, age, tooOld) => {
    const receivedAt = 1_700_000_000_000
    expect(isTooOld(venue, { venueTime: receivedAt - age, receivedAt })).toBe(tooOld)
  })
})
