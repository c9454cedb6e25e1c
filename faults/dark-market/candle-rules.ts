// Pure: no I/O, no clock, no randomness.
// The oracle of a gap of which only candles are left: what may have come of an order there.

import { formatDecimal } from '@motu/shared/decimal.ts'
import { UNCROSS_GRACE_MS } from '@motu/shared/hours.ts'
import { DARK_AT, RETURN_AT, type ScriptedCandle } from './market.ts'
import { instantOf, type Message } from './orders.ts'
import type { OrderOutcome, Outcome } from './outcome.ts'

/** Everything that breaks a rule for candles, in words. */
export function brokenCandleRules(
  outcome: Outcome,
  candles: readonly ScriptedCandle[],
  messages: readonly Message[],
): string[] {
  const known = new Map(candles.map((one) => [`${one.tickerId} ${one.openAt}`, one]))
  const broken: string[] = []
  for (const order of outcome.orders.values()) {
    const report = (detail: string): number => broken.push(`${order.id} ${order.type}: ${detail}`)
    for (const fill of order.fills) {
      if (fill.at <= DARK_AT || fill.at >= RETURN_AT) continue
      const candle = known.get(`${order.tickerId} ${fill.at}`)
      if (!candle) report(`filled at ${new Date(fill.at).toISOString()}, where no candle opened`)
      else for (const detail of wrongFill(order, fill, candle)) report(detail)
    }
    for (const detail of wrongEnd(order)) report(detail)
  }
  for (const message of messages) {
    const order = outcome.orders.get(message.order_id)
    if (message.kind === 'cancel' && order && order.cancelResult === null) {
      broken.push(`${order.id}: a cancel of ${instantOf(message)} has no result`)
    }
  }
  return broken
}

function wrongFill(
  order: OrderOutcome,
  { price, at }: { price: bigint; at: number },
  { open, high, low }: ScriptedCandle,
): string[] {
  const wrong: string[] = []
  const isBuy = order.side === 'BUY'
  if (at <= (order.triggeredAt ?? order.acceptedAt)) wrong.push('filled by a price of its past')
  if (!order.settledLate) wrong.push('filled by a candle, and not marked as late')
  const isMomentary = order.timeInForce === 'IOC' || order.timeInForce === 'FOK'
  if (order.limitPrice === null || isMomentary) {
    if (isBuy ? price < open : price > open) wrong.push(`better than the open: ${text(price)}`)
  } else {
    if (price !== order.limitPrice) wrong.push(`a limit filled at ${text(price)}`)
    const isThrough = isBuy ? low < order.limitPrice : high > order.limitPrice
    if (!isThrough) wrong.push('a limit filled that nothing traded through')
  }
  return wrong
}

/** Nothing happens to an order after its time, or after its cancel; and then it is over. */
function wrongEnd({
  status,
  fills,
  expiresAt,
  cancelRequestedAt,
  cancelResult,
}: OrderOutcome): string[] {
  const wrong: string[] = []
  const last = fills.at(-1)?.at ?? -Infinity
  const isOpen = status === 'OPEN' || status === 'PARTIALLY_FILLED' || status === 'PENDING'
  if (expiresAt !== null) {
    if (last > expiresAt + UNCROSS_GRACE_MS) wrong.push('filled after its time')
    if (isOpen && expiresAt < RETURN_AT) wrong.push('open after its time')
  }
  if (cancelResult === 'DONE') {
    if (isOpen) wrong.push('open after its cancel')
    if (last > cancelRequestedAt!) wrong.push('filled after its cancel')
  }
  return wrong
}

const text = formatDecimal
