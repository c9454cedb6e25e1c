import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFrame } from './frame.ts'
import { readRecord } from './records.ts'

const FEEDS = ['H0STCNT0', 'H0STASP0', 'H0STMKO0', 'H0STANC0', 'HDFSCNT0', 'HDFSASP0']
const field = fc.oneof(
  fc.constantFrom('', '0', '1', '5', '20', '005930', 'AAPL', 'DNASAAPL', '20261120', '103000', 'N'),
  fc.integer().map(String),
  fc.string({ maxLength: 12 }),
)

describe('a record', () => {
  it('of a feed nobody asked for is left', () => {
    expect(readRecord('H0NXCNT0', ['005930'], 0)).toHaveProperty('reason')
  })

  it('whatever it holds is read or refused, and nothing is thrown', () => {
    const record = fc.array(field, { maxLength: 70 })
    fc.assert(
      fc.property(fc.constantFrom(...FEEDS), record, (trId, fields) => {
        const read = readRecord(trId, fields, 0)
        expect('reason' in read || read.frame.symbol.length > 0).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  it('whatever comes over the line, nothing is thrown', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(field).map((fields) => `0|H0STCNT0|002|${fields.join('^')}`),
    )
    fc.assert(
      fc.property(text, (line) => {
        expect(readFrame(line)).toHaveProperty('kind')
      }),
    )
  })
})
