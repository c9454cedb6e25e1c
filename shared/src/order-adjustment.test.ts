import { expect, it } from 'vitest'
import type { ActionTerms } from './corporate-action.ts'
import { decimal, formatDecimal } from './decimal.ts'
import { findInstrument } from './instrument.ts'
import { adjustOrder, type AdjustmentRules, type WaitingTerms } from './order-adjustment.ts'
import { tickOf } from './venues/ticks.ts'

const rulesOf = (tickerId: string): AdjustmentRules => {
  const instrument = findInstrument(tickerId)!
  return {
    ...{ venue: instrument.venue, lot: decimal('1') },
    tickAt: (price) => tickOf(instrument, price, '2026-11-20'),
  }
}
const KRX = rulesOf('KRX-STOCK-005930')
const US = rulesOf('US-STOCK-AAPL')
const split = (from: string, to: string): ActionTerms => ({
  ...{ kind: 'SPLIT', from: decimal(from), to: decimal(to) },
})
const dividend = (amount: string): ActionTerms => ({
  ...{ kind: 'CASH_DIVIDEND', amount: decimal(amount) },
})

type Said = Partial<Record<'limit' | 'stop' | 'trail' | 'mark' | 'filled' | 'notional', string>>
const order = (
  side: 'BUY' | 'SELL',
  type: WaitingTerms['type'],
  quantity: string,
  { limit, stop, trail, mark, filled = '0', notional }: Said = {},
): WaitingTerms => {
  const maybe = (text: string | undefined) => (text === undefined ? null : decimal(text))
  return {
    ...{ side, type, timeInForce: 'GTC', requestedQuantity: decimal(quantity) },
    ...{ filledQuantity: decimal(filled), limitPrice: maybe(limit), stopPrice: maybe(stop) },
    ...{ trailAmount: maybe(trail), markPrice: maybe(mark), requestedNotional: maybe(notional) },
    holdKrw: side === 'BUY' ? decimal('1000000') : 0n,
    holdQuantity: side === 'SELL' ? decimal(quantity) - decimal(filled) : 0n,
  }
}
const told = (result: ReturnType<typeof adjustOrder>): string => {
  if (result.kind !== 'adjust') return result.kind
  const { requestedQuantity, limitPrice, stopPrice, trailAmount, markPrice, ...rest } = result.order
  const prices = [limitPrice, stopPrice, trailAmount, markPrice].map((price) =>
    price === null ? '-' : formatDecimal(price),
  )
  const holds = [rest.holdKrw, rest.holdQuantity].map(formatDecimal)
  return [formatDecimal(requestedQuantity), ...prices, ...holds].join(' ')
}

// what waits · the action · where → quantity, limit, stop, trail, mark, held won, held shares
it.each([
  [
    'a buy limit, 2:1',
    order('BUY', 'LIMIT', '10', { limit: '100000' }),
    split('1', '2'),
    KRX,
    '20 50000 - - - 1000000 0',
  ],
  [
    'a buy limit off the tick, 3:1',
    order('BUY', 'LIMIT', '10', { limit: '100000' }),
    split('1', '3'),
    KRX,
    '30 33300 - - - 999000.00000002 0',
  ],
  [
    'a sell limit off the tick, 3:1',
    order('SELL', 'LIMIT', '10', { limit: '100000' }),
    split('1', '3'),
    KRX,
    '30 33350 - - - 0 30',
  ],
  [
    'a sell limit, 50:1',
    order('SELL', 'LIMIT', '3', { limit: '2650000' }),
    split('1', '50'),
    KRX,
    '150 53000 - - - 0 150',
  ],
  [
    'a sell with a fraction, 1:10',
    order('SELL', 'LIMIT', '15', { limit: '9990' }),
    split('10', '1'),
    KRX,
    '1 99900 - - - 0 1',
  ],
  [
    'a sell of ten, 1:10',
    order('SELL', 'LIMIT', '10', { limit: '9990' }),
    split('10', '1'),
    KRX,
    '1 99900 - - - 0 1',
  ],
  [
    'a sell of nine, 1:10',
    order('SELL', 'LIMIT', '9', { limit: '9990' }),
    split('10', '1'),
    KRX,
    'cancel',
  ],
  [
    'a part that is filled, 2:1',
    order('SELL', 'LIMIT', '10', { limit: '1000', filled: '4' }),
    split('1', '2'),
    KRX,
    '16 500 - - - 0 12',
  ],
  [
    'a sell stop, 3:1',
    order('SELL', 'STOP', '1', { stop: '100' }),
    split('1', '3'),
    US,
    '3 - 33.33 - - 0 3',
  ],
  [
    'a buy stop, 3:1',
    order('BUY', 'STOP', '1', { stop: '100' }),
    split('1', '3'),
    US,
    '3 - 33.34 - - 1000000 0',
  ],
  [
    'a trailing stop, 3:1',
    order('SELL', 'TRAILING_STOP', '1', { trail: '10', mark: '100' }),
    split('1', '3'),
    US,
    '3 - - 3.34 33.33333333 0 3',
  ],
  [
    'a price below a tick, 3:1',
    order('BUY', 'LIMIT', '1', { limit: '1' }),
    split('1', '3'),
    KRX,
    'cancel',
  ],
  [
    'an amount to spend, 2:1',
    order('BUY', 'MARKET', '1', { notional: '50000' }),
    split('1', '2'),
    KRX,
    'keep',
  ],
  [
    'a buy at the market, 2:1',
    order('BUY', 'MARKET', '10'),
    split('1', '2'),
    KRX,
    '20 - - - - 1000000 0',
  ],
  [
    'a buy limit on KRX',
    order('BUY', 'LIMIT', '1', { limit: '50000' }),
    dividend('361'),
    KRX,
    'keep',
  ],
  [
    'a US buy limit',
    order('BUY', 'LIMIT', '1', { limit: '100' }),
    dividend('0.255'),
    US,
    '1 99.74 - - - 997400.00000002 0',
  ],
  [
    'a US buy limit below it',
    order('BUY', 'LIMIT', '1', { limit: '0.25' }),
    dividend('0.25'),
    US,
    'cancel',
  ],
  ['a US sell limit', order('SELL', 'LIMIT', '1', { limit: '100' }), dividend('0.26'), US, 'keep'],
  [
    'a US sell stop',
    order('SELL', 'STOP_LIMIT', '1', { limit: '89', stop: '90' }),
    dividend('1.5'),
    US,
    '1 87.5 88.5 - - 0 1',
  ],
  ['a US buy stop', order('BUY', 'STOP', '1', { stop: '90' }), dividend('1.5'), US, 'keep'],
  [
    'a US trailing stop',
    order('SELL', 'TRAILING_STOP', '1', { trail: '10', mark: '100' }),
    dividend('1.5'),
    US,
    '1 - - 10 98.5 0 1',
  ],
] as const)('%s', (_, waits, action, rules, expected) => {
  expect(told(adjustOrder(waits, action, rules))).toBe(expected)
})

it('leaves a US order of the day as it is', () => {
  const today = { ...order('BUY', 'LIMIT', '1', { limit: '100' }), timeInForce: 'DAY' as const }
  expect(adjustOrder(today, dividend('1'), US).kind).toBe('keep')
})
