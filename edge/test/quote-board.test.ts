import { expect, it } from 'vitest'
import type { Quote } from '@motu/shared/market-data.ts'
import { QuoteBoard } from '../src/quote-board.ts'

const quote = (ticker_id: string, price: string) => ({ ticker_id, price }) as Quote
const pricesIn = (text: string | undefined) =>
  (JSON.parse(text!) as { data: Quote[] }).data.map(({ price }) => price)

it('gives a newcomer everything, and who has seen some of it only the rest', () => {
  const board = new QuoteBoard()
  board.put(quote('A', '1'))
  board.put(quote('B', '2'))
  const all = board.frameSince('quotes', 0)!
  expect(pricesIn(all.text)).toEqual(['1', '2'])
  board.put(quote('A', '3'))
  expect(pricesIn(board.frameSince('quotes', all.version)?.text)).toEqual(['3'])
})

it('encodes a frame once for all who have seen the same', () => {
  const board = new QuoteBoard()
  board.put(quote('A', '1'))
  expect(board.frameSince('quotes', 0)).toBe(board.frameSince('quotes', 0))
})

it('knows when a channel has no news', () => {
  const board = new QuoteBoard()
  expect(board.isNews('quotes', 0)).toBe(false)
  expect(board.frameSince('quotes:A', 0)).toBeNull()
  board.put(quote('A', '1'))
  expect(board.isNews('quotes:A', 0)).toBe(true)
  expect(board.isNews('quotes:B', 0)).toBe(false)
  expect(board.frameSince('quotes:A', 1)).toBeNull()
})
