import type { OwnFill } from '@motu/shared/contract/fills.ts'
import type { Order } from '@motu/shared/contract/orders.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { describe, expect, it } from 'vitest'
import { fillMarksOf, keyOfFills, orderLinesOf, snapPrice } from './marks.ts'

const SAMSUNG = findInstrument('KRX-STOCK-005930')!
const BITCOIN = findInstrument('CRYPTO-COIN-BTC')!

const order = (changes: Partial<Order>): Order =>
  ({
    ...{ order_id: 'o1', ticker_id: 'KRX-STOCK-005930', side: 'BUY', type: 'LIMIT' },
    ...{ status: 'OPEN', quantity: '10', filled_quantity: '0', price: null, notional: null },
    ...{ limit_price: '51000', stop_price: null, triggered_at: null, filled_at: null },
    ...{ cancel_requested_at: null },
    ...changes,
  }) as Order

describe('order lines', () => {
  it.each([
    ['a limit order', {}, ['limit', '51000', true]],
    [
      'a part-filled one',
      { status: 'PARTIALLY_FILLED', filled_quantity: '4' },
      ['limit', '51000', true],
    ],
    ['one that home has not stored', { status: 'PENDING' }, ['limit', '51000', false]],
    [
      'one being cancelled',
      { cancel_requested_at: '2026-11-20T00:00:00Z' },
      ['limit', '51000', false],
    ],
    ['a stop', { type: 'STOP', limit_price: null, stop_price: '49000' }, ['stop', '49000', true]],
    ['a stop limit', { type: 'STOP_LIMIT', stop_price: '49000' }, ['stop', '49000', true]],
    [
      'a stop limit that triggered',
      { type: 'STOP_LIMIT', stop_price: '49000', triggered_at: '2026-11-20T00:00:00Z' },
      ['limit', '51000', true],
    ],
  ] as const)('stand where %s waits', (_name, changes, [kind, price, isMovable]) => {
    const [line] = orderLinesOf([order(changes as Partial<Order>)], 'KRX-STOCK-005930')
    expect(line).toMatchObject({ kind, price: decimal(price), isMovable })
  })

  it.each([
    ['another ticker', { ticker_id: 'US-STOCK-AAPL' }],
    ['a market order', { type: 'MARKET', limit_price: null }],
    ['an order that has ended', { status: 'CANCELLED' }],
  ] as const)('leave out %s', (_name, changes) => {
    expect(orderLinesOf([order(changes as Partial<Order>)], 'KRX-STOCK-005930')).toEqual([])
  })

  it('tell what is not filled yet', () => {
    const [line] = orderLinesOf([order({ filled_quantity: '4' })], 'KRX-STOCK-005930')
    expect(line?.remaining).toBe(decimal('6'))
  })
})

describe('fill marks', () => {
  const filled = { status: 'FILLED', filled_quantity: '10', price: '51000' } as const
  const filled_at = '2026-11-20T00:00:30Z'

  const fill = (id: string, quantity: string, price: string, at: string) =>
    ({
      fill_id: `o1.${id}`,
      order_id: 'o1',
      side: 'BUY',
      quantity,
      price,
      filled_at: at,
    }) as OwnFill

  it('are those of the fills, where they are known', () => {
    const fills = [
      fill('2', '6', '51000', '2026-11-20T01:00:00Z'),
      fill('1', '4', '50900', filled_at),
    ]
    const market = order({ ...filled, filled_at, type: 'MARKET', limit_price: null })
    expect(fillMarksOf([market], fills)).toEqual([
      {
        ...{ id: 'o1.2', side: 'BUY', price: decimal('51000'), quantity: decimal('6') },
        at: Date.parse('2026-11-20T01:00:00Z'),
      },
      {
        ...{ id: 'o1.1', side: 'BUY', price: decimal('50900'), quantity: decimal('4') },
        at: Date.parse(filled_at),
      },
    ])
  })

  it('follow from a market order alone, and from no other', () => {
    const market = order({ ...filled, filled_at, type: 'MARKET', limit_price: null })
    expect(fillMarksOf([market], [])).toHaveLength(1)
    expect(fillMarksOf([order({ ...filled, filled_at })], [])).toEqual([])
    expect(keyOfFills([market])).toBe('')
    const [half, whole] = [order({ filled_quantity: '5' }), order({ ...filled, filled_at })]
    expect(keyOfFills([half])).not.toBe(keyOfFills([whole]))
  })
})

describe('a line that is put down', () => {
  const limits = { upper: decimal('66300'), lower: decimal('35700') }

  it.each([
    [51_049.9, '51000'],
    [51_050, '51100'],
    [49_974, '49950'],
    [49_976, '50000'],
    [90_000, '66300'],
    [1, '35700'],
  ])('at %d snaps to %s', (to, price) => {
    expect(snapPrice(to, SAMSUNG, limits)).toBe(decimal(price))
  })

  it('takes the tick of the coin', () => {
    expect(snapPrice(95_123_456.789, BITCOIN, null)).toBe(decimal('95123000'))
  })

  it.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])('is no price at %d', (to) => {
    expect(snapPrice(to, SAMSUNG, limits)).toBeNull()
  })
})
