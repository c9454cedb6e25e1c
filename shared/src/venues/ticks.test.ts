import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, formatDecimal, isMultiple, SCALE } from '../decimal.ts'
import { INSTRUMENTS, tickOf as newestTickOf } from '../instrument.ts'
import { outcomeOf, SUBJECTS } from './cases/rule-case.ts'
import { TICK_CASES } from './cases/tick-cases.ts'
import { tickOf, TICK_TABLES } from './ticks.ts'

describe('the tick of', () => {
  it.each(TICK_CASES)('$name is $expected', (one) => {
    expect(outcomeOf(one, TICK_TABLES)).toBe(one.expected)
  })

  it('an instrument no table is for is not guessed', () => {
    const bond = { ...SUBJECTS.KOSPI, board: null }
    expect(() => tickOf(bond, SCALE, '2026-11-20')).toThrow('no ticks are known')
    expect(() => tickOf(SUBJECTS.KOSPI, SCALE, '2026/11/20')).toThrow('not a date')
  })

  it('every listed instrument is the newest one today', () => {
    for (const instrument of INSTRUMENTS) {
      const { referencePrice } = instrument
      expect(tickOf(instrument, referencePrice, '2026-11-20')).toBe(
        newestTickOf(instrument, referencePrice),
      )
    }
  })
})

describe('every ladder', () => {
  const ladders = TICK_TABLES.flatMap(({ rows }) => rows)

  it.each(ladders)('$id falls from band to band down to zero', ({ ladder }) => {
    expect(ladder.at(-1)!.from).toBe(0n)
    ladder.slice(1).forEach((band, index) => {
      const above = ladder[index]!
      expect(band.from < above.from).toBe(true)
      // A border lies on the ticks of both sides, or no price could cross it.
      expect(isMultiple(above.from, above.tick) && isMultiple(above.from, band.tick)).toBe(true)
    })
  })

  it('has a tick for any price, and one that it is a multiple of a step away from', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 16n }), (price) => {
        const tick = tickOf(SUBJECTS.BTC, price, '2026-11-20')
        expect(isMultiple(price - (price % tick), tick)).toBe(true)
        expect(tick > 0n && tick <= decimal('1000'), formatDecimal(tick)).toBe(true)
      }),
    )
  })
})
