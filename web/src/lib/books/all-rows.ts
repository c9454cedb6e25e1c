// Every row an export is made of, from page to page.

import type { LedgerLine } from '@motu/shared/contract/performance.ts'
import type { FillView, Order } from '@motu/shared/contract/orders.ts'
import { decimal } from '@motu/shared/decimal.ts'
import type { Api } from '#lib/api.ts'
import type { Answer } from '#lib/http.ts'
import type { BooksApi } from './books-api.ts'
import { collect, type Collected, type Collecting, insist, type Page } from './collect.ts'
import type { FillRow } from './ledger-csv.ts'

const LINES_PER_ANSWER_MAX: (typeof import('@motu/shared/contract/performance.ts'))['LEDGER_PER_ANSWER_MAX'] = 200
/** Each order is a request of its own: pages small enough that progress is seen. */
const ORDERS_PER_PAGE = 40
const REQUESTS_AT_ONCE = 4

export function allLedgerLines(
  api: BooksApi,
  collecting: Collecting,
): Promise<Collected<LedgerLine>> {
  return collect(async (cursor) => {
    const answer = await api.ledger({ limit: LINES_PER_ANSWER_MAX, cursor })
    if (!answer.ok) return answer
    const { lines, next_cursor } = answer.data
    return { ...answer, data: { items: lines, next: next_cursor } }
  }, collecting)
}

/** All fills, those of the newest orders first. */
export function allFills(api: Api, collecting: Collecting): Promise<Collected<FillRow>> {
  return collect((cursor) => fillsOfPage(api, cursor, collecting), collecting)
}

async function fillsOfPage(
  api: Api,
  cursor: string | null,
  collecting: Collecting,
): Promise<Answer<Page<FillRow>>> {
  const answer = await api.orders({
    ...{ status: 'all', limit: ORDERS_PER_PAGE },
    ...(cursor ? { cursor } : {}),
  })
  if (!answer.ok) return answer
  const filled = answer.data.orders.filter((order) => decimal(order.filled_quantity) > 0n)
  const items: FillRow[] = []
  for (let from = 0; from < filled.length; from += REQUESTS_AT_ONCE) {
    if (collecting.signal.aborted) break
    const some = filled.slice(from, from + REQUESTS_AT_ONCE)
    const answers = await Promise.all(some.map((order) => fillsOf(api, order, collecting)))
    for (const each of answers) {
      if (!each.ok) return each
      items.push(...each.data)
    }
  }
  return { ...answer, data: { items, next: answer.data.next_cursor } }
}

async function fillsOf(api: Api, order: Order, collecting: Collecting): Promise<Answer<FillRow[]>> {
  type Fills = { fills: FillView[] }
  const answer = await insist<Fills>(() => api.fills(order.order_id), collecting)
  if (!answer.ok) return answer
  return { ...answer, data: answer.data.fills.map((fill) => ({ order, fill })) }
}
