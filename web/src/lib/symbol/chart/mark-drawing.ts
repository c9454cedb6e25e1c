// One's own fills on the chart: an arrow up below the candle for a buy, down above it for a sell.

import {
  createSeriesMarkers,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import type { ChartColours } from './colours.ts'
import type { FillMark } from './marks.ts'

/** A fill and the candle it stands at. */
export type PlacedMark = {
  readonly mark: FillMark
  readonly time: UTCTimestamp
  readonly text: string
}

export class MarkDrawing {
  readonly #plugin: ISeriesMarkersPluginApi<Time>
  #placed: readonly PlacedMark[] = []
  #colours: ChartColours | null = null

  constructor(series: ISeriesApi<'Candlestick'>) {
    this.#plugin = createSeriesMarkers(series, [], { autoScale: false })
  }

  applyLook(colours: ChartColours): void {
    this.#colours = colours
    this.set(this.#placed)
  }

  set(placed: readonly PlacedMark[]): void {
    this.#placed = placed
    const inOrder = [...placed].sort((a, b) => a.time - b.time)
    this.#plugin.setMarkers(
      inOrder.map(({ mark, time, text }): SeriesMarker<Time> => {
        const isBuy = mark.side === 'BUY'
        return {
          ...{ id: mark.id, time, text, size: 1 },
          position: isBuy ? 'belowBar' : 'aboveBar',
          shape: isBuy ? 'arrowUp' : 'arrowDown',
          color: (isBuy ? this.#colours?.buy : this.#colours?.sell) ?? '',
        }
      }),
    )
  }
}
