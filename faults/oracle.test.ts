// The oracle itself, tested: silent on sound books, and for each promise at least one spoiled copy
// that only this promise's check notices. A check that could be deleted unnoticed is no check.

import { decimal } from '@motu/shared/decimal.ts'
import { expect, test } from 'vitest'
import { CHECKS, judge } from './oracle.ts'
import type { Evidence, Promised } from './oracle/evidence.ts'
import type { LedgerRow } from './oracle/snapshot.ts'
import { bodyHash } from './oracle/waiting.ts'
import { orderNamed, soundEvidence, USER_ID } from './sound-books.ts'

const OTHER_ID = '00000000-0000-4000-8000-000000000001'
const POISON = '{"not":"an order"}'

type Spoil = (evidence: Evidence) => void

function remove<T>(rows: T[], isRemoved: (row: T) => boolean): void {
  const index = rows.findIndex(isRemoved)
  rows.splice(index, 1)
}

/** Takes an order out of the books without a trace, as if it had never arrived. */
function forget(evidence: Evidence, name: string): void {
  const { id, holdKrw } = orderNamed(evidence, name)
  const { snapshot } = evidence
  remove(snapshot.orders, (order) => order.id === id)
  remove(snapshot.openOrderIds, (orderId) => orderId === id)
  snapshot.wallets[0]!.heldKrw -= holdKrw
  snapshot.events = snapshot.events
    .filter((event) => event.orderId !== id)
    .map((event, index) => ({ ...event, seq: BigInt(index + 1) }))
  snapshot.wallets[0]!.eventSeq = BigInt(snapshot.events.length)
}

/** Sets the status of an order, in the order and in the last event about it. */
function end(evidence: Evidence, name: string, change: { status?: 'OPEN' | 'FAILED' }): void {
  const order = orderNamed(evidence, name)
  const last = evidence.snapshot.events.findLast((event) => event.orderId === order.id)!
  Object.assign(order, change)
  Object.assign(last, change)
}

const adjustment = (debit: string, credit: string): LedgerRow => ({
  ...{ userId: USER_ID, sourceId: OTHER_ID, kind: 'adjustment', unit: 'KRW', amount: 5n },
  ...{ debit, credit },
})

