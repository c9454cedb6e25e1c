import type { Order } from '@motu/shared/contract/orders.ts'
import { describe, expect, it, vi } from 'vitest'
import type { Api } from '#lib/api.ts'
import type { Answer, Failure } from '#lib/http.ts'
import { type OrderChange, Orders } from './orders.svelte.ts'
import { RememberedOrders } from './remembered-orders.ts'

const DRAFT = { ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '1' } as const
const NETWORK: Failure = { kind: 'network' }
const fail = (failure: Failure): Answer<never> => ({ ok: false, failure })
const good = <T>(data: T): Answer<T> => ({ ok: true, data, staleSince: null })
const accepted = (client_order_id: string) =>
  good({
    order_id: `id-of-${client_order_id}`,
    client_order_id,
    status: 'PENDING' as const,
    accepted_at: '2026-11-20T09:00:00.000Z',
  })

function memoryStorage() {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}

function makeOrders(api: Partial<Record<keyof Api, unknown>>, storage = memoryStorage()) {
  let count = 0
  const onChange = vi.fn()
  const orders = new Orders({
    api: api as unknown as Api,
    newId: () => `client-${++count}`,
    wait: async () => {},
    remembered: new RememberedOrders(storage),
    onChange,
  })
  orders.begin('minji')
  return { orders, onChange }
}

describe('placing an order', () => {
  it('shows the order at once and reconciles it with its event', async () => {
    const { orders, onChange } = makeOrders({
      place: async (draft: { client_order_id: string }) => accepted(draft.client_order_id),
    })
    const placing = orders.place(DRAFT)
    expect(orders.sending).toHaveLength(1)
    expect(await placing).toBeNull()
    expect(orders.sending).toHaveLength(0)
    expect(orders.open.map(({ status }) => status)).toEqual(['PENDING'])
    orders.apply({ ...orders.open[0]!, status: 'FILLED', filled_quantity: '1' })
    expect(orders.open).toHaveLength(0)
    expect(orders.past).toHaveLength(1)
    expect(onChange.mock.lastCall![0].before.status).toBe('PENDING')
  })

  it('retries with the same client order id when no answer came', async () => {
    const place = vi
      .fn()
      .mockResolvedValueOnce(fail(NETWORK))
      .mockImplementation(async (draft) => accepted(draft.client_order_id))
    const { orders } = makeOrders({ place })
    expect(await orders.place(DRAFT)).toBeNull()
    const ids = place.mock.calls.map(([draft]) => draft.client_order_id)
    expect(ids).toEqual(['client-1', 'client-1'])
    expect(orders.open).toHaveLength(1)
  })

  it('hands a refusal back without retrying', async () => {
    const refusal: Failure = {
      kind: 'problem',
      code: 'price-off-tick',
      status: 422,
      detail: '',
      fields: {},
    }
    const place = vi.fn().mockResolvedValue(fail(refusal))
    const { orders } = makeOrders({ place })
    expect(await orders.place(DRAFT)).toEqual(refusal)
    expect(place).toHaveBeenCalledTimes(1)
    expect(orders.sending).toHaveLength(0)
  })

  it('does not go back when the event overtakes the 202', async () => {
    const { orders } = makeOrders({
      place: async (draft: { client_order_id: string }) => {
        const answer = accepted(draft.client_order_id)
        if (answer.ok) orders.apply({ ...SHAPE, ...answer.data, status: 'FILLED' } as Order)
        return answer
      },
    })
    await orders.place(DRAFT)
    expect(orders.all.map(({ status }) => status)).toEqual(['FILLED'])
  })

  it('remembers over a reload what home has not spoken of', async () => {
    const storage = memoryStorage()
    const api = {
      place: async (draft: { client_order_id: string }) => accepted(draft.client_order_id),
    }
    await makeOrders(api, storage).orders.place(DRAFT)
    const { orders } = makeOrders(api, storage)
    expect(orders.open.map(({ order_id }) => order_id)).toEqual(['id-of-client-1'])
    orders.apply({ ...orders.open[0]!, status: 'OPEN' })
    expect(makeOrders(api, storage).orders.all).toHaveLength(0)
  })
})

describe('replacing an order', () => {
  const working = (): Order =>
    ({
      ...SHAPE,
      order_id: 'old',
      client_order_id: 'first',
      status: 'OPEN',
      quantity: '2',
      filled_quantity: '0',
      limit_price: '100',
      accepted_at: '2026-11-20T08:00:00.000Z',
    }) as Order

  it('shows the new price at once, and then one order, not two', async () => {
    let answer = (): void => {}
    const replace = vi.fn(async (_id: string, { client_order_id }: { client_order_id: string }) => {
      await new Promise<void>((done) => (answer = done))
      return accepted(client_order_id)
    })
    const { orders } = makeOrders({ replace })
    orders.apply(working())
    const replacing = orders.replace(orders.open[0]!, { limit_price: '90' })
    expect(orders.open.map(({ order_id, limit_price }) => [order_id, limit_price])).toEqual([
      ['old', '90'],
    ])
    expect(orders.isReplacing('old')).toBe(true)
    answer()
    expect(await replacing).toBeNull()
    const [only, ...others] = orders.open
    expect([only?.order_id, only?.limit_price, only?.status]).toEqual([
      'id-of-client-1',
      '90',
      'PENDING',
    ])
    expect(others).toEqual([])
  })

  it('is told of, though its event overtakes the 202', async () => {
    const { orders, onChange } = makeOrders({
      replace: async (_id: string, { client_order_id }: { client_order_id: string }) => {
        const answer = accepted(client_order_id)
        if (answer.ok)
          orders.apply({ ...working(), ...answer.data, status: 'OPEN', replaces: 'old' })
        return answer
      },
    })
    orders.apply(working())
    await orders.replace(orders.open[0]!, { limit_price: '90' })
    const [{ before, after, wasSending }] = onChange.mock.lastCall as [OrderChange]
    expect([before, after.status, wasSending]).toEqual([undefined, 'OPEN', true])
  })

  it('shows the old one again when home refuses the new one', async () => {
    const { orders } = makeOrders({
      replace: async (_id: string, { client_order_id }: { client_order_id: string }) =>
        accepted(client_order_id),
    })
    orders.apply(working())
    await orders.replace(orders.open[0]!, { limit_price: '90' })
    orders.apply({ ...orders.open[0]!, status: 'FAILED', reason: 'price_limit' })
    expect(orders.open.map(({ order_id, limit_price }) => [order_id, limit_price])).toEqual([
      ['old', '100'],
    ])
  })

  it('shows the old terms again when the edge refuses, and hands the failure back', async () => {
    const refusal: Failure = {
      kind: 'problem',
      code: 'order-not-working',
      status: 409,
      detail: '',
      fields: {},
    }
    const { orders } = makeOrders({ replace: async () => fail(refusal) })
    orders.apply(working())
    expect(await orders.replace(orders.open[0]!, { limit_price: '90' })).toEqual(refusal)
    expect(orders.open[0]!.limit_price).toBe('100')
    expect(orders.isReplacing('old')).toBe(false)
  })
})

const SHAPE = {
  replaces: null,
  filled_quantity: '1',
  cancel_requested_at: null,
  ticker_id: DRAFT.ticker_id,
}
