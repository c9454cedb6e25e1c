// Pure: no I/O, no clock, no randomness.
// The most that can be ordered with what one has: found by asking the rules, not by a formula of its own,
// so that one step more is what home would refuse.

import type { Available } from '@motu/shared/admit.ts'
import { type Decimal, SCALE, toStep } from '@motu/shared/decimal.ts'
import { lotOf } from '@motu/shared/instrument.ts'
import type { OrderDraft } from '@motu/shared/order.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import { admissionOf, rateOf, type TicketDay } from './cost.ts'

/** The largest quantity of the draft that is not too much, on its lot. */
export function mostQuantity(
  draft: OrderDraft,
  day: TicketDay,
  available: Available,
  nowMs: number,
): Decimal {
  const lot = lotOf(day.instrument, draft.type)
  const price = draft.limitPrice ?? day.market.ask
  const cost = price * rateOf(draft, day)
  if (draft.side === 'BUY' && cost === 0n) return 0n
  const ceiling =
    draft.side === 'SELL'
      ? toStep(available.quantity, lot, 'down') / lot
      : (available.cashKrw * SCALE * SCALE) / cost / lot
  const { notional: _notional, ...byQuantity } = draft
  return (
    lot *
    largest(ceiling, (lots) =>
      isEnough({ ...byQuantity, quantity: lots * lot }, day, available, nowMs),
    )
  )
}

/** The largest amount, in whole won, whose hold is not above what is free. */
export function mostAmount(
  draft: OrderDraft,
  day: TicketDay,
  available: Available,
  nowMs: number,
): Decimal {
  const ceiling = available.cashKrw / SCALE
  return (
    SCALE *
    largest(ceiling, (won) =>
      isEnough({ ...draft, quantity: 0n, notional: won * SCALE }, day, available, nowMs),
    )
  )
}

/** Whether what is free is enough for it; an order that is too small is not too much. */
function isEnough(draft: OrderDraft, day: TicketDay, available: Available, nowMs: number): boolean {
  if (checkDraft(draft, nowMs)?.reason === 'too_large') return false
  const admission = admissionOf(draft, day, available)
  if (admission.kind === 'admit') return true
  return admission.reason !== 'insufficient_funds' && admission.reason !== 'insufficient_quantity'
}

/** The largest whole number up to `ceiling` that fits, where everything below one that fits does too. */
function largest(ceiling: bigint, fits: (count: bigint) => boolean): bigint {
  let low = 0n
  let high = ceiling > 0n ? ceiling : 0n
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (fits(middle)) low = middle
    else high = middle - 1n
  }
  return low
}
