// Messages that were published and not yet confirmed. Each settles exactly once: by its confirm,
// by the deadline, or because the channel is gone.

import type { Clock } from '../clock.ts'
import { DELIVERY_DEADLINE_MS, type Delivery } from './courier.ts'

/** Deadlines are kept by one sweep, not by a timer each: thousands are under way in a second. */
const SWEEP_INTERVAL_MS = 100

type Waiting = {
  settle: (delivery: Delivery) => void
  publishedAt: number
  /** RabbitMQ sent it back: no queue took it, whatever the confirm says afterwards. */
  isReturned: boolean
}

export class Unconfirmed {
  readonly #now: Clock
  /** In the order of publishing, so that the sweep stops at the first that still has time. */
  readonly #waiting = new Map<string, Waiting>()
  #sweeper: ReturnType<typeof setInterval> | null = null

  constructor(now: Clock) {
    this.#now = now
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Begins to wait for the confirm of a message. */
  wait(messageId: string): Promise<Delivery> {
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS)
    return new Promise((settle) => {
      this.#waiting.set(messageId, { settle, publishedAt: this.#now(), isReturned: false })
    })
  }

  /** Marks a message that came back: its confirm follows, and will not count. */
  markReturned(messageId: string): void {
    const waiting = this.#waiting.get(messageId)
    if (waiting) waiting.isReturned = true
  }

  /** The confirm of a message arrived; one that was given up already is ignored. */
  settle(messageId: string, delivery: Delivery): void {
    const waiting = this.#waiting.get(messageId)
    if (!waiting) return
    this.#waiting.delete(messageId)
    waiting.settle(waiting.isReturned ? 'refused' : delivery)
    this.#restWhenEmpty()
  }

  /** No confirm can come any more. */
  abandonAll(): void {
    for (const [messageId] of this.#waiting) this.settle(messageId, 'unknown')
  }

  #sweep(): void {
    const expiredBefore = this.#now() - DELIVERY_DEADLINE_MS
    for (const [messageId, { publishedAt }] of this.#waiting) {
      if (publishedAt > expiredBefore) break
      this.settle(messageId, 'unknown')
    }
  }

  #restWhenEmpty(): void {
    if (this.#waiting.size > 0 || this.#sweeper === null) return
    clearInterval(this.#sweeper)
    this.#sweeper = null
  }
}
