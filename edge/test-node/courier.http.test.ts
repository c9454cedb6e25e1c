// The courier without a broker: orders go to home's API, and wait on the edge's disk while home is
// dark.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { AcceptedOrder } from '@motu/shared/contract/orders.ts'
import { EdgeUnderTest, limitOrder, until } from './edge-under-test.ts'

let edge: EdgeUnderTest
let userId: string
let token: string

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
})

afterAll(() => edge.stop())

beforeEach(async () => {
  userId = randomUUID()
  token = await edge.home.token(userId)
  edge.home.stored.length = 0
  edge.home.judge = () => 'stored'
})

async function place(): Promise<AcceptedOrder> {
  const answer = await edge.post('/api/v1/orders', limitOrder(), { token })
  expect(answer.status).toBe(202)
  return (await answer.json()) as AcceptedOrder
}

const storedIds = () => edge.home.stored.map((message) => message.order_id)

it('hands an order to home before it answers', async () => {
  const accepted = await place()
  expect(storedIds()).toEqual([accepted.order_id])
  expect(await edge.status()).toMatchObject({ home: 'up', broker: 'none', held_orders: 0 })
})

it('holds what home wants again later, and everything of the user behind it', async () => {
  let refusals = 2
  edge.home.judge = () => (refusals-- > 0 ? 'retry' : 'stored')
  const accepted = [await place(), await place(), await place()]
  await until(() => edge.home.stored.length === 3)
  expect(storedIds()).toEqual(accepted.map((order) => order.order_id))
})

it('takes a parked order as delivered', async () => {
  edge.home.judge = () => 'parked'
  await place()
  await edge.drained()
})

it('goes on accepting while home is dark, and drains when it is back', async () => {
  await edge.home.stop()
  const accepted = [await place(), await place(), await place()]
  await until(async () => (await edge.status()).held_orders === 3)
  expect((await edge.status()).home).toBe('down')
  const shown = await edge.get(`/api/v1/orders/${accepted[1]!.order_id}`, token)
  expect(shown.headers.get('motu-stale')).toBe('true')
  expect(await shown.json()).toMatchObject({ status: 'PENDING', quantity: '0.01' })
  await edge.home.start()
  await edge.drained()
  expect(storedIds()).toEqual(accepted.map((order) => order.order_id))
})
