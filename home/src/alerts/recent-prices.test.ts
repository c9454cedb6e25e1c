import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { decimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { marketEvent } from '../../test/market-event.ts'
import { PRICES_PER_TICKER_MAX, RecentPrices } from './recent-prices.ts'

const BTC = 'CRYPTO-COIN-BTC'
const START_MS = Date.UTC(2026, 10, 20)

const eventAt = (atMs: number, price: string, more: Partial<MarketEvent> = {}): MarketEvent =>
  marketEvent(BTC, 1, { price, received_at: new Date(atMs).toISOString(), ...more })

function seen(prices: RecentPrices): [atMs: number, price: bigint][] {
  return prices.all().map(({ atMs, price }) => [atMs - START_MS, price])
}

describe('recent prices', () => {
  it('are the last one of each event, and the extremes of its prints', () => {
    const prices = new RecentPrices()
    prices.add(eventAt(START_MS, '100'))
    const prints: MarketEvent['prints'] = [
      ...(['102', '97', '101'] as const).map(
        (price) => [price, '1', 'BUY'] as [string, string, 'BUY'],
      ),
    ]
    prices.add(eventAt(START_MS + 1, '101', { prints }))
    const told = ['100', '102', '97', '101'].map(decimal)
    expect(seen(prices)).toEqual([[0, told[0]], ...told.slice(1).map((price) => [1, price])])
  })

  it.each<[what: string, event: MarketEvent]>([
    ['a price that is none', eventAt(START_MS, '1e308')],
    ['an instant that is none', { ...eventAt(START_MS, '100'), received_at: 'now' }],
  ])('leave out %s', (_, event) => {
    const prices = new RecentPrices()
    prices.add(event)
    expect(prices.all()).toEqual([])
  })

  it('are kept until they were checked, and for a while afterwards', () => {
    const prices = new RecentPrices()
    for (const at of [0, 10, 20]) prices.add(eventAt(START_MS + at, '100'))
    const checked = prices.all()
    // Heard late, while the others were being checked.
    prices.add(eventAt(START_MS + 5, '101'))
    prices.noteChecked(checked, START_MS + 10)
    expect(seen(prices).map(([at]) => at)).toEqual([10, 20, 5])
    prices.noteChecked(prices.all(), START_MS + 21)
    expect(prices.all()).toEqual([])
  })

  it('are few, and have still been wherever the price was', () => {
    const walk = fc.array(fc.integer({ min: 1, max: 1_000 }), {
      ...{ minLength: 1, maxLength: 6 * PRICES_PER_TICKER_MAX, size: 'max' as const },
    })
    fc.assert(
      fc.property(walk, (path) => {
        const prices = new RecentPrices()
        path.forEach((price, index) => prices.add(eventAt(START_MS + index, String(price))))
        const all = seen(prices)
        expect(all.length).toBeLessThanOrEqual(PRICES_PER_TICKER_MAX)
        const extremes = (of: number[]) => [Math.max(...of), Math.min(...of)]
        expect(extremes(all.map(([, price]) => Number(price / 100_000_000n)))).toEqual(
          extremes(path),
        )
        // At their own instants, in their order, and the last one among them.
        for (const [at, price] of all) expect(price).toBe(decimal(String(path[at])))
        expect(all.map(([at]) => at)).toEqual(all.map(([at]) => at).sort((a, b) => a - b))
      }),
      { numRuns: 50 },
    )
  })
})
