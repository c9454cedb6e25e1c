// Every order that is looked for, from page to page.

import type { Order } from '@motu/shared/contract/orders.ts'
import type { Api, OrderListQuery } from '#lib/api.ts'
import { collect, type Collected, type Collecting } from '#lib/books/collect.ts'

const ORDERS_PER_PAGE_MAX: (typeof import('@motu/shared/contract/orders.ts'))['ORDERS_PER_PAGE_MAX'] = 500

/** All orders that are looked for, the newest first. */
export function allOrders(
  api: Pick<Api, 'orders'>,
  asked: Omit<OrderListQuery, 'limit' | 'cursor'>,
  collecting: Collecting,
): Promise<Collected<Order>> {
  return collect(async (cursor) => {
    const answer = await api.orders({
      ...{ ...asked, limit: ORDERS_PER_PAGE_MAX },
      ...(cursor ? { cursor } : {}),
    })
    if (!answer.ok) return answer
    const { orders, next_cursor } = answer.data
    return { ...answer, data: { items: orders, next: next_cursor } }
  }, collecting)
}
