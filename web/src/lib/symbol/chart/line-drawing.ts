// Lines at prices: one's average price and open orders. Labels that are elements of the page, and
// so can be focused and dragged, follow the price scale wherever it moves.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import { type IPriceLine, type ISeriesApi, LineStyle } from 'lightweight-charts'
import type { ChartColours } from './colours.ts'

/** A line to be drawn: of an order by its side, or of the average price. */
export type PriceLine = {
  readonly key: string
  readonly price: Decimal
  readonly look: Side | 'average'
  readonly title: string
}

type Follower = { readonly element: HTMLElement; readonly price: () => Decimal }

export class LineDrawing {
  readonly #series: ISeriesApi<'Candlestick'>
  readonly #element: HTMLElement
  readonly #lines = new Map<string, IPriceLine>()
  readonly #followers = new Set<Follower>()
  #wanted: readonly PriceLine[] = []
  #colours: ChartColours | null = null

  constructor(series: ISeriesApi<'Candlestick'>, element: HTMLElement) {
    this.#series = series
    this.#element = element
    series.attachPrimitive({ updateAllViews: () => this.place() })
  }

  applyLook(colours: ChartColours): void {
    this.#colours = colours
    this.set(this.#wanted)
  }

  /** Draws these lines and no others. */
  set(wanted: readonly PriceLine[]): void {
    this.#wanted = wanted
    for (const [key, line] of this.#lines) {
      if (wanted.some((one) => one.key === key)) continue
      this.#series.removePriceLine(line)
      this.#lines.delete(key)
    }
    for (const one of wanted) {
      const options = this.#options(one)
      const line = this.#lines.get(one.key)
      if (line) line.applyOptions(options)
      else this.#lines.set(one.key, this.#series.createPriceLine(options))
    }
    this.place()
  }

  /** Keeps an element at the height of a price, hidden while that is out of sight. */
  follow(element: HTMLElement, price: () => Decimal): () => void {
    const follower = { element, price }
    this.#followers.add(follower)
    this.place()
    return () => this.#followers.delete(follower)
  }

  /** Puts every follower where its price is now. */
  place(): void {
    if (this.#followers.size === 0) return
    const height = this.#series.getPane().getHeight()
    for (const { element, price } of this.#followers) {
      const y = this.#series.priceToCoordinate(drawn(price()))
      const isSeen = y !== null && y >= 0 && y <= height
      element.style.visibility = isSeen ? '' : 'hidden'
      if (isSeen) element.style.transform = `translateY(${Math.round(y)}px)`
    }
  }

  /** The price at a height of the screen, as a float: to be snapped. Null outside the prices. */
  priceAt(clientY: number): number | null {
    const { top } = this.#element.getBoundingClientRect()
    const y = Math.min(Math.max(clientY - top, 0), this.#series.getPane().getHeight())
    return this.#series.coordinateToPrice(y)
  }

  remove(): void {
    this.#followers.clear()
  }

  #options({ price, look, title }: PriceLine) {
    const colours = this.#colours
    const color =
      (look === 'BUY' ? colours?.buy : look === 'SELL' ? colours?.sell : colours?.ink) ?? ''
    return {
      ...{ price: drawn(price), color, title, lineWidth: 1 as const, axisLabelVisible: true },
      axisLabelTextColor: colours?.surface ?? '',
      lineStyle: look === 'average' ? LineStyle.Solid : LineStyle.Dashed,
    }
  }
}

const drawn = (price: Decimal): number => +formatDecimal(price)
