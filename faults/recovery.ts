// Waiting for a stack to get over a fault, and looking at its books once it has.

import { setTimeout as sleep } from 'node:timers/promises'
import { decimal } from '@motu/shared/decimal.ts'
import type { Journal } from './journal.ts'
import { judge, type Verdict } from './oracle.ts'
import type { Promised } from './oracle/evidence.ts'
import { readBooks, type Snapshot } from './oracle/snapshot.ts'
import { openQueues } from './queues.ts'
import { type Stack, STARTING_CASH_KRW } from './stack.ts'

/** Every 202 is final within this time after the fault is over. */
export const RECOVERY_DEADLINE_MS = 60_000
const LOOK_INTERVAL_MS = 250
/** What time can still mend. Everything else is wrong the moment it is seen. */
const PASSING: readonly Promised[] = ['lost', 'unsettled', 'cancel', 'waiting', 'poison']

/** Waits until every promise that takes time is kept, or the deadline; answers the seconds. */
export async function untilRecovered(
  stack: Stack,
  journal: Journal,
  deadlineMs: number,
): Promise<number> {
  const startedAt = Date.now()
  const deadline = startedAt + deadlineMs
  while (Date.now() < deadline) {
    const { violations } = await verdictOf(stack, journal)
    if (!violations.some(({ promise }) => PASSING.includes(promise))) break
    await sleep(LOOK_INTERVAL_MS)
  }
  return (Date.now() - startedAt) / 1_000
}

/**
 * The verdict once home has been stopped in good order: what a consumer held unacknowledged is then
 * back in its queue, where it shows.
 */
export async function finalVerdict(stack: Stack, journal: Journal): Promise<Verdict> {
  const held = (await stack.api.status()).held_orders
  await Promise.all([stack.front, ...stack.engines].map((home) => home.stop()))
  const waiting = [{ where: 'mailboxes', count: held }, ...(await queueDepths(stack))]
  return judgeSnapshot({ ...(await readBooks(stack.sql)), waiting }, journal)
}

async function verdictOf(stack: Stack, journal: Journal): Promise<Verdict> {
  const held = { where: 'mailboxes', count: (await stack.api.status()).held_orders }
  const waiting = [held, ...(await queueDepths(stack))]
  return judgeSnapshot({ ...(await readBooks(stack.sql)), waiting }, journal)
}

function judgeSnapshot(snapshot: Snapshot, journal: Journal): Verdict {
  return judge({ journal, snapshot, startingCashKrw: decimal(STARTING_CASH_KRW) })
}

/** Messages ready in each queue of the stack. */
export async function queueDepths(stack: Stack): Promise<Snapshot['waiting']> {
  const queues = await openQueues(stack.servers.rabbitmq.url, stack.queuePrefix)
  try {
    return await queues.depths()
  } finally {
    await queues.close()
  }
}

/** Messages ready in all queues together. */
export async function queuedMessages(stack: Stack): Promise<number> {
  return (await queueDepths(stack)).reduce((sum, { count }) => sum + count, 0)
}
