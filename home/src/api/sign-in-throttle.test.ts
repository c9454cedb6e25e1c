import { describe, expect, it } from 'vitest'
import { DomainError } from '@motu/shared/problem.ts'
import { type Attempt, SignInThrottle } from './sign-in-throttle.ts'

const NOW = Date.parse('2026-11-20T00:00:00Z')
const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  account: 'minji',
  address: '203.0.113.1',
  isKnownAddress: false,
  ...change,
})

/** How many tries there are before one is refused. */
function tries(throttle: SignInThrottle, one: (index: number) => Attempt, nowMs = NOW): number {
  for (let count = 0; count < 1_000; count += 1) {
    try {
      throttle.take(one(count), nowMs)
    } catch (error) {
      if (error instanceof DomainError && error.code === 'rate-limited') return count
      throw error
    }
  }
  return Number.POSITIVE_INFINITY
}

describe('wrong passwords', () => {
  it.each<[what: string, count: number, one: (index: number) => Attempt]>([
    ['from one address', 5, () => attempt()],
    ['from one that is known', 5, () => attempt({ isKnownAddress: true })],
    ['from many', 20, (index) => attempt({ address: `2001:db8::${index}` })],
    ['in two spellings', 5, (index) => attempt({ account: index % 2 ? 'Minji' : 'MINJI' })],
    ['for many accounts', Infinity, (index) => attempt({ account: `user-${index}` })],
  ])('%s: there are %s', (_, count, one) => {
    expect(tries(new SignInThrottle(), one)).toBe(count)
  })

  it('come back at five a minute', () => {
    const throttle = new SignInThrottle()
    expect(tries(throttle, () => attempt())).toBe(5)
    expect(tries(throttle, () => attempt(), NOW + 11_999)).toBe(0)
    expect(tries(throttle, () => attempt(), NOW + 12_000)).toBe(1)
    expect(tries(throttle, () => attempt(), NOW + 3_600_000)).toBe(5)
  })

  it('say how long to wait', () => {
    const throttle = new SignInThrottle()
    tries(throttle, () => attempt())
    const waiting = (nowMs: number) => {
      try {
        throttle.take(attempt(), nowMs)
      } catch (error) {
        return (error as DomainError).headers['retry-after']
      }
      return null
    }
    expect([waiting(NOW), waiting(NOW + 11_500), waiting(NOW + 12_000)]).toEqual(['12', '1', null])
  })

  it('of strangers take nothing from an address that is known', () => {
    const throttle = new SignInThrottle()
    tries(throttle, (index) => attempt({ address: `2001:db8::${index}` }))
    const known = attempt({ address: '198.51.100.1', isKnownAddress: true })
    expect(tries(throttle, () => known)).toBe(5)
  })

  it('are not counted where the password was right', () => {
    const throttle = new SignInThrottle()
    for (let time = 0; time < 100; time += 1) {
      throttle.take(attempt(), NOW)
      throttle.giveBack(attempt(), NOW)
    }
    expect(throttle.size).toBe(0)
    expect(tries(throttle, () => attempt())).toBe(5)
  })

  it('for a name made of a name and an address take nothing from those', () => {
    const throttle = new SignInThrottle()
    for (const account of ['203.0.113.1 minji', ' minji', 'minji ', 'minji 203.0.113.1']) {
      tries(throttle, (index) => attempt({ account, address: `2001:db8::${index}` }))
    }
    expect(tries(throttle, () => attempt())).toBe(5)
  })

  it('are remembered of so many and no more', () => {
    const throttle = new SignInThrottle()
    tries(throttle, () => attempt())
    for (let index = 0; index < 120_000; index += 1) {
      throttle.take(attempt({ account: `user-${index}`, isKnownAddress: true }), NOW)
    }
    expect(throttle.size).toBe(100_000)
    expect(tries(throttle, () => attempt({ account: 'user-119999' }))).toBe(4)
  })

  it('outlive a clock that went back', () => {
    const throttle = new SignInThrottle()
    tries(throttle, () => attempt())
    expect(tries(throttle, () => attempt(), NOW - 60_000)).toBe(0)
  })
})
