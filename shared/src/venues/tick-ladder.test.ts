import { describe, expect, it } from 'vitest'
import { decimal, formatDecimal } from '../decimal.ts'
import { tickAt, tickLadder } from './tick-ladder.ts'

const LADDER = tickLadder(['1000', '5'], ['10', '1'], ['0', '0.01'])

describe('a ladder', () => {
  it.each([
    ['0', '0.01'],
    ['9.99999999', '0.01'],
    ['10', '1'],
    ['10.00000001', '1'],
    ['999.99999999', '1'],
    ['1000', '5'],
    ['999999999999', '5'],
  ])('moves at %s by %s', (price, tick) => {
    expect(formatDecimal(tickAt(LADDER, decimal(price)))).toBe(tick)
  })

  it('knows no price below zero', () => {
    expect(() => tickAt(LADDER, -1n)).toThrow('never negative')
  })
})
