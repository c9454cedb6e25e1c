import type { OrderTest } from '@motu/shared/contract/order-test.ts'
import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import type { AcceptedOrder, BatchResults, Order } from '@motu/shared/contract/orders.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Answer } from '#lib/http.ts'
import type { ValuedPosition } from '#lib/trade/valuation.ts'
import { expect, it, vi } from 'vitest'
import type { BooksApi } from './books-api.ts'
import { holdingSells, proceedsOfAll, type SellItem, sellItemsOf, sellOrder } from './sell-all.ts'
import { SellAll } from './sell-all.svelte.ts'

const BTC: SellItem = { tickerId: 'CRYPTO-COIN-BTC', quantity: decimal('0.5'), valueKrw: null }
const AAPL: SellItem = { tickerId: 'US-STOCK-AAPL', quantity: decimal('3'), valueKrw: null }
const FINE = { ok: true, refusal: null } as OrderTest
const HALTED = { ok: false, refusal: { reason: 'halted' } } as OrderTest

const position = (id: string, quantity: string, free: string, value: string | null) =>
  ({
    view: { ticker_id: id },
    quantity: decimal(quantity),
    freeQuantity: decimal(free),
    valueKrw: value === null ? null : decimal(value),
  }) as ValuedPosition

const kept = (...ids: string[]): Answer<BatchResults> => ({
  ok: true,
  staleSince: null,
  data: { results: ids.map((order_id, index) => ({ index, order_id, status: 'PENDING' })) },
})

function setUp(
  batches: (Answer<BatchResults> | ((sent: PlaceOrder[]) => Answer<BatchResults>))[],
  tests: Record<string, OrderTest> = {},
) {
  const sent: PlaceOrder[][] = []
  const taken: AcceptedOrder[] = []
  const testOrder = vi.fn(({ ticker_id }: PlaceOrder) =>
    Promise.resolve({ ok: true, staleSince: null, data: tests[ticker_id] ?? FINE } as const),
  )
  const api = {
    testOrder,
    placeBatch: (orders: PlaceOrder[]) => {
      sent.push(orders)
      const next = batches.shift()!
      return Promise.resolve(typeof next === 'function' ? next(orders) : next)
    },
  } as unknown as BooksApi
  let ids = 0
  const sellAll = new SellAll({
    ...{
      api,
      now: () => '2026-11-20T00:00:00.000Z',
      wait: () => Promise.resolve(),
      newId: () => `id-${(ids += 1)}`,
    },
    onKept: (_, accepted) => taken.push(accepted),
  })
  return { sellAll, sent, taken, testOrder }
}

it('sells what is free of each position, and values that part', () => {
  const items = sellItemsOf([
    position('A', '4', '1', '400'),
    position('B', '2', '0', '100'),
    position('C', '1', '1', null),
  ])
  expect(items.map(({ tickerId }) => tickerId)).toEqual(['A', 'C'])
  expect(formatDecimal(items[0]!.valueKrw!)).toBe('100')
})

it('names the sells that hold something back, and no other order', () => {
  const orders = [
    { order_id: '1', side: 'SELL', ticker_id: 'A' },
    { order_id: '2', side: 'BUY', ticker_id: 'A' },
    { order_id: '3', side: 'SELL', ticker_id: 'C' },
  ] as Order[]
  const positions = [position('A', '4', '1', null), position('C', '1', '1', null)]
  expect(holdingSells(orders, positions).map(({ order_id }) => order_id)).toEqual(['1'])
})

it('adds up what is known', () => {
  const one = { totalKrw: 5n, feeKrw: 1n }
  expect(proceedsOfAll([one, null, { totalKrw: 7n, feeKrw: null }])).toEqual({
    ...{ totalKrw: 12n, feeKrw: 1n },
  })
  expect(proceedsOfAll([{ totalKrw: 7n, feeKrw: null }])!.feeKrw).toBeNull()
  expect(proceedsOfAll([null])).toBeNull()
})

it('sells at the market, never more than there is, at the opening if wanted', () => {
  expect(sellOrder(BTC, false)).toEqual({
    ...{ ticker_id: 'CRYPTO-COIN-BTC', side: 'SELL', type: 'MARKET' },
    ...{ quantity: '0.5', reduce_only: true },
  })
  expect(sellOrder(BTC, true).queue_for_open).toBe(true)
})

it('asks about each item once, and again when the rule for shut markets changes', async () => {
  const { sellAll, testOrder } = setUp([])
  await sellAll.review([BTC, AAPL])
  await sellAll.review([BTC, AAPL])
  expect(testOrder).toHaveBeenCalledTimes(2)
  sellAll.mayWaitForOpen = false
  expect(sellAll.testOf(BTC)).toBeUndefined()
  await sellAll.review([BTC])
  expect(testOrder).toHaveBeenCalledTimes(3)
})

it('sends one order an item, leaves out what would be refused, and tells what was kept', async () => {
  const { sellAll, sent, taken } = setUp([kept('order-1')], { 'US-STOCK-AAPL': HALTED })
  await sellAll.review([BTC, AAPL])
  await sellAll.send([BTC, AAPL])
  expect(sent).toHaveLength(1)
  expect(sent[0]!.map(({ ticker_id }) => ticker_id)).toEqual(['CRYPTO-COIN-BTC'])
  expect(taken.map(({ order_id }) => order_id)).toEqual(['order-1'])
  expect(sellAll.phase).toBe('sent')
  expect(sellAll.results).toMatchObject([{ kind: 'kept', orderId: 'order-1' }])
})

it('shows a refusal of one beside what was kept of others', async () => {
  const type = 'https://motu.example/problems/instrument-delisted'
  const results: BatchResults['results'] = [
    { index: 0, order_id: 'order-1', status: 'PENDING' },
    { index: 1, problem: { type, title: '', status: 422, detail: '', instance: '' } },
  ]
  const { sellAll } = setUp([{ ok: true, staleSince: null, data: { results } }])
  await sellAll.send([BTC, AAPL])
  expect(sellAll.results).toMatchObject([
    { kind: 'kept' },
    { kind: 'refused', code: 'instrument-delisted', draft: { ticker_id: 'US-STOCK-AAPL' } },
  ])
})

it('sends the same orders again when no answer came, whatever the positions are by then', async () => {
  const lost: Answer<BatchResults> = { ok: false, failure: { kind: 'network' } }
  const { sellAll, sent } = setUp([lost, lost, lost, kept('order-1')])
  await sellAll.send([BTC])
  expect([sellAll.phase, sellAll.isRepeat]).toEqual(['reviewing', true])
  await sellAll.send([AAPL])
  expect(sent).toHaveLength(4)
  expect(new Set(sent.map((batch) => JSON.stringify(batch))).size).toBe(1)
  expect(sellAll.phase).toBe('sent')
})

it('sends more than a batch holds in several', async () => {
  const all = Array.from({ length: 130 }, (_, index) => ({ ...BTC, tickerId: `T${index}` }))
  const keepAll = (orders: PlaceOrder[]) => kept(...orders.map(({ ticker_id }) => ticker_id))
  const { sellAll, sent } = setUp([keepAll, keepAll])
  await sellAll.send(all)
  expect(sent.map(({ length }) => length)).toEqual([100, 30])
  expect(sellAll.results.map((one) => one.draft.ticker_id)).toEqual(
    all.map(({ tickerId }) => tickerId),
  )
})
