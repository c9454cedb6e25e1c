// What is left out of the feed at present, and why: said when it begins, not each second.

import type { Log } from '../../log.ts'

export class LeftOut {
  /** `the coin`, `a trade`: for the log. */
  readonly #what: string
  readonly #log: Log
  readonly #reasons = new Map<string, string>()

  constructor(what: string, log: Log) {
    this.#what = what
    this.#log = log
  }

  /** The reason for a ticker, or null when there is none (any more). */
  note(tickerId: string, reason: string | null): void {
    if (reason === (this.#reasons.get(tickerId) ?? null)) return
    if (reason === null) {
      this.#reasons.delete(tickerId)
      this.#log.info({ ticker_id: tickerId }, `upbit: ${this.#what} can be read again`)
    } else {
      this.#reasons.set(tickerId, reason)
      this.#log.warn({ ticker_id: tickerId, reason }, `upbit: ${this.#what} is left out`)
    }
  }
}
