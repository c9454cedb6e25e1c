import type { Order } from '@motu/shared/contract/orders.ts'
import { describe, expect, it, vi } from 'vitest'
import type { Api } from '#lib/api.ts'
import type { Answer, Failure } from '#lib/http.ts'
import { cancelNotice } from './cancel-notice.ts'
import { cancelTogether, type Together } from './cancel-together.ts'
import { noticeOf } from './notices.ts'
import { type OrderChange, Orders } from './orders.svelte.ts'
import { RememberedOrders } from './remembered-orders.ts'

const REFUSAL: Failure = {
  kind: 'problem',
  code: 'forbidden',
  status: 403,
  detail: '',
  fields: {},
}
const open = (id: number): Order =>
  ({
    ...{ order_id: `${id}`, client_order_id: `c${id}`, ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY' },
    ...{ type: 'LIMIT', status: 'OPEN', quantity: '1', filled_quantity: '0', replaces: null },
    ...{ accepted_at: '2026-11-20T09:00:00.000Z', cancel_requested_at: null, cancel_result: null },
  }) as Order
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** `count` open orders, of which some may not be cancelled. */
function setUp(count: number, refused: readonly string[] = []) {
  let most = 0
  let underWay = 0
  const cancel = vi.fn(async (id: string): Promise<Answer<unknown>> => {
    most = Math.max(most, ++underWay)
    await Promise.resolve()
    underWay -= 1
    if (refused.includes(id)) return { ok: false, failure: REFUSAL }
    const data = { order_id: id, cancel_requested_at: '2026-11-20T09:00:01.000Z' }
    return { ok: true, data, staleSince: null }
  })
  const changes: OrderChange[] = []
  const orders = new Orders({
    api: { cancel } as unknown as Api,
    newId: () => 'new',
    wait: async () => {},
    remembered: new RememberedOrders({ getItem: () => null, setItem() {}, removeItem() {} }),
    onChange: (change) => changes.push(change),
  })
  orders.begin('minji')
  const chosen = Array.from({ length: count }, (_, id) => open(id))
  for (const order of chosen) orders.apply(order)
  changes.length = 0
  const told: Together[] = []
  let patience: () => void = () => {}
  const wait = () => new Promise<void>((resolve) => (patience = resolve))
  const ask = () =>
    cancelTogether(chosen, { orders, wait, tell: (together) => void told.push(together) })
  const end = (id: number, change: Partial<Order> = { status: 'CANCELLED' }) =>
    orders.apply({ ...open(id), ...change })
  const notices = () => changes.map(noticeOf).filter((notice) => notice !== null)
  return { orders, cancel, told, ask, end, notices, most: () => most, tire: () => patience() }
}

describe('orders cancelled together', () => {
  it('are each asked for once, a few at a time', async () => {
    const { ask, cancel, most } = setUp(20)
    await ask()
    expect(new Set(cancel.mock.calls.map(([id]) => id)).size).toBe(20)
    expect(cancel).toHaveBeenCalledTimes(20)
    expect(most()).toBeLessThanOrEqual(4)
  })

  it('are told of in one notice, when the last of them has ended', async () => {
    const { ask, end, told, notices, orders } = setUp(3)
    await ask()
    end(0)
    end(1)
    await settled()
    expect(told).toEqual([])
    end(2)
    await settled()
    expect(told.map(cancelNotice)).toEqual([{ tone: 'plain', title: '3건 취소됨', text: '' }])
    expect(notices()).toEqual([])
    expect(orders.together).toEqual({})
  })

  it('name those that were not cancelled, and why', async () => {
    const { ask, end, told, notices } = setUp(3, ['2'])
    await ask()
    end(0)
    const filled = { filled_quantity: '1', price: '9500000', cancel_result: 'TOO_LATE' } as const
    end(1, { status: 'FILLED', ...filled })
    await settled()
    const [notice] = told.map(cancelNotice)
    expect(notice).toMatchObject({ tone: 'bad', title: '1건 취소됨 · 2건은 취소하지 못했어요' })
    expect(notice!.text).toMatch(/^비트코인 매수 1 · 체결\n비트코인 매수 1 · .+$/)
    expect(notices()).toEqual([])
  })

  it('name only a few, and count the others', async () => {
    const ids = Array.from({ length: 9 }, (_, id) => `${id}`)
    const { ask, told } = setUp(9, ids)
    await ask()
    await settled()
    const { title, text } = cancelNotice(told[0]!)
    expect(title).toBe('0건 취소됨 · 9건은 취소하지 못했어요')
    expect(text.split('\n')).toHaveLength(4)
    expect(text).toMatch(/그 밖에 6건$/)
  })

  it('are told of twice where home takes its time', async () => {
    const { ask, end, told, tire, notices } = setUp(2)
    await ask()
    tire()
    await settled()
    end(0)
    await settled()
    expect(told.map(({ waiting }) => waiting.length)).toEqual([2])
    expect(cancelNotice(told[0]!).title).toBe('2건 취소를 요청했어요')
    end(1)
    await settled()
    expect(cancelNotice(told[1]!).title).toBe('2건 취소됨')
    expect(notices()).toEqual([])
  })

  it('are not told of to whoever signs in next', async () => {
    const { ask, orders, told } = setUp(2)
    await ask()
    orders.clear()
    await settled()
    expect(told).toEqual([])
  })

  it('leave the notice of a cancel of its own alone', async () => {
    const { ask, end, notices, orders } = setUp(1)
    await ask()
    orders.apply(open(7))
    end(7)
    await settled()
    expect(notices().map(({ title }) => title)).toEqual(['주문이 취소됐어요'])
  })
})
