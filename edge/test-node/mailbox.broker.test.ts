// The Mailbox on a real RabbitMQ, through the whole edge: what is confirmed, what is held, and that
// nothing that was promised is ever missing from the queue.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AcceptedOrder } from '@motu/shared/contract/orders.ts'
import { BUNDLE_LENGTH_MAX, orderMessageSchema } from '@motu/shared/order-message.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { AMQP_URL, EdgeUnderTest, limitOrder, until } from './edge-under-test.ts'
import { OrderQueues } from './order-queues.ts'
import { TcpProxy } from './tcp-proxy.ts'

const broker = new URL(AMQP_URL)
const proxy = new TcpProxy({ host: broker.hostname, port: Number(broker.port || 5672) })
let edge: EdgeUnderTest
let queues: OrderQueues

async function place(token: string, fields = {}): Promise<AcceptedOrder> {
  const answer = await edge.post('/api/v1/orders', limitOrder(fields), { token })
  expect(answer.status).toBe(202)
  return (await answer.json()) as AcceptedOrder
}

async function newUser(): Promise<{ userId: string; token: string }> {
  const userId = randomUUID()
  return { userId, token: await edge.home.token(userId) }
}

beforeAll(async () => {
  await proxy.open()
  const viaProxy = new URL(AMQP_URL)
  viaProxy.host = `127.0.0.1:${proxy.port}`
  edge = await new EdgeUnderTest({ amqpUrl: viaProxy.href }).start()
  queues = await OrderQueues.open(AMQP_URL, edge.queuePrefix)
})

afterAll(async () => {
  await edge.stop()
  await proxy.cut()
  await queues.close()
})

describe('while the broker is up', () => {
  it('puts a message the engine can parse into the queue of the user', async () => {
    const { userId, token } = await newUser()
    const accepted = await place(token, { client_order_id: 'first' })
    const [message, ...others] = await queues.drain(userId)
    expect(others).toEqual([])
    expect(orderMessageSchema.parse(message)).toMatchObject({
      kind: 'place',
      order_id: accepted.order_id,
      user_id: userId,
      client_order_id: 'first',
      accepted_at: accepted.accepted_at,
      sid: 'session-1',
    })
    expect((await edge.status()).broker).toBe('up')
  })

  it('keeps the order of one user, cancels included', async () => {
    const { userId, token } = await newUser()
    const calls: Promise<Response>[] = []
    const first = await place(token)
    for (let index = 0; index < 20; index += 1) {
      calls.push(edge.post('/api/v1/orders', limitOrder(), { token }))
      calls.push(edge.delete(`/api/v1/orders/${first.order_id}`, token))
    }
    for (const answer of await Promise.all(calls)) expect(answer.status).toBe(202)
    const messages = await queues.drain(userId)
    const instants = messages.map((message) =>
      message.kind === 'place' ? message.accepted_at : message.cancel_requested_at,
    )
    expect(messages).toHaveLength(41)
    expect(instants).toEqual([...instants].sort())
  })

  it('bundles what many users place at once, and loses none', async () => {
    const one = await newUser()
    const users = [one]
    while (users.length < 40) {
      const user = await newUser()
      if (partitionOf(user.userId) === partitionOf(one.userId)) users.push(user)
    }
    const accepted = await Promise.all(users.map(({ token }) => place(token)))
    const bundles = await queues.drainBundles(one.userId)
    expect(bundles.length).toBeLessThan(users.length)
    expect(Math.max(...bundles.map((bundle) => bundle.length))).toBeLessThanOrEqual(
      BUNDLE_LENGTH_MAX,
    )
    const kept = bundles.flat().map((message) => message.order_id)
    expect(kept.sort()).toEqual(accepted.map((order) => order.order_id).sort())
  })

  it('answers a retry with the same order and the first instant, and sends nothing twice', async () => {
    const { userId, token } = await newUser()
    const first = await place(token, { client_order_id: 'again' })
    const second = await place(token, { client_order_id: 'again' })
    expect(second).toEqual(first)
    expect(await queues.drain(userId)).toHaveLength(1)
  })

  it('holds what no queue takes, declares the queue again and drains', async () => {
    const { userId, token } = await newUser()
    await place(token)
    await queues.deleteQueueOf(userId)
    const accepted = [await place(token), await place(token), await place(token)]
    await edge.drained()
    const messages = await queues.drain(userId)
    const ids = new Set(messages.map((message) => message.order_id))
    expect([...ids]).toEqual(accepted.map((order) => order.order_id))
  })
})

describe('while the broker is gone', () => {
  it('holds at once, says so, and drains in order soon after it is back', async () => {
    const { userId, token } = await newUser()
    await proxy.cut()
    await until(async () => (await edge.status()).broker === 'down')
    const startedAt = Date.now()
    const accepted: AcceptedOrder[] = []
    for (let index = 0; index < 10; index += 1) accepted.push(await place(token))
    expect(Date.now() - startedAt).toBeLessThan(1_500)
    await edge.delete(`/api/v1/orders/${accepted[0]!.order_id}`, token)
    await until(async () => (await edge.status()).held_orders === 11)
    await proxy.open()
    await edge.drained(4_000)
    const messages = await queues.drain(userId)
    const places = messages.filter(({ kind }) => kind === 'place')
    expect(places.map((message) => message.order_id)).toEqual(accepted.map((o) => o.order_id))
    expect(messages.at(-1)?.kind).toBe('cancel')
  })

  it('shows a held order as PENDING, and keeps it over a kill -9', async () => {
    const { userId, token } = await newUser()
    await proxy.cut()
    await until(async () => (await edge.status()).broker === 'down')
    const accepted = await place(token)
    await edge.kill()
    await edge.serve()
    const shown = await edge.get(`/api/v1/orders/${accepted.order_id}`, token)
    expect(await shown.json()).toMatchObject({ order_id: accepted.order_id, status: 'PENDING' })
    const again = await place(token, { client_order_id: accepted.client_order_id })
    expect(again).toEqual(accepted)
    await proxy.open()
    await edge.drained()
    expect(await queues.drain(userId)).toHaveLength(1)
  })

  it('holds what is not confirmed within two seconds, and loses nothing', async () => {
    const { userId, token } = await newUser()
    proxy.stall()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => edge.post('/api/v1/orders', limitOrder(), { token })),
    )
    const accepted = await Promise.all(
      answers.map(async (answer) => (await answer.json()) as AcceptedOrder),
    )
    await proxy.cut()
    const fresh = new TcpProxy({ host: broker.hostname, port: Number(broker.port || 5672) })
    fresh.port = proxy.port
    await fresh.open()
    await edge.drained(15_000)
    const ids = new Set((await queues.drain(userId)).map((message) => message.order_id))
    expect([...ids].sort()).toEqual(accepted.map((order) => order.order_id).sort())
    await edge.stop()
    await fresh.cut()
  })
})
