// Replacing an order at the edge: which order is replaced it learns from home, and while home is dark
// or does not know it yet, from what it keeps itself.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AcceptedOrder, Order } from '@motu/shared/contract/orders.ts'
import type { Problem } from '@motu/shared/problem.ts'
import { EdgeUnderTest, limitOrder, until } from './edge-under-test.ts'

let edge: EdgeUnderTest
let token: string

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
})
afterAll(() => edge.stop())
beforeEach(async () => {
  token = await edge.home.token(randomUUID(), { claims: { sid: randomUUID() } })
})

const pathOf = (id: string): string => `/api/v1/orders/${id}`

function patch(id: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(edge.url + pathOf(id), {
    method: 'PATCH',
    headers: {
      ...{ 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...headers,
    },
    body: JSON.stringify(body),
  })
}

/** An order the edge has accepted, as it shows it. */
async function placed(fields: object = {}): Promise<Order> {
  const answer = await edge.post('/api/v1/orders', limitOrder({ ...fields }), { token })
  const { order_id } = (await answer.json()) as AcceptedOrder
  return (await (await edge.get(pathOf(order_id), token)).json()) as Order
}

/** Home knows the order from now on, as it is changed. */
function homeKnows(order: Order, fields: Partial<Order> = {}): void {
  edge.home.answers.set(`GET ${pathOf(order.order_id)}`, { body: { ...order, ...fields } })
}

async function problemOf(answer: Response): Promise<[number, string, string | undefined]> {
  const { type, errors } = (await answer.json()) as Problem
  return [answer.status, type.split('/').at(-1)!, errors?.[0]?.pointer]
}

async function whileDark(work: () => Promise<void>): Promise<void> {
  await edge.home.stop()
  await work()
  await edge.home.start()
  await until(async () => (await edge.status()).home === 'up')
}

describe('a replacement', () => {
  it('is an order that names the one whose place it takes', async () => {
    const order = await placed()
    homeKnows(order, { status: 'PARTIALLY_FILLED', filled_quantity: '0.004' })
    const answer = await patch(order.order_id, { limit_price: '9400000', client_order_id: 'two' })
    expect(answer.status).toBe(202)
    const accepted = (await answer.json()) as AcceptedOrder
    expect(answer.headers.get('location')).toBe(pathOf(accepted.order_id))
    expect(accepted).toMatchObject({ client_order_id: 'two', status: 'PENDING' })
    expect(edge.home.stored.at(-1)).toMatchObject({
      ...{ kind: 'place', order_id: accepted.order_id, replaces: order.order_id },
      ...{ limit_price: '9400000', quantity: '0.01', type: 'LIMIT', side: 'BUY' },
      accepted_at: accepted.accepted_at,
    })
    const view = (await (await edge.get(pathOf(accepted.order_id), token)).json()) as Order
    expect(view).toMatchObject({ status: 'PENDING', replaces: order.order_id })
  })

  it('takes its client order id from the header as well', async () => {
    const order = await placed()
    const key = { 'idempotency-key': 'from-header' }
    const accepted = await patch(order.order_id, { quantity: '0.02' }, key)
    expect(await accepted.json()).toMatchObject({ client_order_id: 'from-header' })
    const other = await patch(order.order_id, { quantity: '0.03', client_order_id: 'x' }, key)
    expect(await problemOf(other)).toEqual([400, 'invalid-request', '#/client_order_id'])
  })

  it('sent again is the same order, though it has replaced the first by now', async () => {
    const order = await placed()
    const change = { quantity: '0.02', client_order_id: 'again' }
    const first = (await (await patch(order.order_id, change)).json()) as AcceptedOrder
    homeKnows(order, { status: 'CANCELLED', reason: 'replaced', replaced_by: first.order_id })
    const again = await patch(order.order_id, change)
    expect(again.status).toBe(202)
    expect(await again.json()).toEqual(first)
    const other = await patch(order.order_id, { ...change, client_order_id: 'another' })
    expect(await problemOf(other)).toEqual([409, 'order-not-working', undefined])
  })

  it('is taken while home is dark, of an order this edge knows', async () => {
    const pending = await placed()
    const seen = await placed()
    homeKnows(seen, { status: 'OPEN' })
    await (await edge.get(pathOf(seen.order_id), token)).text()
    await whileDark(async () => {
      for (const { order_id } of [pending, seen]) {
        expect((await patch(order_id, { quantity: '0.02' })).status).toBe(202)
      }
      expect(await problemOf(await patch(randomUUID(), { quantity: '0.02' }))).toEqual([
        ...[503, 'unavailable', undefined],
      ])
    })
    await edge.drained()
    expect(edge.home.stored.at(-1)).toMatchObject({ replaces: seen.order_id })
  })

  it("of another's order finds none", async () => {
    const { order_id } = await placed()
    token = await edge.home.token(randomUUID())
    expect(await problemOf(await patch(order_id, { quantity: '1' }))).toEqual([
      ...[404, 'not-found', undefined],
    ])
  })

  it.each<[string, Partial<Order>, object, [number, string, string | undefined]]>([
    ['nothing to change', {}, {}, [400, 'invalid-request', '#']],
    ['a field of none', {}, { side: 'SELL' }, [400, 'invalid-request', '#/side']],
    ['a number', {}, { quantity: 1 }, [400, 'invalid-request', '#/quantity']],
    ['a stop', {}, { stop_price: '1' }, [422, 'order-contradicts-itself', '#/stop_price']],
    ['off its tick', {}, { limit_price: '9400001' }, [422, 'price-off-tick', '#/limit_price']],
    ['DAY', {}, { time_in_force: 'DAY' }, [422, 'time-in-force-refused', '#/time_in_force']],
    [
      'less than has filled',
      { status: 'PARTIALLY_FILLED', filled_quantity: '0.004' },
      { quantity: '0.004' },
      [422, 'order-contradicts-itself', '#/quantity'],
    ],
    ['too late', { status: 'FILLED' }, { quantity: '1' }, [409, 'order-not-working', undefined]],
  ])('is refused with %s', async (_, state, changes, expected) => {
    const order = await placed()
    homeKnows(order, { status: 'OPEN', ...state })
    const before = edge.home.stored.length
    expect(await problemOf(await patch(order.order_id, changes))).toEqual(expected)
    expect(edge.home.stored).toHaveLength(before)
  })

  it('needs an order id in its path', async () => {
    expect(await problemOf(await patch('nonsense', { quantity: '1' }))).toEqual([
      ...[400, 'invalid-request', '#/id'],
    ])
  })
})

describe('a special order', () => {
  it.each<[string, Record<string, unknown>, object]>([
    [
      'by amount',
      { type: 'MARKET', limit_price: null, quantity: null, notional: '100000' },
      { quantity: '0', notional: '100000', limit_price: null },
    ],
    [
      'with a stop',
      { type: 'STOP_LIMIT', stop_price: '9600000' },
      { type: 'STOP_LIMIT', stop_price: '9600000', limit_price: '9500000' },
    ],
    [
      'until a date',
      { time_in_force: 'GTD', expire_at: '2027-01-01T09:00:00+09:00' },
      { time_in_force: 'GTD', expires_at: '2027-01-01T00:00:00.000Z' },
    ],
    [
      'that trails',
      { type: 'TRAILING_STOP', limit_price: null, trail_percent: '5', side: 'SELL' },
      { trail_percent: '5', trail_amount: null, stop_price: null },
    ],
    ['that only makes', { post_only: true }, { post_only: true, reduce_only: false }],
    [
      'with an exit',
      { order_class: 'OTO', stop_loss: { type: 'STOP', stop_price: '9000000' } },
      { leg: 'ENTRY' },
    ],
    [
      'beside another',
      { side: 'SELL', order_class: 'OCO', stop_loss: { type: 'STOP', stop_price: '9000000' } },
      { leg: 'TAKE_PROFIT' },
    ],
  ])('%s is shown as it was asked for before home knows it', async (_, fields, expected) => {
    const order = await placed(fields)
    expect(order).toMatchObject({ status: 'PENDING', sessions: ['regular'], ...expected })
    expect(order.group_id).toBe(order.leg === null ? null : order.order_id)
  })

  it.each<[string, Record<string, unknown>, string, number]>([
    ['a stop of a LIMIT', { stop_price: '1' }, '#/stop_price', 400],
    ['a STOP without one', { type: 'STOP', limit_price: null }, '#/stop_price', 400],
    ['quantity and notional', { notional: '1' }, '#/quantity', 400],
    ['a distance of a LIMIT', { trail_percent: '1' }, '#/trail_percent', 400],
    [
      'post_only at the market',
      { type: 'MARKET', limit_price: null, post_only: true },
      '#/post_only',
      422,
    ],
    ['reduce_only for a buy', { reduce_only: true }, '#/reduce_only', 422],
    ['a session of another venue', { sessions: ['pre'] }, '#/sessions', 422],
    [
      'an exit without a class',
      { stop_loss: { type: 'STOP', stop_price: '1' } },
      '#/order_class',
      422,
    ],
    ['GTD without a date', { time_in_force: 'GTD' }, '#/time_in_force', 422],
  ])('with %s is refused', async (_, fields, pointer, status) => {
    const answer = await edge.post('/api/v1/orders', limitOrder(fields), { token })
    const [actual, , at] = await problemOf(answer)
    expect([actual, at]).toEqual([status, pointer])
  })
})
