import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMultiple, SCALE, toStep } from '../decimal.ts'
import { LIMIT_CASES } from './cases/limit-cases.ts'
import { outcomeOf, SUBJECTS } from './cases/rule-case.ts'
import { LIMIT_RULES, priceLimitsOf } from './price-limits.ts'
import { tickOf } from './ticks.ts'

describe('the price limits of', () => {
  it.each(LIMIT_CASES)('$name are $expected', (one) => {
    expect(outcomeOf(one, LIMIT_RULES)).toBe(one.expected)
  })

  it.each([
    ['KOSPI', '2015-06-12', 15n],
    ['KOSPI', '2023-01-24', 30n],
    ['KOSDAQ', '2023-01-24', 30n],
    ['KRX_ETF', '2023-12-17', 30n],
    ['KRX_ETF', '2023-12-18', 30n],
    ['KONEX', '2026-11-20', 15n],
  ] as const)('%s on %s lie on ticks, around the base, within %s %%', (name, date, percent) => {
    const subject = SUBJECTS[name]
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 3_000_000 }), (won) => {
        const near = BigInt(won) * SCALE
        const base = toStep(near, tickOf(subject, near, date), 'down')
        const { upper, lower } = priceLimitsOf(subject, base, date)!
        expect(isMultiple(upper, tickOf(subject, upper, date))).toBe(true)
        expect(isMultiple(lower, tickOf(subject, lower, date))).toBe(true)
        expect(lower > 0n && lower <= base && base <= upper).toBe(true)
        expect(upper * 100n <= base * (100n + percent)).toBe(true)
        expect(lower * 100n >= base * (100n - percent)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
