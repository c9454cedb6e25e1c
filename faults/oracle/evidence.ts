// Pure: no I/O, no clock, no randomness.
// What a check is given, and what it answers.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { Journal } from '../journal.ts'
import type { OrderRow, Snapshot } from './snapshot.ts'

export type Evidence = {
  journal: Journal
  snapshot: Snapshot
  /** What every new wallet is granted. */
  startingCashKrw: Decimal
}

/** The promises the oracle judges. */
export const PROMISES = [
  'lost', // a 202 without an order
  'unsettled', // an accepted order that is neither final nor resting with its hold
  'watched', // an open order that no engine would load, or a closed one that it would
  'duplicated', // an order, a fill or a client order id booked more than once
  'unexpected', // an order nobody sent, or other than it was sent
  'cancel', // an accepted cancel without exactly one result
  'sequence', // a user's events are not numbered 1..n
  'epoch', // something written by an engine after another had taken its partition over
  'transition', // a status that may not follow, or an event that differs from the order
  'ledger', // a balance, a quantity or a leg that does not add up
  'hold', // reserved money or shares that no open order explains
  'figures', // price, quantity or fee that the fills do not give
  'waiting', // a message that still waits somewhere
  'poison', // a poison that is not kept as a dead letter or FAILED
  'innocent', // a good message that ended as a dead letter
] as const
export type Promised = (typeof PROMISES)[number]

/** One broken promise. `subject` says whose: an order, a user, a queue. */
export type Violation = { promise: Promised; subject: string; detail: string }

export type Check = (evidence: Evidence) => Violation[]

/** Groups rows by a key. */
export function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}

/** Adds an amount to the sum kept under a key. */
export function addTo(sums: Map<string, Decimal>, key: string, amount: Decimal): void {
  sums.set(key, (sums.get(key) ?? 0n) + amount)
}

/** Whether an order waits, with its hold. */
export const isOpen = (order: OrderRow): boolean =>
  order.status === 'OPEN' || order.status === 'PARTIALLY_FILLED'
