// The arrows of one's own fills, drawn by lightweight-charts. They come in one file with the rest of it:
// as a module of their own they can be fetched when there is one to draw.

import type {
  ISeriesApi,
  ISeriesMarkersPluginApi,
  SeriesMarker,
  Time,
  UTCTimestamp,
} from 'lightweight-charts'
import { createSeriesMarkers } from 'lightweight-charts?apart'
import type { ChartColours } from './colours.ts'
import { type MarkSource, placeMarks } from './place-marks.ts'

/** Arrows over the candles; the prices' scale takes no notice of them. */
export class FillArrows {
  readonly #plugin: ISeriesMarkersPluginApi<Time>

  constructor(series: ISeriesApi<'Candlestick'>) {
    this.#plugin = createSeriesMarkers(series, [], { autoScale: false })
  }

  /**
   * One arrow for each candle and side, with no more than the number of its fills beside it: texts of
   * neighbouring candles, a few pixels apart, would cover each other. The rest is in the legend.
   */
  draw(source: MarkSource, timeOf: (opensAt: number) => UTCTimestamp, colours: ChartColours): void {
    this.#plugin.setMarkers(
      placeMarks(source).map(({ id, side, opensAt, count }): SeriesMarker<Time> => {
        const isBuy = side === 'BUY'
        return {
          ...{ id, time: timeOf(opensAt), size: 1 },
          ...(count > 1 ? { text: `${count}` } : {}),
          position: isBuy ? 'belowBar' : 'aboveBar',
          shape: isBuy ? 'arrowUp' : 'arrowDown',
          color: isBuy ? colours.buy : colours.sell,
        }
      }),
    )
  }
}
