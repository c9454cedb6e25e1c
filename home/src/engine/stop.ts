// Pure: no I/O, no clock, no randomness.
// Stops: which trades an event tells of, and whether one of them reaches the stop of an order.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import { trailingStop } from '@motu/shared/trailing-stop.ts'
import type { EngineQuote } from './engine-quote.ts'
import { isAsGood } from './fill-model.ts'
import type { JudgedOrder, Judgement, Moment, Progress } from './judgement.ts'

/** Stops trigger on trades: on each print where the venue tells them, else on the last price. */
export function watchStop(order: JudgedOrder, moment: Moment, progress: Progress): Judgement {
  const { quote, phase } = moment
  const met: Progress = { ...progress, isMet: true }
  if (phase !== 'continuous' && quote.uncross === null) return { kind: 'rest', progress: met }
  let mark = progress.mark ?? order.markPrice
  for (const price of tradesOf(quote, order.side)) {
    if (mark === null || isAsGood(order.side, price, mark)) mark = price
    const stop = order.stopPrice ?? trailingStop(order, mark)
    // A sell stop stands below the market and triggers at or under it; a buy stop above.
    const isReached = order.side === 'SELL' ? price <= stop : price >= stop
    if (isReached) return { kind: 'trigger', progress: { ...met, mark, isMet: false } }
  }
  return { kind: 'rest', progress: { ...met, mark } }
}

/**
 * The trades an event tells of, in the order a stop meets them. Within a candle the order is not
 * known: the extreme that helps the order's stop comes last, so that a trailing stop never triggers
 * on a high that may have come after the low.
 */
function tradesOf(quote: EngineQuote, side: Side): readonly Decimal[] {
  const { candle } = quote
  if (candle) {
    const { open, high, low } = candle
    return side === 'SELL' ? [open, low, high] : [open, high, low]
  }
  if (quote.uncross !== null) return [quote.uncross]
  return quote.prints.length > 0 ? quote.prints.map(({ price }) => price) : [quote.last]
}
