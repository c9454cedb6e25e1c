// Waits for something that another process or connection brings about.

import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 5

/** Resolves once the condition holds; rejects when it does not within the deadline. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 5_000,
): Promise<void> {
  for (const end = Date.now() + deadlineMs; !(await condition()); await sleep(POLL_MS)) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${condition.toString()}`)
  }
}
