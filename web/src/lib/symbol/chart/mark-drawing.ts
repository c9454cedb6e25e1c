// One's own fills on the chart: an arrow up below the candle for a buy, down above it for a sell.

import type { Side } from '@motu/shared/order.ts'
import type {
  ISeriesApi,
  ISeriesMarkersPluginApi,
  SeriesMarker,
  Time,
  UTCTimestamp,
} from 'lightweight-charts'
import type { ChartColours } from './colours.ts'

/** An arrow of the chart, and what is written beside it. */
export type DrawnMark = {
  readonly id: string
  readonly side: Side
  readonly time: UTCTimestamp
  readonly text: string
}

export class MarkDrawing {
  readonly #series: ISeriesApi<'Candlestick'>
  /** Fetched with the first mark: most charts have none. */
  #plugin: ISeriesMarkersPluginApi<Time> | null = null
  #isGone = false
  #drawn: readonly DrawnMark[] = []
  #colours: ChartColours | null = null

  constructor(series: ISeriesApi<'Candlestick'>) {
    this.#series = series
  }

  applyLook(colours: ChartColours): void {
    this.#colours = colours
    this.set(this.#drawn)
  }

  set(marks: readonly DrawnMark[]): void {
    this.#drawn = marks
    if (this.#plugin) this.#draw(this.#plugin)
    else if (marks.length > 0) void this.#fetch()
  }

  remove(): void {
    this.#isGone = true
  }

  async #fetch(): Promise<void> {
    const { markersOf } = await import('./series-markers.ts')
    if (this.#isGone) return
    this.#plugin ??= markersOf(this.#series)
    this.#draw(this.#plugin)
  }

  #draw(plugin: ISeriesMarkersPluginApi<Time>): void {
    plugin.setMarkers(
      this.#drawn.map(({ id, side, time, text }): SeriesMarker<Time> => {
        const isBuy = side === 'BUY'
        return {
          ...{ id, time, text, size: 1 },
          position: isBuy ? 'belowBar' : 'aboveBar',
          shape: isBuy ? 'arrowUp' : 'arrowDown',
          color: (isBuy ? this.#colours?.buy : this.#colours?.sell) ?? '',
        }
      }),
    )
  }
}
