// One's own fills on the chart: an arrow up below the candle for a buy, down above it for a sell.

import type { ISeriesApi, UTCTimestamp } from 'lightweight-charts'
import type { ChartColours } from './colours.ts'
import type { FillArrows } from './fill-arrows.ts'
import type { MarkSource } from './place-marks.ts'

export class MarkDrawing {
  readonly #series: ISeriesApi<'Candlestick'>
  readonly #timeOf: (opensAt: number) => UTCTimestamp
  /** Fetched with the first fill: most charts have none. */
  #arrows: Promise<FillArrows | null> | null = null
  #isGone = false
  #source: MarkSource | null = null
  #colours: ChartColours | null = null

  constructor(series: ISeriesApi<'Candlestick'>, timeOf: (opensAt: number) => UTCTimestamp) {
    this.#series = series
    this.#timeOf = timeOf
  }

  applyLook(colours: ChartColours): void {
    this.#colours = colours
    void this.#draw()
  }

  set(source: MarkSource): void {
    this.#source = source
    void this.#draw()
  }

  remove(): void {
    this.#isGone = true
  }

  async #draw(): Promise<void> {
    if (!this.#arrows && !this.#source?.fills.length) return
    const arrows = await (this.#arrows ??= this.#fetch())
    if (!arrows || this.#isGone || !this.#source || !this.#colours) return
    arrows.draw(this.#source, this.#timeOf, this.#colours)
  }

  async #fetch(): Promise<FillArrows | null> {
    try {
      const { FillArrows } = await import('./fill-arrows.ts')
      // Who left meanwhile took the chart along: arrows on it would be painted on nothing.
      return this.#isGone ? null : new FillArrows(this.#series)
    } catch {
      // Offline, or a newer app was deployed: asked for again with the next change.
      this.#arrows = null
      return null
    }
  }
}
