// Records written down from KIS's field lists, position by position, not made by a program.

import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { readFrame } from './frame.ts'
import { readKrxBook, readKrxExpected, readKrxOperation, readKrxTrade } from './krx-frames.ts'

const TRADE =
  '0|H0STCNT0|001|005930^093354^71900^5^-100^-0.14^72023.83^72100^72400^71700^71900^71800^1^' +
  '3052507^219853241700^5105^6937^1832^84.90^1366314^1159996^1^0.39^20.28^090020^5^-200^090820^5^' +
  '-500^092619^2^200^20230612^20^N^65945^216924^1118750^2199206^0.05^2424142^125.92^0^^72100'
const BOOK =
  '0|H0STASP0|001|005930^093730^0^71900^72000^72100^72200^72300^72400^72500^72600^72700^72800^' +
  '71800^71700^71600^71500^71400^71300^71200^71100^71000^70900^91918^117942^92673^79708^106729^' +
  '141988^176192^113906^134077^104229^95221^159371^220746^284657^212742^195370^182710^209747^' +
  '376432^158171^1159362^2095167^0^0^0^0^525579^-72000^5^-100.00^3159115^0^11^0^0^0'

const fieldsOf = (text: string): string[] => {
  const frame = readFrame(text)
  if (frame.kind !== 'data') throw new Error('no data')
  return [...frame.records[0]!]
}
const changed = (text: string, changes: Record<number, string>): string[] =>
  Object.assign(fieldsOf(text), changes)
const MORNING_MS = Date.parse('2023-06-12T00:40:00.000Z')

describe('a trade', () => {
  it('is read by position', () => {
    expect(readKrxTrade(fieldsOf(TRADE))).toEqual({
      kind: 'trade',
      symbol: '005930',
      id: '20230612-093354-3052507',
      price: decimal('71900'),
      quantity: decimal('1'),
      side: 'BUY',
      cumulative: decimal('3052507'),
      tradedOn: '20230612',
      basePrice: decimal('72000'),
      bid: [decimal('71800'), decimal('216924')],
      ask: [decimal('71900'), decimal('65945')],
      venueMs: Date.parse('2023-06-12T00:33:54.000Z'),
      mark: { phase: 'continuous', halted: false },
    })
  })

  it.each([
    [45, false],
    [46, true],
    [47, true],
    [60, true],
  ])('with %i fields is readable: %s', (count, isReadable) => {
    const fields = [...fieldsOf(TRADE), ...Array.from({ length: 20 }, () => '')].slice(0, count)
    expect('reason' in readKrxTrade(fields)).toBe(!isReadable)
  })

  it.each([
    ['1', 'BUY'],
    ['5', 'SELL'],
    ['3', null],
    ['', null],
  ])('of side %s came from %s', (side, from) => {
    expect(readKrxTrade(changed(TRADE, { 21: side }))).toMatchObject({ side: from })
  })

  it.each([
    // sign, change, base price
    ['5', '-100', '72000'],
    ['5', '100', '72000'],
    ['2', '100', '71800'],
    ['3', '0', '71900'],
    ['1', '16500', '55400'],
    ['4', '30800', '102700'],
  ])('of sign %s and change %s has the base price %s', (sign, change, basePrice) => {
    const read = readKrxTrade(changed(TRADE, { 3: sign, 4: change }))
    expect(read).toMatchObject({ basePrice: decimal(basePrice) })
  })

  it.each([
    ['20', '', 'continuous'],
    ['10', '', 'auction'],
    ['30', '', 'closed'],
    ['30', '3', 'continuous'],
    ['40', '', 'auction'],
    ['', '', undefined],
    ['99', '', undefined],
  ])('of session %s and market class "%s" says %s', (session, marketClass, phase) => {
    const read = readKrxTrade(changed(TRADE, { 34: session, 46: marketClass }))
    expect(read).toMatchObject({ mark: phase ? { phase } : { halted: false } })
    expect('mark' in read && read.mark.phase).toBe(phase)
  })

  it.each([
    [0, ''],
    [0, '59'],
    [1, '256161'],
    [1, '9335'],
    [2, '0'],
    [2, '-71900'],
    [2, '7.19e4'],
    [2, 'NaN'],
    [4, 'x'],
    [12, '0'],
    [13, '0'],
    [33, '20230631'],
    [33, ''],
  ])('whose field %i is "%s" cannot be used', (index, text) => {
    expect(readKrxTrade(changed(TRADE, { [index]: text }))).toHaveProperty('reason')
  })

  it('without a side of the book says so', () => {
    expect(readKrxTrade(changed(TRADE, { 10: '0', 36: '0' }))).toMatchObject({ ask: null })
  })
})

