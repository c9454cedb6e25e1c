import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, formatDecimal, isMultiple, SCALE, toStep } from '../../decimal.ts'
import { VENUE_RULES } from '../../instrument.ts'
import { tickAt } from '../tick-ladder.ts'
import { krxPriceLimits } from './rules.ts'

const KRX_TICKS = VENUE_RULES.KRX.ticks

describe('the price limits of a day', () => {
  it.each([
    // Below four won the width is less than a tick: nothing may move.
    ['1', '1', '1'],
    ['3', '3', '3'],
    ['4', '5', '3'],
    ['10', '13', '7'],
    ['1538', '1999', '1077'],
    ['1540', '2000', '1078'],
    // 2,590 and not 2,593: the upper limit has a coarser tick than the base.
    ['1995', '2590', '1397'],
    ['2000', '2600', '1400'],
    ['2005', '2605', '1405'],
    ['2855', '3710', '2000'],
    ['4990', '6480', '3495'],
    ['5000', '6500', '3500'],
    ['7140', '9280', '5000'],
    ['15380', '19990', '10770'],
    ['15390', '20000', '10780'],
    ['38450', '49950', '26950'],
    ['38500', '50000', '26950'],
    ['50000', '65000', '35000'],
    // Samsung Electronics in November 2024.
    ['54200', '70400', '38000'],
    ['71400', '92800', '50000'],
    ['154000', '200000', '107800'],
    ['285500', '371000', '200000'],
    ['385000', '500000', '269500'],
    ['561000', '729000', '393000'],
    ['1190000', '1547000', '833000'],
  ])('around %s are %s and %s', (base, upper, lower) => {
    const limits = krxPriceLimits(decimal(base))
    expect(formatDecimal(limits.upper)).toBe(upper)
    expect(formatDecimal(limits.lower)).toBe(lower)
  })

  it('lie on ticks, around the base, within 30 % of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000_000 }), (won) => {
        const base = toStep(BigInt(won) * SCALE, tickAt(KRX_TICKS, BigInt(won) * SCALE), 'down')
        const { upper, lower } = krxPriceLimits(base)
        expect(isMultiple(upper, tickAt(KRX_TICKS, upper))).toBe(true)
        expect(isMultiple(lower, tickAt(KRX_TICKS, lower))).toBe(true)
        expect(lower > 0n && lower <= base && base <= upper).toBe(true)
        expect(upper * 10n <= base * 13n).toBe(true)
        expect(lower * 10n >= base * 7n).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  it('lose less than two ticks of the wider side to rounding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), (thousands) => {
        const base = BigInt(thousands) * 1_000n * SCALE
        const { upper, lower } = krxPriceLimits(base)
        const slack = tickAt(KRX_TICKS, base) + tickAt(KRX_TICKS, upper)
        expect(upper * 10n > base * 13n - slack * 10n).toBe(true)
        expect(lower * 10n < base * 7n + slack * 10n).toBe(true)
      }),
    )
  })
})
