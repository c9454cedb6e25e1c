// Private servers: really killed, really back on the same data.

import amqp from 'amqplib'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { orderQueue } from '@motu/shared/order-queue.ts'
import { privatePostgres, privateRabbitmq, privateRedis } from './private.ts'

/**
 * RabbitMQ 3.10 writes the registration of a new quorum queue to disk about half a second after the
 * queue is declared. Killed before that, the queue is back but never elects a leader.
 */
const QUEUE_REGISTERED_MS = 1_500

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a private server', () => {
  it('PostgreSQL keeps what was committed before a kill', async () => {
    const server = await privatePostgres()
    const { pid } = server
    const before = postgres(server.url, { max: 1 })
    await before`CREATE TABLE kept AS SELECT 1 AS one`
    server.kill('SIGKILL')
    await server.restart()
    await before.end({ timeout: 0 })

    const after = postgres(server.url, { max: 1 })
    expect(await after`SELECT one FROM kept`).toEqual([{ one: 1 }])
    await after.end()
    expect(server.pid).not.toBe(pid)
    await server.stop()
    expect(isAlive(server.pid)).toBe(false)
  })

  it('Redis forgets everything, and is back', async () => {
    const server = await privateRedis()
    const before = new Redis(server.url)
    await before.set('key', 'value')
    before.disconnect()
    server.kill('SIGKILL')
    await server.restart()
    const after = new Redis(server.url)
    expect(await after.get('key')).toBeNull()
    after.disconnect()
    await server.stop()
  })

  it('RabbitMQ keeps what it confirmed before a kill', async () => {
    const server = await privateRabbitmq()
    const queue = orderQueue(0, 'kill.')
    const before = await amqp.connect(server.url)
    before.on('error', () => {})
    const publishing = await before.createConfirmChannel()
    publishing.on('error', () => {})
    await publishing.assertQueue(queue.name, queue.options)
    await sleep(QUEUE_REGISTERED_MS)
    for (let index = 0; index < 100; index += 1) {
      publishing.sendToQueue(queue.name, Buffer.from(String(index)), { persistent: true })
    }
    await publishing.waitForConfirms()
    server.kill('SIGKILL')
    await server.restart()

    const after = await amqp.connect(server.url)
    const consuming = await after.createChannel()
    const received = await new Promise<string[]>((resolve, reject) => {
      const bodies: string[] = []
      const take = (message: amqp.ConsumeMessage | null): void => {
        if (message) bodies.push(message.content.toString())
        if (bodies.length === 100) resolve(bodies)
      }
      consuming.consume(queue.name, take, { noAck: true }).catch(reject)
    })
    expect(received).toEqual(Array.from({ length: 100 }, (_, index) => String(index)))
    await after.close()
    await server.stop()
  })
})
