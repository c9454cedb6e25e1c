// Pure: no I/O, no clock, no randomness.
// What a fill's receipt will show, written down with the fill.

import { viewCharge } from '@motu/shared/charge-view.ts'
import type { Evidence } from '@motu/shared/contract/receipt.ts'
import { formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { DecidedFill } from './decide.ts'
import type { EngineQuote } from './engine-quote.ts'
import { type FillProfile, latencyOf, profileId, seedOf } from './fill-profile.ts'

/** The evidence of one fill of an order, decided on a market event under a profile. */
export function evidenceOf(
  order: { readonly id: string; readonly tickerId: string },
  fill: DecidedFill,
  quote: EngineQuote,
  profile: FillProfile,
): Evidence {
  const seed = seedOf(order.id)
  const isForeign = findInstrument(order.tickerId)?.currency !== 'KRW'
  return {
    model: profileId(profile),
    seed,
    latency_ms: latencyOf(profile, seed),
    role: fill.role,
    event: {
      source: quote.source,
      epoch: quote.epoch,
      seq: quote.seq,
      venue_time: iso(quote.venueTime),
      received_at: iso(quote.receivedAt),
      age_ms: quote.receivedAt - quote.venueTime,
      simulated: quote.simulated,
      bid: formatDecimal(quote.bid),
      ask: formatDecimal(quote.ask),
      last: formatDecimal(quote.last),
    },
    displayed: formatDecimal(fill.displayed),
    queue: fill.queue && {
      initial: formatDecimal(fill.queue.initial),
      ahead: formatDecimal(fill.queue.ahead),
    },
    fx: {
      mid: formatDecimal(fill.fx.mid),
      spread_rate: formatDecimal(isForeign ? profile.fxSpreadRate : 0n),
      at: fill.fx.at === null ? null : iso(fill.fx.at),
      source: fill.fx.source,
    },
    charges: fill.charges.map(viewCharge),
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
