import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, quoted } from './column.ts'

/**
 * Reads an array as Postgres does (8.15.2: quotes keep everything, a backslash keeps the next
 * character, a bare NULL is none).
 */
function readArray(text: string): (string | null)[] {
  const values: (string | null)[] = []
  if (!text.startsWith('{') || !text.endsWith('}')) throw new Error('not an array')
  const inside = text.slice(1, -1)
  if (inside === '') return values
  let index = 0
  while (index <= inside.length) {
    let value = ''
    const isQuoted = inside[index] === '"'
    if (isQuoted) {
      for (index += 1; inside[index] !== '"'; index += 1) {
        if (index >= inside.length) throw new Error('a quote does not end')
        if (inside[index] === '\\') index += 1
        value += inside[index]!
      }
      index += 1
    } else {
      for (; index < inside.length && inside[index] !== ','; index += 1) value += inside[index]!
      if (value === '' || /["\\{}\s]/.test(value)) throw new Error(`malformed: ${value}`)
    }
    if (index < inside.length && inside[index] !== ',') throw new Error('text after a quote')
    values.push(!isQuoted && value.toUpperCase() === 'NULL' ? null : value)
    index += 1
  }
  return values
}

describe('a column', () => {
  it.each<[unknown[], string]>([
    [[], '{}'],
    [[1, 2n, true, false, null], '{1,2,true,false,NULL}'],
    [['0.00000001', '-1.5'], '{0.00000001,-1.5}'],
    [['2026-11-20T09:00:00.000Z', 'a_b-c'], '{2026-11-20T09:00:00.000Z,a_b-c}'],
  ])('of %o is %s', (rows, text) => {
    expect(columnsOf(rows as string[])((row) => row)).toBe(text)
  })

  it('takes one value of each row', () => {
    const column = columnsOf([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ])
    expect([column((row) => row.id), column((row) => quoted(row.name))]).toEqual([
      '{1,2}',
      '{"a","b"}',
    ])
  })
})

describe('quoted text', () => {
  it.each([
    '',
    'NULL',
    'null',
    '"',
    '\\',
    '\\"',
    '{}',
    '},{',
    'a,b',
    ' a ',
    "'",
    '$1',
    '\n',
    '주문',
  ])('comes back as it was: %j', (text) => {
    expect(readArray(columnsOf([text, text])(quoted))).toEqual([text, text])
  })

  it('comes back as it was, whatever it is', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('"', '\\', ',', '{', '}', 'a', ' ') }))
    fc.assert(
      fc.property(texts, fc.array(fc.string({ unit: 'binary' })), (some, others) => {
        const all = [...some, ...others]
        expect(readArray(columnsOf(all)(quoted))).toEqual(all)
      }),
    )
  })
})
