// Pure: no I/O, no clock, no randomness.
// A market event as the engine computes with it: bigints instead of text. The book and the prints are
// read from their text only when an order looks at them.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { MarketEvent, MarketPhase } from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Depth, Level, Print } from './fill-model.ts'

/** A minute of a gap, from candles: all that is known of it. Prices in the instrument's currency. */
export type GapCandle = {
  readonly open: Decimal
  readonly high: Decimal
  readonly low: Decimal
}

/** Where an event stands: within a run of its feeder, its number counts up by one. */
export type EventPlace = { readonly epoch: string; readonly seq: number }

export type EngineQuoteOptions = {
  afterGap: boolean
  candle?: GapCandle | null
  previousAt?: number | null
  /** An auction's price that the source did not tell. */
  uncross?: Decimal | null
}

export class EngineQuote {
  readonly tickerId: TickerId
  readonly epoch: string
  readonly seq: number
  readonly source: string
  readonly bid: Decimal
  readonly ask: Decimal
  /** The last trade. */
  readonly last: Decimal
  readonly basePrice: Decimal
  readonly phase: MarketPhase
  /** The single price a call auction ended with, on the one event that tells it. */
  readonly uncross: Decimal | null
  readonly venueTime: number
  /** Home's clock at the observation, in milliseconds. */
  readonly receivedAt: number
  readonly simulated: boolean
  /** What came just before was not observed: a fill on it may be later than it should be. */
  readonly afterGap: boolean
  /** Set where the event is a candle of a gap. */
  readonly candle: GapCandle | null
  /** When the event before it was received; null for the first. */
  readonly previousAt: number | null
  readonly #event: MarketEvent
  #depth: Depth | null = null
  #prints: readonly Print[] | null = null

  constructor(
    event: MarketEvent,
    { afterGap, candle = null, previousAt = null, uncross = null }: EngineQuoteOptions,
  ) {
    this.tickerId = event.ticker_id
    this.epoch = event.epoch
    this.seq = event.seq
    this.source = event.source
    this.bid = decimal(event.bid)
    this.ask = decimal(event.ask)
    this.last = decimal(event.price)
    this.basePrice = decimal(event.base_price)
    this.phase = event.phase ?? 'continuous'
    this.uncross = event.uncross ? decimal(event.uncross.price) : uncross
    this.venueTime = Date.parse(event.venue_time)
    this.receivedAt = Date.parse(event.received_at)
    this.simulated = event.simulated
    this.afterGap = afterGap
    this.candle = candle
    this.previousAt = previousAt
    this.#event = event
  }

  /** The same event, as the one that ends a call auction at its last price. */
  asUncross(): EngineQuote {
    const { afterGap, candle, previousAt, last } = this
    return new EngineQuote(this.#event, { afterGap, candle, previousAt, uncross: last })
  }

  /** The displayed book; its best prices where the source shows no more. */
  get depth(): Depth {
    const { bids, asks, bid_size, ask_size } = this.#event
    this.#depth ??=
      bids && asks
        ? { bids: levelsOf(bids), asks: levelsOf(asks), isTopOnly: false }
        : {
            bids: [[this.bid, decimal(bid_size)]],
            asks: [[this.ask, decimal(ask_size)]],
            isTopOnly: true,
          }
    return this.#depth
  }

  /** The trades since the event before, oldest first; none where the source does not tell. */
  get prints(): readonly Print[] {
    this.#prints ??= (this.#event.prints ?? []).map(([price, quantity, aggressor]) => ({
      price: decimal(price),
      quantity: decimal(quantity),
      aggressor,
    }))
    return this.#prints
  }
}

function levelsOf(levels: readonly (readonly [string, string])[]): Level[] {
  return levels.map(([price, size]) => [decimal(price), decimal(size)])
}
