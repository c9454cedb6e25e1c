import { describe, expect, it } from 'vitest'
import { MatchBook } from './match-book.ts'

describe('a book of two ladders', () => {
  const ignore = (): void => undefined
  const book = (): MatchBook<null> => {
    const made = new MatchBook<null>()
    made.submit({ side: 'SELL', price: 101n, quantity: 5n, item: null }, ignore)
    made.submit({ side: 'BUY', price: 99n, quantity: 5n, item: null }, ignore)
    return made
  }

  it.each([
    ['a limit short of it', 'BUY', 100n, 9n, 0n, 9n, [[100n, 9n]], [[101n, 5n]]],
    ['a limit at it', 'BUY', 101n, 3n, 3n, null, [], [[101n, 2n]]],
    ['a limit as large', 'BUY', 101n, 5n, 5n, null, [], []],
    ['a larger limit', 'BUY', 101n, 9n, 5n, 4n, [[101n, 4n]], []],
    ['a market order', 'BUY', null, 3n, 3n, null, [], [[101n, 2n]]],
    ['a larger market order', 'BUY', null, 9n, 5n, null, [], []],
  ] as const)('meets %s', (_, side, at, asked, matched, rests, bids, asks) => {
    const made = book()
    let filled = 0n
    const place = made.submit({ side, price: at, quantity: asked, item: null }, (resting, by) => {
      expect(resting.price).toBe(101n)
      filled += by
    })
    expect(filled).toBe(matched)
    expect(place?.quantity ?? null).toBe(rests)
    expect(made.bids.levels(9)).toEqual([...bids, [99n, 5n]])
    expect(made.asks.levels(9)).toEqual(asks)
  })

  it('takes an order of either side away, once', () => {
    const made = new MatchBook<null>()
    const bid = made.submit({ side: 'BUY', price: 99n, quantity: 1n, item: null }, ignore)!
    const ask = made.submit({ side: 'SELL', price: 101n, quantity: 1n, item: null }, ignore)!
    expect([bid, ask, ask].map((place) => made.cancel(place))).toEqual([true, true, false])
    expect(made.size).toBe(0)
  })
})
