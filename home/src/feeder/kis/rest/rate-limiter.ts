// The pace of one account's calls, shared by all who call with it in this process.

import { pause } from '../../schedule.ts'
import { CallPace, type PaceLimits } from './call-pace.ts'
import { KisError } from './kis-error.ts'

/** A call that would wait for longer is refused: whoever asked has better things to do. */
const WAIT_MS_MAX = 30_000

export class RateLimiter {
  readonly #pace: CallPace
  readonly #now: () => number

  constructor(limits: PaceLimits, now: () => number) {
    this.#pace = new CallPace(limits)
    this.#now = now
  }

  /** Resolves when the call may go out; rejects with a `KisError` when too many wait. */
  async turn(signal: AbortSignal): Promise<void> {
    const nowMs = this.#now()
    if (this.#pace.nextAt(nowMs) - nowMs > WAIT_MS_MAX) {
      throw new KisError('BUSY', 'too many calls wait')
    }
    const at = this.#pace.reserve(nowMs)
    if (at > nowMs) await pause(at - nowMs, signal)
  }

  slowDown(ms: number): void {
    this.#pace.holdUntil(this.#now() + ms)
  }
}
