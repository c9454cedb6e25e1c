// Pure: no I/O, no clock, no randomness.
// What a corporate action does to an order that waits over the ex-date.
//
// SPLIT: what is left to fill and every price go by the ratio, onto lot and tick. (In the US a split
// adjusts open orders so, FINRA rule 5330. Korean brokers cancel them and let their users place
// anew: an order that goes on by the same ratio asks for the same.) Less than a lot left, or a price
// below a tick: it is CANCELLED, `corporate_action`.
//
// CASH_DIVIDEND: on KRX prices stay, for its base price does too. In the US buy limits and sell stops
// that are good beyond the day go down by the dividend (FINRA rule 5330, without DNR); sell limits
// and buy stops stay.
//
// An adjusted order never trades sooner than it would have: buy limits and sell stops are rounded
// down, sell limits and buy stops up.

import type { ActionTerms, Split } from './corporate-action.ts'
import { type Decimal, divide, toStep } from './decimal.ts'
import type { Venue } from './instrument.ts'
import type { OrderType, Side, TimeInForce } from './order.ts'

/** What an action may change of an order, and what it goes by. Prices in the instrument's currency. */
export type WaitingTerms = {
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  /** Asked for, and filled so far: what is filled stays as it was. */
  readonly requestedQuantity: Decimal
  readonly filledQuantity: Decimal
  readonly limitPrice: Decimal | null
  readonly stopPrice: Decimal | null
  readonly trailAmount: Decimal | null
  /** The best price a trailing stop has seen. */
  readonly markPrice: Decimal | null
  /** Won to spend: such an order names no quantity of its own. */
  readonly requestedNotional: Decimal | null
  readonly holdKrw: Decimal
  readonly holdQuantity: Decimal
}

export type AdjustmentRules = {
  readonly venue: Venue
  readonly lot: Decimal
  readonly tickAt: (price: Decimal) => Decimal
}

export type Adjustment<T> =
  { readonly kind: 'keep' } | { readonly kind: 'cancel' } | { readonly kind: 'adjust'; order: T }

/** What becomes of an order; it holds enough afterwards, and never more than before in won. */
export function adjustOrder<T extends WaitingTerms>(
  order: T,
  terms: ActionTerms,
  rules: AdjustmentRules,
): Adjustment<T> {
  const changed =
    terms.kind === 'SPLIT' ? split(order, terms, rules) : reduce(order, terms.amount, rules)
  if (changed === null) return { kind: 'keep' }
  const prices = [changed.limitPrice, changed.stopPrice, changed.trailAmount, changed.markPrice]
  const isNothing = changed.requestedQuantity <= changed.filledQuantity
  if (isNothing || prices.some((price) => price !== null && price <= 0n)) return { kind: 'cancel' }
  return { kind: 'adjust', order: { ...changed, holdKrw: holdOf(order, changed) } }
}

function split<T extends WaitingTerms>(order: T, terms: Split, rules: AdjustmentRules): T | null {
  if (order.requestedNotional !== null) return null
  const { from, to } = terms
  const lots = (quantity: Decimal): Decimal => ((quantity * to) / (from * rules.lot)) * rules.lot
  const price = (value: Decimal | null, rounding: 'up' | 'down'): Decimal | null => {
    if (value === null) return null
    const near = divide(value * from, to, 'down')
    if (near <= 0n) return 0n
    const tick = rules.tickAt(near)
    return divide(value * from, to * tick, rounding) * tick
  }
  const isBuy = order.side === 'BUY'
  const left = lots(order.requestedQuantity - order.filledQuantity)
  return {
    ...order,
    requestedQuantity: order.filledQuantity + left,
    limitPrice: price(order.limitPrice, isBuy ? 'down' : 'up'),
    stopPrice: price(order.stopPrice, isBuy ? 'up' : 'down'),
    trailAmount: price(order.trailAmount, 'up'),
    markPrice: order.markPrice && divide(order.markPrice * from, to, isBuy ? 'up' : 'down'),
    holdQuantity: lots(order.holdQuantity),
  }
}

function reduce<T extends WaitingTerms>(
  order: T,
  amount: Decimal,
  { venue, tickAt }: AdjustmentRules,
): T | null {
  const isBeyondTheDay = order.timeInForce === 'GTC' || order.timeInForce === 'GTD'
  if (venue !== 'US' || !isBeyondTheDay) return null
  const isBuyLimit = order.side === 'BUY' && order.type === 'LIMIT'
  const isSellStop = order.side === 'SELL' && order.stopPrice !== null
  const isSellTrail = order.side === 'SELL' && order.type === 'TRAILING_STOP'
  if (!isBuyLimit && !isSellStop && !isSellTrail) return null
  const price = (value: Decimal | null): Decimal | null => {
    if (value === null) return null
    return value <= amount ? 0n : toStep(value - amount, tickAt(value - amount), 'down')
  }
  return {
    ...order,
    limitPrice: price(order.limitPrice),
    stopPrice: price(order.stopPrice),
    markPrice: order.markPrice && order.markPrice - amount,
  }
}

/** What two roundings up may have added to a hold. */
const HOLD_ROUNDING: Decimal = 2n

/** In proportion to what the order can cost now; without a limit it stays, and is enough. */
function holdOf(before: WaitingTerms, after: WaitingTerms): Decimal {
  if (before.holdKrw === 0n || before.limitPrice === null || after.limitPrice === null) {
    return before.holdKrw
  }
  const worth = ({ limitPrice, requestedQuantity, filledQuantity }: WaitingTerms): bigint =>
    limitPrice! * (requestedQuantity - filledQuantity)
  const hold = divide(before.holdKrw * worth(after), worth(before), 'up') + HOLD_ROUNDING
  return hold < before.holdKrw ? hold : before.holdKrw
}
