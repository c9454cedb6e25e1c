// One's own fills on the chart: an arrow up below the candle for a buy, down above it for a sell.

import type { Side } from '@motu/shared/order.ts'
import {
  createSeriesMarkers,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
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
  readonly #plugin: ISeriesMarkersPluginApi<Time>
  #drawn: readonly DrawnMark[] = []
  #colours: ChartColours | null = null

  constructor(series: ISeriesApi<'Candlestick'>) {
    this.#plugin = createSeriesMarkers(series, [], { autoScale: false })
  }

  applyLook(colours: ChartColours): void {
    this.#colours = colours
    this.set(this.#drawn)
  }

  set(marks: readonly DrawnMark[]): void {
    this.#drawn = marks
    this.#plugin.setMarkers(
      marks.map(({ id, side, time, text }): SeriesMarker<Time> => {
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
