import type { Order } from '@motu/shared/contract/orders.ts'
import { describe, expect, it, vi } from 'vitest'
import type { Api } from '#lib/api.ts'
import type { Answer, Failure } from '#lib/http.ts'
import { Orders } from './orders.svelte.ts'
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

const SHAPE = { filled_quantity: '1', cancel_requested_at: null, ticker_id: DRAFT.ticker_id }
