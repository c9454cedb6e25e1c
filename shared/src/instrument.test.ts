import { afterEach, describe, expect, it } from 'vitest'
import { formatDecimal, isMultiple } from './decimal.ts'
import {
  findInstrument,
  INSTRUMENTS,
  INSTRUMENTS_MAX,
  instrumentsVersion,
  knownInstruments,
  lotOf,
  registerInstruments,
  tickOf,
  USD_KRW_REFERENCE,
  VENUE_RULES,
  VENUES,
} from './instrument.ts'
import { parseTickerId, USD_KRW } from './ticker.ts'

describe('the list of instruments', () => {
  it('has thirty, ten of each venue, each under a ticker id of its own', () => {
    expect(new Set(INSTRUMENTS.map((one) => one.tickerId)).size).toBe(30)
    for (const venue of VENUES) {
      expect(INSTRUMENTS.filter((one) => one.venue === venue)).toHaveLength(10)
    }
  })

  it.each(INSTRUMENTS)('names $tickerId in full, with a price on its tick', (instrument) => {
    const { tickerId, venue, currency, nameKo, nameEn, referencePrice } = instrument
    expect(parseTickerId(tickerId)?.market).toBe(venue)
    expect(currency).toBe(venue === 'US' ? 'USD' : 'KRW')
    expect(nameKo).not.toBe('')
    expect(nameEn).not.toBe('')
    expect(referencePrice > 0n).toBe(true)
    expect(isMultiple(referencePrice, tickOf(instrument, referencePrice))).toBe(true)
    expect(findInstrument(tickerId)).toBe(instrument)
  })

  it('does not hold what is not listed, nor the exchange rate', () => {
    expect(findInstrument('KRX-STOCK-999999')).toBeUndefined()
    expect(findInstrument('crypto-coin-btc')).toBeUndefined()
    expect(findInstrument('__proto__')).toBeUndefined()
    expect(findInstrument(USD_KRW)).toBeUndefined()
    expect(USD_KRW_REFERENCE.referencePrice > 0n).toBe(true)
  })
})

describe('a venue', () => {
  it.each([
    ['KRX', 'KRX-STOCK-005930', '1', '1', '0.0140527', '0'],
    ['US', 'US-STOCK-AAPL', '0.000001', '1', '0.1', '0'],
    ['CRYPTO', 'CRYPTO-COIN-BTC', '0.00000001', '0.00000001', '0.05', '5000'],
  ] as const)(
    '%s has its lots, fee and smallest order',
    (venue, tickerId, market, limit, fee, min) => {
      const instrument = findInstrument(tickerId)!
      expect(formatDecimal(lotOf(instrument, 'MARKET'))).toBe(market)
      expect(formatDecimal(lotOf(instrument, 'LIMIT'))).toBe(limit)
      expect(formatDecimal(VENUE_RULES[venue].commissionPercent)).toBe(fee)
      expect(formatDecimal(VENUE_RULES[venue].minNotional)).toBe(min)
    },
  )
})

describe('the registry', () => {
  const apple = findInstrument('US-STOCK-AAPL')!
  const mine = { ...apple, tickerId: 'US-STOCK-MINE', nameKo: '마인' }
  afterEach(() => registerInstruments([], 'built-in'))

  it('knows the built-in instruments until it is told of more', () => {
    expect(knownInstruments()).toEqual(INSTRUMENTS)
    expect(instrumentsVersion()).toBe('built-in')
  })

  it('adds what is registered, replaces what it names, and forgets it as a whole', () => {
    registerInstruments([mine, { ...apple, status: 'HALTED' }], '1')
    expect(findInstrument('US-STOCK-MINE')).toBe(mine)
    expect(findInstrument('US-STOCK-AAPL')!.status).toBe('HALTED')
    expect(knownInstruments()).toHaveLength(31)
    expect(knownInstruments()).toBe(knownInstruments())
    registerInstruments([], '2')
    expect(findInstrument('US-STOCK-MINE')).toBeUndefined()
    expect(findInstrument('US-STOCK-AAPL')).toBe(apple)
    expect(instrumentsVersion()).toBe('2')
  })

  it('takes as many as its bound, and refuses one more without a change', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...mine, tickerId: `US-STOCK-M${index}` }))
    registerInstruments(many(INSTRUMENTS_MAX - 30), 'full')
    expect(knownInstruments()).toHaveLength(INSTRUMENTS_MAX)
    expect(() => registerInstruments(many(INSTRUMENTS_MAX - 29), 'over')).toThrow('more than')
    expect(instrumentsVersion()).toBe('full')
  })
})
