import type { Order } from '@motu/shared/contract/orders.ts'
import { expect, it } from 'vitest'
import { changeOf, textsOf } from './replacement-form.ts'

const NOW_MS = Date.parse('2026-11-20T03:00:00Z')

const order = (fields: Partial<Order> = {}): Order =>
  ({
    ticker_id: 'KRX-STOCK-005930',
    side: 'BUY',
    type: 'LIMIT',
    time_in_force: 'DAY',
    quantity: '10',
    filled_quantity: '4',
    limit_price: '51000',
    stop_price: null,
    trail_amount: null,
    trail_percent: null,
    expires_at: null,
    ...fields,
  }) as Order

it('shows what the kind has, and no stop that a trailing one stands at by now', () => {
  expect(textsOf(order())).toEqual({ limit_price: '51,000', quantity: '10' })
  const trailing = order({
    type: 'TRAILING_STOP',
    limit_price: null,
    stop_price: '49000',
    trail_percent: '3',
  })
  expect(textsOf(trailing)).toEqual({ trail_percent: '3', quantity: '10' })
})

// the texts → what is asked for, or what is wrong where
it.each([
  [{ limit_price: '50,900', quantity: '10' }, { limit_price: '50900' }],
  [{ limit_price: '51,000', quantity: '12' }, { quantity: '12' }],
  [
    { limit_price: '50900', quantity: '5' },
    { limit_price: '50900', quantity: '5' },
  ],
])('%o: asks for %o', (texts, change) => {
  expect(changeOf(order(), texts, NOW_MS)).toEqual({ kind: 'change', change })
})

it.each([
  [
    { limit_price: '51,000', quantity: '10' },
    { field: null, block: 'nothing' },
  ],
  [
    { limit_price: '', quantity: '10' },
    { field: 'limit_price', block: 'missing' },
  ],
  [
    { limit_price: '50950', quantity: '10' },
    { field: 'limit_price', block: 'tick_size' },
  ],
  [
    { limit_price: '51000', quantity: '4' },
    { field: 'quantity', block: 'filled' },
  ],
  [
    { limit_price: '51000', quantity: '5.5' },
    { field: 'quantity', block: 'lot_size' },
  ],
])('%o: %o', (texts, issue) => {
  expect(changeOf(order(), texts, NOW_MS)).toEqual({ kind: 'issue', issue })
})
