// Pure: no I/O, no clock, no randomness.
// The oracle: whether the books keep every promise the journal holds.

import { isFinal } from '@motu/shared/order.ts'
import type { Check, Evidence, Promised, Violation } from './oracle/evidence.ts'
import { checkCosts, checkFigures } from './oracle/figures.ts'
import { checkEpochs, checkSequences, checkTransitions } from './oracle/history.ts'
import { checkBalances, checkHolds, checkLegs } from './oracle/money.ts'
import {
  checkCancels,
  checkDuplicated,
  checkLost,
  checkSettled,
  checkUnexpected,
  checkWatched,
} from './oracle/promises.ts'
import { checkPoison, checkWaiting } from './oracle/waiting.ts'

/** What the books alone must satisfy, whoever sent what. */
const BOOK_CHECKS: readonly Check[] = [
  checkWatched,
  checkDuplicated,
  checkSequences,
  checkEpochs,
  checkTransitions,
  checkBalances,
  checkLegs,
  checkHolds,
  checkFigures,
  checkCosts,
  checkWaiting,
]

export const CHECKS: readonly Check[] = [
  checkLost,
  checkSettled,
  checkUnexpected,
  checkCancels,
  checkPoison,
  ...BOOK_CHECKS,
]

export type Verdict = {
  /** Requests sent, and distinct orders behind a 202. */
  attempted: number
  accepted: number
  /** Requests without a clear answer, by distinct order. */
  ambiguous: number
  /** Of the accepted orders: those that are final, those of them that filled, those that rest. */
  final: number
  filled: number
  resting: number
  /** Orders nobody got a 202 for that came to be nevertheless: ambiguous sends that arrived. */
  recovered: number
  lost: number
  duplicated: number
  ledgerUnbalanced: number
  /** Every broken promise, the three above included. */
  violations: Violation[]
}

/** Judges. No violation means that every promise was kept. */
export function judge(evidence: Evidence): Verdict {
  const { journal, snapshot } = evidence
  const violations = CHECKS.flatMap((check) => check(evidence))
  const acceptedIds = new Set(journal.accepted().map((entry) => entry.orderId))
  const accepted = snapshot.orders.filter((order) => acceptedIds.has(order.id))
  const final = accepted.filter((order) => isFinal(order.status))
  const places = journal.places()
  const unclear = places.filter(
    ({ orderId, outcome }) => outcome.kind === 'ambiguous' && !acceptedIds.has(orderId),
  )
  const unclearIds = new Set(unclear.map((entry) => entry.orderId))
  return {
    attempted: places.length,
    accepted: acceptedIds.size,
    ambiguous: unclearIds.size,
    final: final.length,
    filled: final.filter((order) => order.status === 'FILLED').length,
    resting: accepted.length - final.length,
    recovered: snapshot.orders.filter((order) => unclearIds.has(order.id)).length,
    lost: count(violations, 'lost') + count(violations, 'unsettled'),
    duplicated: count(violations, 'duplicated'),
    ledgerUnbalanced: count(violations, 'ledger'),
    violations,
  }
}

/** Judges books without a journal: what does not depend on who was promised what. */
export function judgeBooks(evidence: Evidence): Violation[] {
  return BOOK_CHECKS.flatMap((check) => check(evidence))
}

/** How many different subjects a promise was broken for. */
function count(violations: readonly Violation[], promise: Promised): number {
  return new Set(violations.filter((one) => one.promise === promise).map((one) => one.subject)).size
}
