// The recordings of `home/data` and how each is played. Where they come from: home/data/SOURCES.md.

import { readFile } from 'node:fs/promises'
import { type Decimal, decimal, SCALE } from '@motu/shared/decimal.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { stepAt, type TickAt } from './price-path.ts'
import { convertCandle, type RecordedCandle, type Recording } from './replay.ts'

type Slice = {
  readonly file: string
  readonly source: string
  /** How long one candle takes when played. */
  readonly candleMs: number
  readonly candlesPerDay: number
  /** Multiplies the prices. */
  readonly rate: Decimal
}

/**
 * CRYPTO-COIN-BTC is quoted in won and the recording in dollars: 1,180 won for one, about the mean
 * of June to October 2019 (Bank of Korea basic rate: 1,155 to 1,215). One constant, so that the
 * path keeps the recording's shape.
 */
const KRW_PER_USD_2019 = decimal('1180')

/** An hour of bitcoin plays in a minute, a day of a stock in ten. */
const SLICES: ReadonlyMap<TickerId, Slice> = new Map([
  [
    'CRYPTO-COIN-BTC',
    {
      file: 'coinbase-btcusd-1h.csv',
      source: 'replay:coinbase-btcusd-2019',
      candleMs: 60_000,
      candlesPerDay: 24,
      rate: KRW_PER_USD_2019,
    },
  ],
  [
    'KRX-STOCK-005930',
    {
      file: 'krx-005930-1d.csv',
      source: 'replay:krx-005930-2018',
      candleMs: 600_000,
      candlesPerDay: 1,
      rate: SCALE,
    },
  ],
  [
    'US-STOCK-AAPL',
    {
      file: 'us-aapl-1d.csv',
      source: 'replay:us-aapl-2015',
      candleMs: 600_000,
      candlesPerDay: 1,
      rate: SCALE,
    },
  ],
])

const HEADER = 'time,open,high,low,close,volume'

/** The candles of a CSV file. Throws, naming the line, when one is not a candle. */
export function parseRecording(text: string): RecordedCandle[] {
  const [header, ...lines] = text.trimEnd().split('\n')
  if (header !== HEADER) throw new Error(`a recording begins with the line ${HEADER}`)
  return lines.map((line, index) => {
    const [, open, high, low, close, volume] = line.split(',')
    const candle = {
      open: decimal(open ?? ''),
      high: decimal(high ?? ''),
      low: decimal(low ?? ''),
      close: decimal(close ?? ''),
      volume: decimal(volume ?? ''),
    }
    const body = [candle.open, candle.close]
    if (body.some((price) => price > candle.high || price < candle.low) || candle.low <= 0n) {
      throw new Error(`line ${index + 2} of the recording is not a candle: ${line}`)
    }
    return candle
  })
}

/** The recording of a ticker, ready to play; `null` when there is none. */
export async function loadRecording(
  tickerId: TickerId,
  { tickAt, seed }: { tickAt: TickAt; seed: number },
): Promise<Recording | null> {
  const slice = SLICES.get(tickerId)
  if (!slice) return null
  const text = await readFile(new URL(`../../../data/${slice.file}`, import.meta.url), 'utf8')
  return {
    source: slice.source,
    candles: parseRecording(text).map((candle) => convertCandle(candle, slice.rate, tickAt)),
    stepsPerCandle: stepAt(slice.candleMs),
    candlesPerDay: slice.candlesPerDay,
    tickAt,
    seed,
  }
}
