// Pure: no I/O, no clock, no randomness.
// Whether one reference quote may be believed: by the quality gate's rules, as far as they apply to a
// coin in USDT. Where an exchange tells the step of its prices, what is off it is no price of its.

import { type Decimal, parseDecimal } from '@motu/shared/decimal.ts'
import { BANDS, LATE_MS } from '../gate-bounds.ts'
import type { Verdict } from '../quality-gate.ts'
import type { GateReason } from '../readable.ts'
import { isBelievable, newTrust, noteTrusted, timeFault, type TrustState } from '../trust.ts'
import type { ReferenceReading } from './reference-row.ts'

const BAND = BANDS.get('CRYPTO')!
const COIN_LATE_MS = LATE_MS.get('CRYPTO')!

const quarantine = (reason: GateReason): Verdict => ({ kind: 'quarantine', reason })

export class ReferenceGate {
  /** By exchange and coin. */
  readonly #states = new Map<string, TrustState>()

  /** Judges a reading as of its `received_at`. Of each source, in the order it was seen. */
  judge({ quote, open, tick }: ReferenceReading): Verdict {
    const price = parseDecimal(quote.price)
    const beside = [quote.bid, quote.ask].flatMap((text) => text ?? []).map(parseDecimal)
    if (!isPrice(price) || !beside.every(isPrice)) return quarantine('bad_price')
    const volume = quote.volume_24h === null ? 0n : parseDecimal(quote.volume_24h)
    if (volume === null || volume < 0n) return quarantine('bad_size')
    if (beside.length === 2 && beside[0]! > beside[1]!) return quarantine('crossed_book')
    const key = `${quote.exchange} ${quote.base}`
    const state = this.#states.get(key) ?? newTrust()
    this.#states.set(key, state)
    const look = {
      content: [quote.price, quote.bid, quote.ask, quote.venue_time].join(' '),
      venueMs: Date.parse(quote.venue_time),
      receivedMs: Date.parse(quote.received_at),
    }
    const { source } = quote
    const late = timeFault(look, state.looks.get(source), COIN_LATE_MS)
    if (late) return quarantine(late)
    if (tick !== null && tick > 0n && [price, ...beside].some((one) => one % tick !== 0n)) {
      return quarantine('off_tick')
    }
    const base = open !== null && open > 0n ? open : price
    const sight = { band: BAND, price, beside, base, source, receivedMs: look.receivedMs }
    if (!isBelievable(state, sight)) return quarantine('spike')
    noteTrusted(state, source, look, price)
    return { kind: 'pass' }
  }
}

function isPrice(value: Decimal | null): value is Decimal {
  return value !== null && value > 0n
}
