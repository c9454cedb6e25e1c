import type { Order } from '@motu/shared/contract/orders.ts'
import { describe, expect, it } from 'vitest'
import { laterOf, pendingOrder, pendingReplacement, withoutReplaced } from './reconcile.ts'

const pending = pendingOrder(
  { ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', type: 'MARKET', quantity: '2' },
  {
    order_id: '11111111-1111-4111-8111-111111111111',
    client_order_id: 'c',
    status: 'PENDING',
    accepted_at: '2026-11-20T09:00:00.000Z',
  },
)

const report = (status: Order['status'], filled_quantity = '0'): Order => ({
  ...pending,
  status,
  filled_quantity,
})

describe('two reports on one order', () => {
  // known · heard → what holds
  it.each([
    ['PENDING', '0', 'OPEN', '0', 'heard'],
    ['PENDING', '0', 'FILLED', '2', 'heard'],
    ['OPEN', '0', 'PENDING', '0', 'known'],
    ['OPEN', '0', 'PARTIALLY_FILLED', '1', 'heard'],
    ['PARTIALLY_FILLED', '1', 'PARTIALLY_FILLED', '1.5', 'heard'],
    ['PARTIALLY_FILLED', '1.5', 'PARTIALLY_FILLED', '1', 'known'],
    ['PARTIALLY_FILLED', '1', 'OPEN', '0', 'known'],
    ['FILLED', '2', 'OPEN', '0', 'known'],
    ['FILLED', '2', 'CANCELLED', '0', 'known'],
    ['CANCELLED', '0', 'FILLED', '2', 'known'],
  ] as const)('%s %s, then %s %s: the %5$s one', (...row) => {
    const [known, knownFilled, heard, heardFilled, holds] = row
    const before = report(known, knownFilled)
    const after = report(heard, heardFilled)
    expect(laterOf(before, after)).toBe(holds === 'heard' ? after : before)
  })

  it('keeps a request to cancel that an older report does not know', () => {
    const asked = { ...report('OPEN'), cancel_requested_at: '2026-11-20T09:00:01.000Z' }
    expect(laterOf(asked, report('OPEN')).cancel_requested_at).toBe(asked.cancel_requested_at)
  })
})

describe('a replacement right after its 202', () => {
  const accepted = {
    order_id: '22222222-2222-4222-8222-222222222222',
    client_order_id: 'd',
    status: 'PENDING' as const,
    accepted_at: '2026-11-20T09:01:00.000Z',
  }

  it('asks for the total less what has filled, at the new price', () => {
    const old = { ...report('PARTIALLY_FILLED', '0.5'), limit_price: '100' }
    const order = pendingReplacement(old, { quantity: '3', limit_price: '90' }, accepted)
    const { status, quantity, filled_quantity, limit_price, replaces, side } = order
    expect({ status, quantity, filled_quantity, limit_price, replaces, side }).toEqual({
      status: 'PENDING',
      quantity: '2.5',
      filled_quantity: '0',
      limit_price: '90',
      replaces: old.order_id,
      side: 'BUY',
    })
  })

  it('stands alone for the two of them, until it is refused', () => {
    const old = report('OPEN')
    const order = pendingReplacement(old, { quantity: '1' }, accepted)
    expect(withoutReplaced([order, old])).toEqual([order])
    expect(withoutReplaced([old])).toEqual([old])
  })
})
