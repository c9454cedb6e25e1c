// A courier in the hands of a test: it is ready or not, and each letter waits until the test says
// what became of it, unless an answer for all was given.

import type { Courier, CourierEvents, Delivery, Letter } from '../src/courier/courier.ts'

type Waiting = { letter: Letter; settle: (delivery: Delivery) => void }

export class FakeCourier implements Courier {
  readonly waiting: Waiting[] = []
  /** Texts in the order they were handed on. */
  readonly seen: string[] = []
  /** Answers every letter at once; null leaves them waiting. */
  answer: Delivery | null = 'stored'
  isUp = true
  #events: CourierEvents | null = null

  open(events: CourierEvents): this {
    this.#events = events
    return this
  }

  /** Becomes ready, and says so. */
  comeUp(): void {
    this.isUp = true
    this.#events?.onReady()
  }

  isReady(): boolean {
    return this.isUp
  }

  brokerState(): 'up' | 'down' {
    return this.isUp ? 'up' : 'down'
  }

  async settled(): Promise<void> {}

  async close(): Promise<void> {}

  deliver(letter: Letter): Promise<Delivery> {
    this.seen.push(letter.text)
    if (this.answer !== null) return Promise.resolve(this.answer)
    return new Promise((settle) => this.waiting.push({ letter, settle }))
  }

  /** Answers the letter that waits longest. */
  settleNext(delivery: Delivery): void {
    const next = this.waiting.shift()
    if (!next) throw new Error('no letter waits')
    next.settle(delivery)
  }

  /** The order ids of what was handed on. */
  get orderIds(): string[] {
    return this.seen.map((text) => (JSON.parse(text) as { order_id: string }).order_id)
  }
}
