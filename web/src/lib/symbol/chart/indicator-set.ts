// Pure: no I/O, no clock, no randomness.
// Which indicators the chart offers, with their lengths, and their lines for a row of candles.

import type { CandleRow } from '@motu/shared/market-data.ts'
import { bollinger, ema, type Line, rsi } from './indicators.ts'

export const INDICATORS = ['ema', 'bollinger', 'rsi'] as const
export type Indicator = (typeof INDICATORS)[number]

export const EMA_LENGTHS = [20, 60] as const
export const RSI_LENGTH = 14
export const BOLLINGER = { length: 20, width: 2 } as const

/** A line of an indicator; `colour` counts through the colours the chart has for lines. */
export type IndicatorLine = {
  readonly key: string
  readonly indicator: Indicator
  readonly name: string
  readonly colour: number
  readonly values: Line
}

/** The lines of the chosen indicators, a value for each candle. */
export function indicatorLines(
  rows: readonly CandleRow[],
  chosen: readonly Indicator[],
): IndicatorLine[] {
  const closes = rows.map((row) => +row[4])
  return INDICATORS.filter((one) => chosen.includes(one)).flatMap((one) => LINES[one](closes))
}

const LINES: Readonly<Record<Indicator, (closes: readonly number[]) => IndicatorLine[]>> = {
  ema: (closes) =>
    EMA_LENGTHS.map((length, index) => ({
      ...{ key: `ema${length}`, indicator: 'ema', name: `EMA ${length}`, colour: index },
      values: ema(closes, length),
    })),
  bollinger: (closes) => {
    const { length, width } = BOLLINGER
    const { upper, middle, lower } = bollinger(closes, length, width)
    const line = (part: string, values: Line): IndicatorLine => ({
      ...{
        key: `bollinger-${part}`,
        indicator: 'bollinger',
        name: `BB ${part}`,
        colour: 2,
        values,
      },
    })
    return [line('U', upper), line('M', middle), line('L', lower)]
  },
  rsi: (closes) => [
    {
      ...{ key: 'rsi', indicator: 'rsi', name: `RSI ${RSI_LENGTH}`, colour: 3 },
      values: rsi(closes, RSI_LENGTH),
    },
  ],
}
