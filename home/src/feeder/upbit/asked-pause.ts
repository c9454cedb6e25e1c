// The pause that Upbit asks for: until it is over, nothing is called.

import { UpbitError } from './upbit-exchange.ts'

export class AskedPause {
  readonly #now: () => number
  #until = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Throws while the pause lasts. */
  assertOver(): void {
    const pauseMs = this.#until - this.#now()
    if (pauseMs <= 0) return
    throw new UpbitError('Upbit asked for a pause', { retryable: true, retryAfterMs: pauseMs })
  }

  /** Calls, unless the pause lasts; what the call fails with may begin the next one. */
  async around<T>(call: () => Promise<T>): Promise<T> {
    this.assertOver()
    try {
      return await call()
    } catch (error) {
      if (error instanceof UpbitError) this.#until = this.#now() + error.retryAfterMs
      throw error
    }
  }
}
