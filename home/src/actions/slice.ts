// Pure: no I/O, no clock, no randomness.
// What a corporate action does to one user, decided: his position, his waiting orders, his cash, and
// the ledger rows that say so.

import {
  type CashDividend,
  dividendOf,
  type Holding,
  type Split,
  splitHolding,
} from '@motu/shared/corporate-action.ts'
import type { Decimal } from '@motu/shared/decimal.ts'
import type { Currency, Instrument } from '@motu/shared/instrument.ts'
import { adjustOrder, type WaitingTerms } from '@motu/shared/order-adjustment.ts'
import { tickOf } from '@motu/shared/venues/ticks.ts'

/** An order that waits for the ticker of the action. */
export type WaitingOrder = WaitingTerms & { readonly id: string; readonly acceptedAt: number }

/** A user as he was read under the lock of his wallet. */
export type ActionUser = {
  readonly userId: string
  readonly position: (Holding & { readonly heldQuantity: Decimal }) | null
  /** Bought less sold since the ex-date began: of that nothing is adjusted, nor paid. */
  readonly tradedSince: Decimal
  readonly orders: readonly WaitingOrder[]
}

export type ActionFacts = {
  readonly terms: Split | CashDividend
  readonly instrument: Pick<Instrument, 'tickerId' | 'venue' | 'kind' | 'board' | 'currency'>
  readonly exDate: string
  /** When the ex-date began at the venue. */
  readonly cutoffMs: number
  /** The steps of a position, and of an order that names its price. */
  readonly lots: { readonly position: Decimal; readonly order: Decimal }
  /** The last price of before the ex-date, not adjusted. */
  readonly basePrice: Decimal
  readonly exchangeRate: Decimal
  readonly taxPercent: Decimal
}

export type LedgerRow = {
  readonly legNo: number
  readonly kind: 'split' | 'fraction' | 'dividend' | 'tax'
  readonly debit: 'CASH' | 'POSITION' | 'MARKET' | 'TAX'
  readonly credit: 'CASH' | 'POSITION' | 'MARKET'
  readonly unit: string
  readonly amount: Decimal
}

export type ActionOutcome = {
  readonly userId: string
  /** Null: unchanged. */
  readonly position: ActionUser['position']
  readonly adjusted: readonly WaitingOrder[]
  readonly cancelled: readonly WaitingOrder[]
  readonly cashKrw: Decimal
  /** What the holds of his orders give back, in won. */
  readonly releasedKrw: Decimal
  readonly realizedKrw: Decimal
  readonly ledger: readonly LedgerRow[]
}

/** What the action does to a user. Deciding again from what it left would do it again: ask once. */
export function applyTo(user: ActionUser, facts: ActionFacts): ActionOutcome {
  const { orders, releasedKrw, releasedQuantity } = adjustOrders(user, facts)
  const money =
    facts.terms.kind === 'SPLIT'
      ? divided(user, facts, facts.terms)
      : paid(user, facts, facts.terms)
  const { position } = money
  const held = (user.position?.heldQuantity ?? 0n) - releasedQuantity
  if (position && held > position.quantity) return withoutSells(user, facts)
  const changed = position && { ...position, heldQuantity: held }
  const isChanged = money.ledger.length > 0 || releasedQuantity !== 0n || money.isSplit
  return {
    userId: user.userId,
    position: isChanged ? changed : null,
    ...orders,
    cashKrw: money.cashKrw,
    releasedKrw,
    realizedKrw: money.realizedKrw,
    ledger: money.ledger,
  }
}

/**
 * Late, after sells were placed in shares that are no more: they cannot all be kept, so none is. It
 * ends: without a sell nothing is held.
 */
function withoutSells(user: ActionUser, facts: ActionFacts): ActionOutcome {
  const sells = user.orders.filter(({ side }) => side === 'SELL')
  const outcome = applyTo(
    {
      ...user,
      position: user.position && { ...user.position, heldQuantity: 0n },
      orders: user.orders.filter(({ side }) => side !== 'SELL'),
    },
    facts,
  )
  return { ...outcome, cancelled: [...outcome.cancelled, ...sells] }
}

