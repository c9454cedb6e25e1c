import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { bidPercentOf, type LadderSources, ladderOf } from './ladder.ts'

const sources: LadderSources = {
  book: {
    asks: [
      ['51100', '30'],
      ['51200', '40'],
    ],
    bids: [['51000', '10']],
  },
  basePrice: decimal('50000'),
  lastPrice: decimal('51000'),
  own: [],
  limits: null,
  depth: 3,
  step: (price, direction) => price + decimal('100') * BigInt(direction),
}

describe('the ladder', () => {
  it('puts the highest ask on top and the best bid under the best ask', () => {
    const { asks, bids, spread } = ladderOf(sources)
    expect(asks.map((row) => row?.price)).toEqual(['51300', '51200', '51100'].map(decimal))
    expect(bids.map((row) => row?.price)).toEqual(['51000', '50900', '50800'].map(decimal))
    expect(spread).toBe(decimal('100'))
  })

  it('measures sizes against the largest, and changes against the base price', () => {
    const { asks, bids, askTotal, bidTotal } = ladderOf(sources)
    expect(asks.slice(1).map((row) => row?.share)).toEqual([1, 0.75])
    expect(bids[0]).toMatchObject({ share: 0.25, changePercent: decimal('2'), isLast: true })
    expect(asks[2]).toMatchObject({ changePercent: decimal('2.2'), isLast: false })
    expect([askTotal, bidTotal]).toEqual([decimal('70'), decimal('10')])
    expect(bidPercentOf(ladderOf(sources))).toBe(12.5)
  })

  it('sums own orders at their level, on their side only', () => {
    const at = (side: 'BUY' | 'SELL', price: string, remaining: string) => ({
      ...{ side, price: decimal(price), remaining: decimal(remaining) },
    })
    const own = [at('BUY', '51000', '1'), at('BUY', '51000', '0.5'), at('SELL', '51000', '9')]
    const { asks, bids } = ladderOf({ ...sources, own })
    expect(bids[0]?.own).toBe(decimal('1.5'))
    expect(asks[2]?.own).toBe(0n)
  })

  it('marks the limits of the day', () => {
    const limits = { upper: decimal('51200'), lower: decimal('51000') }
    const { asks, bids } = ladderOf({ ...sources, limits })
    expect(asks.map((row) => row?.limit)).toEqual([undefined, 'upper', null])
    expect(bids[0]?.limit).toBe('lower')
  })

  it('goes on by ticks whose size nobody tells, up to the limits', () => {
    const limits = { upper: decimal('51300'), lower: decimal('50900') }
    const { asks, bids, askTotal } = ladderOf({ ...sources, limits, depth: 4 })
    expect(asks.map((row) => row?.size)).toEqual([undefined, null, decimal('40'), decimal('30')])
    expect(bids.map((row) => row?.price)).toEqual([
      ...[decimal('51000'), decimal('50900'), undefined, undefined],
    ])
    expect(askTotal).toBe(decimal('70'))
  })

  it('never goes down to zero', () => {
    const bids: [string, string][] = [['150', '1']]
    const ladder = ladderOf({ ...sources, book: { asks: [], bids } })
    expect(ladder.bids.map((row) => row?.price)).toEqual([decimal('150'), decimal('50'), undefined])
  })

  it('of an empty book is empty rows without a spread', () => {
    const empty = ladderOf({ ...sources, book: { asks: [], bids: [] } })
    expect(empty.asks).toEqual([null, null, null])
    expect(empty.spread).toBeNull()
    expect(bidPercentOf(empty)).toBe(50)
  })

  it('draws no more levels than asked for, and without a base price no changes', () => {
    const { asks } = ladderOf({ ...sources, depth: 1, basePrice: null })
    expect(asks).toHaveLength(1)
    expect(asks[0]).toMatchObject({ price: decimal('51100'), changePercent: null })
  })
})
