// Pure: no I/O, no clock, no randomness.
// Nothing is left over: the queues and the edge's outboxes are empty, and what poison was put in is
// accounted for.

import { createHash } from 'node:crypto'
import type { Check, Violation } from './evidence.ts'

/** No message waits anywhere. */
export const checkWaiting: Check = ({ snapshot }) =>
  snapshot.waiting
    .filter(({ count }) => count !== 0)
    .map(({ where, count }) => ({
      promise: 'waiting',
      subject: where,
      detail: `${count} messages still wait`,
    }))

/** A body's name among the dead letters. */
export const bodyHash = (body: string): string => createHash('sha256').update(body).digest('hex')

/**
 * Poison that cannot be an order is kept as a dead letter; poison that can is stored FAILED; no
 * innocent message is among the dead letters.
 */
export const checkPoison: Check = ({ journal, snapshot }) => {
  const violations: Violation[] = []
  const report = (subject: string, detail: string) =>
    violations.push({ promise: 'poison', subject, detail })
  const innocent = new Set(snapshot.deadLetterHashes)
  const kept = new Set(snapshot.deadLetterHashes)
  const failed = new Set(
    snapshot.orders.filter(({ status }) => status === 'FAILED').map((order) => order.id),
  )
  for (const { body, meant, orderId } of journal.injected()) {
    if (meant === 'known') continue
    const hash = bodyHash(body)
    innocent.delete(hash)
    if (meant === 'dead' && !kept.has(hash)) report(body.slice(0, 60), 'was not kept')
    if (meant === 'order' && !failed.has(orderId ?? '')) report(body.slice(0, 60), 'did not fail')
  }
  for (const subject of innocent) {
    const detail = 'a good message ended as a dead letter'
    violations.push({ promise: 'innocent', subject, detail })
  }
  return violations
}
