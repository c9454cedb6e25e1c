// Pure: no I/O, no clock, no randomness.
// Plays a recording: each candle takes a fixed time, and in it the price runs from the last close
// to the open, to one extreme, to the other, to the close. The recording is played to its end and
// back again, for ever: backwards each candle runs its own path in reverse, so nothing jumps.

import { type Decimal, SCALE } from '@motu/shared/decimal.ts'
import { fractionAt, smoothAt } from './noise.ts'
import { onTick, type PricePath, shareOf, type TickAt } from './price-path.ts'

/** Prices on the tick grid. */
export type RecordedCandle = {
  readonly open: Decimal
  readonly high: Decimal
  readonly low: Decimal
  readonly close: Decimal
  readonly volume: Decimal
}

export type Recording = {
  readonly source: string
  readonly candles: readonly RecordedCandle[]
  /** How many steps one candle takes when played. */
  readonly stepsPerCandle: number
  /** How many candles make the day whose close the next day's change is counted from. */
  readonly candlesPerDay: number
  readonly tickAt: TickAt
  readonly seed: number
}

/** Of a candle's time: how long a gap between two candles takes to be closed. */
const APPROACH_SHARE = 1 / 20
/** How far the price strays between two of its turning points, as a share of high less low. */
const STRAY_SHARE = 1 / 6
/** How many steps one wave of straying takes. */
const STRAY_WAVE_STEPS = 6

/** A price the path goes through exactly, and the step of the candle at which it does. */
type Turn = { readonly step: number; readonly price: Decimal }

/**
 * Where the path of a candle turns, first to last. A rising candle sees its low first, a falling
 * one its high, as most real ones do.
 */
export function turnsOf(recording: Recording, index: number): readonly Turn[] {
  const { candles, stepsPerCandle, seed } = recording
  const candle = candles[index]!
  const { open, high, low, close } = candle
  const before = candles[index - 1]?.close ?? open
  const start = before === open ? 0 : Math.ceil(stepsPerCandle * APPROACH_SHARE)
  const last = stepsPerCandle - 1
  const place = (from: number, width: number, salt: number): number =>
    start + Math.floor((last - start) * (from + width * fractionAt(seed + salt, index)))
  const [first, second] = close >= open ? [low, high] : [high, low]
  return [
    ...(start > 0 ? [{ step: 0, price: before }] : []),
    { step: start, price: open },
    { step: place(0.15, 0.3, 1), price: first },
    { step: place(0.55, 0.3, 2), price: second },
    { step: last, price: close },
  ]
}

function priceInCandle(recording: Recording, index: number, step: number): Decimal {
  const turns = turnsOf(recording, index)
  const next = turns.findIndex((turn) => turn.step >= step)
  const to = turns[next]!
  if (to.step === step) return to.price
  const from = turns[next - 1]!
  const share = (step - from.step) / (to.step - from.step)
  const straight = from.price + shareOf(to.price - from.price, share)
  const { high, low } = recording.candles[index]!
  // On its way to the open the price strays nowhere: high and low bind it only from there on.
  if (next === 1 && turns.length === 5) return onTick(straight, recording.tickAt)
  const place = index * recording.stepsPerCandle + step
  const wave = smoothAt(recording.seed + 3, place / STRAY_WAVE_STEPS)
  const stray = STRAY_SHARE * 4 * share * (1 - share) * wave
  const price = straight + shareOf(high - low, stray)
  return onTick(price > high ? high : price < low ? low : price, recording.tickAt)
}

/** The price path of a recording. */
export function replay(recording: Recording): PricePath {
  const { candles, stepsPerCandle, candlesPerDay } = recording
  const traded = tradedBeforeCandles(candles)
  const total = traded.at(-1)!

  /** Which candle plays at a step, and where in it; backwards in every second pass. */
  function locate(step: number): { index: number; inCandle: number; pass: number } {
    const played = Math.floor(step / stepsPerCandle)
    const pass = Math.floor(played / candles.length)
    const forward = played - pass * candles.length
    const inCandle = step - played * stepsPerCandle
    return pass % 2 === 0
      ? { index: forward, inCandle, pass }
      : { index: candles.length - 1 - forward, inCandle: stepsPerCandle - 1 - inCandle, pass }
  }

  function priceAt(step: number): Decimal {
    const { index, inCandle } = locate(step)
    return priceInCandle(recording, index, inCandle)
  }

  return {
    source: recording.source,
    lengthSteps: candles.length * stepsPerCandle,
    priceAt,
    dayBeganAt(step) {
      const stepsPerDay = stepsPerCandle * candlesPerDay
      return Math.floor(step / stepsPerDay) * stepsPerDay
    },
    tradedBefore(step) {
      const { index, inCandle, pass } = locate(step)
      const { volume } = candles[index]!
      if (pass % 2 === 0) {
        const inside = tradedInCandle(recording, index, inCandle)
        return BigInt(pass) * total + traded[index]! + inside
      }
      // Played backwards, what follows in the recording has been traded before.
      const inside = volume - tradedInCandle(recording, index, inCandle + 1)
      return BigInt(pass) * total + (total - traded[index + 1]!) + inside
    },
  }
}

/** Running totals: entry n is what the first n candles traded. */
function tradedBeforeCandles(candles: readonly RecordedCandle[]): Decimal[] {
  const totals = [0n]
  for (const { volume } of candles) totals.push(totals.at(-1)! + volume)
  return totals
}

/** A candle's volume falls on its steps unevenly, in whole units of the eighth digit, and entirely. */
function tradedInCandle(recording: Recording, index: number, step: number): Decimal {
  const { stepsPerCandle, seed } = recording
  const { volume } = recording.candles[index]!
  if (step === 0 || step === stepsPerCandle) return step === 0 ? 0n : volume
  const jitter = fractionAt(seed + 4, index * stepsPerCandle + step)
  return shareOf(volume, (step + jitter) / (stepsPerCandle + 1))
}

/** A recorded candle in another currency and on today's ticks. */
export function convertCandle(
  candle: RecordedCandle,
  rate: Decimal,
  tickAt: TickAt,
): RecordedCandle {
  const convert = (price: Decimal): Decimal => onTick((price * rate) / SCALE, tickAt)
  return {
    open: convert(candle.open),
    high: convert(candle.high),
    low: convert(candle.low),
    close: convert(candle.close),
    volume: candle.volume,
  }
}
