// Pure: no I/O, no clock, no randomness.
// Orders that belong together: what the end or the fill of one does to the others.
//
//   ENTRY filled (or ended with a part filled) ──► its exits work, for what was filled
//   ENTRY ended without a fill ──► its exits end
//   one exit fills a part ──► the other asks for as much less;  all of it ──► the other ends
//   one is cancelled by its user ──► all end;  one expires or fails ──► the other goes on
//
// Two exits share one hold: the one that is about to fill takes it over (`Books.moveHold`).

import type { Decimal } from '@motu/shared/decimal.ts'
import { isFinal, isStop, type Leg, type OrderStatus, type Reason } from '@motu/shared/order.ts'
import { legIdOf } from '@motu/shared/order-id.ts'
import type { OrderRecord } from '../db/order-view.ts'
import type { Books } from './books.ts'

/** The ids under which a group's orders were first stored; a replaced one says by which. */
export function memberIds(leaderId: string): string[] {
  return [leaderId, legIdOf(leaderId, 'TAKE_PROFIT'), legIdOf(leaderId, 'STOP_LOSS')]
}

/** The orders of a group that are in the books, each as the replacement that works now. */
export function membersOf(books: Books, order: OrderRecord): Map<Leg, OrderRecord> {
  const members = new Map<Leg, OrderRecord>()
  if (order.groupId === null) return members
  for (const id of memberIds(order.groupId)) {
    let member = books.orders.get(id)
    while (member?.replacedBy) member = books.orders.get(member.replacedBy)
    if (member?.leg) members.set(member.leg, member)
  }
  return members
}

/** The other of two exits, while it is open. */
export function siblingOf(books: Books, order: OrderRecord): OrderRecord | null {
  if (order.leg === null || order.leg === 'ENTRY') return null
  const other = order.leg === 'TAKE_PROFIT' ? 'STOP_LOSS' : 'TAKE_PROFIT'
  const sibling = membersOf(books, order).get(other)
  return sibling && !isFinal(sibling.status) ? sibling : null
}

/** When something happened to a group, and how long an exit lives that begins to work then. */
export type Turn = {
  readonly at: number
  readonly endOfDay: (order: OrderRecord, at: number) => number | null
}

/** What an order of a group that moved on does to the others. Tells of each. */
export function settleGroup(
  books: Books,
  order: OrderRecord,
  filledBefore: Decimal,
  turn: Turn,
): void {
  if (order.groupId === null) return
  if (order.leg === 'ENTRY') settleExits(books, order, turn)
  else settleSibling(books, order, filledBefore)
}

function settleExits(books: Books, entry: OrderRecord, { at, endOfDay }: Turn): void {
  // A replaced entry goes on as its replacement.
  if (!isFinal(entry.status) || entry.reason === 'replaced') return
  const members = membersOf(books, entry)
  const exits = [members.get('TAKE_PROFIT'), members.get('STOP_LOSS')].filter(
    (exit): exit is OrderRecord => exit !== undefined && exit.waitingFor === 'ENTRY',
  )
  // What the entry bought, as far as its owner has not sold or promised it meanwhile.
  const free = exits[0] ? books.available(exits[0]).quantity : 0n
  const filled = filledInAll(books, entry)
  const quantity = free < filled ? free : filled
  for (const [index, exit] of exits.entries()) {
    if (quantity === 0n) {
      const reason = filled === 0n ? 'entry_ended' : 'insufficient_quantity'
      books.advance(exit, 'CANCELLED', reason)
    } else {
      books.amend(exit, {
        requestedQuantity: quantity,
        waitingFor: isStop(exit.type) ? 'TRIGGER' : 'PRICE',
        triggeredAt: at,
        ...(exit.timeInForce === 'DAY' && { expiresAt: endOfDay(exit, at) }),
      })
      if (index === 0) books.hold(exit, 0n, quantity)
    }
    books.tell(exit)
  }
}

/** What an entry filled, and what those filled whose place it took. */
function filledInAll(books: Books, entry: OrderRecord): Decimal {
  let filled = 0n
  for (let order: OrderRecord | undefined = entry; order;) {
    filled += order.filledQuantity
    order = order.replaces === null ? undefined : books.orders.get(order.replaces)
  }
  return filled
}

/** Ends an order; of two exits the one that goes on takes over what both held. */
export function end(books: Books, order: OrderRecord, status: OrderStatus, reason: Reason): void {
  const sibling = siblingOf(books, order)
  if (sibling) books.moveHold(order, sibling)
  books.advance(order, status, reason)
}

function settleSibling(books: Books, order: OrderRecord, filledBefore: Decimal): void {
  const sibling = siblingOf(books, order)
  if (!sibling) return
  const filled = order.filledQuantity - filledBefore
  const left = sibling.requestedQuantity - sibling.filledQuantity - filled
  const isOver = order.status === 'FILLED' || left <= 0n || order.reason === 'cancelled_by_user'
  if (isOver) books.advance(sibling, 'CANCELLED', 'oco_sibling')
  else if (filled > 0n) {
    books.amend(sibling, { requestedQuantity: sibling.requestedQuantity - filled })
  } else return
  books.tell(sibling)
}
