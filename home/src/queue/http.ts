// Orders from the mailbox's HTTP courier: the API offers what was posted, and answers when each
// message is settled. There is no queue in between: what is not settled stays in the mailbox.

import { type Consumer, type Delivery, type OrderQueue, POST_LENGTH_MAX } from './queue.ts'

/** What became of one posted message. `retry`: the mailbox keeps it and posts it again. */
export type PostResult = 'stored' | 'parked' | 'retry'

export class HttpQueue implements OrderQueue {
  readonly #consumers = new Map<number, (delivery: Delivery) => void>()
  readonly #unsettled = new Map<number, Set<() => void>>()
  #onDead: ((delivery: Delivery) => void) | null = null

  consume(partition: number, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    this.#consumers.set(partition, onDelivery)
    return Promise.resolve({
      cancel: () => {
        this.#consumers.delete(partition)
        return Promise.resolve()
      },
      close: () => {
        this.#consumers.delete(partition)
        for (const giveBack of this.#unsettled.get(partition) ?? []) giveBack()
        return Promise.resolve()
      },
    })
  }

  consumeDead(onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    this.#onDead = onDelivery
    const stop = (): Promise<void> => {
      this.#onDead = null
      return Promise.resolve()
    }
    return Promise.resolve({ cancel: stop, close: stop })
  }

  close(): Promise<void> {
    this.#consumers.clear()
    for (const unsettled of this.#unsettled.values()) for (const giveBack of unsettled) giveBack()
    return Promise.resolve()
  }

  /** Hands over posted messages, in order; `not_owner` when no engine here owns the partition. */
  async offer(
    partition: number,
    messages: readonly unknown[],
  ): Promise<PostResult[] | 'not_owner'> {
    const onDelivery = this.#consumers.get(partition)
    if (!onDelivery) return 'not_owner'
    if (messages.length > POST_LENGTH_MAX) {
      throw new Error(`at most ${POST_LENGTH_MAX} messages a post`)
    }
    return Promise.all(
      messages.map((message) => this.#deliver(partition, JSON.stringify(message), onDelivery)),
    )
  }

  #deliver(
    partition: number,
    body: string,
    onDelivery: (delivery: Delivery) => void,
  ): Promise<PostResult> {
    const unsettled = this.#unsettled.get(partition) ?? new Set()
    this.#unsettled.set(partition, unsettled)
    return new Promise((resolve) => {
      const settle = (result: PostResult): void => {
        unsettled.delete(giveBack)
        resolve(result)
      }
      const giveBack = (): void => settle('retry')
      unsettled.add(giveBack)
      onDelivery({
        partition,
        body,
        redelivered: false,
        ack: () => settle('stored'),
        park: () => this.#bury(body, settle),
        retry: giveBack,
      })
    })
  }

  /** What cannot become an order goes straight to the dead-letter consumer. */
  #bury(body: string, settle: (result: PostResult) => void): void {
    if (!this.#onDead) return settle('retry')
    this.#onDead({
      partition: -1,
      body,
      redelivered: true,
      ack: () => settle('parked'),
      park: () => settle('parked'),
      retry: () => settle('retry'),
    })
  }
}
