// The order queues from outside: what waits in them, and a way to put messages in past the edge.

import { DEAD_LETTER_QUEUE, orderQueueName, PARTITION_COUNT } from '@motu/shared/partition.ts'
import amqp, { type ConfirmChannel } from 'amqplib'

export type QueueTool = {
  /** Puts a message into a partition's queue, confirmed. */
  publish(partition: number, body: string | Buffer): Promise<void>
  /** Messages ready in each queue; those a consumer holds unacknowledged are not counted. */
  depths(): Promise<{ where: string; count: number }[]>
  /** Takes everything out of the queues and answers the bodies. */
  drain(): Promise<string[]>
  /** Removes the queues. */
  remove(): Promise<void>
  close(): Promise<void>
}

/** Opens the queues of a stack. They must have been declared. */
export async function openQueues(url: string, prefix: string): Promise<QueueTool> {
  const connection = await amqp.connect(url, { timeout: 5_000 })
  // A killed RabbitMQ ends this connection too; its closing is then seen by the call under way.
  connection.on('error', () => {})
  const channel = await connection.createConfirmChannel()
  channel.on('error', () => {})
  const partitions = Array.from({ length: PARTITION_COUNT }, (_, partition) => partition)
  const names = [...partitions.map(orderQueueName), DEAD_LETTER_QUEUE].map((name) => prefix + name)
  return {
    publish: (partition, body) => publish(channel, prefix + orderQueueName(partition), body),
    async depths() {
      const depths: { where: string; count: number }[] = []
      for (const where of names) {
        depths.push({ where, count: (await channel.checkQueue(where)).messageCount })
      }
      return depths
    },
    async drain() {
      const bodies: string[] = []
      for (const name of names) await drain(channel, name, bodies)
      return bodies
    },
    async remove() {
      for (const name of names) await channel.deleteQueue(name)
    },
    close: () => connection.close(),
  }
}

function publish(channel: ConfirmChannel, queue: string, body: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const content = typeof body === 'string' ? Buffer.from(body) : body
    const options = { persistent: true, contentType: 'application/json' }
    channel.sendToQueue(queue, content, options, (error: unknown) =>
      error ? reject(new Error(`${queue} refused a message`, { cause: error })) : resolve(),
    )
  })
}

async function drain(channel: ConfirmChannel, queue: string, bodies: string[]): Promise<void> {
  const { messageCount } = await channel.checkQueue(queue)
  if (messageCount === 0) return
  await channel.prefetch(500)
  await new Promise<void>((resolve, reject) => {
    let left = messageCount
    const onMessage = (message: amqp.ConsumeMessage | null): void => {
      if (!message) return reject(new Error(`${queue} was deleted`))
      bodies.push(message.content.toString('utf8'))
      channel.ack(message)
      left -= 1
      if (left === 0) resolve()
    }
    channel.consume(queue, onMessage, { consumerTag: queue }).catch(reject)
  })
  await channel.cancel(queue)
}
