import type { Order } from '@motu/shared/contract/orders.ts'
import { expect, it } from 'vitest'
import {
  EVERY_ORDER,
  groupsOf,
  isFiltered,
  matches,
  type OrderFilter,
  queryOf,
} from './order-filter.ts'

const order = (fields: Partial<Order>): Order =>
  ({
    order_id: 'a',
    ticker_id: 'KRX-STOCK-005930',
    side: 'BUY',
    status: 'FILLED',
    leg: null,
    group_id: null,
    accepted_at: new Date('2026-11-20T12:00').toISOString(),
    ...fields,
  }) as Order

// A buy of Samsung Electronics that filled, at noon of the 20th.
it.each<[Partial<OrderFilter>, boolean]>([
  [{}, true],
  [{ venue: 'KRX', side: 'BUY', status: 'FILLED' }, true],
  [{ venue: 'US' }, false],
  [{ side: 'SELL' }, false],
  [{ status: 'CANCELLED' }, false],
  [{ text: '삼성' }, true],
  [{ text: ' samsung ' }, true],
  [{ text: '5930' }, true],
  [{ text: 'ㅅㅅㅈㅈ' }, true],
  [{ text: 'apple' }, false],
  [{ from: '2026-11-20', to: '2026-11-20' }, true],
  [{ from: '2026-11-21' }, false],
  [{ to: '2026-11-19' }, false],
])('%o: %s', (fields, isShown) => {
  const filter = { ...EVERY_ORDER, ...fields }
  expect(matches(order({}), filter)).toBe(isShown)
  expect(isFiltered(filter)).toBe(Object.keys(fields).length > 0)
})

it('puts the exits behind their entry, and groups where their first one was', () => {
  const stop = order({ order_id: 'stop', group_id: 'entry', leg: 'STOP_LOSS' })
  const target = order({ order_id: 'target', group_id: 'entry', leg: 'TAKE_PROFIT' })
  const entry = order({ order_id: 'entry', group_id: 'entry', leg: 'ENTRY' })
  const single = order({ order_id: 'single' })
  expect(groupsOf([stop, single, entry, target])).toEqual([[entry, target, stop], [single]])
})

const midnight = (date: string): number => new Date(`${date}T00:00`).getTime()

it.each<[Partial<OrderFilter>, unknown]>([
  [{}, {}],
  [
    { venue: 'US', side: 'SELL', status: 'EXPIRED' },
    { venue: 'US', side: 'SELL', status: 'EXPIRED' },
  ],
  [{ text: ' 삼성 ' }, { query: '삼성' }],
  [{ text: '  ' }, {}],
  [{ text: 'a'.repeat(90) }, { query: 'a'.repeat(64) }],
  // Both days are meant, and home leaves out the instant a span ends with.
  [{ from: '2026-11-20' }, { from: midnight('2026-11-20') }],
  [{ to: '2026-11-20' }, { to: midnight('2026-11-21') }],
  [{ from: '2026-11-21', to: '2026-11-20' }, null],
  // A year of which one digit is typed.
  [{ from: '0002-11-20' }, { from: 0 }],
  [{ to: '0002-11-20' }, { to: 0 }],
  [{ from: '0002-11-20', to: '0020-11-20' }, null],
  [{ to: '20266-11-20' }, { to: Date.UTC(2099, 11, 31) }],
])('%o: home is asked for %o', (fields, query) => {
  expect(queryOf({ ...EVERY_ORDER, ...fields })).toEqual(query)
})
