// The engine's two ports without a network behind them, so that `settle` measures the engine and
// Postgres alone: a queue that delivers as RabbitMQ would (at most PREFETCH unsettled per
// partition, in the bundles the Mailbox makes under load), and a bus that brings the market events it is given.

import type { MarketEvent } from '@motu/shared/market-data.ts'
import { BUNDLE_LENGTH_MAX, bundleOf } from '@motu/shared/order-message.ts'
import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import type { Bus } from '../../home/src/bus/bus.ts'
import {
  type Consumer,
  type Delivery,
  type OrderQueue,
  PREFETCH,
} from '../../home/src/queue/queue.ts'

/** An order's message on its way to its partition. */
export type QueuedMessage = { partition: number; text: string }

export class MemoryQueue implements OrderQueue {
  readonly #consumers = new Map<number, (delivery: Delivery) => void>()
  readonly #queued: string[][] = Array.from({ length: PARTITION_COUNT }, () => [])
  readonly #next: number[] = Array.from({ length: PARTITION_COUNT }, () => 0)
  readonly #unsettled: number[] = Array.from({ length: PARTITION_COUNT }, () => 0)
  #left = 0
  #onEmpty: (() => void) | null = null
  /** Messages the engine would not take; a benchmark has none. */
  readonly parked: string[] = []

  consume(partition: number, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    this.#consumers.set(partition, onDelivery)
    this.#deliver(partition)
    const stop = (): Promise<void> => {
      this.#consumers.delete(partition)
      return Promise.resolve()
    }
    return Promise.resolve({ cancel: stop, close: stop })
  }

  consumeDead(): Promise<Consumer> {
    return Promise.resolve({ cancel: () => Promise.resolve(), close: () => Promise.resolve() })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** Whether every partition has its consumer. */
  get isConsumed(): boolean {
    return this.#consumers.size === PARTITION_COUNT
  }

  /** Queues messages in bundles; resolves when each has been acknowledged or parked. */
  run(messages: readonly QueuedMessage[]): Promise<void> {
    for (const [partition, queued] of this.#queued.entries()) {
      const texts = messages.filter((one) => one.partition === partition).map(({ text }) => text)
      while (texts.length > 0) {
        queued.push(bundleOf(texts.splice(0, BUNDLE_LENGTH_MAX)))
        this.#left += 1
      }
    }
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve))
    for (const partition of this.#consumers.keys()) this.#deliver(partition)
    return empty
  }

  #deliver(partition: number): void {
    const onDelivery = this.#consumers.get(partition)
    const queued = this.#queued[partition]!
    while (onDelivery && this.#unsettled[partition]! < PREFETCH) {
      const body = queued[this.#next[partition]!]
      if (body === undefined) return
      this.#next[partition]! += 1
      this.#unsettled[partition]! += 1
      onDelivery(this.#delivery(partition, body))
    }
  }

  #delivery(partition: number, body: string): Delivery {
    const settle = (): void => {
      this.#unsettled[partition]! -= 1
      this.#left -= 1
      if (this.#left === 0) this.#onEmpty?.()
      else this.#deliver(partition)
    }
    return {
      partition,
      body,
      redelivered: false,
      ack: settle,
      park: () => {
        this.parked.push(body)
        settle()
      },
      retry: () => {
        throw new Error('nothing is retried in a benchmark: its partitions never move')
      },
    }
  }
}

export class MemoryBus implements Bus {
  #onEvents: (events: MarketEvent[]) => void = () => {}
  /** Order events the relay has published. */
  published = 0

  /** Brings market events to whoever follows. */
  bring(events: MarketEvent[]): void {
    this.#onEvents(events)
  }

  followMarket(
    _tickerIds: readonly string[],
    onEvents: (events: MarketEvent[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    this.#onEvents = onEvents
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
  }

  publishMarket(): Promise<void> {
    return Promise.resolve()
  }

  readPrices(): Promise<Map<string, MarketEvent>> {
    return Promise.resolve(new Map())
  }

  watchMarket(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve())
  }

  publish(channel: string, messages: readonly unknown[]): Promise<void> {
    if (channel === 'order_events') this.published += messages.length
    return Promise.resolve()
  }

  subscribe(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve())
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
