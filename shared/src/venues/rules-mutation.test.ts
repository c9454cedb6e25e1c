// The cases notice every change of every rule: a wrong digit or day in a table cannot pass unseen.

import { describe, expect, it } from 'vitest'
import { CHARGE_CASES } from './cases/charge-cases.ts'
import { LIMIT_CASES } from './cases/limit-cases.ts'
import { LOT_CASES } from './cases/lot-cases.ts'
import { mutationsOf } from './cases/mutations.ts'
import { outcomeOf, type RuleCase } from './cases/rule-case.ts'
import { TICK_CASES } from './cases/tick-cases.ts'
import { CHARGE_TABLES } from './charges.ts'
import { LOT_RULES } from './lots.ts'
import { LIMIT_RULES } from './price-limits.ts'
import { TICK_TABLES } from './ticks.ts'

/** The paths of the changes that no case notices. A case that fails anyway would notice them all. */
function unnoticed<Rules>(cases: readonly RuleCase<Rules>[], rules: Rules): string[] {
  for (const one of cases) expect(outcomeOf(one, rules), one.name).toBe(one.expected)
  return mutationsOf(rules)
    .filter((mutation) => cases.every((one) => outcomeOf(one, mutation.rules) === one.expected))
    .map(({ path }) => path)
}

/**
 * What nobody can see: by which day an only row is chosen, and the id and cap of a rate of zero,
 * since lines of zero are left out.
 */
const UNSEEN = CHARGE_TABLES.flatMap(({ rows, datedBy }, table) => [
  ...rows.flatMap(({ id, rate }, row) =>
    rate === 0n ? [`[${table}].rows[${row}].id = ${id}~`, `[${table}].rows[${row}].cap = 1`] : [],
  ),
  ...(rows.length === 1 && datedBy === 'trade' ? [`[${table}].datedBy = settlement`] : []),
])
/** The limits' cases are about limits: the ladders they go by have cases of their own. */
const LIMIT_CASES_BY = LIMIT_CASES.map((one) => ({
  ...one,
  actual: (rules: Omit<typeof LIMIT_RULES, 'ticks'>) =>
    one.actual({ ...rules, ticks: LIMIT_RULES.ticks }),
}))
const { ticks: _ticks, ...LIMITS_ALONE } = LIMIT_RULES

describe('a change of one value is noticed in', () => {
  it('the ladders', () => {
    expect(unnoticed(TICK_CASES, TICK_TABLES)).toEqual([])
  })

  it('the price limits', () => {
    expect(unnoticed(LIMIT_CASES_BY, LIMITS_ALONE)).toEqual([])
  })

  it('the charges, but for what nobody can see', () => {
    expect(unnoticed(CHARGE_CASES, CHARGE_TABLES)).toEqual(UNSEEN)
  })

  it('the lots', () => {
    expect(unnoticed(LOT_CASES, LOT_RULES)).toEqual([])
  })

  it('tables large enough to matter', () => {
    expect(mutationsOf(TICK_TABLES).length).toBeGreaterThan(400)
    expect(mutationsOf(CHARGE_TABLES).length).toBeGreaterThan(200)
  })
})

describe('a mutation', () => {
  it('changes one value at a time, and no prose', () => {
    const rules = [{ id: 'a', from: null, source: 'x', rate: 5n }, { from: '2024-12-31' }]
    expect(mutationsOf(rules).map(({ path }) => path)).toEqual([
      '[0] left out',
      '[0].id = a~',
      '[0].from = 2014-12-31',
      '[0].rate = 4',
      '[0].rate = 6',
      '[1] left out',
      '[1].from = 2024-12-30',
      '[1].from = 2025-01-01',
    ])
    expect(rules[0]!.rate).toBe(5n)
  })

  it('is not made up for a value of a kind it does not know', () => {
    expect(() => mutationsOf({ rate: 1.5 })).toThrow('no other value is known')
  })
})
