// What the end of an order is to its user: one line for each way it may end.

import { expect, it } from 'vitest'
import { type OrderStatus, REASONS, type Reason } from '@motu/shared/order.ts'
import { kindOfEnd } from './kind-of-end.ts'

const end = (status: OrderStatus, reason: Reason | null, filled = '0') =>
  kindOfEnd({ status, reason, filled_quantity: filled })

it.each([
  ['PENDING', null, '0', null],
  ['OPEN', null, '0', null],
  ['PARTIALLY_FILLED', null, '0.00000001', null],
  ['FILLED', null, '1', 'order_filled'],
  ['CANCELLED', 'cancelled_by_user', '0', null],
  ['CANCELLED', 'cancelled_by_user', '0.00000001', 'order_filled'],
  ['CANCELLED', 'replaced', '0', null],
  ['CANCELLED', 'oco_sibling', '0', null],
  ['CANCELLED', 'entry_ended', '0', null],
  ['CANCELLED', 'ioc_unfilled', '0', 'order_failed'],
  ['CANCELLED', 'no_liquidity', '1', 'order_filled'],
  ['EXPIRED', 'expired', '0', 'order_failed'],
  ['EXPIRED', 'expired', '1', 'order_filled'],
  ['FAILED', 'insufficient_funds', '0', 'order_failed'],
  ['FAILED', null, '0', 'order_failed'],
] as const)('%s by %s with %s filled is %s', (status, reason, filled, expected) => {
  expect(end(status, reason, filled)).toBe(expected)
})

it('tells every refusal', () => {
  const silent = REASONS.filter((reason) => end('FAILED', reason) === null)
  expect(silent).toEqual(['oco_sibling', 'entry_ended', 'replaced', 'cancelled_by_user'])
})
