import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, isMultiple } from '@motu/shared/decimal.ts'
import { findInstrument, tickOf } from '@motu/shared/instrument.ts'
import { basePriceAt, type TickAt } from './price-path.ts'
import { type RecordedCandle, type Recording, replay, turnsOf } from './replay.ts'

const samsung = findInstrument('KRX-STOCK-005930')!
const tickAt: TickAt = (price) => tickOf(samsung, price)

/** Won between 30,000 and 90,000 on the grid, across the band where the tick changes. */
const price = fc.integer({ min: 300, max: 900 }).map((hundreds) => decimal(`${hundreds}00`))
const candle = fc
  .tuple(fc.array(price, { minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 10 ** 8 }))
  .map(([prices, volume]): RecordedCandle => {
    const [low, open, close, high] = prices.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const swap = volume % 2 === 0
    return {
      open: swap ? close! : open!,
      close: swap ? open! : close!,
      high: high!,
      low: low!,
      volume: decimal(String(volume)),
    }
  })
const recording = fc.record({
  source: fc.constant('replay:test'),
  candles: fc.array(candle, { minLength: 1, maxLength: 8 }),
  stepsPerCandle: fc.integer({ min: 40, max: 300 }),
  candlesPerDay: fc.integer({ min: 1, max: 3 }),
  tickAt: fc.constant(tickAt),
  seed: fc.nat(),
})

/** The prices of one candle as played in the first pass, from its open on. */
function playedPrices(played: Recording, index: number): bigint[] {
  const path = replay(played)
  const open = turnsOf(played, index).at(-4)!.step
  const first = index * played.stepsPerCandle
  return Array.from({ length: played.stepsPerCandle - open }, (_, step) =>
    path.priceAt(first + open + step),
  )
}

describe('a replayed candle', () => {
  it('goes exactly through open, high, low and close, and no further', () => {
    fc.assert(
      fc.property(recording, (played) => {
        for (const [index, { open, high, low, close }] of played.candles.entries()) {
          const prices = playedPrices(played, index)
          expect(prices[0]).toBe(open)
          expect(prices.at(-1)).toBe(close)
          expect(prices.reduce((a, b) => (a > b ? a : b))).toBe(high)
          expect(prices.reduce((a, b) => (a < b ? a : b))).toBe(low)
        }
      }),
    )
  })

  it('sees its low first when it rises, its high first when it falls', () => {
    const [open, close] = [decimal('50000'), decimal('50500')]
    const [high, low] = [decimal('50800'), decimal('49800')]
    const rising = { open, high, low, close, volume: 0n }
    const falling = { ...rising, open: close, close: open }
    for (const [shown, first, second] of [
      [rising, low, high],
      [falling, high, low],
    ] as const) {
      const prices = playedPrices(
        { source: '', candles: [shown], stepsPerCandle: 120, candlesPerDay: 1, tickAt, seed: 7 },
        0,
      )
      expect(prices.indexOf(first)).toBeLessThan(prices.indexOf(second))
    }
  })
})

describe('a replay', () => {
  it('is on the tick grid at any time', () => {
    fc.assert(
      fc.property(recording, fc.nat({ max: 10 ** 10 }), (played, step) => {
        const at = replay(played).priceAt(step)
        expect(isMultiple(at, tickAt(at))).toBe(true)
      }),
    )
  })

  it('begins each candle where the last one ended, turning at the ends of the recording', () => {
    fc.assert(
      fc.property(recording, fc.nat({ max: 40 }), (played, index) => {
        const path = replay(played)
        const border = (index + 1) * played.stepsPerCandle
        expect(path.priceAt(border)).toBe(path.priceAt(border - 1))
      }),
    )
  })

  it('plays the recording backwards in its second pass, and anew in its third', () => {
    fc.assert(
      fc.property(recording, fc.nat({ max: 2_000 }), (played, place) => {
        const path = replay(played)
        const pass = played.candles.length * played.stepsPerCandle
        const step = place % pass
        expect(path.priceAt(2 * pass - 1 - step)).toBe(path.priceAt(step))
        expect(path.priceAt(2 * pass + step)).toBe(path.priceAt(step))
      }),
    )
  })

  it('is the same in every run, and another under another seed', () => {
    fc.assert(
      fc.property(recording, fc.nat({ max: 10 ** 9 }), (played, step) => {
        const copy = structuredClone({ ...played, tickAt: null })
        expect(replay({ ...copy, tickAt }).priceAt(step)).toBe(replay(played).priceAt(step))
      }),
    )
  })

  it('trades in each pass exactly what was recorded, never less than nothing', () => {
    fc.assert(
      fc.property(recording, fc.nat({ max: 3 }), fc.nat({ max: 2_000 }), (played, pass, place) => {
        const path = replay(played)
        const steps = played.candles.length * played.stepsPerCandle
        const recorded = played.candles.reduce((sum, { volume }) => sum + volume, 0n)
        const traded = path.tradedBefore((pass + 1) * steps) - path.tradedBefore(pass * steps)
        expect(traded).toBe(recorded)
        const step = pass * steps + (place % steps)
        expect(path.tradedBefore(step + 1) >= path.tradedBefore(step)).toBe(true)
      }),
    )
  })

  it('counts the change from the last price of the day played before', () => {
    fc.assert(
      fc.property(recording, fc.integer({ min: 1, max: 9 }), fc.nat(), (played, day, place) => {
        const path = replay(played)
        const steps = played.stepsPerCandle * played.candlesPerDay
        const step = day * steps + (place % steps)
        expect(path.dayBeganAt(step)).toBe(day * steps)
        expect(basePriceAt(path, step)).toBe(path.priceAt(day * steps - 1))
      }),
    )
  })
})
