import type { PositionView } from '@motu/shared/contract/portfolio.ts'
import { type Decimal, decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { expect, it } from 'vitest'
import { valuate } from '#lib/trade/valuation.ts'
import { allocationOf, positionWeights } from './allocation.ts'
import { fxPartOf, fxPartOfAll, nextSorting, sortedPositions } from './position-order.ts'

const position = (
  tickerId: string,
  value: string | null,
  gain: string | null = '0',
): PositionView => ({
  ticker_id: tickerId,
  quantity: '1',
  held_quantity: '0',
  average_price: '1',
  currency: 'KRW',
  price: value,
  value_krw: value,
  unrealized_pnl_krw: gain,
})
const valuation = (positions: PositionView[], cash = '0', held = '0') =>
  valuate(
    {
      cash_krw: cash,
      held_krw: held,
      equity_krw: '0',
      realized_pnl_krw: '0',
      positions,
      as_of: '2026-11-20T00:00:00.000Z',
    },
    () => null,
  )
const nameOf = ({ view }: { view: { ticker_id: string } }) => view.ticker_id

it.each([
  ['value', true, ['B', 'A', 'C']],
  ['value', false, ['A', 'B', 'C']],
  ['gain', true, ['A', 'B', 'C']],
  ['return', false, ['B', 'A', 'C']],
  ['name', false, ['A', 'B', 'C']],
  ['name', true, ['C', 'B', 'A']],
] as const)('sorts by %s, descending: %s; what has no price comes last', (key, down, order) => {
  const { positions } = valuation([
    position('C', null, null),
    position('B', '30', '-3'),
    position('A', '20', '2'),
  ])
  const sorted = sortedPositions(positions, { key, isDescending: down }, nameOf)
  expect(sorted.map(nameOf)).toEqual(order)
})

it('turns the order round by a second click, and begins another one with the most', () => {
  const byValue = { key: 'value', isDescending: true } as const
  expect(nextSorting(byValue, 'value')).toEqual({ key: 'value', isDescending: false })
  expect(nextSorting(byValue, 'gain')).toEqual({ key: 'gain', isDescending: true })
  expect(nextSorting(byValue, 'name')).toEqual({ key: 'name', isDescending: false })
})

it('divides the account into positions and cash that make exactly 100 percent', () => {
  const tickers = Array.from({ length: 9 }, (_, index) => `US-STOCK-A${index}`)
  const many = valuation(
    tickers.map((id, index) => position(id, `${(index + 1) * 37}`)),
    '1000',
    '11',
  )
  const parts = allocationOf(many, 'position')
  expect(parts.map(({ key }) => key)).toEqual([
    ...tickers.slice(3).reverse(),
    'others',
    'held',
    'cash',
  ])
  const sum = (weights: Iterable<Decimal>) => [...weights].reduce((total, one) => total + one, 0n)
  expect(sum(parts.map(({ percent }) => percent))).toBe(100n * SCALE)
  const allInvested = valuation(many.positions.map(({ view }) => view))
  expect(sum(positionWeights(allInvested).values())).toBe(100n * SCALE)
})

it('divides it by market', () => {
  const parts = allocationOf(
    valuation([
      position('US-STOCK-AAPL', '10'),
      position('CRYPTO-COIN-BTC', '30'),
      position('US-STOCK-MSFT', '40'),
    ]),
    'market',
  )
  expect(parts.map(({ key, percent }) => [key, formatDecimal(percent)])).toEqual([
    ['US', '62.5'],
    ['CRYPTO', '37.5'],
  ])
})

it('tells what the exchange rate did from what the price did', () => {
  // Bought 2 at 100 dollars and 1,000 won; now 110 dollars and 1,100 won.
  const dollars: PositionView = {
    ...position('US-STOCK-AAPL', '242000', '42000'),
    ...{ quantity: '2', average_price: '100', price: '110', currency: 'USD' },
  }
  const won = position('CRYPTO-COIN-BTC', '500', '100')
  const { positions } = valuation([dollars, won])
  expect(formatDecimal(fxPartOf(positions[0]!)!)).toBe('20000')
  expect(fxPartOf(positions[1]!)).toBeNull()
  expect(formatDecimal(fxPartOfAll(positions)!)).toBe('20000')
  expect(fxPartOfAll(positions.slice(1))).toBeNull()
  expect(decimal('42000') - fxPartOf(positions[0]!)!).toBe(decimal('22000'))
})
