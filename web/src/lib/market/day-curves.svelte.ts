// The course of the last day of instruments that are in sight, for the small curves beside prices:
// one small request each, kept for some minutes, a few at a time.

import { decimal } from '@motu/shared/decimal.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import { SvelteMap } from 'svelte/reactivity'
import type { CurvePoint } from '#lib/ui/curve.ts'
import type { MarketApi } from './market-api.ts'

const DAY_MS = 86_400_000
const KEPT_MS = 300_000
/** At once; the rest waits, so that prices and orders come first. */
const REQUESTS_MAX = 2
/** What a coin costs in won fits a number exactly to far more than a picture shows. */
const DRAWN_DIVISOR = 1e8

export class DayCurves {
  readonly #curves = new SvelteMap<TickerId, readonly CurvePoint[]>()
  readonly #askedAt: Record<TickerId, number> = {}
  readonly #queue: TickerId[] = []
  #running = 0
  readonly #api: Pick<MarketApi, 'candlesSince'>
  readonly #now: () => number

  constructor(options: { api: Pick<MarketApi, 'candlesSince'>; now: () => number }) {
    this.#api = options.api
    this.#now = options.now
  }

  /** Null while it is not here; empty where there is none. */
  get(tickerId: TickerId): readonly CurvePoint[] | null {
    return this.#curves.get(tickerId) ?? null
  }

  /** Someone looks at it: fetches it unless it is fresh. */
  want(tickerId: TickerId): void {
    if (this.#now() - (this.#askedAt[tickerId] ?? -Infinity) < KEPT_MS) return
    this.#askedAt[tickerId] = this.#now()
    this.#queue.push(tickerId)
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#running >= REQUESTS_MAX) return
    this.#running += 1
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const range = { interval: '15m', fromMs: this.#now() - DAY_MS } as const
      const answer = await this.#api.candlesSince(next, range)
      if (answer.ok) this.#curves.set(next, answer.data.candles.map(pointOf))
      else delete this.#askedAt[next]
    }
    this.#running -= 1
  }
}

/** The close of a candle; as a number it is only drawn. */
function pointOf(candle: readonly [number, ...string[]]): CurvePoint {
  return [candle[0], Number(decimal(candle[4]!)) / DRAWN_DIVISOR]
}
