// The drawing of the chart: candles, volume, indicators, marks and lines, by lightweight-charts.
//
// Loaded on its own, after the page. Numbers become floats here and only here: they turn into
// pixels, and what comes back from a dragged line is snapped to a decimal before anything else.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { tickOf } from '@motu/shared/instrument.ts'
import type { CandleRow } from '@motu/shared/market-data.ts'
import {
  CandlestickSeries,
  createChart,
  CrosshairMode,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type LogicalRange,
  type UTCTimestamp,
} from 'lightweight-charts'
import { tickDigits } from '#lib/format.ts'
import { numberFormat } from '#lib/intl.ts'
import type { Candles } from './candles.svelte.ts'
import { drawnSeconds, viewerShiftMs } from './chart-time.ts'
import { type ChartColours, readColours } from './colours.ts'
import { IndicatorDrawing } from './indicator-drawing.ts'
import type { IndicatorLine } from './indicator-set.ts'
import { LineDrawing } from './line-drawing.ts'
import { MarkDrawing } from './mark-drawing.ts'
import { keptRows } from './rows-tail.ts'

/** Wide enough to tell one candle from the next, on a phone too. */
const CANDLE_WIDTH_PX = 7
/** So few candles left of the screen: time to fetch older ones. */
const OLDER_WITHIN = 30
const PANE_HEIGHTS = { prices: 7, volumes: 1.3, rsi: 1.7 }

export type ChartHandlers = {
  /** The candle under the crosshair, by its number; null when it left. */
  onhover: (index: number | null) => void
  /** The viewer is about to see the oldest candle. */
  onolder: () => void
}

export class ChartView {
  readonly marks: MarkDrawing
  readonly lines: LineDrawing
  readonly #element: HTMLElement
  readonly #chart: IChartApi
  readonly #prices: ISeriesApi<'Candlestick'>
  readonly #volumes: ISeriesApi<'Histogram'>
  readonly #indicators: IndicatorDrawing
  #colours: ChartColours
  #candles: Candles | null = null
  #drawn: readonly CandleRow[] = []
  #shiftMs = 0
  #digits = 0

