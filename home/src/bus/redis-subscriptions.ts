// Pub/sub on one connection: a channel is subscribed to while anyone listens. ioredis subscribes
// again after a lost connection; what was published meanwhile is lost, as pub/sub is.

import type { Redis } from 'ioredis'
import type { Log } from '../log.ts'

type Listener = (messages: never[]) => void

type SubscriptionsOptions = { redis: Redis; prefix: string; log: Log }

export class Subscriptions {
  readonly #redis: Redis
  readonly #prefix: string
  readonly #log: Log
  readonly #listeners = new Map<string, Set<Listener>>()

  constructor({ redis, prefix, log }: SubscriptionsOptions) {
    this.#redis = redis
    this.#prefix = prefix
    this.#log = log
    redis.on('message', (channel: string, text: string) => this.#tell(channel, text))
  }

  /** Listens on a channel; answers once Redis has confirmed, with the way to stop. */
  async add<T>(name: string, listener: (messages: T[]) => void): Promise<() => Promise<void>> {
    const channel = this.#prefix + name
    const entry: Listener = (messages) => listener(messages)
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners)
    listeners.add(entry)
    await this.#redis.subscribe(channel)
    return async () => {
      listeners.delete(entry)
      if (listeners.size === 0 && this.#redis.status === 'ready') {
        await this.#redis.unsubscribe(channel)
      }
    }
  }

  close(): void {
    this.#listeners.clear()
    this.#redis.disconnect()
  }

  #tell(channel: string, text: string): void {
    const listeners = this.#listeners.get(channel)
    if (!listeners?.size) return
    let messages: never[]
    try {
      messages = JSON.parse(text) as never[]
    } catch (error) {
      // Not ours: anyone may publish on a shared Redis, and nobody may stop us with it.
      this.#log.error({ err: error, channel }, 'a message is not JSON')
      return
    }
    for (const listener of listeners) listener(messages)
  }
}
