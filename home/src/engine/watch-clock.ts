// Pure: no I/O, no clock, no randomness.
// What time alone does to a waiting order: its day ends, its session opens, its market stays silent.

import { findInstrument } from '@motu/shared/instrument.ts'
import { isAtMarket, isStop } from '@motu/shared/order.ts'
import type { EngineQuote } from './engine-quote.ts'
import { UNCROSS_GRACE_MS } from '@motu/shared/hours.ts'
import type { MarketView } from './market-view.ts'
import type { Work } from './settle.ts'
import type { WaitingOrder } from './waiting.ts'

/** An order at the market without an eligible event for this long, in an open market, has failed. */
export const STALE_AFTER_MS = 60_000
/** How often the mark of a trailing stop is written down at the most. */
const MARK_INTERVAL_MS = 10_000

/** The work an order needs at an instant, if any. `last`: the event of its ticker that came last. */
export function watchClock(
  waiting: WaitingOrder,
  market: MarketView,
  { nowMs, last }: { nowMs: number; last: EngineQuote | undefined },
): Work | null {
  const { order, progress, sinceMs } = waiting
  const instrument = findInstrument(order.tickerId)
  if (!instrument || instrument.status === 'DELISTED') {
    return { kind: 'finish', order, why: { status: 'CANCELLED', reason: 'delisted' } }
  }
  // The auction that ends a day is told of a moment after it.
  if (order.expiresAt !== null && nowMs >= order.expiresAt + UNCROSS_GRACE_MS) {
    return { kind: 'finish', order, why: { status: 'EXPIRED', reason: 'expired' } }
  }
  const outdated = last && market.outdated(order, instrument, last)
  if (outdated) return { kind: 'finish', order, why: { status: 'EXPIRED', reason: outdated } }
  const calendar = market.calendarOf(instrument.venue)
  const among = order.sessions ?? (['regular'] as const)
  if (order.waitingFor === 'SESSION') {
    if (calendar.phaseAt(nowMs, among) === 'closed') return null
    const waitingFor = isAtMarket(order.type) || order.postOnly ? 'EVENT' : 'PRICE'
    return { kind: 'note', order, changes: { waitingFor } }
  }
  if (order.waitingFor === 'TRIGGER') {
    const { mark } = progress
    const isDue = nowMs % MARK_INTERVAL_MS < 1_000 && mark !== null && mark !== order.markPrice
    return isDue && order.type === 'TRAILING_STOP'
      ? { kind: 'note', order, changes: { markPrice: mark } }
      : null
  }
  if (!isAtMarket(order.type) || (isStop(order.type) && order.triggeredAt === null)) return null
  if (order.waitingFor === 'ENTRY' || instrument.status === 'HALTED') return null
  if (last && isPaused(last, nowMs)) return null
  const session = calendar.sessionAt(nowMs, among)
  if (!session || calendar.phaseAt(nowMs, among) !== 'continuous') return null
  const since = Math.max(order.triggeredAt ?? order.acceptedAt, sinceMs, session.session.opensAt)
  if (nowMs - since < STALE_AFTER_MS) return null
  return { kind: 'finish', order, why: { status: 'FAILED', reason: 'stale_market_data' } }
}

/** A halt lasts until the venue ends it; an auction of its own (KRX: VI) as long as it is told of. */
function isPaused({ phase, receivedAt }: EngineQuote, nowMs: number): boolean {
  if (phase === 'halted') return true
  return phase !== 'continuous' && nowMs - receivedAt < STALE_AFTER_MS
}