describe('a book', () => {
  it('has ten levels a side, best first, at the time nearest to ours', () => {
    const read = readKrxBook(fieldsOf(BOOK), MORNING_MS)
    if ('reason' in read) throw new Error(read.reason)
    expect(read.asks).toHaveLength(10)
    expect(read.asks[0]).toEqual([decimal('71900'), decimal('91918')])
    expect(read.asks[9]).toEqual([decimal('72800'), decimal('104229')])
    expect(read.bids[0]).toEqual([decimal('71800'), decimal('95221')])
    expect(read.bids[9]).toEqual([decimal('70900'), decimal('158171')])
    expect(read.venueMs).toBe(Date.parse('2023-06-12T00:37:30.000Z'))
    expect(read.mark).toEqual({ phase: 'continuous' })
  })

  it.each([58, 59, 62, 65])('with %i fields', (count) => {
    const fields = [...fieldsOf(BOOK), ...Array.from({ length: 9 }, () => '0')].slice(0, count)
    expect('reason' in readKrxBook(fields, MORNING_MS)).toBe(count < 59)
  })

  it.each([
    ['0', 'continuous'],
    ['A', 'auction'],
    ['B', 'auction'],
    ['C', 'auction'],
    ['D', 'auction'],
    ['E', undefined],
    ['', undefined],
  ])('of hour class "%s" says %s', (hourClass, phase) => {
    const read = readKrxBook(changed(BOOK, { 2: hourClass }), MORNING_MS)
    expect('mark' in read && read.mark.phase).toBe(phase)
  })

  it('of the price limit has an empty side', () => {
    const none = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [3 + i, '0']))
    expect(readKrxBook(changed(BOOK, none), MORNING_MS)).toMatchObject({ asks: [] })
  })

  it('with a level that is no number cannot be used', () => {
    expect(readKrxBook(changed(BOOK, { 20: '71x' }), MORNING_MS)).toHaveProperty('reason')
  })
})

describe('an operation', () => {
  it.each([
    ['005930^N^^112^112^0^0^55^N^N^1', { phase: 'continuous', halted: false, vi: false }],
    ['005930^Y^halted^^^0^0^58^N^N^1', { halted: true, vi: false }],
    ['005930^N^^^^0^0^58^N^N^1', { halted: true }],
    ['005930^N^^^^0^0^55^Y^N^1', { halted: false, vi: true }],
    ['005930^N^^174^^0^0^55^N^N^1', { breaker: true }],
    ['005930^N^^175^^0^0^55^N^N^1', { breaker: false, phase: 'auction' }],
    ['005930^N^^121^^0^0^55^N^N^1', { phase: 'auction' }],
    ['005930^N^^129^^0^0^55^N^N^1', { phase: 'closed' }],
    ['005930^N^^F11^^0^0^55^N^N^1', { halted: false }],
  ])('%s', (text, mark) => {
    const read = readKrxOperation(text.split('^'))
    expect(read).toMatchObject({ kind: 'operation', symbol: '005930', mark })
  })

  it('with too few fields cannot be used', () => {
    expect(readKrxOperation('005930^N^^112'.split('^'))).toHaveProperty('reason')
  })
})

it('an expected price means an auction', () => {
  const fields = ['005930', '085012', '71900', ...Array.from({ length: 40 }, () => '0')]
  expect(readKrxExpected(fields)).toMatchObject({ mark: { phase: 'auction' } })
  expect(readKrxExpected(fields.slice(0, 5))).toHaveProperty('reason')
})
