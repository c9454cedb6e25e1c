// What the engine decides on: market events as an order meets them, with the calendar, the rules and
// the exchange rate of their moment.

import { type Decimal, isMultiple, SCALE } from '@motu/shared/decimal.ts'
import {
  findInstrument,
  type Instrument,
  USD_KRW_REFERENCE,
  type Venue,
} from '@motu/shared/instrument.ts'
import type { MarketPhase } from '@motu/shared/market-data.ts'
import type { OrderSession, Reason } from '@motu/shared/order.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { CLOCK_OFFSET_MAX_MS } from '@motu/shared/upstream.ts'
import type { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import type { ChargeDates } from '@motu/shared/venues/charges.ts'
import { krxSettlementDate } from '@motu/shared/venues/krx/settlement.ts'
import { lotOf } from '@motu/shared/venues/lots.ts'
import { type PriceLimits, priceLimitsOf } from '@motu/shared/venues/price-limits.ts'
import { tickOf } from '@motu/shared/venues/ticks.ts'
import type { OrderRecord } from '../db/order-view.ts'
import type { Reference } from '@motu/shared/admit.ts'
import type { Fx, Market } from './decide.ts'
import type { EngineQuote } from './engine-quote.ts'
import { type FillProfile, isTooOld, latencyOf, seedOf } from './fill-profile.ts'
import { endOfDay, REGULAR, UNCROSS_GRACE_MS } from '@motu/shared/hours.ts'
import type { Progress } from './judgement.ts'
import type { QuoteRing } from './quote-ring.ts'

/** A dollar fill needs a rate at most this old: a long weekend. */
export const FX_AGE_MAX_MS = 96 * 3_600_000

const mid = (quote: EngineQuote): Decimal => (quote.bid + quote.ask) / 2n

export type MarketViewOptions = {
  ring: QuoteRing
  profile: FillProfile
  /** The calendar of a venue as it is known now. */
  calendar: (venue: Venue) => VenueCalendar
}

export class MarketView {
  readonly profile: FillProfile
  readonly #ring: QuoteRing
  readonly #calendar: (venue: Venue) => VenueCalendar
  /** The band of a ticker for a base price and a date: both change once a day. */
  readonly #limits = new Map<string, { base: Decimal; date: string; limits: PriceLimits | null }>()
  readonly #dates = new Map<Venue, { at: number; dates: ChargeDates }>()
  /** Home's clock minus the edge's, as the Hub measured it last. */
  clockOffsetMs = 0

  constructor({ ring, profile, calendar }: MarketViewOptions) {
    this.#ring = ring
    this.profile = profile
    this.#calendar = calendar
  }

  calendarOf(venue: Venue): VenueCalendar {
    return this.#calendar(venue)
  }

  /** The events an order may be decided on, oldest first. */
  eligible(order: OrderRecord): readonly EngineQuote[] {
    return this.#ring.eligible(order.tickerId, this.eligibleAfter(order))
  }

  /** The events an order has not met yet, oldest first. */
  unmet(order: OrderRecord, progress: Progress): readonly EngineQuote[] {
    return this.#ring.eligible(order.tickerId, Math.max(progress.seenAt, this.eligibleAfter(order)))
  }

  isEligible(order: OrderRecord, quote: EngineQuote): boolean {
    return quote.receivedAt > this.eligibleAfter(order)
  }

  /**
   * The edge's `accepted_at`, while the clocks agree, plus the profile's latency. Beyond that the
   * later of it and home's receipt counts; an order "from the future" counts from its receipt, or it
   * would wait for the clock. What was triggered counts from its trigger.
   */
  eligibleAfter(order: OrderRecord): number {
    const { acceptedAt, storedAt, triggeredAt, filledAt } = order
    const latency = latencyOf(this.profile, seedOf(order.id))
    // An event fills an order once, however often it is met.
    const filled = filledAt ?? 0
    if (triggeredAt !== null) return Math.max(triggeredAt + latency, filled)
    if (acceptedAt > storedAt + CLOCK_OFFSET_MAX_MS) return Math.max(storedAt + latency, filled)
    const agree = Math.abs(this.clockOffsetMs) <= CLOCK_OFFSET_MAX_MS
    const from = agree ? acceptedAt : Math.max(acceptedAt, storedAt)
    return Math.max(from + latency, filled)
  }

  /**
   * An event with the price of the call auction it ends. Venues tell it; a simulated KRX does not,
   * so there the first event after an auction ends it at its last price.
   */
  told(quote: EngineQuote): EngineQuote {
    if (!quote.simulated || quote.uncross !== null || quote.previousAt === null) return quote
    const instrument = findInstrument(quote.tickerId)
    if (instrument?.venue !== 'KRX' || quote.candle) return quote
    const calendar = this.#calendar('KRX')
    const wasAuction = calendar.phaseAt(quote.previousAt, REGULAR) === 'auction'
    return wasAuction && calendar.phaseAt(quote.receivedAt, REGULAR) !== 'auction'
      ? quote.asUncross()
      : quote
  }

  /**
   * An event as an order meets it; `null` while no exchange rate of the moment is known, and where
   * the event is the price of an auction that the order came too late for.
   */
  market(order: OrderRecord, instrument: Instrument, event: EngineQuote): Market | null {
    const quote = this.told(event)
    const fx = this.#fx(instrument, quote.receivedAt)
    if (fx === null || this.#isTooLateFor(order, instrument, quote)) return null
    const dates = this.#datesAt(instrument.venue, quote.receivedAt)
    const { tradeDate } = dates
    return {
      quote,
      fx,
      phase: this.#phase(instrument, order.sessions, quote),
      limits: this.#limitsOf(instrument, quote.basePrice, tradeDate),
      steps: {
        tickAt: (price) => tickOf(instrument, price, tradeDate),
        lot: lotOf(instrument, { type: order.type, session: 'regular' }),
      },
      dates,
    }
  }

  /** How the venue matches the orders of some sessions at an instant, by its calendar. */
  phaseAt(
    instrument: Instrument,
    sessions: readonly OrderSession[] | null,
    at: number,
  ): MarketPhase {
    return this.#calendar(instrument.venue).phaseAt(at, sessions ?? REGULAR)
  }

  /**
   * Why the price of an order is none on this day, while its session lasts: KRX checks what waits
   * against each day's band and ticks. Null where it is one.
   */
  outdated(order: OrderRecord, instrument: Instrument, last: EngineQuote): Reason | null {
    const price = order.limitPrice
    if (instrument.venue !== 'KRX' || price === null || order.waitingFor === 'ENTRY') return null
    if (this.phaseAt(instrument, order.sessions, last.receivedAt) === 'closed') return null
    const date = this.#calendar('KRX').dateAt(last.receivedAt)
    const limits = this.#limitsOf(instrument, last.basePrice, date)
    if (limits && (price > limits.upper || price < limits.lower)) return 'price_limit'
    return isMultiple(price, tickOf(instrument, price, date)) ? null : 'tick_size'
  }

  /** When the trading day of an order that works from an instant on is over; null without a day. */
  endOfDay(order: OrderRecord, at: number): number | null {
    if (order.timeInForce !== 'DAY') return null
    const venue = findInstrument(order.tickerId)!.venue
    return endOfDay(this.#calendar(venue), at, order.sessions ?? REGULAR)
  }

  /** The last event known, or the instrument's reference price: sizes holds, fills nothing. */
  reference(order: OrderRecord, instrument: Instrument, nowMs: number): Reference {
    const fxMid = this.#fx(instrument, nowMs)?.mid ?? USD_KRW_REFERENCE.referencePrice
    const tradeDate = this.#calendar(instrument.venue).dateAt(nowMs)
    const quote = this.#ring.at(instrument.tickerId, nowMs) ?? this.#ring.last(instrument.tickerId)
    const price = instrument.referencePrice
    return {
      bid: quote?.bid ?? price,
      ask: quote?.ask ?? price,
      limits: this.#limitsOf(instrument, quote?.basePrice ?? price, tradeDate),
      fxMid,
      fxSpreadRate: this.profile.fxSpreadRate,
      lot: lotOf(instrument, { type: order.type, session: 'regular' }),
      tradeDate,
    }
  }

  /**
   * Accepted after an auction of the calendar had ended, before its price was told: not one of its
   * orders. When an auction of the venue's own (KRX: VI) ends, only its price tells.
   */
  #isTooLateFor(order: OrderRecord, instrument: Instrument, quote: EngineQuote): boolean {
    if (quote.uncross === null) return false
    const since = this.eligibleAfter(order)
    if (quote.receivedAt - since >= UNCROSS_GRACE_MS) return false
    const wasAuction = (at: number) => this.phaseAt(instrument, null, at) === 'auction'
    return !wasAuction(since) && wasAuction(since - UNCROSS_GRACE_MS)
  }

  #phase(
    instrument: Instrument,
    sessions: readonly OrderSession[] | null,
    quote: EngineQuote,
  ): MarketPhase {
    if (instrument.status !== 'LISTED' || isTooOld(instrument.venue, quote)) return 'halted'
    // The auction that ended a session is told of a moment after it.
    const at = quote.uncross === null ? quote.receivedAt : quote.receivedAt - UNCROSS_GRACE_MS
    const byCalendar = this.phaseAt(instrument, sessions, at)
    return byCalendar === 'continuous' ? quote.phase : byCalendar
  }

  #limitsOf(instrument: Instrument, base: Decimal, date: string): PriceLimits | null {
    if (instrument.venue !== 'KRX') return null
    const known = this.#limits.get(instrument.tickerId)
    if (known?.base === base && known.date === date) return known.limits
    const limits = priceLimitsOf(instrument, base, date)
    this.#limits.set(instrument.tickerId, { base, date, limits })
    return limits
  }

  /** Many orders meet one event: its dates are found once. */
  #datesAt(venue: Venue, at: number): ChargeDates {
    const known = this.#dates.get(venue)
    if (known?.at === at) return known.dates
    const calendar = this.#calendar(venue)
    const tradeDate = calendar.dateAt(at)
    const settlementDate = venue === 'KRX' ? krxSettlementDate(calendar, tradeDate) : tradeDate
    const dates = { tradeDate, settlementDate }
    this.#dates.set(venue, { at, dates })
    return dates
  }

  #fx(instrument: Instrument, atMs: number): Fx | null {
    if (instrument.currency === 'KRW') return { mid: SCALE, at: null, source: null }
    const rate = this.#ring.at(USD_KRW, atMs)
    if (!rate || atMs - rate.receivedAt > FX_AGE_MAX_MS) return null
    return { mid: mid(rate), at: rate.receivedAt, source: rate.source }
  }
}
