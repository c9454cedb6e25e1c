// The arrows of lightweight-charts, which come in one file with the rest of it: as a module of their
// own they can be fetched when there is one to draw.

import type { ISeriesApi, ISeriesMarkersPluginApi, Time } from 'lightweight-charts'
import { createSeriesMarkers } from 'lightweight-charts?apart'

/** Arrows over the candles; the prices' scale takes no notice of them. */
export function markersOf(series: ISeriesApi<'Candlestick'>): ISeriesMarkersPluginApi<Time> {
  return createSeriesMarkers(series, [], { autoScale: false })
}
