// The lines of the indicators: averages and bands over the candles, the RSI in a pane of its own.

import {
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type UTCTimestamp,
} from 'lightweight-charts'
import type { ChartColours } from './colours.ts'
import type { IndicatorLine } from './indicator-set.ts'

const RSI_PANE = 2
/** Wilder's own levels: above the one overbought, below the other oversold. */
const RSI_LEVELS = [70, 30]

type Drawn = {
  series: ISeriesApi<'Line'>
  line: IndicatorLine
  length: number
  from: number
  to: number
}

export class IndicatorDrawing {
  readonly #chart: IChartApi
  readonly #rsiHeight: number
  readonly #drawn = new Map<string, Drawn>()
  #colours: ChartColours | null = null

  constructor(chart: IChartApi, rsiHeight: number) {
    this.#chart = chart
    this.#rsiHeight = rsiHeight
  }

  applyLook(colours: ChartColours): void {
    this.#colours = colours
    for (const { series, line } of this.#drawn.values()) series.applyOptions(this.#look(line))
  }

  /** Draws these lines and no others; `times` has one for each value. */
  set(lines: readonly IndicatorLine[], times: readonly UTCTimestamp[]): void {
    for (const [key, { series }] of this.#drawn) {
      if (lines.some((line) => line.key === key)) continue
      this.#chart.removeSeries(series)
      this.#drawn.delete(key)
    }
    for (const line of lines) this.#draw(line, times)
  }

  #draw(line: IndicatorLine, times: readonly UTCTimestamp[]): void {
    const known = this.#drawn.get(line.key)
    const series = known?.series ?? this.#add(line)
    const { length } = times
    const from = times[0] ?? 0
    // A live candle moves the last value only; one more candle adds one.
    const isTail =
      known?.from === from && length - known.length <= 1 && times[known.length - 1] === known.to
    const start = isTail ? known.length - 1 : 0
    const points = times.slice(start).flatMap((time, index) => {
      const value = line.values[start + index]
      return value === null || value === undefined ? [] : [{ time, value }]
    })
    if (isTail) for (const point of points) series.update(point)
    else series.setData(points)
    this.#drawn.set(line.key, { series, line, length, from, to: times.at(-1) ?? 0 })
  }

  #add(line: IndicatorLine): ISeriesApi<'Line'> {
    const isRsi = line.indicator === 'rsi'
    const series = this.#chart.addSeries(LineSeries, this.#look(line), isRsi ? RSI_PANE : 0)
    if (!isRsi) return series
    this.#chart.panes()[RSI_PANE]?.setStretchFactor(this.#rsiHeight)
    for (const price of RSI_LEVELS) {
      series.createPriceLine({
        ...{ price, color: this.#colours?.faint ?? '', lineWidth: 1, lineStyle: LineStyle.Dotted },
        axisLabelVisible: false,
      })
    }
    return series
  }

  #look({ indicator, colour }: IndicatorLine) {
    return {
      color: this.#colours?.lines[colour] ?? '',
      lineWidth: 1 as const,
      lastValueVisible: indicator === 'rsi',
      priceLineVisible: false,
      crosshairMarkerVisible: false,
      ...(indicator === 'rsi'
        ? {
            priceFormat: {
              ...{ type: 'custom' as const, minMove: 0.1 },
              formatter: (value: number) => value.toFixed(1),
            },
          }
        : {}),
    }
  }
}
