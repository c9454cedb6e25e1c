// Pure: no I/O, no clock, no randomness.
// Indicators over closing prices, to be drawn and never to be traded on: plain numbers, one for
// each candle, `null` until there are enough candles.

/** A value for each candle; null where there are too few before it. */
export type Line = (number | null)[]

/**
 * Exponential moving average, started with the simple average of the first `length` closes, then
 * smoothed by 2 / (length + 1). Source: John J. Murphy, Technical Analysis of the Financial
 * Markets (1999), chapter 9; the seed as in TA-Lib.
 */
export function ema(closes: readonly number[], length: number): Line {
  const line: Line = new Array<number | null>(closes.length).fill(null)
  if (closes.length < length) return line
  const weight = 2 / (length + 1)
  let average = mean(closes, 0, length)
  line[length - 1] = average
  for (let index = length; index < closes.length; index += 1) {
    average += weight * (closes[index]! - average)
    line[index] = average
  }
  return line
}

/**
 * Relative strength index from 0 to 100. The first averages of rises and falls are simple, the
 * following smoothed by 1 / length. Source: J. Welles Wilder, New Concepts in Technical Trading
 * Systems (1978), section VI. Without any movement it is 50.
 */
export function rsi(closes: readonly number[], length: number): Line {
  const line: Line = new Array<number | null>(closes.length).fill(null)
  if (closes.length <= length) return line
  let rise = 0
  let fall = 0
  for (let index = 1; index <= length; index += 1) {
    const change = closes[index]! - closes[index - 1]!
    rise += Math.max(change, 0) / length
    fall += Math.max(-change, 0) / length
  }
  line[length] = strength(rise, fall)
  for (let index = length + 1; index < closes.length; index += 1) {
    const change = closes[index]! - closes[index - 1]!
    rise = (rise * (length - 1) + Math.max(change, 0)) / length
    fall = (fall * (length - 1) + Math.max(-change, 0)) / length
    line[index] = strength(rise, fall)
  }
  return line
}

export type Bands = { middle: Line; upper: Line; lower: Line }

/**
 * Bollinger bands: the simple average, and `width` standard deviations of the population on either
 * side. Source: John Bollinger, Bollinger on Bollinger Bands (2001): 20 closes, 2 deviations.
 */
export function bollinger(closes: readonly number[], length: number, width: number): Bands {
  const empty = (): Line => new Array<number | null>(closes.length).fill(null)
  const bands = { middle: empty(), upper: empty(), lower: empty() }
  for (let end = length; end <= closes.length; end += 1) {
    const start = end - length
    const middle = mean(closes, start, end)
    let squares = 0
    for (let index = start; index < end; index += 1) squares += (closes[index]! - middle) ** 2
    const deviation = Math.sqrt(squares / length)
    bands.middle[end - 1] = middle
    bands.upper[end - 1] = middle + width * deviation
    bands.lower[end - 1] = middle - width * deviation
  }
  return bands
}

function strength(rise: number, fall: number): number {
  if (rise === 0 && fall === 0) return 50
  return 100 - 100 / (1 + rise / fall)
}

function mean(values: readonly number[], start: number, end: number): number {
  let sum = 0
  for (let index = start; index < end; index += 1) sum += values[index]!
  return sum / (end - start)
}
