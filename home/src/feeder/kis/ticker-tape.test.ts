import { decimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import type { BookFrame, Level, TradeFrame } from './frames/market-frame.ts'
import { type Snapshot, TickerTape } from './ticker-tape.ts'

const NOW = Date.parse('2026-11-20T01:30:00.500Z')
const VENUE = Date.parse('2026-11-20T01:30:00.000Z')
const level = (price: string, size: string): Level => [decimal(price), decimal(size)]

let count = 0
function trade(more: Partial<TradeFrame> = {}): TradeFrame {
  count += 1
  return {
    ...{ kind: 'trade', symbol: '005930', id: `20261120-${count}`, side: 'BUY' },
    ...{ price: decimal('53600'), quantity: decimal('1'), cumulative: decimal(`${count}`) },
    ...{ tradedOn: '20261120', basePrice: decimal('54000'), venueMs: VENUE },
    ...{ bid: level('53600', '5'), ask: level('53700', '6'), mark: { phase: 'continuous' } },
    ...more,
  }
}
const book = (more: Partial<BookFrame> = {}): BookFrame => ({
  ...{ kind: 'book', symbol: '005930', venueMs: VENUE, mark: { phase: 'continuous' } },
  bids: [level('53500', '1')],
  asks: [level('53600', '2')],
  ...more,
})
const snapshot = (more: Partial<Snapshot> = {}): Snapshot => ({
  ...{ price: decimal('53600'), basePrice: decimal('54200'), basedOn: '20261120' },
  book: { bids: [level('53600', '7')], asks: [level('53700', '8')] },
  ...{ cumulative: null, venueMs: VENUE, mark: {} },
  ...more,
})
const tape = (): TickerTape => new TickerTape('KRX-STOCK-005930', 'KRW')

describe('a tape', () => {
  it('says nothing before price, base and book are known', () => {
    const one = tape()
    one.book(book(), NOW)
    expect(one.takeObservations()).toEqual([])
    one.trade(trade(), NOW)
    const [observation] = one.takeObservations()
    expect(observation).toMatchObject({
      bid: '53500',
      ask: '53600',
      prints: [['53600', '1', 'BUY']],
    })
    expect(one.takeObservations()).toEqual([])
  })

  it('has the best prices of a trade until a book comes, without levels', () => {
    const one = tape()
    one.trade(trade(), NOW)
    const [observation] = one.takeObservations()
    expect(observation).toMatchObject({ bid: '53600', bid_size: '5', ask: '53700', ask_size: '6' })
    expect(observation).not.toHaveProperty('bids')
  })

  it('keeps the base price it was told for its day, and counts it from trades on the next', () => {
    const one = tape()
    one.polled(snapshot(), NOW)
    one.trade(trade(), NOW + 1)
    expect(one.takeObservations().at(-1)!.base_price).toBe('54200')
    one.trade(trade({ tradedOn: '20261123' }), NOW + 2)
    expect(one.takeObservations().at(-1)!.base_price).toBe('54000')
  })

  it('is not turned back by an answer to a question that is older than a frame', () => {
    const one = tape()
    one.polled(snapshot(), NOW)
    one.trade(trade({ price: decimal('53900') }), NOW + 100)
    one.book(book(), NOW + 100)
    one.polled(snapshot(), NOW + 50)
    expect(one.takeObservations().at(-1)).toMatchObject({ price: '53900', bid: '53500' })
    one.polled(snapshot(), NOW + 200)
    expect(one.takeObservations().at(-1)).toMatchObject({ price: '53600', bid: '53600' })
  })

  it('closes an observation when the phase changes', () => {
    const one = tape()
    one.polled(snapshot({ mark: { phase: 'continuous' } }), NOW)
    one.trade(trade(), NOW + 1)
    one.book(book({ mark: { phase: 'auction' } }), NOW + 2)
    one.trade(trade({ quantity: decimal('9') }), NOW + 3)
    one.trade(trade(), NOW + 4)
    const told = one.takeObservations()
    expect(told.map(({ phase, uncross, volume }) => [phase, uncross?.quantity, volume])).toEqual([
      ['continuous', undefined, '1'],
      ['auction', undefined, '0'],
      ['continuous', '9', '9'],
      ['continuous', undefined, '1'],
    ])
  })

  it('is confirmed only when nothing waits, and only forwards', () => {
    const one = tape()
    one.polled(snapshot(), NOW)
    one.takeObservations()
    one.confirm(NOW)
    expect(one.takeObservations()).toEqual([])
    one.confirm(NOW + 1_000)
    const [again] = one.takeObservations()
    expect(again).toMatchObject({ volume: '0', received_at: '2026-11-20T01:30:01.500Z' })
    expect(again!.venue_time).toBe('2026-11-20T01:30:00.000Z')
    expect(one.toldAtMs).toBe(NOW)
  })

  it('is not frozen by one trade from the future', () => {
    const one = tape()
    one.trade(trade({ venueMs: VENUE + 3_600_000, price: decimal('1') }), NOW)
    one.trade(trade({ venueMs: NOW + 1, price: decimal('53600') }), NOW + 1)
    expect(one.takeObservations().at(-1)).toMatchObject({ price: '53600' })
  })

  it('keeps what was given back before what is new, up to a bound, and counts the rest', () => {
    const one = tape()
    one.trade(trade({ quantity: decimal('1') }), NOW)
    const back = one.takeObservations()
    one.trade(trade({ quantity: decimal('2') }), NOW + 1)
    one.giveBack({ observations: back })
    expect(one.takeObservations().map(({ volume }) => volume)).toEqual(['1', '2'])
    expect(one.takeDropped()).toBe(0)
    for (let i = 0; i < 201; i += 1) {
      one.trade(trade(), NOW + i)
      one.giveBack({ observations: one.takeObservations() })
    }
    expect(one.takeDropped()).toBe(1)
    expect(one.takeObservations()).toHaveLength(200)
    expect(one.takeTrades()).toHaveLength(203)
  })
})
