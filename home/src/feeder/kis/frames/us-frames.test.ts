import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { readUsBook, readUsTrade } from './us-frames.ts'

/** All 26 fields of the wire. */
const TRADE = (
  'DNASAAPL^AAPL^4^20261119^20261119^103000^20261120^003000^230.1000^236.0000^229.5000^' +
  '234.0900^2^1.2200^0.52^234.0800^234.0900^300^200^25^44686020^10458391840^22000000^22600000^' +
  '102.72^1'
).split('^')
const BOOK =
  'DNASAAPL^AAPL^4^20261119^103000^20261120^003000^1000^1200^10^20^234.0800^234.1000^300^200^0^0'.split(
    '^',
  )

describe('a trade', () => {
  it.each([
    ['26 fields of the wire', TRADE],
    ["25 of KIS's list, without the long symbol", TRADE.slice(1)],
    ['a daytime market', ['RBAQAAPL', ...TRADE.slice(1)]],
    ['fields that may come', [...TRADE, 'x', 'y']],
  ])('is read from %s', (_, fields) => {
    expect(readUsTrade(fields)).toEqual({
      kind: 'trade',
      symbol: 'AAPL',
      id: '20261119-103000-1-44686020',
      price: decimal('234.09'),
      quantity: decimal('25'),
      side: 'BUY',
      cumulative: decimal('44686020'),
      tradedOn: '20261119',
      basePrice: decimal('232.87'),
      bid: [decimal('234.08'), decimal('300')],
      ask: [decimal('234.09'), decimal('200')],
      // 10:30 in New York in winter: told by Seoul's 00:30 of the next day.
      venueMs: Date.parse('2026-11-19T15:30:00.000Z'),
      mark: {},
    })
  })

  it.each([
    ['234.0900', 'BUY'],
    ['234.0800', 'SELL'],
    ['234.0850', null],
  ])('at %s was begun by %s', (price, side) => {
    expect(readUsTrade(Object.assign([...TRADE], { 11: price }))).toMatchObject({ side })
  })

  it('that went down has its base above', () => {
    const down = Object.assign([...TRADE], { 12: '5', 13: '1.2200' })
    expect(readUsTrade(down)).toMatchObject({ basePrice: decimal('235.31') })
  })

  it.each([
    [1, 'aapl'],
    [6, '2026112'],
    [7, '246000'],
    [11, '0'],
    [13, ''],
    [19, '0'],
    [20, '1'],
  ])('whose field %i is "%s" cannot be used', (index, text) => {
    expect(readUsTrade(Object.assign([...TRADE], { [index]: text }))).toHaveProperty('reason')
  })

  it('with 24 fields cannot be used', () => {
    expect(readUsTrade(TRADE.slice(0, 25))).toHaveProperty('reason')
  })
})

describe('a book', () => {
  it.each([
    ['with the long symbol', BOOK],
    ['without', BOOK.slice(1)],
    ['and no more than the sizes', BOOK.slice(1, 15)],
  ])('is one level, %s', (_, fields) => {
    expect(readUsBook(fields)).toMatchObject({
      symbol: 'AAPL',
      bids: [[decimal('234.08'), decimal('300')]],
      asks: [[decimal('234.1'), decimal('200')]],
    })
  })

  it('may lack a side, not both', () => {
    expect(readUsBook(Object.assign([...BOOK], { 11: '0' }))).toMatchObject({ bids: [] })
    expect(readUsBook(Object.assign([...BOOK], { 11: '0', 12: '0' }))).toHaveProperty('reason')
  })
})
