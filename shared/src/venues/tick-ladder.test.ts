import { describe, expect, it } from 'vitest'
import { decimal, formatDecimal, isMultiple } from '../decimal.ts'
import { UPBIT_KRW_TICKS } from './crypto/rules.ts'
import { KRX_TICKS } from './krx/rules.ts'
import { type TickLadder, tickAt } from './tick-ladder.ts'
import { US_TICKS } from './us/rules.ts'

const tick = (ladder: TickLadder, price: string): string =>
  formatDecimal(tickAt(ladder, decimal(price)))

describe('the KRX ladder', () => {
  it.each([
    ['0', '1'],
    ['1', '1'],
    ['1999', '1'],
    ['2000', '5'],
    ['4995', '5'],
    ['4999.99999999', '5'],
    ['5000', '10'],
    ['19990', '10'],
    ['20000', '50'],
    ['49950', '50'],
    ['50000', '100'],
    ['199900', '100'],
    ['200000', '500'],
    ['499500', '500'],
    ['500000', '1000'],
    ['1190000', '1000'],
  ])('at %s moves by %s', (price, expected) => {
    expect(tick(KRX_TICKS, price)).toBe(expected)
  })
})

describe('the US ladder', () => {
  it.each([
    ['0', '0.0001'],
    ['0.9999', '0.0001'],
    ['1', '0.01'],
    ['1.01', '0.01'],
    ['999999', '0.01'],
  ])('at %s moves by %s', (price, expected) => {
    expect(tick(US_TICKS, price)).toBe(expected)
  })
})

describe("the ladder of Upbit's KRW market", () => {
  it.each([
    ['0.00000999', '0.00000001'],
    ['0.00001', '0.0000001'],
    ['0.0000999', '0.0000001'],
    ['0.0001', '0.000001'],
    ['0.000999', '0.000001'],
    ['0.001', '0.00001'],
    ['0.00999', '0.00001'],
    ['0.01', '0.0001'],
    ['0.0999', '0.0001'],
    ['0.1', '0.001'],
    ['0.999', '0.001'],
    ['1', '0.01'],
    ['9.99', '0.01'],
    ['10', '0.1'],
    ['99.9', '0.1'],
    ['100', '1'],
    ['4999', '1'],
    ['5000', '5'],
    ['9995', '5'],
    ['10000', '10'],
    ['49990', '10'],
    ['50000', '50'],
    ['99950', '50'],
    ['100000', '100'],
    ['499900', '100'],
    ['500000', '500'],
    ['999500', '500'],
    ['1000000', '1000'],
    ['150000000', '1000'],
  ])('at %s moves by %s', (price, expected) => {
    expect(tick(UPBIT_KRW_TICKS, price)).toBe(expected)
  })
})

describe('every ladder', () => {
  it.each([
    ['KRX', KRX_TICKS],
    ['US', US_TICKS],
    ['Upbit', UPBIT_KRW_TICKS],
  ])('of %s falls from band to band down to zero', (_, ladder) => {
    expect(ladder.at(-1)!.from).toBe(0n)
    ladder.slice(1).forEach((band, index) => {
      const above = ladder[index]!
      expect(band.from < above.from).toBe(true)
      expect(band.tick < above.tick).toBe(true)
      // A border lies on the ticks of both sides, or no price could cross it.
      expect(isMultiple(above.from, above.tick) && isMultiple(above.from, band.tick)).toBe(true)
    })
  })

  it('knows no price below zero', () => {
    expect(() => tickAt(KRX_TICKS, -1n)).toThrow('never negative')
  })
})
