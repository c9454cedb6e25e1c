import { decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { findInstrument, USD_KRW_REFERENCE } from '@motu/shared/instrument.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { CLOCK_OFFSET_MAX_MS } from '@motu/shared/upstream.ts'
import { describe, expect, it } from 'vitest'
import { APPLE, BTC, engineQuote, orderRecord } from '../../test/engine/samples.ts'
import { marketEvent } from '../../test/market-event.ts'
import { FX_AGE_MAX_MS, MarketView } from './market-view.ts'
import { QuoteRing } from './quote-ring.ts'

const btc = findInstrument(BTC)!
const apple = findInstrument(APPLE)!
const START = Date.parse('2026-11-20T00:00:00.000Z')

function observed(tickerId: string, bid: string, ask: string, atMs: number) {
  return marketEvent(tickerId, atMs, {
    bid,
    ask,
    received_at: new Date(START + atMs).toISOString(),
  })
}

describe('whether an order may be decided on an event', () => {
  const MAX = CLOCK_OFFSET_MAX_MS
  // Accepted, stored (both by their own clocks), the clocks' offset, the event: allowed or not.
  it.each<[string, number, number, number, number, boolean]>([
    ['at the instant of acceptance', 1_000, 1_010, 0, 1_000, false],
    ['just after it', 1_000, 1_010, 0, 1_001, true],
    ['before home stored it', 1_000, 5_000, 0, 2_000, true],
    ['with clocks that just agree', 1_000, 5_000, MAX, 2_000, true],
    ['with clocks that just disagree', 1_000, 5_000, MAX + 1, 5_000, false],
    ['with an edge ahead that disagrees', 1_000, 5_000, -MAX - 1, 5_000, false],
    ['once stored, with clocks that disagree', 1_000, 5_000, MAX + 1, 5_001, true],
    ['accepted a little in the future', 5_000 + MAX, 5_000, 0, 5_000 + MAX, false],
    ['after an acceptance a little in the future', 5_000 + MAX, 5_000, 0, 5_001 + MAX, true],
    ['accepted far in the future', 5_001 + MAX, 5_000, 0, 5_001, true],
    ['accepted far in the future, not yet stored', 5_001 + MAX, 5_000, 0, 5_000, false],
  ])('%s: accepted %i, stored %i, offset %i, event %i: %s', (_, ...row) => {
    const [acceptedAt, storedAt, clockOffsetMs, receivedAt, isAllowed] = row
    const ring = new QuoteRing()
    const market = new MarketView(ring)
    market.clockOffsetMs = clockOffsetMs
    const order = orderRecord({ acceptedAt, storedAt })
    ring.add(marketEvent(BTC, 1, { received_at: new Date(receivedAt).toISOString() }))
    expect(market.isEligible(order, ring.last(BTC)!)).toBe(isAllowed)
    expect(market.eligible(order)).toHaveLength(isAllowed ? 1 : 0)
  })
})

describe('the exchange rate of an event', () => {
  it('is one for won, with no rate known', () => {
    const market = new MarketView(new QuoteRing())
    expect(market.decidable(btc, engineQuote('99', '101'))!.fxMid).toBe(SCALE)
  })

  it('is the mid that was known at the event, not the one after it', () => {
    const ring = new QuoteRing()
    const market = new MarketView(ring)
    for (const [rate, atMs] of [
      ['1400', 10],
      ['1500', 20],
      ['1600', 30],
    ] as const) {
      ring.add(observed(USD_KRW, rate, `${Number(rate) + 1}`, atMs))
    }
    const at = (receivedAt: number) =>
      formatDecimal(market.decidable(apple, engineQuote('1', '2', { receivedAt }))!.fxMid)
    expect([START + 19, START + 20, START + 29, START + 99].map(at)).toEqual([
      '1400.5',
      '1500.5',
      '1500.5',
      '1600.5',
    ])
  })

  it.each([
    [0, true],
    [FX_AGE_MAX_MS, true],
    [FX_AGE_MAX_MS + 1, false],
  ])('after %i ms still counts: %s', (ageMs, isKnown) => {
    const ring = new QuoteRing()
    ring.add(observed(USD_KRW, '1400', '1401', 0))
    const quote = engineQuote('1', '2', { receivedAt: START + ageMs })
    expect(new MarketView(ring).decidable(apple, quote) !== null).toBe(isKnown)
  })

  it('is not made up for dollars when none is known: nothing is decided', () => {
    expect(new MarketView(new QuoteRing()).decidable(apple, engineQuote('1', '2'))).toBeNull()
  })
})

describe('the reference that sizes a hold', () => {
  it('is the last quote, or the reference prices before there is any', () => {
    const ring = new QuoteRing()
    const market = new MarketView(ring)
    const price = apple.referencePrice
    expect(market.reference(apple, START)).toEqual({
      bid: price,
      ask: price,
      basePrice: price,
      fxMid: USD_KRW_REFERENCE.referencePrice,
    })
    ring.add(observed(APPLE, '127', '129', 0))
    ring.add(observed(USD_KRW, '1400', '1401', 0))
    expect(market.reference(apple, START + 1)).toMatchObject({
      bid: decimal('127'),
      ask: decimal('129'),
      fxMid: decimal('1400.5'),
    })
  })
})
