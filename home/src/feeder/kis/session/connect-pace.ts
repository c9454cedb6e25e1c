// Pure: no I/O, no clock, no randomness.
// When a lost session may be opened again: later after each failure, and never more often in a window
// than KIS bears, which blocks the addresses and keys of those who reconnect without end.

export type ConnectLimits = {
  delayMs: number
  delayMsMax: number
  connectsMax: number
  windowMs: number
}

export class ConnectPace {
  readonly #limits: ConnectLimits
  readonly #connects: number[] = []
  #failures = 0

  constructor(limits: ConnectLimits) {
    this.#limits = limits
  }

  /** A try begins. */
  connecting(nowMs: number): void {
    this.#connects.push(nowMs)
    if (this.#connects.length > this.#limits.connectsMax) this.#connects.shift()
  }

  /** A session ended; one that had worked for longer than the longest delay was no failure. */
  ended(workedMs: number): void {
    this.#failures = workedMs > this.#limits.delayMsMax ? 0 : this.#failures + 1
  }

  /** When the next try may begin. */
  nextAt(nowMs: number): number {
    const { delayMs, delayMsMax, connectsMax, windowMs } = this.#limits
    const delay = Math.min(delayMsMax, delayMs * 2 ** Math.max(0, this.#failures - 1))
    const first = this.#connects.length < connectsMax ? undefined : this.#connects[0]
    return Math.max(nowMs + delay, first === undefined ? 0 : first + windowMs)
  }
}
