// Repeats work at a fixed pace.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'

export type Schedule = {
  intervalMs: number
  now: () => number
  signal: AbortSignal
  log: Log
}

/**
 * Does the work at every multiple of the interval on the clock, one at a time, until the signal
 * aborts: what takes longer skips a turn. A failure is logged, and the next turn tries again.
 */
export async function every(schedule: Schedule, work: () => Promise<void>): Promise<void> {
  const { intervalMs, now, signal, log } = schedule
  for (;;) {
    // A millisecond more than is left: timers may fire early.
    await pause(intervalMs - (now() % intervalMs) + 1, signal)
    if (signal.aborted) return
    try {
      await work()
    } catch (error) {
      log.warn({ err: error }, 'the feed missed a turn')
    }
  }
}

/** Waits; an abort ends the wait. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
