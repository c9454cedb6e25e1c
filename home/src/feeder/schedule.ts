// Repeats work at a fixed pace.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'

export type Schedule = {
  /** Said in the log. */
  name: string
  intervalMs: number
  now: () => number
  signal: AbortSignal
  log: Log
}

/**
 * Does the work at every multiple of the interval on the clock, one at a time, until the signal
 * aborts: what takes longer skips a turn. A failure is logged, and the next turn tries again; what
 * fails on and on is logged when it begins and when it is over.
 */
export async function every(schedule: Schedule, work: () => Promise<void>): Promise<void> {
  const { name, intervalMs, now, signal, log } = schedule
  for (let failures = 0; ;) {
    // A millisecond more than is left: timers may fire early.
    await pause(intervalMs - (now() % intervalMs) + 1, signal)
    if (signal.aborted) return
    try {
      await work()
      if (failures > 0) log.info({ work: name, failures }, 'the feed goes on')
      failures = 0
    } catch (error) {
      failures += 1
      if (failures === 1) log.warn({ err: error, work: name }, 'the feed missed a turn')
    }
  }
}

/** Waits; an abort ends the wait. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
