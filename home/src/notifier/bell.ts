// Wakes who rests. What rang while he was at work counts: he does not rest then.

import { setTimeout as sleep } from 'node:timers/promises'

export class Bell {
  #rings = 0
  readonly #sleepers = new Set<AbortController>()

  /** How often it rang so far. */
  get rings(): number {
    return this.#rings
  }

  ring(): void {
    this.#rings += 1
    for (const sleeper of this.#sleepers) sleeper.abort()
  }

  /** Rests until it has rung more often than `since`, the time is over, or the signal aborts. */
  async rest(waitMs: number, since: number, signal: AbortSignal): Promise<void> {
    if (this.#rings !== since) return
    const waking = new AbortController()
    this.#sleepers.add(waking)
    // Woken early, the sleep rejects: that is what it is for.
    await sleep(waitMs, undefined, { signal: AbortSignal.any([signal, waking.signal]) }).catch(
      () => {},
    )
    this.#sleepers.delete(waking)
  }
}
