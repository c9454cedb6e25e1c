// Pure: no I/O, no clock, no randomness.
// What users were told: numbered without a gap, under one owner after the other, one legal path of
// statuses for each order, and the last word agrees with the books. A final status that ever changed
// shows here.

import { formatDecimal } from '@motu/shared/decimal.ts'
import { isFinal, mayFollow, type OrderStatus } from '@motu/shared/order.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { type Check, groupBy, type Violation } from './evidence.ts'
import type { EventRow, OrderRow } from './snapshot.ts'

/** Each user's events are numbered 1, 2, 3 … up to what the wallet says. */
export const checkSequences: Check = ({ snapshot }) => {
  const violations: Violation[] = []
  const byUser = groupBy(snapshot.events, (event) => event.userId)
  for (const { userId, eventSeq } of snapshot.wallets) {
    const numbers = (byUser.get(userId) ?? []).map((event) => event.seq)
    numbers.sort((a, b) => (a < b ? -1 : 1))
    const gap = numbers.findIndex((seq, index) => seq !== BigInt(index + 1))
    if (gap !== -1) {
      const detail = `event ${gap + 1} is numbered ${numbers[gap]}`
      violations.push({ promise: 'sequence', subject: userId, detail })
    } else if (eventSeq !== BigInt(numbers.length)) {
      const detail = `${numbers.length} events, but the wallet counts ${eventSeq}`
      violations.push({ promise: 'sequence', subject: userId, detail })
    }
  }
  return violations
}

/**
 * Within a partition epochs never go back: a takeover waits for what is under way, and whatever its
 * predecessor writes afterwards must be refused.
 */
export const checkEpochs: Check = ({ snapshot }) => {
  const violations: Violation[] = []
  const byPartition = groupBy(snapshot.events, ({ userId }) => String(partitionOf(userId)))
  for (const [partition, events] of byPartition) {
    events.sort((a, b) => (a.id < b.id ? -1 : 1))
    const zombie = events.find((event, index) => event.epoch < (events[index - 1]?.epoch ?? 0n))
    if (!zombie) continue
    const detail = `written under epoch ${zombie.epoch} after a later one (partition ${partition})`
    violations.push({ promise: 'epoch', subject: zombie.orderId, detail })
  }
  return violations
}

/** Each order's events follow each other legally, and the last one is the order as it stands. */
export const checkTransitions: Check = ({ snapshot }) => {
  const violations: Violation[] = []
  const byOrder = groupBy(snapshot.events, (event) => event.orderId)
  for (const order of snapshot.orders) {
    const events = (byOrder.get(order.id) ?? []).sort((a, b) => (a.seq < b.seq ? -1 : 1))
    const detail = illegalStep(events) ?? lastWordDiffers(events, order)
    if (detail) violations.push({ promise: 'transition', subject: order.id, detail })
  }
  return violations
}

function illegalStep(events: readonly EventRow[]): string | null {
  let status: OrderStatus = 'PENDING'
  let previous: EventRow | null = null
  for (const event of events) {
    if (event.status === status) {
      // The same status may be told again for its cancel's result, but not for another fill.
      const changed = previous !== null && filledBy(previous) !== filledBy(event)
      if (changed && isFinal(status)) return `changed after it was ${status}`
    } else if (!mayFollow(status, event.status)) {
      return `went from ${status} to ${event.status}`
    }
    status = event.status
    previous = event
  }
  return null
}

const filledBy = ({ filledQuantity, price, feeKrw }: EventRow): string =>
  [filledQuantity, price, feeKrw].join(' ')

function lastWordDiffers(events: readonly EventRow[], order: OrderRow): string | null {
  const last = events.at(-1)
  if (!last) return 'the user was told nothing about it'
  if (last.status !== order.status) return `told ${last.status}, but it is ${order.status}`
  if (last.filledQuantity !== order.filledQuantity) {
    const told = formatDecimal(last.filledQuantity)
    return `told ${told} filled, not ${formatDecimal(order.filledQuantity)}`
  }
  if (last.cancelResult !== order.cancelResult) return 'told another result of its cancel'
  return null
}