function adjustOrders(
  user: ActionUser,
  { terms, instrument, exDate, cutoffMs, lots }: ActionFacts,
): {
  orders: Pick<ActionOutcome, 'adjusted' | 'cancelled'>
  releasedKrw: Decimal
  releasedQuantity: Decimal
} {
  const adjusted: WaitingOrder[] = []
  const cancelled: WaitingOrder[] = []
  let releasedKrw = 0n
  let releasedQuantity = 0n
  const rules = {
    ...{ venue: instrument.venue, lot: lots.order },
    tickAt: (price: Decimal) => tickOf(instrument, price, exDate),
  }
  for (const order of user.orders) {
    // Who placed it later knew the new price.
    if (order.acceptedAt >= cutoffMs) continue
    const result = adjustOrder(order, terms, rules)
    if (result.kind === 'keep') continue
    const after = result.kind === 'adjust' ? result.order : { holdKrw: 0n, holdQuantity: 0n }
    releasedKrw += order.holdKrw - after.holdKrw
    releasedQuantity += order.holdQuantity - after.holdQuantity
    if (result.kind === 'adjust') adjusted.push(result.order)
    else cancelled.push(order)
  }
  return { orders: { adjusted, cancelled }, releasedKrw, releasedQuantity }
}

type Money = Pick<ActionOutcome, 'position' | 'cashKrw' | 'realizedKrw' | 'ledger'> & {
  isSplit: boolean
}

/** What of the position is from before the ex-date. */
function eligibleOf({ position, tradedSince }: ActionUser): Decimal {
  const before = (position?.quantity ?? 0n) - tradedSince
  return before < 0n ? 0n : before
}

function divided(user: ActionUser, facts: ActionFacts, split: Split): Money {
  const { position } = user
  if (!position) return { position, cashKrw: 0n, realizedKrw: 0n, ledger: [], isSplit: false }
  const { instrument, lots, basePrice, exchangeRate } = facts
  const eligible = eligibleOf(user)
  const { holding, fractionKrw } = splitHolding(position, {
    ...{ split, lot: lots.position, basePrice, exchangeRate },
    // What was sold since was sold out of the old shares.
    eligible: eligible < position.quantity ? eligible : position.quantity,
    currency: instrument.currency satisfies Currency,
  })
  const more = holding.quantity - position.quantity
  const shares = { legNo: 0, kind: 'split', unit: instrument.tickerId } as const
  const ledger: LedgerRow[] = []
  if (more > 0n) ledger.push({ ...shares, debit: 'POSITION', credit: 'MARKET', amount: more })
  if (more < 0n) ledger.push({ ...shares, debit: 'MARKET', credit: 'POSITION', amount: -more })
  if (fractionKrw > 0n) ledger.push(cash(1, 'fraction', fractionKrw))
  const realizedKrw =
    holding.realizedPriceKrw +
    holding.realizedFxKrw -
    position.realizedPriceKrw -
    position.realizedFxKrw
  return { position: holding, cashKrw: fractionKrw, realizedKrw, ledger, isSplit: true }
}

function paid(user: ActionUser, facts: ActionFacts, dividend: CashDividend): Money {
  const { exchangeRate, taxPercent } = facts
  const quantity = eligibleOf(user)
  const { grossKrw, taxKrw } = dividendOf(dividend, { quantity, exchangeRate, taxPercent })
  const ledger: LedgerRow[] = []
  if (grossKrw > 0n) ledger.push(cash(0, 'dividend', grossKrw))
  if (taxKrw > 0n) {
    const accounts = { debit: 'TAX', credit: 'CASH' } as const
    ledger.push({ legNo: 1, kind: 'tax', ...accounts, unit: 'KRW', amount: taxKrw })
  }
  const { position } = user
  return { position, cashKrw: grossKrw - taxKrw, realizedKrw: 0n, ledger, isSplit: false }
}

const cash = (legNo: number, kind: LedgerRow['kind'], amount: Decimal): LedgerRow => ({
  ...{ legNo, kind, debit: 'CASH', credit: 'MARKET', unit: 'KRW', amount },
})
