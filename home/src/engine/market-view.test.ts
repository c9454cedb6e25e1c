import { decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { findInstrument, USD_KRW_REFERENCE } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { OrderSession, OrderType } from '@motu/shared/order.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { CLOCK_OFFSET_MAX_MS } from '@motu/shared/upstream.ts'
import { describe, expect, it } from 'vitest'
import { APPLE, BTC, engineQuote, orderRecord, SAMSUNG, viewOf } from '../../test/engine/samples.ts'
import { marketEvent } from '../../test/market-event.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { latencyOf, MAX_AGE_MS, PROFILES, seedOf } from './fill-profile.ts'
import { FX_AGE_MAX_MS } from './market-view.ts'
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
    const market = viewOf(ring)
    market.clockOffsetMs = clockOffsetMs
    const order = orderRecord({ acceptedAt, storedAt })
    ring.add(marketEvent(BTC, 1, { received_at: new Date(receivedAt).toISOString() }))
    expect(market.isEligible(order, ring.last(BTC)!)).toBe(isAllowed)
    expect(market.eligible(order)).toHaveLength(isAllowed ? 1 : 0)
  })
})

const iso = (ms: number): string => new Date(ms).toISOString()
const received = (ms: number) => ({ received_at: iso(ms), venue_time: iso(ms) })
const appleOrder = orderRecord({ tickerId: APPLE })

describe('when an order counts from', () => {
  const strict = viewOf(new QuoteRing(), { profile: PROFILES.strict })
  const order = orderRecord({ acceptedAt: 1_000, storedAt: 1_200 })
  const latency = latencyOf(PROFILES.strict, seedOf(order.id))

  it('is its acceptance plus the latency of the profile, the same each time', () => {
    expect(latency).toBeGreaterThanOrEqual(250)
    expect(latency).toBeLessThanOrEqual(350)
    expect(viewOf().eligibleAfter(order)).toBe(1_000)
    expect(strict.eligibleAfter(order)).toBe(1_000 + latency)
    expect(strict.eligibleAfter(order)).toBe(1_000 + latency)
  })

  it('is its trigger once it was triggered', () => {
    expect(strict.eligibleAfter({ ...order, triggeredAt: 9_000 })).toBe(9_000 + latency)
  })
})

describe('the exchange rate of an event', () => {
  it('is one for won, with no rate known', () => {
    const market = viewOf().market(orderRecord(), btc, engineQuote('99', '101'))!
    expect(market.fx).toEqual({ mid: SCALE, at: null, source: null })
  })

  it('is the mid that was known at the event, not the one after it', () => {
    const ring = new QuoteRing()
    const market = viewOf(ring)
    for (const [bid, ask, atMs] of [
      ['1400', '1401', 10],
      ['1500', '1501', 20],
      ['1600', '1601', 30],
    ] as const) {
      ring.add(observed(USD_KRW, bid, ask, atMs))
    }
    const at = (ms: number) => market.market(appleOrder, apple, engineQuote('1', '2', received(ms)))
    const mids = [START + 19, START + 20, START + 29, START + 99].map((ms) => at(ms)!.fx.mid)
    expect(mids.map(formatDecimal)).toEqual(['1400.5', '1500.5', '1500.5', '1600.5'])
    expect(at(START + 29)!.fx).toMatchObject({ at: START + 20, source: 'test' })
  })

  it.each([
    [0, true],
    [FX_AGE_MAX_MS, true],
    [FX_AGE_MAX_MS + 1, false],
  ])('after %i ms still counts: %s', (ageMs, isKnown) => {
    const ring = new QuoteRing()
    ring.add(observed(USD_KRW, '1400', '1401', 0))
    const quote = engineQuote('1', '2', received(START + ageMs))
    expect(viewOf(ring).market(appleOrder, apple, quote) !== null).toBe(isKnown)
  })

  it('is not made up for dollars when none is known: nothing is decided', () => {
    expect(viewOf().market(appleOrder, apple, engineQuote('1', '2'))).toBeNull()
  })
})

