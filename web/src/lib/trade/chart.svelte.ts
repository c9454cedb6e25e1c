// The candle chart: lightweight-charts, attached to an element and fed by a `Candles`.
//
// Numbers become floats here and only here: they turn into pixels, never back into money.
// The library knows no time zones, so candles shorter than a day are shifted to the viewer's zone.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { tickOf } from '@motu/shared/instrument.ts'
import type { CandleRow } from '@motu/shared/market-data.ts'
import type { IChartApi, ISeriesApi, UTCTimestamp } from 'lightweight-charts'
import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { tickDigits } from '#lib/format.ts'
import type { Candles } from './candles.svelte.ts'

type Library = typeof import('lightweight-charts')
/** Wide enough to tell one candle from the next, on a phone too. */
const CANDLE_WIDTH_PX = 7
const MINUTE_MS = 60_000

export type ChartSource = {
  candles: () => Candles
  /** Read so that the colours follow: the theme, and the language of the dates. */
  look: () => { theme: string; locale: string }
  onready: () => void
  /** The library could not be fetched: offline, or a newer version of the app was deployed. */
  onfail: () => void
}

/** Draws the chart inside the element for as long as it lives. */
export function candleChart(source: ChartSource): Attachment<HTMLElement> {
  return (element) => {
    let view = $state.raw<ChartView | null>(null)
    let isGone = false
    void import('lightweight-charts').then((library) => {
      if (isGone) return
      view = new ChartView(library, element)
      source.onready()
    }, source.onfail)
    $effect(() => {
      const look = source.look()
      view?.applyLook(look.locale)
    })
    $effect(() => view?.setHistory(source.candles()))
    $effect(() => {
      const { live } = source.candles()
      if (live) view?.setLive(live)
    })
    return () => {
      isGone = true
      untrack(() => view?.remove())
    }
  }
}

class ChartView {
  readonly #element: HTMLElement
  readonly #chart: IChartApi
  readonly #prices: ISeriesApi<'Candlestick'>
  readonly #volumes: ISeriesApi<'Histogram'>
  #colours = { up: '', down: '', upTint: '', downTint: '' }
  #shown: Candles | null = null
  /** Whether the newest candles were brought into view; from then on the viewer scrolls. */
  #isPlaced = false
  #zoneShiftMs = 0
  #digits = 0
  #lastOpensAt = 0

  constructor(library: Library, element: HTMLElement) {
    this.#element = element
    this.#chart = library.createChart(element, {
      autoSize: true,
      timeScale: { timeVisible: true, rightOffset: 4, borderVisible: false },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.24 } },
      crosshair: { mode: library.CrosshairMode.Normal },
    })
    this.#prices = this.#chart.addSeries(library.CandlestickSeries)
    this.#volumes = this.#chart.addSeries(library.HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      lastValueVisible: false,
      priceLineVisible: false,
    })
    this.#chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } })
  }

  applyLook(locale: string): void {
    const style = getComputedStyle(this.#element)
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
    const [up, down] = [colour('up'), colour('down')]
    this.#colours = { up, down, upTint: `${up}59`, downTint: `${down}59` }
    this.#chart.applyOptions({
      layout: {
        background: { color: 'transparent' },
        textColor: colour('ink-faint'),
        fontFamily: style.fontFamily,
        fontSize: 11,
      },
      grid: { vertLines: { color: colour('grid') }, horzLines: { color: colour('grid') } },
      localization: {
        locale,
        // The library's own is English whatever the locale.
        dateFormat: 'yyyy-MM-dd',
        priceFormatter: (price: number) => this.#axisText(price),
      },
    })
    const wick = { wickUpColor: up, wickDownColor: down }
    this.#prices.applyOptions({ upColor: up, downColor: down, borderVisible: false, ...wick })
    if (this.#shown) untrack(() => this.setHistory(this.#shown!))
  }

  setHistory(candles: Candles): void {
    const rows = candles.history ?? []
    const isDaily = candles.interval === '1d'
    const newest = rows.at(-1)?.[0] ?? 0
    // One shift for all rows: a clock change inside the range must not make two candles collide.
    this.#zoneShiftMs = isDaily ? 0 : -new Date(newest).getTimezoneOffset() * MINUTE_MS
    const tick = tickOf(candles.instrument, decimal(rows.at(-1)?.[4] ?? '1'))
    this.#digits = tickDigits(tick)
    this.#prices.applyOptions({
      priceFormat: {
        type: 'price',
        precision: this.#digits,
        minMove: Number(formatDecimal(tick)),
      },
    })
    this.#prices.setData(rows.map((row) => this.#candle(row)))
    this.#volumes.setData(rows.map((row) => this.#volume(row)))
    this.#lastOpensAt = newest
    if (this.#shown !== candles) this.#isPlaced = false
    this.#shown = candles
    if (!this.#isPlaced && rows.length > 0) this.#showNewest(rows.length, isDaily)
    const live = untrack(() => candles.live)
    if (live) this.setLive(live)
  }

  setLive(row: CandleRow): void {
    if (this.#lastOpensAt === 0 || row[0] < this.#lastOpensAt) return
    this.#lastOpensAt = row[0]
    this.#prices.update(this.#candle(row))
    this.#volumes.update(this.#volume(row))
  }

  remove(): void {
    this.#chart.remove()
  }

  #showNewest(count: number, isDaily: boolean): void {
    this.#isPlaced = true
    const scale = this.#chart.timeScale()
    scale.applyOptions({ timeVisible: !isDaily })
    this.#chart.priceScale('right').applyOptions({ autoScale: true })
    const shown = Math.round(this.#element.clientWidth / CANDLE_WIDTH_PX)
    scale.setVisibleLogicalRange({ from: count - shown, to: count + 4 })
  }

  #axisText(price: number): string {
    return price.toLocaleString('en-US', {
      minimumFractionDigits: this.#digits,
      maximumFractionDigits: this.#digits,
    })
  }

  #time(opensAt: number): UTCTimestamp {
    return ((opensAt + this.#zoneShiftMs) / 1_000) as UTCTimestamp
  }

  #candle([opensAt, open, high, low, close]: CandleRow) {
    const time = this.#time(opensAt)
    return { time, open: +open, high: +high, low: +low, close: +close }
  }

  #volume([opensAt, open, , , close, volume]: CandleRow) {
    const isUp = decimal(close) >= decimal(open)
    const color = isUp ? this.#colours.upTint : this.#colours.downTint
    return { time: this.#time(opensAt), value: +volume, color }
  }
}
