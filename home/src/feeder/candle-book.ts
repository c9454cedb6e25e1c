// Pure: no I/O, no clock, no randomness.
// One-minute candles as folds of what was observed.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Observation } from './observation.ts'
import { stepAt } from './replay/price-path.ts'
import { type SimulatedTicker, volumeBetween } from './replay/simulated-ticker.ts'

export const MINUTE_MS = 60_000
/** Ten hours of all tickers, while Postgres is away. */
const CANDLES_WAITING_MAX = 20_000

export type Candle = {
  readonly tickerId: TickerId
  readonly openAt: number
  readonly open: Decimal
  readonly high: Decimal
  readonly low: Decimal
  readonly close: Decimal
  readonly volume: Decimal
  readonly simulated: boolean
}

export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS
}

/** The candle of one minute of a simulated ticker, as far as it had come at `untilMs`. */
export function simulatedCandle(
  ticker: SimulatedTicker,
  openAt: number,
  untilMs = openAt + MINUTE_MS,
): Candle {
  const fromStep = stepAt(openAt)
  const toStep = stepAt(Math.min(untilMs, openAt + MINUTE_MS) - 1) + 1
  const open = ticker.path.priceAt(fromStep)
  let [high, low, close] = [open, open, open]
  for (let step = fromStep + 1; step < toStep; step += 1) {
    close = ticker.path.priceAt(step)
    if (close > high) high = close
    if (close < low) low = close
  }
  const volume = volumeBetween(ticker, { fromStep, toStep })
  return { tickerId: ticker.tickerId, openAt, open, high, low, close, volume, simulated: true }
}

/** The candles under construction, and those that changed since they were last taken. */
export class CandleBook {
  readonly #current = new Map<TickerId, Candle>()
  readonly #changed = new Map<string, Candle>()

  /** Goes on with a candle that was begun before; never replaces one that is under way. */
  resume(candle: Candle): void {
    if (!this.#current.has(candle.tickerId)) this.#current.set(candle.tickerId, candle)
  }

  add(observation: Observation): void {
    const tickerId = observation.ticker_id
    const openAt = minuteOf(Date.parse(observation.received_at))
    const price = decimal(observation.price)
    const before = this.#current.get(tickerId)
    const candle = before?.openAt === openAt ? before : undefined
    const next: Candle = {
      tickerId,
      openAt,
      open: candle?.open ?? price,
      high: candle && candle.high > price ? candle.high : price,
      low: candle && candle.low < price ? candle.low : price,
      close: price,
      volume: (candle?.volume ?? 0n) + decimal(observation.volume),
      simulated: observation.simulated,
    }
    this.#current.set(tickerId, next)
    this.#changed.set(`${tickerId} ${openAt}`, next)
  }

  /** What changed since the last call. */
  takeChanged(): Candle[] {
    const changed = [...this.#changed.values()]
    this.#changed.clear()
    return changed
  }

  /**
   * Gives candles back that could not be written, unless they have changed again since. Answers how
   * many were dropped because too many wait.
   */
  giveBack(candles: readonly Candle[]): number {
    let dropped = 0
    for (const candle of candles) {
      const key = `${candle.tickerId} ${candle.openAt}`
      if (this.#changed.has(key)) continue
      if (this.#changed.size < CANDLES_WAITING_MAX) this.#changed.set(key, candle)
      else dropped += 1
    }
    return dropped
  }
}
