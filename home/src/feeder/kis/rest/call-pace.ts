// Pure: no I/O, no clock, no randomness.
// When the next call may go out: never more than so many in any window, with a gap between two.

export type PaceLimits = {
  /** Calls in a window. */
  calls: number
  windowMs: number
  spacingMs: number
}

/** Policy of KIS since 2026-04-20 (18 a second, mock 1); 100 ms between calls is its advice. */
export const CALLS_PER_SECOND: Readonly<Record<'real' | 'mock', number>> = { real: 18, mock: 1 }

export class CallPace {
  readonly #limits: PaceLimits
  /** When the last calls went out, or will; the oldest first. */
  readonly #turns: number[] = []
  #heldUntil = 0

  constructor(limits: PaceLimits) {
    this.#limits = limits
  }

  /** When a call asked for now would go out. */
  nextAt(nowMs: number): number {
    const { calls, windowMs, spacingMs } = this.#limits
    const last = this.#turns.at(-1)
    const first = this.#turns.length < calls ? undefined : this.#turns[0]
    return Math.max(
      nowMs,
      this.#heldUntil,
      last === undefined ? 0 : last + spacingMs,
      first === undefined ? 0 : first + windowMs,
    )
  }

  /** Takes the next turn, and says when it is. */
  reserve(nowMs: number): number {
    const at = this.nextAt(nowMs)
    this.#turns.push(at)
    if (this.#turns.length > this.#limits.calls) this.#turns.shift()
    return at
  }

  /** KIS said that it was too fast: nobody calls before. */
  holdUntil(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, ms)
  }
}
