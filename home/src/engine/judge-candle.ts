// Pure: no I/O, no clock, no randomness.
// What a minute's candle gives an order, where no event of the minute was observed.

import { type Decimal, toStep } from '@motu/shared/decimal.ts'
import { isAtMarket } from '@motu/shared/order.ts'
import type { PriceLimits } from '@motu/shared/venues/price-limits.ts'
import {
  crosses,
  hasRested,
  type JudgedOrder,
  type Judgement,
  type Moment,
  momentaryEnd,
  NO_LIQUIDITY,
  type Progress,
  WOULD_TAKE,
} from './judgement.ts'

/**
 * A minute of a gap. At the market: its open, plus half the spread known last. A limit: only where
 * trades went strictly through it, at the limit; whoever stood at the price itself is not known.
 */
export function onCandle(
  order: JudgedOrder,
  wanted: Decimal,
  moment: Moment,
  progress: Progress,
): Judgement {
  const { quote, steps } = moment
  const { open, high, low } = quote.candle!
  const half = (quote.ask - quote.bid) / 2n
  const isBuy = order.side === 'BUY'
  const raw = isBuy ? open + half : open - half
  const atOpen = withinBand(toStep(raw, steps.tickAt(raw), isBuy ? 'up' : 'down'), moment.limits)
  const momentary = momentaryEnd(order.timeInForce)
  const met = { ...progress, isMet: true }
  let price: Decimal | null = null
  if (isAtMarket(order.type)) price = atOpen
  else if (momentary) price = crosses(order, atOpen) ? atOpen : null
  else if (isBuy ? low < order.limitPrice! : high > order.limitPrice!) price = order.limitPrice
  if (price === null) {
    return momentary ? { kind: 'end', end: momentary } : { kind: 'rest', progress: met }
  }
  if (order.postOnly && !hasRested(order, progress) && crosses(order, atOpen))
    return { kind: 'end', end: WOULD_TAKE }
  const quantity = toStep(wanted, steps.lot, 'down')
  return {
    kind: 'execute',
    executions: quantity > 0n ? [{ price, quantity }] : [],
    role: 'candle',
    displayed: 0n,
    queue: null,
    then: momentary ?? (isAtMarket(order.type) ? NO_LIQUIDITY : null),
    progress: met,
  }
}

function withinBand(price: Decimal, limits: PriceLimits | null): Decimal {
  if (!limits) return price
  if (price > limits.upper) return limits.upper
  return price < limits.lower ? limits.lower : price
}