describe('the phase an order meets', () => {
  const view = viewOf(new QuoteRing(), { alwaysOpen: false })
  const samsung = findInstrument(SAMSUNG)!
  const regular = null
  // Seoul: 09:00 to 15:30, its opening call from 08:30, its closing one from 15:20.
  it.each<[string, readonly OrderSession[] | null, Partial<MarketEvent>, string]>([
    ['2026-11-20T08:29:59.999+09:00', regular, {}, 'closed'],
    ['2026-11-20T08:30:00.000+09:00', regular, {}, 'auction'],
    ['2026-11-20T08:59:59.999+09:00', regular, {}, 'auction'],
    ['2026-11-20T09:00:00.000+09:00', regular, {}, 'continuous'],
    ['2026-11-20T15:19:59.999+09:00', regular, {}, 'continuous'],
    ['2026-11-20T15:20:00.000+09:00', regular, {}, 'auction'],
    ['2026-11-20T15:29:59.999+09:00', regular, {}, 'auction'],
    ['2026-11-20T15:30:00.000+09:00', regular, {}, 'closed'],
    ['2026-11-20T16:00:00.000+09:00', regular, {}, 'closed'],
    ['2026-11-20T15:59:59.999+09:00', ['after'], {}, 'closed'],
    ['2026-11-20T16:00:00.000+09:00', ['after'], {}, 'continuous'],
    ['2026-11-20T12:00:00.000+09:00', ['after'], {}, 'closed'],
    ['2026-11-21T12:00:00.000+09:00', regular, {}, 'closed'],
    // What the venue says counts while its calendar has a session, and only then.
    ['2026-11-20T12:00:00.000+09:00', regular, { phase: 'auction' }, 'auction'],
    ['2026-11-20T12:00:00.000+09:00', regular, { phase: 'halted' }, 'halted'],
    ['2026-11-20T12:00:00.000+09:00', regular, { phase: 'closed' }, 'closed'],
    ['2026-11-20T16:00:00.000+09:00', regular, { phase: 'continuous' }, 'closed'],
    // The end of an auction is told a moment after it.
    [
      '2026-11-20T15:30:00.000+09:00',
      regular,
      { uncross: { price: '1', quantity: '1' } },
      'auction',
    ],
    [
      '2026-11-20T15:30:02.999+09:00',
      regular,
      { uncross: { price: '1', quantity: '1' } },
      'auction',
    ],
    [
      '2026-11-20T15:30:03.000+09:00',
      regular,
      { uncross: { price: '1', quantity: '1' } },
      'closed',
    ],
  ])('of KRX at %s, for %j, where the venue says %j: %s', (at, sessions, says, phase) => {
    const order = orderRecord({ tickerId: SAMSUNG, sessions })
    const quote = engineQuote('50000', '50100', { ...received(Date.parse(at)), ...says })
    expect(view.market(order, samsung, quote)!.phase).toBe(phase)
  })

  it.each<[string, string, number, string]>([
    [BTC, 'CRYPTO', MAX_AGE_MS.CRYPTO, 'continuous'],
    [BTC, 'CRYPTO', MAX_AGE_MS.CRYPTO + 1, 'halted'],
    [SAMSUNG, 'KRX', MAX_AGE_MS.KRX, 'continuous'],
    [SAMSUNG, 'KRX', MAX_AGE_MS.KRX + 1, 'halted'],
  ])('of %s (%s) with an event that was %i ms old when it came: %s', (tickerId, _, age, phase) => {
    const order = orderRecord({ tickerId })
    const at = Date.parse('2026-11-20T12:00:00.000+09:00')
    const quote = engineQuote('100', '100', { received_at: iso(at), venue_time: iso(at - age) })
    expect(view.market(order, findInstrument(tickerId)!, quote)!.phase).toBe(phase)
  })

  it('is halted for an instrument that is', () => {
    const halted = { ...btc, status: 'HALTED' as const }
    expect(view.market(orderRecord(), halted, engineQuote('1', '2'))!.phase).toBe('halted')
  })
})

