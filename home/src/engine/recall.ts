// Pure: no I/O, no clock, no randomness.
// How far an order had come when another engine had it: what Postgres does not keep.

import { findInstrument } from '@motu/shared/instrument.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { foresee } from './decide.ts'
import { NO_PROGRESS, type Progress } from './judgement.ts'
import type { MarketView } from './market-view.ts'

/**
 * The progress of an order that has fills, at its last one: it is led through the same events again,
 * as far as they are still known, so that none fills it twice and it keeps its place in the queue.
 * That of a trailing stop, at its mark. Undefined for an order that begins anew.
 */
export function recall(order: OrderRecord, market: MarketView): Progress | undefined {
  const { filledAt, fillCount } = order
  const instrument = findInstrument(order.tickerId)
  if (!instrument) return undefined
  if (order.waitingFor === 'TRIGGER') return recallMark(order, market)
  if (fillCount === 0 || filledAt === null) return undefined
  const past = { ...order, filledQuantity: 0n }
  let progress: Progress = NO_PROGRESS
  for (const quote of market.eligible(order)) {
    if (quote.receivedAt > filledAt) break
    const moment = market.market(past, instrument, quote)
    if (!moment) continue
    const judgement = foresee(past, instrument, moment, market.profile, progress)
    if (judgement.kind === 'end') break
    progress = judgement.progress
    if (judgement.kind !== 'execute') continue
    for (const { quantity } of judgement.executions) past.filledQuantity += quantity
    if (past.filledQuantity >= order.requestedQuantity) break
  }
  return { ...progress, isMet: true, seenAt: filledAt }
}

/**
 * The progress of a trailing stop at the event that gave it the mark that was noted: those before it
 * are not held against a stop that stood elsewhere then. Undefined where the mark is older than what
 * is known, or none was noted.
 */
function recallMark(order: OrderRecord, market: MarketView): Progress | undefined {
  const instrument = findInstrument(order.tickerId)!
  const past = { ...order, markPrice: null }
  let progress: Progress = NO_PROGRESS
  if (order.markPrice === null) return undefined
  for (const quote of market.eligible(order)) {
    const moment = market.market(past, instrument, quote)
    if (!moment) continue
    const judgement = foresee(past, instrument, moment, market.profile, progress)
    if (judgement.kind !== 'rest') return undefined
    progress = judgement.progress
    if (progress.mark === order.markPrice) return progress
  }
  return undefined
}
