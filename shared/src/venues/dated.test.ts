import { describe, expect, it } from 'vitest'
import { CHARGE_TABLES } from './charges.ts'
import { type Dated, inForce, inForceFrom } from './dated.ts'
import { LIMIT_RULES } from './price-limits.ts'
import { TICK_TABLES } from './ticks.ts'

const row = (id: string, from: string | null): Dated => ({ id, from, source: 'a test' })
const OPEN = [row('a', null), row('b', '2024-01-01'), row('c', '2025-07-31')]
const DATED = OPEN.slice(1)

describe('the row in force', () => {
  it.each([
    ['1900-01-01', 'a', undefined],
    ['2023-12-31', 'a', undefined],
    ['2024-01-01', 'b', 'b'],
    ['2024-01-02', 'b', 'b'],
    ['2025-07-30', 'b', 'b'],
    ['2025-07-31', 'c', 'c'],
    ['9999-12-31', 'c', 'c'],
  ])('on %s is %s; without a row for all earlier days, %s', (date, open, dated) => {
    expect(inForce(OPEN, date)?.id).toBe(open)
    expect(inForce(DATED, date)?.id).toBe(dated)
  })

  it.each([
    ['2023-12-31', 'abc'],
    ['2024-01-01', 'bc'],
    ['2025-07-30', 'bc'],
    ['2025-07-31', 'c'],
  ])('from %s on is one of %s', (date, ids) => {
    expect(
      inForceFrom(OPEN, date)
        .map(({ id }) => id)
        .join(''),
    ).toBe(ids)
  })

  it('of a table that has not begun is one of those to come', () => {
    expect(inForceFrom(DATED, '2020-01-01')).toEqual(DATED)
  })

  it.each(['', '2024-1-1', '20240101', '2024-01-01T00:00:00Z', 'tomorrow'])(
    'is not looked up by "%s"',
    (text) => {
      expect(() => inForce(OPEN, text)).toThrow('not a date')
    },
  )
})

describe('every table', () => {
  const exceptions = TICK_TABLES.flatMap((one) => one.exceptions)
  const tables: readonly (readonly Dated[])[] = [
    ...TICK_TABLES.map(({ rows }) => rows),
    ...LIMIT_RULES.limits.map(({ rows }) => rows),
    LIMIT_RULES.ipo.rows,
    ...CHARGE_TABLES.map(({ rows }) => rows),
  ]

  it('is sorted by the first day of its rows, only the first of which may hold from ever', () => {
    for (const rows of tables) {
      const days = rows.map(({ from }) => from ?? '')
      expect(days).toEqual([...new Set(days)].sort())
    }
    for (const { from, until } of exceptions) expect(from < until).toBe(true)
  })

  it('has real days, and rows with a source and an id that no other rule has', () => {
    const all = new Set([...tables.flat(), ...exceptions])
    expect(new Set([...all].map(({ id }) => id)).size).toBe(all.size)
    for (const { id, from, source } of all) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/)
      expect(source).not.toBe('')
      if (from) expect(new Date(from).toISOString().slice(0, 10)).toBe(from)
    }
  })
})