const SPOILED: readonly [what: string, spoil: Spoil, promise: Promised][] = [
  ['an accepted order is missing', (e) => forget(e, 'resting-buy'), 'lost'],
  [
    'a market order still waits',
    (e) => {
      end(e, 'mismatch', { status: 'OPEN' })
      const order = orderNamed(e, 'mismatch')
      order.holdQuantity = order.requestedQuantity
      e.snapshot.openOrderIds.push(order.id)
      // The book is made big enough for the hold, so that only the promise itself is broken.
      e.snapshot.positions[0]!.heldQuantity += order.requestedQuantity
      e.snapshot.positions[0]!.quantity += 10n ** 9n
      e.snapshot.ledger.push({
        userId: USER_ID,
        sourceId: OTHER_ID,
        kind: 'grant',
        debit: 'POSITION',
        credit: 'GRANT',
        unit: order.tickerId,
        amount: 10n ** 9n,
      })
    },
    'unsettled',
  ],
  ['an open order that no engine would load', (e) => e.snapshot.openOrderIds.pop(), 'watched'],
  [
    'a closed order that an engine would load',
    (e) => e.snapshot.openOrderIds.push(orderNamed(e, 'buy').id),
    'watched',
  ],
  [
    'one order id stands twice',
    (e) => e.snapshot.orders.push({ ...orderNamed(e, 'cancelled') }),
    'duplicated',
  ],
  [
    'two orders share a client order id',
    (e) => (orderNamed(e, 'mismatch').reason = 'insufficient_quantity'),
    'duplicated',
  ],
  ['fills are numbered with a gap', (e) => (e.snapshot.fills[0]!.fillNo = 2), 'duplicated'],
  [
    'an order nobody sent',
    (e) => remove(e.journal.entries, (entry) => entry.kind === 'place'),
    'unexpected',
  ],
  [
    'an order whose every request was refused',
    (e) => (e.journal.places()[4]!.outcome = { kind: 'refused', status: 422 }),
    'unexpected',
  ],
  [
    'an order other than it was sent',
    (e) => (orderNamed(e, 'cancelled').limitPrice = decimal('3200000')),
    'unexpected',
  ],
  [
    'an order accepted under another id',
    (e) => {
      const { outcome } = e.journal.places()[0]!
      if (outcome.kind === 'accepted') outcome.orderId = OTHER_ID
    },
    'unexpected',
  ],
  [
    'a cancel without a result',
    (e) => {
      orderNamed(e, 'cancelled').cancelResult = null
      for (const event of e.snapshot.events) event.cancelResult = null
    },
    'cancel',
  ],
  [
    'a cancel result nobody asked for',
    (e) => remove(e.journal.entries, (entry) => entry.kind === 'cancel'),
    'cancel',
  ],
  [
    'a gap in the numbers of a user’s events',
    (e) => (e.snapshot.events.at(-1)!.seq += 1n),
    'sequence',
  ],
  ['a wallet that counts more events', (e) => (e.snapshot.wallets[0]!.eventSeq += 1n), 'sequence'],
  [
    'a write of an engine that had lost its partition',
    (e) => (e.snapshot.events[2]!.epoch = 2n),
    'epoch',
  ],
  [
    'a final status that was left again',
    (e) => (e.snapshot.events.find((event) => event.status === 'OPEN')!.status = 'CANCELLED'),
    'transition',
  ],
  [
    'an event that tells other than the books',
    (e) => (e.snapshot.events.find((event) => event.status === 'FILLED')!.filledQuantity += 1n),
    'transition',
  ],
  ['a balance that is off', (e) => (e.snapshot.wallets[0]!.balanceKrw += 1n), 'ledger'],
  ['a quantity that is off', (e) => (e.snapshot.positions[0]!.quantity += 1n), 'ledger'],
  [
    'a dropped fee leg, its balance adjusted to match',
    (e) => {
      const fee = e.snapshot.ledger.find((entry) => entry.kind === 'fee')!
      e.snapshot.wallets[0]!.balanceKrw += fee.amount
      remove(e.snapshot.ledger, (entry) => entry === fee)
    },
    'ledger',
  ],
  [
    'a leg booked twice, its balance adjusted to match',
    (e) => {
      const fee = e.snapshot.ledger.find((entry) => entry.kind === 'fee')!
      e.snapshot.wallets[0]!.balanceKrw -= fee.amount
      e.snapshot.ledger.push({ ...fee })
    },
    'ledger',
  ],
  [
    'an adjustment that did not reach the wallet',
    (e) => e.snapshot.ledger.push(adjustment('CASH', 'GRANT')),
    'ledger',
  ],
  [
    'an adjustment out of the market, its balance adjusted to match',
    (e) => {
      e.snapshot.ledger.push(adjustment('CASH', 'MARKET'))
      e.snapshot.wallets[0]!.balanceKrw += 5n
    },
    'ledger',
  ],
  ['money held for nothing', (e) => (e.snapshot.wallets[0]!.heldKrw += 1n), 'hold'],
  ['shares held for nothing', (e) => (e.snapshot.positions[0]!.heldQuantity -= 1n), 'hold'],
  [
    'a resting buy that holds too little',
    (e) => {
      orderNamed(e, 'resting-buy').holdKrw = 1n
      e.snapshot.wallets[0]!.heldKrw = 1n
    },
    'hold',
  ],
  ['a fee that its fills do not give', (e) => (orderNamed(e, 'buy').notionalKrw += 1n), 'figures'],
  [
    'a fill on an event from before the 202',
    (e) => (e.snapshot.fills[0]!.filledAt = orderNamed(e, 'buy').acceptedAt),
    'figures',
  ],
  ['a profit nobody made', (e) => (e.snapshot.wallets[0]!.realizedPnlKrw += 1n), 'figures'],
  ['a cost that is off', (e) => (e.snapshot.positions[0]!.costKrw += 1n), 'figures'],
  ['a message that still waits', (e) => (e.snapshot.waiting[0]!.count = 1), 'waiting'],
  [
    'poison that is kept nowhere',
    (e) => e.journal.add({ kind: 'injected', body: POISON, meant: 'dead', orderId: null }),
    'poison',
  ],
  [
    'a poisonous order that did not fail',
    (e) => e.journal.add({ kind: 'injected', body: POISON, meant: 'order', orderId: OTHER_ID }),
    'poison',
  ],
  [
    'an innocent among the dead letters',
    (e) => e.snapshot.deadLetterHashes.push(bodyHash('{"an":"order"}')),
    'innocent',
  ],
]

test('the oracle takes what an admin gave or took', () => {
  for (const [debit, credit, sign] of [
    ['CASH', 'GRANT', 1n],
    ['GRANT', 'CASH', -1n],
  ] as const) {
    const evidence = soundEvidence()
    evidence.snapshot.ledger.push(adjustment(debit, credit))
    evidence.snapshot.wallets[0]!.balanceKrw += sign * 5n
    expect(judge(evidence).violations).toEqual([])
  }
})

test('the oracle is silent on sound books', () => {
  const verdict = judge(soundEvidence())
  expect(verdict.violations).toEqual([])
  expect(verdict).toMatchObject({ accepted: 6, final: 4, filled: 2, resting: 2, lost: 0 })
})

test.each(SPOILED)('the oracle notices %s', (_what, spoil, promise) => {
  const evidence = soundEvidence()
  spoil(evidence)
  const { violations } = judge(evidence)
  expect(new Set(violations.map((violation) => violation.promise))).toEqual(new Set([promise]))
})

test.each(CHECKS)('only $name notices something that nobody else does', (check) => {
  const isAlone = SPOILED.some(([, spoil]) => {
    const evidence = soundEvidence()
    spoil(evidence)
    const noticing = CHECKS.filter((one) => one(evidence).length > 0)
    return noticing.length === 1 && noticing[0] === check
  })
  expect(isAlone).toBe(true)
})

test('the oracle counts an ambiguous order that arrived as recovered, not as unexpected', () => {
  const evidence = soundEvidence()
  evidence.journal.places()[2]!.outcome = { kind: 'ambiguous', detail: 'connection lost' }
  const verdict = judge(evidence)
  expect(verdict.violations).toEqual([])
  expect(verdict).toMatchObject({ accepted: 5, ambiguous: 1, recovered: 1 })
})

test('the oracle finds poison that was kept', () => {
  const evidence = soundEvidence()
  evidence.journal.add({ kind: 'injected', body: POISON, meant: 'dead', orderId: null })
  evidence.snapshot.deadLetterHashes.push(bodyHash(POISON))
  expect(judge(evidence).violations).toEqual([])
})
