// What the engine decides on: quotes with the exchange rate of their moment.

import { type Decimal, SCALE } from '@motu/shared/decimal.ts'
import { type Instrument, USD_KRW_REFERENCE } from '@motu/shared/instrument.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { CLOCK_OFFSET_MAX_MS } from '@motu/shared/upstream.ts'
import type { OrderRecord } from '../db/order-view.ts'
import type { DecidableQuote } from './decide.ts'
import type { EngineQuote, QuoteRing } from './quote-ring.ts'

/** A dollar fill needs a rate at most this old: a long weekend. */
export const FX_AGE_MAX_MS = 96 * 3_600_000

const mid = (quote: EngineQuote): Decimal => (quote.bid + quote.ask) / 2n

export class MarketView {
  readonly #ring: QuoteRing
  /** Home's clock minus the edge's, as the Hub measured it last. */
  clockOffsetMs = 0

  constructor(ring: QuoteRing) {
    this.#ring = ring
  }

  /** The quotes an order may be decided on, oldest first. */
  eligible(order: OrderRecord): readonly EngineQuote[] {
    return this.#ring.eligible(order.tickerId, this.#eligibleAfter(order))
  }

  isEligible(order: OrderRecord, quote: EngineQuote): boolean {
    return quote.receivedAt > this.#eligibleAfter(order)
  }

  /**
   * The edge's `accepted_at`, while the clocks agree. Beyond that the later of it and home's receipt
   * counts; an order "from the future" counts from its receipt, or it would wait for the clock.
   */
  #eligibleAfter(order: OrderRecord): number {
    const { acceptedAt, storedAt } = order
    if (acceptedAt > storedAt + CLOCK_OFFSET_MAX_MS) return storedAt
    const agree = Math.abs(this.clockOffsetMs) <= CLOCK_OFFSET_MAX_MS
    return agree ? acceptedAt : Math.max(acceptedAt, storedAt)
  }

  /** A quote with its exchange rate; `null` while no rate of the moment is known. */
  decidable(instrument: Instrument, quote: EngineQuote): DecidableQuote | null {
    const fxMid = this.#fxMid(instrument, quote.receivedAt)
    return fxMid === null ? null : { ...quote, fxMid }
  }

  /** The last quote known, or the instrument's reference price: sizes holds, fills nothing. */
  reference(instrument: Instrument, nowMs: number): DecidableQuote {
    const fxMid = this.#fxMid(instrument, nowMs) ?? USD_KRW_REFERENCE.referencePrice
    const quote = this.#ring.last(instrument.tickerId)
    if (quote) return { ...quote, fxMid }
    const price = instrument.referencePrice
    return { bid: price, ask: price, basePrice: price, fxMid }
  }

  #fxMid(instrument: Instrument, atMs: number): Decimal | null {
    if (instrument.currency === 'KRW') return SCALE
    const rate = this.#ring.at(USD_KRW, atMs)
    return rate && atMs - rate.receivedAt <= FX_AGE_MAX_MS ? mid(rate) : null
  }
}
