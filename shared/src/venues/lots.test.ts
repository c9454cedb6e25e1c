import { describe, expect, it } from 'vitest'
import { LOT_CASES } from './cases/lot-cases.ts'
import { outcomeOf } from './cases/rule-case.ts'
import { LOT_RULES } from './lots.ts'

describe('the rules of quantities', () => {
  it.each(LOT_CASES)('give for $name: $expected', (one) => {
    expect(outcomeOf(one, LOT_RULES)).toBe(one.expected)
  })
})
