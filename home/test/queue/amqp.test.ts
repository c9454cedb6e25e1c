// The RabbitMQ adapter on a real RabbitMQ, behind a proxy of our own that can cut the line.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { deadLetterQueue, orderQueue } from '@motu/shared/order-queue.ts'
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AmqpQueue } from '../../src/queue/amqp.ts'
import type { Delivery } from '../../src/queue/queue.ts'

const BROKER = new URL(process.env.MOTU_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672')
const log = pino({ level: 'silent' })

let prefix: string
let proxy: Server
let lines: Set<Socket>
let url: string
let broker: ChannelModel
let channel: ConfirmChannel
let queues: AmqpQueue[]

beforeEach(async () => {
  prefix = `test-${randomUUID().slice(0, 8)}.`
  lines = new Set()
  queues = []
  proxy = createServer((socket) => {
    const upstream = connectSocket(Number(BROKER.port || 5672), BROKER.hostname)
    for (const end of [socket, upstream]) {
      lines.add(end)
      end.on('error', () => {})
      end.on('close', () => {
        socket.destroy()
        upstream.destroy()
      })
    }
    socket.pipe(upstream).pipe(socket)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const through = new URL(BROKER.href)
  through.hostname = '127.0.0.1'
  through.port = String((proxy.address() as { port: number }).port)
  url = through.href
  broker = await connect(BROKER.href)
  channel = await broker.createConfirmChannel()
})

afterEach(async () => {
  for (const queue of queues) await queue.close()
  for (let partition = 0; partition < 8; partition += 1) {
    await channel.deleteQueue(orderQueue(partition, prefix).name)
  }
  await channel.deleteQueue(deadLetterQueue(prefix).name)
  await broker.close()
  for (const line of lines) line.destroy()
  proxy.close()
})

function open(): AmqpQueue {
  const queue = new AmqpQueue({ url, prefix, log })
  queues.push(queue)
  return queue
}

async function publish(partition: number, ...bodies: string[]): Promise<void> {
  const { name, options } = orderQueue(partition, prefix)
  await channel.assertQueue(deadLetterQueue(prefix).name, deadLetterQueue(prefix).options)
  await channel.assertQueue(name, options)
  for (const body of bodies) channel.sendToQueue(name, Buffer.from(body), { persistent: true })
  await channel.waitForConfirms()
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `m${i}`)
const until = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 12_000, interval: 20 })

describe('the RabbitMQ queue', () => {
  it('delivers a partition in order, and what is acknowledged never again', async () => {
    await publish(3, ...numbered(300))
    const seen: string[] = []
    const first = await open().consume(3, (delivery) => {
      seen.push(delivery.body)
      delivery.ack()
    })
    await until(() => expect(seen).toEqual(numbered(300)))
    await sleep(100)
    await first.close()
    await open().consume(3, (delivery) => void seen.push(delivery.body))
    await sleep(500)
    expect(seen).toHaveLength(300)
  })

  it('begins at one message and widens with the first that is not redelivered', async () => {
    await publish(1, 'first')
    const held: Delivery[] = []
    const crashed = await open().consume(1, (delivery) => {
      if (delivery.body === 'first') delivery.ack()
      else held.push(delivery)
    })
    await sleep(300)
    await publish(1, ...numbered(3))
    await until(() => expect(held).toHaveLength(3))
    await crashed.close()
    const again: Delivery[] = []
    await open().consume(1, (delivery) => void again.push(delivery))
    await until(() => expect(again).toHaveLength(1))
    await sleep(300)
    // After a crash a message comes alone: were it poison, it would take no neighbour along.
    expect(again.map((delivery) => delivery.redelivered)).toEqual([true])
    await publish(1, 'fresh')
    for (let settled = 0; settled < again.length || settled < 4; settled += 1) {
      await until(() => expect(again.length).toBeGreaterThan(settled))
      again[settled]!.ack()
    }
    expect(again.map((delivery) => delivery.body)).toEqual(['m0', 'm1', 'm2', 'fresh'])
  })

  it('takes what is parked to the dead-letter consumer', async () => {
    await publish(0, 'poison', 'good')
    const dead: string[] = []
    const queue = open()
    await queue.consume(0, (delivery) =>
      delivery.body === 'poison' ? delivery.park() : delivery.ack(),
    )
    await queue.consumeDead((delivery) => {
      dead.push(delivery.body)
      delivery.ack()
    })
    await until(() => expect(dead).toEqual(['poison']))
  })

  it('goes on after the line was cut: unsettled messages come again', async () => {
    await publish(2, 'a')
    const seen: Delivery[] = []
    await open().consume(2, (delivery) => void seen.push(delivery))
    await until(() => expect(seen).toHaveLength(1))
    for (const line of lines) line.destroy()
    await until(() => expect(seen).toHaveLength(2))
    seen[0]!.ack()
    expect(seen[1]).toMatchObject({ body: 'a', redelivered: true })
    seen[1]!.ack()
  })

  it('survives its queue being deleted, and declares it anew', async () => {
    const seen: string[] = []
    await publish(5, 'before')
    await open().consume(5, (delivery) => {
      seen.push(delivery.body)
      delivery.ack()
    })
    await until(() => expect(seen).toEqual(['before']))
    await channel.deleteQueue(orderQueue(5, prefix).name)
    await sleep(1_500)
    await publish(5, 'after')
    await until(() => expect(seen).toEqual(['before', 'after']))
  })

  it('waits for a broker that is not there yet', async () => {
    const port = (proxy.address() as { port: number }).port
    await new Promise((resolve) => proxy.close(resolve))
    const seen: string[] = []
    await open().consume(4, (delivery) => {
      seen.push(delivery.body)
      delivery.ack()
    })
    await publish(4, 'early')
    await sleep(300)
    proxy.listen(port, '127.0.0.1')
    await until(() => expect(seen).toEqual(['early']))
  })
})
