import type { Order } from '@motu/shared/contract/orders.ts'
import { describe, expect, it } from 'vitest'
import type { OrderListQuery } from '#lib/api.ts'
import type { Answer, Failure } from '#lib/http.ts'
import { EVERY_ORDER } from './order-filter.ts'
import { OrderSearch } from './order-search.svelte.ts'

const SELLS = { ...EVERY_ORDER, side: 'SELL' } as const
const NETWORK: Failure = { kind: 'network' }

const order = (minute: number, side: 'BUY' | 'SELL' = 'SELL'): Order =>
  ({
    ...{ order_id: `${minute}`, ticker_id: 'CRYPTO-COIN-BTC', side, status: 'FILLED' },
    accepted_at: new Date(Date.UTC(2026, 10, 20, 9, minute)).toISOString(),
  }) as Order
const page = (minutes: number[], next_cursor: string | null) =>
  ({
    ok: true,
    data: { orders: minutes.map((minute) => order(minute)), next_cursor },
    staleSince: null,
  }) as const

/** Home answers when it is told to. */
function setUp() {
  const asked: OrderListQuery[] = []
  const answers: ((answer: Answer<never>) => void)[] = []
  let typed: () => void = () => {}
  const search = new OrderSearch({
    api: {
      orders: (query) => {
        asked.push(query)
        return new Promise((resolve) => answers.push(resolve as never))
      },
    },
    after: (_, call) => {
      typed = call
      return () => (typed = () => {})
    },
  })
  const answer = async (given: unknown): Promise<void> => {
    answers.shift()!(given as Answer<never>)
    await new Promise((resolve) => setTimeout(resolve))
  }
  const ids = (loaded: Order[] = []) => search.among(loaded).map(({ order_id }) => order_id)
  return { search, asked, answer, ids, pause: () => typed() }
}

describe('a search of past orders', () => {
  it('asks home once, when typing has stopped, then page by page', async () => {
    const { search, asked, answer, ids, pause } = setUp()
    search.look({ ...SELLS, text: 'b' })
    search.look({ ...SELLS, text: 'btc' })
    expect(search.isAsking).toBe(true)
    pause()
    await answer(page([9, 8], 'next'))
    expect([search.isAsking, search.nextCursor, ids()]).toEqual([false, 'next', ['9', '8']])
    const rest = search.more()
    await answer(page([3], null))
    await rest
    expect([search.nextCursor, ids()]).toEqual([null, ['9', '8', '3']])
    const query = { status: 'closed', side: 'SELL', query: 'btc', limit: 30 }
    expect(asked).toEqual([query, { ...query, cursor: 'next' }])
  })

  it('shows what is loaded at once, and each order once', async () => {
    const { search, answer, ids, pause } = setUp()
    search.look(SELLS)
    const loaded = [order(9), order(8, 'BUY'), order(7)]
    expect(ids(loaded)).toEqual(['9', '7'])
    pause()
    await answer(page([9, 7, 5], null))
    expect(ids(loaded)).toEqual(['9', '7', '5'])
  })

  it('drops what was found for something else', async () => {
    const { search, answer, ids, pause } = setUp()
    search.look(SELLS)
    pause()
    search.look({ ...SELLS, side: 'BUY' })
    pause()
    await answer(page([9], 'of the sells'))
    expect([ids(), search.nextCursor, search.isAsking]).toEqual([[], null, true])
    await answer(page([], null))
    expect(search.isAsking).toBe(false)
  })

  it('says that home did not answer, and asks again', async () => {
    const { search, answer, ids, pause } = setUp()
    search.look(SELLS)
    pause()
    await answer({ ok: false, failure: NETWORK })
    expect([search.failure, ids([order(4)])]).toEqual([NETWORK, ['4']])
    void search.more()
    await answer(page([4, 2], null))
    expect([search.failure, ids()]).toEqual([null, ['4', '2']])
  })

  it('asks for nothing that cannot be', () => {
    const { search, asked, pause } = setUp()
    search.look({ ...SELLS, from: '2026-11-21', to: '2026-11-20' })
    pause()
    expect([search.isAsking, asked]).toEqual([false, []])
  })
})
