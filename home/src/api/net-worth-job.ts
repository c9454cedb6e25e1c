// What everyone is worth is written down at fixed instants, and thinned with time. By the hour the
// statements that nobody reads are brought up to date too, before the outbox forgets.

import { catchUpAll } from '../statement/catch-up.ts'
import { type Sources, takeSnapshot, thinPoints } from './queries/net-worth.ts'

/** How often a point is taken: at instants that divide by it, so that all processes mean the same. */
export const SLOT_MS = 5 * 60 * 1_000
const UPKEEP_MS = 60 * 60 * 1_000

/** The last slot that has begun. */
export function slotOf(ms: number): number {
  return ms - (ms % SLOT_MS)
}

/** Waits for the next slot, and so on; answers how to stop. */
export function startNetWorth(parts: Sources & { now: () => number }): () => Promise<void> {
  const { now, log, sql } = parts
  let isStopped = false
  let keptUpAt = 0
  let timer: NodeJS.Timeout
  let running = Promise.resolve()
  const take = async (slot: number): Promise<void> => {
    await takeSnapshot(parts, slot)
    if (now() - keptUpAt < UPKEEP_MS) return
    await thinPoints(sql, now())
    await catchUpAll(parts, now())
    keptUpAt = now()
  }
  const wait = (): void => {
    const next = slotOf(now()) + SLOT_MS
    timer = setTimeout(() => {
      // A timer may come a little early; after a pause of the machine much later.
      const slot = Math.max(next, slotOf(now()))
      running = take(slot)
        .catch((error: unknown) => log.warn({ err: error }, 'no net worth was written'))
        .then(() => {
          if (!isStopped) wait()
        })
    }, next - now())
  }
  wait()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await running
  }
}
