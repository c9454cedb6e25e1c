// Pure: no I/O, no clock, no randomness.
// What a new order does to the books: refused, or open with its hold, in place of another or with
// its exits; then held against what the market did since it was accepted.

import { findInstrument } from '@motu/shared/instrument.ts'
import { isFinal, isStop, type Reason } from '@motu/shared/order.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import { draftOf, type PlaceMessage } from '@motu/shared/order-message.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { admit, type Available } from '@motu/shared/admit.ts'
import { type ApplyContext, cancelOpen, noteTooLate, walk } from './apply.ts'
import { type Books, clientKey } from './books.ts'
import { isRevoked } from './credentials.ts'
import { siblingOf } from './groups.ts'
import { hoursOf } from '@motu/shared/hours.ts'
import { exitsOf, newOrder } from './new-order.ts'

/** A new order: refused, or open with its hold and held against what the market did since. */
export function place(
  context: ApplyContext,
  books: Books,
  message: PlaceMessage,
  { verdict, isBehind = false }: { verdict?: Reason; isBehind?: boolean } = {},
): OrderRecord {
  const seen = books.orders.get(message.order_id)
  if (seen) return seen
  const owner = books.clientIds.get(clientKey(message.user_id, message.client_order_id))
  const named = message.replaces ? books.orders.get(message.replaces) : undefined
  const replaced = named?.userId === message.user_id ? named : null
  const order = newOrder(message, { nowMs: context.nowMs, replaced })
  books.insert(order, { ownsClientId: owner === undefined })
  const refusal = owner ? 'duplicate_mismatch' : (verdict ?? refusalOf(books, message, replaced))
  const cancelledAt = books.earlyCancels.get(order.id)
  if (refusal) {
    if (cancelledAt !== undefined) noteTooLate(order, cancelledAt)
    books.advance(order, 'FAILED', refusal)
  } else if (cancelledAt !== undefined) cancelOpen(context, books, order, cancelledAt)
  else {
    open(context, books, order, { message, replaced })
    if (!isBehind) walk(context, books, order)
  }
  if (books.isChanged(order)) books.tell(order)
  return order
}

/** Why an order may not even be looked at; the edge has checked the same, some time ago. */
function refusalOf(
  books: Books,
  message: PlaceMessage,
  replaced: OrderRecord | null,
): Reason | undefined {
  if (isRevoked(message, books.credentialEnds)) return 'revoked'
  const refusal = checkDraft(draftOf(message), Date.parse(message.accepted_at))?.reason
  if (refusal) return refusal
  if (message.replaces === undefined) return undefined
  const isSame = replaced?.tickerId === message.ticker_id && replaced.side === message.side
  if (!isSame || isFinal(replaced.status)) return 'replace_too_late'
  return draftOf(message).quantity > replaced.filledQuantity ? undefined : 'replace_too_late'
}

/** Takes the hold, the place of the order it replaces, and its exits along. */
function open(
  context: ApplyContext,
  books: Books,
  order: OrderRecord,
  { message, replaced }: { message: PlaceMessage; replaced: OrderRecord | null },
): void {
  const { market } = context
  const instrument = findInstrument(order.tickerId)!
  const draft = draftOf(message)
  const hours = hoursOf(market.calendarOf(instrument.venue), draft, order.acceptedAt)
  if (hours.kind === 'refuse') return books.advance(order, 'FAILED', hours.reason)
  const reference = market.reference(order, instrument, order.acceptedAt)
  const admission =
    order.waitingFor === 'ENTRY'
      ? ({
          kind: 'admit',
          hold: { krw: 0n, quantity: 0n },
          quantity: order.requestedQuantity,
        } as const)
      : admit(order, instrument, reference, freeWith(books, order, replaced))
  if (admission.kind === 'reject') return books.advance(order, 'FAILED', admission.reason)
  order.expiresAt = hours.expiresAt
  order.requestedQuantity = admission.quantity
  if (replaced) retire(books, replaced, order)
  books.hold(order, admission.hold.krw, admission.hold.quantity)
  books.advance(order, 'OPEN')
  order.waitingFor ??= waitingFor(order, hours.isOpen)
  const exits = exitsOf(order, draft, context.nowMs)
  for (const exit of exits) {
    books.insert(exit, { ownsClientId: true })
    const terms = exit.leg === 'TAKE_PROFIT' ? draft.takeProfit! : draft.stopLoss!
    // A day begins with the work: that of an exit behind an entry, once the entry has filled.
    const isBehind = exit.waitingFor === 'ENTRY' && exit.timeInForce === 'DAY'
    exit.expiresAt = terms.expireAt ?? (isBehind ? null : market.endOfDay(exit, order.acceptedAt))
    books.advance(exit, 'OPEN')
  }
  if (exits.length > 0) {
    books.tell(order)
    for (const exit of exits) books.tell(exit)
  }
}

/** What the user has free, with what the replaced order would give back. */
function freeWith(books: Books, order: OrderRecord, replaced: OrderRecord | null): Available {
  const free = books.available(order)
  if (!replaced) return free
  const holder =
    replaced.holdQuantity + replaced.holdKrw > 0n ? replaced : siblingOf(books, replaced)
  return {
    cashKrw: free.cashKrw + (holder?.holdKrw ?? 0n),
    quantity: free.quantity + (holder?.holdQuantity ?? 0n),
  }
}

/** The old order ends, and everything it stood for passes to the new one. */
function retire(books: Books, old: OrderRecord, order: OrderRecord): void {
  const sibling = siblingOf(books, old)
  if (sibling) {
    books.moveHold(sibling, old)
    // Two exits of one position: both leave as much of it.
    const requestedQuantity = sibling.filledQuantity + order.requestedQuantity
    if (requestedQuantity !== sibling.requestedQuantity) {
      books.amend(sibling, { requestedQuantity })
      books.tell(sibling)
    }
  }
  books.amend(old, { replacedBy: order.id })
  books.advance(old, 'CANCELLED', 'replaced')
  books.tell(old)
}

function waitingFor(order: OrderRecord, isOpen: boolean): OrderRecord['waitingFor'] {
  if (isStop(order.type)) return 'TRIGGER'
  if (!isOpen) return 'SESSION'
  return order.type === 'MARKET' || order.postOnly ? 'EVENT' : 'PRICE'
}
