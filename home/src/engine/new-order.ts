// Pure: no I/O, no clock, no randomness.
// From a message to the record of an order, and of the exits that come with it.

import { isStop, type Leg, type OrderDraft, type OrderTerms } from '@motu/shared/order.ts'
import { legIdOf } from '@motu/shared/order-id.ts'
import { draftOf, type PlaceMessage } from '@motu/shared/order-message.ts'
import type { OrderRecord } from '../db/order-view.ts'

/** The record of a new order. A replacement asks for its total less what has filled already. */
export function newOrder(
  message: PlaceMessage,
  { nowMs, replaced }: { nowMs: number; replaced: OrderRecord | null },
): OrderRecord {
  const draft = draftOf(message)
  const left = draft.quantity - (replaced?.filledQuantity ?? 0n)
  const isLeader = draft.orderClass !== undefined && draft.orderClass !== 'SIMPLE'
  return {
    ...blank(draft),
    userId: message.user_id,
    id: message.order_id,
    clientOrderId: draft.clientOrderId,
    tickerId: draft.tickerId,
    side: draft.side,
    // What asks for no more than has filled is refused further on; the record needs a quantity.
    requestedQuantity: left > 0n ? left : draft.quantity > 0n ? draft.quantity : 1n,
    requestedNotional: draft.notional ?? null,
    postOnly: draft.postOnly ?? false,
    reduceOnly: draft.reduceOnly ?? false,
    sessions: draft.sessions ?? null,
    groupId: replaced?.groupId ?? (isLeader ? message.order_id : null),
    leg: replaced?.leg ?? (isLeader ? leaderLeg(draft) : null),
    waitingFor: replaced?.waitingFor === 'ENTRY' ? 'ENTRY' : null,
    replaces: draft.replaces ?? null,
    acceptedAt: Date.parse(message.accepted_at),
    storedAt: nowMs,
  }
}

/** The leader of an OCO is itself one of its exits. */
function leaderLeg(draft: OrderDraft): Leg {
  return draft.orderClass === 'OCO' ? 'TAKE_PROFIT' : 'ENTRY'
}

/** The exits that come with an order; they wait for its fill, those of an OCO for the market. */
export function exitsOf(leader: OrderRecord, draft: OrderDraft, nowMs: number): OrderRecord[] {
  const exits: OrderRecord[] = []
  const isOco = draft.orderClass === 'OCO'
  for (const [leg, terms] of [
    ['TAKE_PROFIT', draft.takeProfit],
    ['STOP_LOSS', draft.stopLoss],
  ] as const) {
    if (!terms) continue
    const id = legIdOf(leader.id, leg)
    exits.push({
      ...blank(terms),
      userId: leader.userId,
      id,
      clientOrderId: id,
      tickerId: leader.tickerId,
      side: isOco || leader.side === 'SELL' ? leader.side : 'SELL',
      requestedQuantity: leader.requestedQuantity,
      sessions: leader.sessions,
      groupId: leader.id,
      leg,
      waitingFor: isOco ? (isStop(terms.type) ? 'TRIGGER' : 'PRICE') : 'ENTRY',
      acceptedAt: leader.acceptedAt,
      storedAt: nowMs,
    })
  }
  return exits
}

type Blank = Omit<
  OrderRecord,
  | 'userId'
  | 'id'
  | 'clientOrderId'
  | 'tickerId'
  | 'side'
  | 'requestedQuantity'
  | 'acceptedAt'
  | 'storedAt'
>

/** An order on which nothing has happened yet. */
function blank(terms: OrderTerms): Blank {
  return {
    type: terms.type,
    timeInForce: terms.timeInForce,
    limitPrice: terms.limitPrice,
    stopPrice: terms.stopPrice ?? null,
    trailAmount: terms.trailAmount ?? null,
    trailPercent: terms.trailPercent ?? null,
    requestedNotional: null,
    postOnly: false,
    reduceOnly: false,
    sessions: null,
    expiresAt: null,
    groupId: null,
    leg: null,
    replaces: null,
    replacedBy: null,
    triggeredAt: null,
    markPrice: null,
    status: 'PENDING',
    reason: null,
    waitingFor: null,
    price: null,
    filledQuantity: 0n,
    appliedExchangeRate: null,
    notionalKrw: 0n,
    feeKrw: 0n,
    holdKrw: 0n,
    holdQuantity: 0n,
    fillCount: 0,
    settledLate: false,
    filledAt: null,
    cancelRequestedAt: null,
    cancelResult: null,
  }
}
