// Pure: no I/O, no clock, no randomness.
// The quality gate: whether one observation of a live source may be believed. What may not is
// quarantined: counted and kept to be looked at, never published, traded on or put into a candle.
//
// The rules, in the order they are asked: is it readable, is its book one, does its time make sense,
// can its price be. A price far from the last trusted one is a spike. A real gap looks the same at
// first, and must not silence a ticker for ever: a spike is believed once it is confirmed, that is
// once nobody has seen the old price again and either another source of the venue agrees, or the one
// source there is has said the same for half a minute.

import type { Decimal } from '@motu/shared/decimal.ts'
import { findInstrument, tickOf, VENUE_RULES } from '@motu/shared/instrument.ts'
import { parseTickerId, type TickerId } from '@motu/shared/ticker.ts'
import { krxPriceLimits } from '@motu/shared/venues/krx/rules.ts'
import { tickAt } from '@motu/shared/venues/tick-ladder.ts'
import { BANDS, LATE_MS } from './gate-bounds.ts'
import type { Observation } from './observation.ts'
import { bookFault, type GateReason, type ReadPrices as Prices, readPrices } from './readable.ts'
import {
  allowedMove,
  apart,
  isBelievable,
  type Look,
  newTrust,
  noteTrusted,
  timeFault,
  type TrustState,
} from './trust.ts'

export type Verdict = { kind: 'pass' } | { kind: 'quarantine'; reason: GateReason }

const PASS: Verdict = { kind: 'pass' }
const quarantine = (reason: GateReason): Verdict => ({ kind: 'quarantine', reason })

export class QualityGate {
  readonly #states = new Map<TickerId, TrustState>()

  /** Judges an observation as of its `received_at`. Of each source, in the order it was seen. */
  judge(observation: Observation): Verdict {
    const parts = parseTickerId(observation.ticker_id)
    const band = parts && BANDS.get(parts.market)
    if (!parts || !band) return quarantine('unknown_ticker')
    const prices = readPrices(observation)
    if (typeof prices === 'string') return quarantine(prices)
    const fault = bookFault(observation)
    if (fault) return quarantine(fault)
    const state = this.#state(observation.ticker_id)
    const { source } = observation
    const look = lookOf(observation)
    const late = timeFault(look, state.looks.get(source), LATE_MS.get(parts.market)!)
    if (late) return quarantine(late)
    if (parts.market === 'KRX') {
      const impossible = krxFault(observation, prices)
      if (impossible) return quarantine(impossible)
    }
    const { price, bid, ask, base, prints } = prices
    const sight = { band, price, beside: [bid, ask, ...prints], base, source }
    if (!isBelievable(state, { ...sight, receivedMs: look.receivedMs })) {
      return quarantine('spike')
    }
    noteTrusted(state, source, look, price)
    return PASS
  }

  /**
   * Whether prices that come beside the observations, of a book or a print, fit what is trusted at
   * that instant. Changes nothing.
   */
  isNear(tickerId: TickerId, prices: readonly Decimal[], atMs: number): boolean {
    const trusted = this.#states.get(tickerId)?.trusted
    const band = BANDS.get(parseTickerId(tickerId)?.market ?? '')
    if (!trusted || !band) return false
    const allowed = allowedMove(band, Math.max(0, atMs - trusted.receivedMs))
    return prices.every((price) => price > 0n && apart(trusted.price, price) <= allowed)
  }

  #state(tickerId: TickerId): TrustState {
    const state = this.#states.get(tickerId) ?? newTrust()
    this.#states.set(tickerId, state)
    return state
  }
}

function lookOf(observation: Observation): Look {
  const { price, bid, ask, bid_size, ask_size, venue_time, received_at } = observation
  return {
    content: [price, bid, ask, bid_size, ask_size, venue_time].join(' '),
    venueMs: Date.parse(venue_time),
    receivedMs: Date.parse(received_at),
  }
}

/** Nothing trades outside the day's limits or off the tick (KRX business regulations). */
function krxFault(observation: Observation, prices: Prices): GateReason | null {
  const { price, bid, ask, base, prints } = prices
  const { upper, lower } = krxPriceLimits(base)
  const shown = [price, bid, ask, ...prints]
  if (shown.some((one) => one > upper || one < lower)) return 'price_limit'
  const instrument = findInstrument(observation.ticker_id)
  const stepAt = (one: Decimal): Decimal =>
    instrument ? tickOf(instrument, one) : tickAt(VENUE_RULES.KRX.ticks, one)
  return [price, bid, ask].some((one) => one % stepAt(one) !== 0n) ? 'off_tick' : null
}