  constructor(element: HTMLElement, { onhover, onolder }: ChartHandlers) {
    this.#element = element
    this.#colours = readColours(element)
    const chart = createChart(element, {
      autoSize: true,
      timeScale: { timeVisible: true, rightOffset: 6, borderVisible: false },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.16, bottom: 0.06 } },
      crosshair: { mode: CrosshairMode.Normal },
    })
    this.#chart = chart
    this.#prices = chart.addSeries(CandlestickSeries)
    this.#volumes = chart.addSeries(
      HistogramSeries,
      { priceFormat: { type: 'volume' }, lastValueVisible: false, priceLineVisible: false },
      1,
    )
    chart.panes()[0]?.setStretchFactor(PANE_HEIGHTS.prices)
    chart.panes()[1]?.setStretchFactor(PANE_HEIGHTS.volumes)
    this.#indicators = new IndicatorDrawing(chart, PANE_HEIGHTS.rsi)
    this.marks = new MarkDrawing(this.#prices, (opensAt) => this.time(opensAt))
    this.lines = new LineDrawing(this.#prices, element)
    chart.subscribeCrosshairMove(({ point, logical }) => {
      const index = point && logical !== undefined ? Math.round(logical) : null
      onhover(index !== null && index >= 0 && index < this.#drawn.length ? index : null)
    })
    chart.timeScale().subscribeVisibleLogicalRangeChange((range: LogicalRange | null) => {
      if (range && this.#drawn.length > 0 && range.from < OLDER_WITHIN) onolder()
    })
  }

  /** Colours and language as the page has them now. */
  applyLook(locale: string): void {
    const colours = readColours(this.#element)
    this.#colours = colours
    const { up, down, grid, faint } = colours
    this.#chart.applyOptions({
      layout: {
        background: { color: 'transparent' },
        textColor: faint,
        fontFamily: getComputedStyle(this.#element).fontFamily,
        fontSize: 11,
        panes: { separatorColor: grid, separatorHoverColor: grid },
      },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      // The library's own date is English whatever the locale.
      localization: { locale, dateFormat: 'yyyy-MM-dd' },
    })
    const wick = { wickUpColor: up, wickDownColor: down }
    this.#prices.applyOptions({ upColor: up, downColor: down, borderVisible: false, ...wick })
    this.#volumes.setData(this.#drawn.map((row) => this.#volume(row)))
    this.#indicators.applyLook(colours)
    this.marks.applyLook(colours)
    this.lines.applyLook(colours)
  }

  /** Draws these candles: what is new at the end is added, anything else is drawn anew. */
  setRows(candles: Candles, rows: readonly CandleRow[]): void {
    const isOther = this.#candles !== candles
    if (isOther) this.#begin(candles, rows)
    const kept = isOther ? null : keptRows(this.#drawn, rows)
    if (kept === null) this.#setAll(rows)
    else for (const row of rows.slice(kept)) this.#update(row)
    const isFirst = (isOther || this.#drawn.length === 0) && rows.length > 0
    this.#drawn = rows
    if (isFirst) this.#showNewest(rows.length)
  }

  setIndicators(lines: readonly IndicatorLine[]): void {
    this.#indicators.set(
      lines,
      this.#drawn.map(([opensAt]) => this.time(opensAt)),
    )
  }

  /** Where on the time axis a candle stands. */
  time(opensAt: number): UTCTimestamp {
    const grid = this.#candles?.grid ?? { interval: '1m', zone: 'UTC' }
    return drawnSeconds(opensAt, grid, this.#shiftMs) as UTCTimestamp
  }

  remove(): void {
    this.marks.remove()
    this.lines.remove()
    this.#chart.remove()
  }

  #begin(candles: Candles, rows: readonly CandleRow[]): void {
    this.#candles = candles
    const newest = rows.at(-1)
    this.#shiftMs = viewerShiftMs(newest?.[0] ?? 0)
    const tick = tickOf(candles.instrument, decimal(newest?.[4] ?? '1'))
    this.#digits = tickDigits(tick)
    const minMove = Number(formatDecimal(tick))
    this.#prices.applyOptions({
      priceFormat: { type: 'custom', minMove, formatter: this.#axisText },
    })
    this.#chart.timeScale().applyOptions({ timeVisible: candles.interval !== '1d' })
    // Of no candles there is no newest: the first that come begin anew.
    if (!newest) this.#candles = null
  }

  #setAll(rows: readonly CandleRow[]): void {
    this.#prices.setData(rows.map((row) => this.#candle(row)))
    this.#volumes.setData(rows.map((row) => this.#volume(row)))
  }

  #update(row: CandleRow): void {
    const newest = this.#drawn.at(-1)?.[0] ?? 0
    const isPast = row[0] < newest
    this.#prices.update(this.#candle(row), isPast)
    this.#volumes.update(this.#volume(row), isPast)
  }

  #showNewest(count: number): void {
    this.#chart.priceScale('right').applyOptions({ autoScale: true })
    const shown = Math.max(20, Math.round(this.#element.clientWidth / CANDLE_WIDTH_PX))
    this.#chart.timeScale().setVisibleLogicalRange({ from: count - shown, to: count + 6 })
  }

  readonly #axisText = (price: number): string =>
    numberFormat('en-US', {
      minimumFractionDigits: this.#digits,
      maximumFractionDigits: this.#digits,
    }).format(price)

  #candle([opensAt, open, high, low, close]: CandleRow) {
    return { time: this.time(opensAt), open: +open, high: +high, low: +low, close: +close }
  }

  #volume([opensAt, open, , , close, volume]: CandleRow) {
    const isUp = decimal(close) >= decimal(open)
    const color = isUp ? this.#colours.upTint : this.#colours.downTint
    return { time: this.time(opensAt), value: +volume, color }
  }
}
