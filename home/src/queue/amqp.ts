// Orders from RabbitMQ. A channel per consumer; everything is declared anew after each connection.
//
// A consumer begins at prefetch 1 and widens with the first message that is not redelivered:
// every disconnect raises the delivery count of all unsettled messages, so after a crash a poisonous
// message must come alone, or it would take its neighbours to the dead-letter queue.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { deadLetterQueue, orderQueue } from '@motu/shared/order-queue.ts'
import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import { type Channel, type ChannelModel, connect, type ConsumeMessage } from 'amqplib'
import type { Log } from '../log.ts'
import { type Consumer, type Delivery, type OrderQueue, PREFETCH } from './queue.ts'

/** A vanished peer is noticed within two heartbeats: the broker then frees what it held. */
const HEARTBEAT_SECONDS = 5
const CONNECT_TIMEOUT_MS = 3_000
const RECONNECT_DELAY_MS = 500
/** A message that is not for this consumer goes back after a pause, or it would spin. */
const RETRY_DELAY_MS = 250

type Subscription = {
  queue: string
  /** Null for the dead-letter queue. */
  partition: number | null
  onDelivery: (delivery: Delivery) => void
  channel: Channel | null
  consumerTag: string | null
  ended: boolean
}

type AmqpQueueOptions = { url: string; prefix: string; log: Log }

export class AmqpQueue implements OrderQueue {
  readonly #options: AmqpQueueOptions
  readonly #subscriptions = new Set<Subscription>()
  #connection: ChannelModel | null = null
  #closed = false
  readonly #running: Promise<void>

  constructor(options: AmqpQueueOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  consume(partition: number, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    const { name } = orderQueue(partition, this.#options.prefix)
    return this.#subscribe({ queue: name, partition, onDelivery })
  }

  consumeDead(onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    const { name } = deadLetterQueue(this.#options.prefix)
    return this.#subscribe({ queue: name, partition: null, onDelivery })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#connection?.close().catch(() => {})
    await this.#running
  }

  async #subscribe(
    wanted: Pick<Subscription, 'queue' | 'partition' | 'onDelivery'>,
  ): Promise<Consumer> {
    const subscription = { ...wanted, channel: null, consumerTag: null, ended: false }
    this.#subscriptions.add(subscription)
    if (this.#connection) await this.#open(this.#connection, subscription)
    return {
      cancel: () => this.#cancel(subscription),
      close: () => this.#close(subscription),
    }
  }

  async #cancel(subscription: Subscription): Promise<void> {
    subscription.ended = true
    const { channel, consumerTag } = subscription
    if (channel && consumerTag) await channel.cancel(consumerTag).catch(() => {})
  }

  async #close(subscription: Subscription): Promise<void> {
    subscription.ended = true
    this.#subscriptions.delete(subscription)
    await subscription.channel?.close().catch(() => {})
    subscription.channel = null
  }

  /** Connects, and connects again, until closed. */
  async #run(): Promise<void> {
    const { log } = this.#options
    while (!this.#closed) {
      try {
        await this.#connected()
      } catch (error) {
        log.warn({ err: error }, 'RabbitMQ is away')
      }
      this.#connection = null
      if (!this.#closed) await sleep(RECONNECT_DELAY_MS)
    }
  }

  /** One connection, from its opening to its end. */
  async #connected(): Promise<void> {
    const { url, log } = this.#options
    const withHeartbeat = new URL(url)
    withHeartbeat.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS))
    const connection = await connect(withHeartbeat.href, { timeout: CONNECT_TIMEOUT_MS })
    const ended = new Promise<void>((resolve) => connection.once('close', () => resolve()))
    connection.on('error', (error) =>
      log.warn({ err: error as Error }, 'RabbitMQ connection failed'),
    )
    await this.#declare(connection)
    this.#connection = connection
    log.info('RabbitMQ connected')
    await Promise.all([...this.#subscriptions].map((one) => this.#open(connection, one)))
    if (this.#closed) await connection.close()
    await ended
    for (const subscription of this.#subscriptions) subscription.channel = null
  }

  async #declare(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel()
    channel.on('error', () => {})
    const { prefix } = this.#options
    const partitions = Array.from({ length: PARTITION_COUNT }, (_, index) => index)
    const queues = [deadLetterQueue(prefix), ...partitions.map((one) => orderQueue(one, prefix))]
    for (const { name, options } of queues) await channel.assertQueue(name, options)
    await channel.close()
  }

  async #open(connection: ChannelModel, subscription: Subscription): Promise<void> {
    if (subscription.ended || subscription.channel) return
    const { log } = this.#options
    const channel = await connection.createChannel()
    channel.on('error', (error) =>
      log.warn({ err: error as Error, queue: subscription.queue }, 'channel failed'),
    )
    channel.once('close', () => this.#reopen(connection, subscription, channel))
    subscription.channel = channel
    await this.#start(channel, subscription, 1)
  }

  /** A channel that closed under a living connection, its queue deleted perhaps, is opened anew. */
  #reopen(connection: ChannelModel, subscription: Subscription, channel: Channel): void {
    if (subscription.channel !== channel) return
    subscription.channel = null
    if (subscription.ended || this.#closed || this.#connection !== connection) return
    const reopen = async (): Promise<void> => {
      await sleep(RECONNECT_DELAY_MS)
      if (this.#connection !== connection) return
      await this.#declare(connection)
      await this.#open(connection, subscription)
    }
    reopen().catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'channel could not be opened again')
      this.#reopen(connection, { ...subscription, channel }, channel)
    })
  }

  async #start(channel: Channel, subscription: Subscription, prefetch: number): Promise<void> {
    let widened = prefetch > 1 || subscription.partition === null
    await channel.prefetch(prefetch)
    const onMessage = (message: ConsumeMessage | null): void => {
      if (message === null) {
        // The queue was deleted, or the consumer cancelled by the broker.
        channel.close().catch(() => {})
        return
      }
      if (!widened && !message.fields.redelivered) {
        widened = true
        this.#widen(channel, subscription)
      }
      subscription.onDelivery(deliveryOf(channel, message, subscription.partition ?? -1))
    }
    // Named by us: the first delivery may come before the broker's answer.
    subscription.consumerTag = randomUUID()
    await channel.consume(subscription.queue, onMessage, { consumerTag: subscription.consumerTag })
  }

  /** RabbitMQ hands the queue to the wider consumer once the narrow one's message is settled. */
  #widen(channel: Channel, subscription: Subscription): void {
    const widen = async (): Promise<void> => {
      if (subscription.consumerTag) await channel.cancel(subscription.consumerTag)
      if (!subscription.ended) await this.#start(channel, subscription, PREFETCH)
    }
    widen().catch((error: unknown) => {
      this.#options.log.warn({ err: error, queue: subscription.queue }, 'could not widen')
    })
  }
}

function deliveryOf(channel: Channel, message: ConsumeMessage, partition: number): Delivery {
  // On a channel that has closed meanwhile there is nothing to settle: the broker delivers again.
  const settle = (act: () => void): void => {
    try {
      act()
    } catch {
      return
    }
  }
  return {
    partition,
    body: message.content.toString('utf8'),
    redelivered: message.fields.redelivered,
    ack: () => settle(() => channel.ack(message)),
    park: () => settle(() => channel.nack(message, false, false)),
    retry: () => {
      setTimeout(() => settle(() => channel.nack(message, false, true)), RETRY_DELAY_MS)
    },
  }
}
