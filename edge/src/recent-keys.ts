// Keys seen lately: admits each at most once in an interval. Bounded.

import type { Clock } from './clock.ts'

const KEYS_MAX = 10_000

export class RecentKeys {
  readonly #options: { intervalMs: number; now: Clock }
  readonly #seenAt = new Map<string, number>()

  constructor(options: { intervalMs: number; now: Clock }) {
    this.#options = options
  }

  /** Whether the key was not admitted within the interval; then it is now. */
  admit(key: string): boolean {
    const now = this.#options.now()
    const seenAt = this.#seenAt.get(key)
    if (seenAt !== undefined && now - seenAt < this.#options.intervalMs) return false
    if (this.#seenAt.size >= KEYS_MAX) this.#seenAt.clear()
    this.#seenAt.set(key, now)
    return true
  }
}