describe('the rules of a day', () => {
  const noon = (date: string) => received(Date.parse(`${date}T12:00:00.000+09:00`))
  const samsung = findInstrument(SAMSUNG)!

  it.each([
    // The tax of a sale goes by the day the shares change hands, two trading days later.
    ['2026-11-20', '54200', '70400', '38000', '2026-11-24'],
    ['2026-12-29', '54200', '70400', '38000', '2027-01-04'],
    ['2026-11-20', '10000', '13000', '7000', '2026-11-24'],
  ])(
    '%s of KRX with a base of %s: %s to %s, settled on %s',
    (date, base, upper, lower, settled) => {
      const quote = engineQuote('54000', '54100', { base_price: base, ...noon(date) })
      const market = viewOf(new QuoteRing(), { alwaysOpen: false }).market(
        orderRecord({ tickerId: SAMSUNG }),
        samsung,
        quote,
      )!
      expect(market.limits).toEqual({ upper: decimal(upper), lower: decimal(lower) })
      expect(market.dates).toEqual({ tradeDate: date, settlementDate: settled })
    },
  )

  it.each<[string, OrderType, string]>([
    [SAMSUNG, 'MARKET', '1'],
    [APPLE, 'MARKET', '0.000001'],
    [APPLE, 'LIMIT', '1'],
    [BTC, 'LIMIT', '0.00000001'],
  ])('for %s %s: a step of %s', (tickerId, type, lot) => {
    const ring = new QuoteRing()
    const at = Date.parse('2026-11-20T12:00:00.000Z')
    ring.add(marketEvent(USD_KRW, 1, received(at)))
    const order = orderRecord({ tickerId, type })
    const quote = engineQuote('100', '100', received(at))
    const market = viewOf(ring).market(order, findInstrument(tickerId)!, quote)!
    expect(market.steps.lot).toBe(decimal(lot))
    expect(market.limits === null).toBe(tickerId !== SAMSUNG)
  })

  // The band around 54,200 is 38,000 to 70,400; ticks of 100 from 50,000 on, of 50 below.
  it.each<[string, Partial<OrderRecord>, string, string | null]>([
    ['12:00', { limitPrice: decimal('70400') }, '54200', null],
    ['12:00', { limitPrice: decimal('70500') }, '54200', 'price_limit'],
    ['12:00', { limitPrice: decimal('38000') }, '54200', null],
    ['12:00', { limitPrice: decimal('37950') }, '54200', 'price_limit'],
    ['12:00', { limitPrice: decimal('50050') }, '54200', 'tick_size'],
    ['12:00', { limitPrice: decimal('49950') }, '54200', null],
    ['12:00', { limitPrice: null }, '54200', null],
    ['12:00', { limitPrice: decimal('70500'), waitingFor: 'ENTRY' }, '54200', null],
    // In the opening call of the day, but not before it and not after the day.
    ['08:30', { limitPrice: decimal('70500') }, '54200', 'price_limit'],
    ['08:29', { limitPrice: decimal('70500') }, '54200', null],
    ['15:30', { limitPrice: decimal('70500') }, '54200', null],
    ['16:30', { limitPrice: decimal('70500'), sessions: ['after'] }, '54200', 'price_limit'],
  ])('at %s for what waits, %o, with a base of %s: %s', (time, order, base, reason) => {
    const at = Date.parse(`2026-11-20T${time}:00.000+09:00`)
    const last = engineQuote('54000', '54100', { base_price: base, ...received(at) })
    const view = viewOf(new QuoteRing(), { alwaysOpen: false })
    const record = orderRecord({ tickerId: SAMSUNG, ...order })
    expect(view.outdated(record, samsung, last)).toBe(reason)
  })

  it('asks nothing of what waits in a market without a band', () => {
    const order = orderRecord({ limitPrice: decimal('1') })
    expect(viewOf().outdated(order, btc, engineQuote('99', '101'))).toBeNull()
  })

  it.each<[Partial<OrderRecord>, string | null]>([
    [{ timeInForce: 'DAY' }, '2026-11-20T06:30:00.000Z'],
    [{ timeInForce: 'DAY', sessions: ['regular', 'after'] }, '2026-11-20T11:00:00.000Z'],
    [{ timeInForce: 'GTC' }, null],
  ])('ends for %o at %s', (more, end) => {
    const view = viewOf(new QuoteRing(), { alwaysOpen: false })
    const order = orderRecord({ tickerId: SAMSUNG, ...more })
    const at = view.endOfDay(order, Date.parse('2026-11-20T12:00:00.000+09:00'))
    expect(at === null ? null : iso(at)).toBe(end)
  })
})

describe('the reference that sizes a hold', () => {
  it('is the last quote, or the reference prices before there is any', () => {
    const ring = new QuoteRing()
    const market = viewOf(ring)
    const price = apple.referencePrice
    expect(market.reference(appleOrder, apple, START)).toEqual({
      bid: price,
      ask: price,
      limits: null,
      fxMid: USD_KRW_REFERENCE.referencePrice,
      fxSpreadRate: PROFILES.arcade.fxSpreadRate,
      lot: decimal('0.000001'),
      tradeDate: '2026-11-19',
    })
    ring.add(observed(APPLE, '127', '129', 0))
    ring.add(observed(USD_KRW, '1400', '1401', 0))
    expect(market.reference(appleOrder, apple, START + 1)).toMatchObject({
      bid: decimal('127'),
      ask: decimal('129'),
      fxMid: decimal('1400.5'),
    })
  })

  it('is the quote of its instant, not a later one', () => {
    const ring = new QuoteRing()
    ring.add(observed(BTC, '100', '101', 0))
    ring.add(observed(BTC, '200', '201', 10))
    const reference = viewOf(ring).reference(orderRecord(), btc, START + 9)
    expect(reference).toMatchObject({ bid: decimal('100'), ask: decimal('101') })
  })
})
