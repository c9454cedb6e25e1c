import type { Order } from '@motu/shared/contract/orders.ts'
import { expect, it, vi } from 'vitest'
import { csvOf } from '#lib/books/csv.ts'
import { Export } from '#lib/books/export.svelte.ts'
import type { OrderListQuery } from '#lib/api.ts'
import { allOrders } from './all-orders.ts'
import { orderColumns } from './order-csv.ts'

const order = (changes: Partial<Order>): Order =>
  ({
    ...{ order_id: 'o1', client_order_id: '=mine', ticker_id: 'KRX-STOCK-005930', side: 'SELL' },
    ...{ type: 'LIMIT', leg: null, status: 'FAILED', reason: 'price_limit', quantity: '10' },
    ...{ filled_quantity: '0', price: null, limit_price: '51000', stop_price: null },
    ...{ currency: 'KRW', applied_exchange_rate: null, notional: null, fee_krw: '0' },
    ...{ time_in_force: 'DAY', accepted_at: '2026-11-20T15:00:01.000Z', filled_at: null },
    ...changes,
  }) as Order

const rowsOf = (orders: Order[]) =>
  csvOf(orderColumns('Asia/Seoul'), orders)
    .split('\r\n')
    .map((line) => line.split(','))

it('writes what was asked for and what became of it, in the words of the page', () => {
  const [head, row] = rowsOf([order({})])
  expect(head).toHaveLength(20)
  expect(head![0]).toBe('\uFEFF접수 시각 (Asia/Seoul)')
  expect(row!.slice(0, 6)).toEqual([
    ...['2026-11-21 00:00:01', 'KRX-STOCK-005930', '삼성전자', '매도', '지정가', '실패'],
  ])
  expect(row!.slice(7, 11)).toEqual(['10', '0', '', '51000'])
  // No formula for the spreadsheet.
  expect(row!.at(-1)).toBe("'=mine")
})

it('leaves the quantity empty of an amount that has bought nothing', () => {
  const [, row] = rowsOf([order({ quantity: '0', notional: '50000' })])
  expect([row![7], row![14]]).toEqual(['', '50000'])
})

it('has every order that is looked for in it, not only those of the first page', async () => {
  const all = Array.from({ length: 1_201 }, (_, no) => order({ order_id: `${no}` }))
  const orders = vi.fn(async ({ limit, cursor = '0' }: OrderListQuery) => {
    const next = +cursor + limit
    const data = {
      orders: all.slice(+cursor, next),
      next_cursor: next < all.length ? `${next}` : null,
    }
    return { ok: true as const, data, staleSince: null }
  })
  const save = vi.fn<(saved: Order[]) => void>()
  const asked = { status: 'closed', side: 'BUY', from: 5 } as const
  const job = new Export<Order>({
    wait: async () => {},
    collect: (collecting) => allOrders({ orders }, asked, collecting),
    save,
  })
  await job.run()
  expect([job.state, job.count]).toEqual(['done', 1_201])
  expect(save).toHaveBeenCalledExactlyOnceWith(all)
  for (const [query] of orders.mock.calls) expect(query).toMatchObject(asked)
  expect(orders).toHaveBeenCalledTimes(3)
})
