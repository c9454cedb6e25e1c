// The order queues of one test as home would see them.

import { setTimeout as sleep } from 'node:timers/promises'
import { type ChannelModel, connect, type ConsumeMessage } from 'amqplib'
import { linesOf, type OrderMessage } from '@motu/shared/order-message.ts'
import { deadLetterQueue, orderQueue } from '@motu/shared/order-queue.ts'
import { PARTITION_COUNT, partitionOf } from '@motu/shared/partition.ts'

/** A queue that sends nothing for this long is empty. */
const QUIET_MS = 250

export class OrderQueues {
  readonly #connection: ChannelModel
  readonly #prefix: string

  private constructor(connection: ChannelModel, prefix: string) {
    this.#connection = connection
    this.#prefix = prefix
  }

  static async open(url: string, prefix: string): Promise<OrderQueues> {
    return new OrderQueues(await connect(url), prefix)
  }

  /** Takes everything out of a user's queue, oldest first, until nothing comes for a while. */
  async drain(userId: string): Promise<OrderMessage[]> {
    return (await this.drainBundles(userId)).flat()
  }

  /** The same, as it travelled: message by message, each a bundle of one or more. */
  async drainBundles(userId: string): Promise<OrderMessage[][]> {
    const channel = await this.#connection.createChannel()
    const bundles: OrderMessage[][] = []
    let heardAt = Date.now()
    const onMessage = (message: ConsumeMessage | null) => {
      heardAt = Date.now()
      if (!message) return
      const texts = linesOf(message.content.toString())
      bundles.push(texts.map((text) => JSON.parse(text) as OrderMessage))
    }
    await channel.consume(this.#nameOf(userId), onMessage, { noAck: true })
    while (Date.now() - heardAt < QUIET_MS) await sleep(QUIET_MS / 5)
    await channel.close()
    return bundles
  }

  async deleteQueueOf(userId: string): Promise<void> {
    const channel = await this.#connection.createChannel()
    await channel.deleteQueue(this.#nameOf(userId))
    await channel.close()
  }

  /** Removes every queue of the test. */
  async close(): Promise<void> {
    const channel = await this.#connection.createChannel()
    for (let partition = 0; partition < PARTITION_COUNT; partition += 1) {
      await channel.deleteQueue(orderQueue(partition, this.#prefix).name)
    }
    await channel.deleteQueue(deadLetterQueue(this.#prefix).name)
    await this.#connection.close()
  }

  #nameOf(userId: string): string {
    return orderQueue(partitionOf(userId), this.#prefix).name
  }
}
