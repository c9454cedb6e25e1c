import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, isMultiple } from '@motu/shared/decimal.ts'
import { findInstrument, tickOf } from '@motu/shared/instrument.ts'
import { basePriceAt, shareOf, STEPS_PER_DAY } from './price-path.ts'
import { walk, walkReach } from './walk.ts'

const ether = findInstrument('CRYPTO-COIN-ETH')!
const settings = {
  referencePrice: ether.referencePrice,
  dailyMove: 0.028,
  volumePerStep: decimal('0.25'),
  tickAt: (price: bigint) => tickOf(ether, price),
}
/** Steps of the years 2020 to 2050. */
const step = fc.integer({ min: 3_155_000_000, max: 5_049_000_000 })

describe('a walk', () => {
  it('stays on the tick grid and within reach of its reference price', () => {
    const reach = shareOf(ether.referencePrice, walkReach(settings.dailyMove))
    fc.assert(
      fc.property(step, fc.nat(), (at, seed) => {
        const price = walk({ ...settings, seed }).priceAt(at)
        expect(isMultiple(price, settings.tickAt(price))).toBe(true)
        const away = price - ether.referencePrice
        expect(away <= reach + decimal('1000') && -away <= reach + decimal('1000')).toBe(true)
      }),
    )
  })

  it('is the same in every run, and another under another seed', () => {
    const steps = Array.from({ length: 500 }, (_, index) => 3_590_000_000 + index * 997)
    const prices = (seed: number): bigint[] => steps.map(walk({ ...settings, seed }).priceAt)
    expect(prices(1)).toEqual(prices(1))
    expect(prices(1)).not.toEqual(prices(2))
  })

  it('moves by at most a tenth of a percent from one step to the next', () => {
    fc.assert(
      fc.property(step, fc.nat(), (at, seed) => {
        const path = walk({ ...settings, seed })
        const move = path.priceAt(at + 1) - path.priceAt(at)
        const most = path.priceAt(at) / 1_000n + decimal('1000')
        expect(move <= most && -move <= most).toBe(true)
      }),
    )
  })

  it('goes some way in a day: neither nowhere nor far', () => {
    const days = Array.from({ length: 400 }, (_, index) => 3_590_000_000 + index * STEPS_PER_DAY)
    const path = walk({ ...settings, seed: 3 })
    const moves = days.map((day) => {
      const move = path.priceAt(day + STEPS_PER_DAY) - path.priceAt(day)
      return Number(move < 0n ? -move : move) / Number(ether.referencePrice)
    })
    const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length
    expect(mean).toBeGreaterThan(0.01)
    expect(mean).toBeLessThan(0.04)
  })

  it('counts the change from the last price before 00:00 UTC', () => {
    const path = walk({ ...settings, seed: 4 })
    const midnight = Date.parse('2026-11-20T00:00:00Z') / 500
    expect(basePriceAt(path, midnight)).toBe(path.priceAt(midnight - 1))
    expect(basePriceAt(path, midnight - 1)).not.toBe(basePriceAt(path, midnight))
  })

  it('never takes back what was traded', () => {
    fc.assert(
      fc.property(step, fc.nat(), (at, seed) => {
        const path = walk({ ...settings, seed })
        expect(path.tradedBefore(at + 1) >= path.tradedBefore(at)).toBe(true)
      }),
    )
  })
})
