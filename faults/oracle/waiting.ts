// Pure: no I/O, no clock, no randomness.
// Nothing is left over: the queues and the edge's outboxes are empty, and the dead letters are the
// poison that was put in, each one, and nothing else.

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

/** Every poison is kept as a dead letter; no innocent message is. */
export const checkDeadLetters: Check = ({ journal, snapshot }) => {
  const violations: Violation[] = []
  const kept = new Set(snapshot.deadLetterHashes)
  for (const { body, meant } of journal.injected()) {
    // An order that cannot be settled is stored FAILED, and may be kept as a dead letter as well.
    const isKept = meant !== 'known' && kept.delete(bodyHash(body))
    if (meant === 'dead' && !isKept) {
      const detail = 'a message that cannot become an order was not kept'
      violations.push({ promise: 'dead_letter', subject: body.slice(0, 60), detail })
    }
  }
  for (const subject of kept) {
    const detail = 'an innocent message ended as a dead letter'
    violations.push({ promise: 'dead_letter', subject, detail })
  }
  return violations
}
