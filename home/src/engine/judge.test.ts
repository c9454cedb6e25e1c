// What one event gives an order: type × time in force × phase, under each profile; then the ways an
// order waits, is reached, and is refused.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { OrderType, Side, TimeInForce } from '@motu/shared/order.ts'
import { describe, expect, it } from 'vitest'
import { APPLE, engineQuote, marketAt, orderRecord, SAMSUNG } from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { foresee, type Market } from './decide.ts'
import { type ProfileName, PROFILE_NAMES, PROFILES } from './fill-profile.ts'
import { type Judgement, NO_PROGRESS, type Progress } from './judgement.ts'

type Event = NonNullable<Parameters<typeof engineQuote>[2]>
type Level = [price: string, size: string]
type Print = [price: string, quantity: string, aggressor: Side | null]

type Case = { profile?: ProfileName; progress?: Progress; market?: Partial<Market> }

/** Two units of a coin, unless said otherwise. */
const two = (more: Partial<OrderRecord>): OrderRecord =>
  orderRecord({ requestedQuantity: decimal('2'), ...more })

function judged(
  order: OrderRecord,
  quote: ReturnType<typeof engineQuote>,
  { profile = 'standard', progress = NO_PROGRESS, market }: Case = {},
): Judgement {
  const instrument = findInstrument(order.tickerId)!
  return foresee(order, instrument, marketAt(order, quote, market), PROFILES[profile], progress)
}

/** In short: `quantity@price` of each execution, then how the rest ends; else what it is. */
function told(judgement: Judgement): string {
  if (judgement.kind === 'end') return `${judgement.end.status} ${judgement.end.reason}`
  if (judgement.kind !== 'execute') return judgement.kind
  const fills = judgement.executions.map(
    ({ quantity, price }) => `${formatDecimal(quantity)}@${formatDecimal(price)}`,
  )
  const then = judgement.then ? [`${judgement.then.status} ${judgement.then.reason}`] : []
  return [...fills, ...then].join(' ')
}

/** The progress of an order after an event on which it rested. */
function rested(order: OrderRecord, quote: ReturnType<typeof engineQuote>, more: Case = {}) {
  const judgement = judged(order, quote, more)
  if (judgement.kind !== 'rest') throw new Error(`it did not rest: ${told(judgement)}`)
  return judgement.progress
}

// One unit at 101 and one at 103; one at 99 and one at 97.
const bids: Level[] = [
  ['99', '1'],
  ['97', '1'],
]
const asks: Level[] = [
  ['101', '1'],
  ['103', '1'],
]
const BOOK: Event = { bids, asks }
const MET: Progress = { ...NO_PROGRESS, isMet: true }

const WAITING = ['DAY', 'GTC', 'GTD'] as const

describe('on its first event', () => {
  // Two units are wanted. What is shown: one at the best price, one two ticks behind it.
  it.each<[Side, string | null, readonly TimeInForce[], ProfileName, string]>([
    ['BUY', null, ['DAY', 'GTC', 'GTD'], 'arcade', '2@101 CANCELLED no_liquidity'],
    ['BUY', null, ['DAY', 'GTC', 'GTD'], 'strict', '1@101 1@103 CANCELLED no_liquidity'],
    ['BUY', null, ['IOC'], 'strict', '1@101 1@103 CANCELLED ioc_unfilled'],
    ['BUY', null, ['FOK'], 'strict', '1@101 1@103 CANCELLED fok_unfilled'],
    ['BUY', '101', WAITING, 'arcade', '2@101'],
    ['BUY', '101', WAITING, 'standard', '1@101'],
    ['BUY', '101', WAITING, 'strict', '1@101'],
    ['BUY', '101', ['IOC'], 'standard', '1@101 CANCELLED ioc_unfilled'],
    ['BUY', '101', ['FOK'], 'arcade', '2@101 CANCELLED fok_unfilled'],
    ['BUY', '101', ['FOK'], 'standard', 'CANCELLED fok_unfilled'],
    ['BUY', '102', ['FOK'], 'strict', 'CANCELLED fok_unfilled'],
    ['BUY', '103', ['FOK'], 'strict', '1@101 1@103 CANCELLED fok_unfilled'],
    ['BUY', '103', WAITING, 'standard', '1@101 1@103'],
    ['BUY', '100', WAITING, 'arcade', 'rest'],
    ['BUY', '100', WAITING, 'strict', 'rest'],
    ['BUY', '100', ['IOC'], 'strict', 'CANCELLED ioc_unfilled'],
    ['BUY', '100', ['FOK'], 'strict', 'CANCELLED fok_unfilled'],
    ['SELL', null, WAITING, 'arcade', '2@99 CANCELLED no_liquidity'],
    ['SELL', null, WAITING, 'standard', '1@99 1@97 CANCELLED no_liquidity'],
    ['SELL', '99', WAITING, 'standard', '1@99'],
    ['SELL', '98', ['FOK'], 'standard', 'CANCELLED fok_unfilled'],
    ['SELL', '97', ['FOK'], 'standard', '1@99 1@97 CANCELLED fok_unfilled'],
    ['SELL', '100', ['GTC'], 'standard', 'rest'],
    ['SELL', '100', ['IOC'], 'standard', 'CANCELLED ioc_unfilled'],
  ])('a %s at %s, %j, takes under %s: %s', (side, limit, times, profile, expected) => {
    const limitPrice = limit === null ? null : decimal(limit)
    for (const timeInForce of times) {
      const order = two({ side, limitPrice, timeInForce })
      expect(told(judged(order, engineQuote('99', '101', BOOK), { profile }))).toBe(expected)
    }
  })

  // Three and a half units; what is not shown slips under `standard` only, up to the collar.
  it.each<[Side, ProfileName, string]>([
    ['BUY', 'arcade', '3.5@101 CANCELLED no_liquidity'],
    ['BUY', 'standard', '1@101 1@103 1@104 0.5@105 CANCELLED no_liquidity'],
    ['BUY', 'strict', '1@101 1@103 CANCELLED no_liquidity'],
    ['SELL', 'arcade', '3.5@99 CANCELLED no_liquidity'],
    ['SELL', 'strict', '1@99 1@97 CANCELLED no_liquidity'],
  ])('a market %s of more than is shown takes under %s: %s', (side, profile, expected) => {
    const order = orderRecord({ side, requestedQuantity: decimal('3.5') })
    const steps = { tickAt: () => decimal('1'), lot: 1n }
    const judgement = judged(order, engineQuote('99', '101', BOOK), { profile, market: { steps } })
    expect(told(judgement)).toBe(expected)
  })

  // Five percent around the best price: 105 above 100, 95 below.
  it.each<[Side, Level[], ProfileName, string]>([
    [
      'BUY',
      [
        ['100', '1'],
        ['105', '1'],
      ],
      'strict',
      '1@100 1@105 CANCELLED no_liquidity',
    ],
    [
      'BUY',
      [
        ['100', '1'],
        ['105.01', '1'],
      ],
      'strict',
      '1@100 CANCELLED no_liquidity',
    ],
    [
      'BUY',
      [
        ['100', '1'],
        ['105.01', '1'],
      ],
      'standard',
      '1@100 CANCELLED no_liquidity',
    ],
    [
      'SELL',
      [
        ['100', '1'],
        ['95', '1'],
      ],
      'strict',
      '1@100 1@95 CANCELLED no_liquidity',
    ],
    [
      'SELL',
      [
        ['100', '1'],
        ['94.99', '1'],
      ],
      'strict',
      '1@100 CANCELLED no_liquidity',
    ],
    [
      'SELL',
      [
        ['100', '1'],
        ['94.99', '1'],
      ],
      'standard',
      '1@100 CANCELLED no_liquidity',
    ],
  ])('a market %s into %j stops at its collar under %s: %s', (side, levels, profile, expected) => {
    const book = side === 'BUY' ? { bids, asks: levels } : { bids: levels, asks: [['110', '1']] }
    const quote = engineQuote('100', side === 'BUY' ? '100' : '110', book as Event)
    expect(told(judged(two({ side }), quote, { profile }))).toBe(expected)
  })

  it('a market buy of KRX is bound by the day’s limit, not by a collar', () => {
    const levels: Level[] = [
      ['50000', '1'],
      ['65000', '1'],
      ['65100', '1'],
    ]
    const book = { bids: [['49950', '1']] as Level[], asks: levels, base_price: '50000' }
    const order = orderRecord({ tickerId: SAMSUNG, requestedQuantity: decimal('3') })
    const judgement = judged(order, engineQuote('49950', '50000', book), { profile: 'strict' })
    expect(told(judgement)).toBe('1@50000 1@65000 CANCELLED no_liquidity')
  })

  it.each<[Level[], string]>([
    [[], 'CANCELLED no_liquidity'],
    [[['0', '0']], 'CANCELLED no_liquidity'],
    [[['101', '0']], 'CANCELLED no_liquidity'],
  ])('a market buy into a side with nobody, %j: %s', (levels, expected) => {
    for (const profile of PROFILE_NAMES) {
      const quote = engineQuote('99', '0', { bids, asks: levels })
      expect(told(judged(two({}), quote, { profile }))).toBe(expected)
    }
  })
})

describe('by the phase', () => {
  // Bid 99, ask 101; an uncross at 100.
  const uncross = { uncross: { price: '100', quantity: '5' } }
  it.each<[Event['phase'], Event, OrderType, string | null, readonly TimeInForce[], string]>([
    ['auction', {}, 'MARKET', null, WAITING, 'rest'],
    ['auction', {}, 'LIMIT', '110', WAITING, 'rest'],
    ['auction', {}, 'LIMIT', '110', ['IOC'], 'CANCELLED ioc_unfilled'],
    ['auction', {}, 'LIMIT', '110', ['FOK'], 'CANCELLED fok_unfilled'],
    ['auction', {}, 'MARKET', null, ['IOC'], 'CANCELLED ioc_unfilled'],
    ['halted', {}, 'MARKET', null, WAITING, 'rest'],
    ['halted', {}, 'LIMIT', '110', WAITING, 'rest'],
    ['halted', {}, 'LIMIT', '110', ['IOC'], 'CANCELLED ioc_unfilled'],
    ['halted', {}, 'LIMIT', '110', ['FOK'], 'CANCELLED fok_unfilled'],
    ['halted', uncross, 'MARKET', null, WAITING, 'rest'],
    ['halted', uncross, 'LIMIT', '110', WAITING, 'rest'],
    ['closed', {}, 'MARKET', null, WAITING, 'rest'],
    ['closed', {}, 'LIMIT', '110', WAITING, 'rest'],
    ['closed', {}, 'LIMIT', '110', ['IOC'], 'CANCELLED ioc_unfilled'],
    ['auction', uncross, 'MARKET', null, WAITING, '2@100 CANCELLED no_liquidity'],
    ['auction', uncross, 'LIMIT', '110', WAITING, '2@100'],
    ['auction', uncross, 'LIMIT', '100', WAITING, '2@100'],
    ['auction', uncross, 'LIMIT', '99.99', WAITING, 'rest'],
    ['continuous', uncross, 'LIMIT', '100', WAITING, '2@100'],
    ['continuous', uncross, 'LIMIT', '99.99', WAITING, 'rest'],
  ])('%s %o: a %s at %s, %j: %s', (phase, event, type, limit, times, expected) => {
    const limitPrice = limit === null ? null : decimal(limit)
    const quote = engineQuote('99', '101', { ...BOOK, phase, ...event })
    for (const profile of PROFILE_NAMES) {
      for (const timeInForce of times) {
        const order = two({ type, limitPrice, timeInForce })
        expect(told(judged(order, quote, { profile })), profile).toBe(expected)
      }
    }
  })

  it.each<[Side, string, string]>([
    ['BUY', '100', '2@100'],
    ['BUY', '99.99', 'rest'],
    ['SELL', '100', '2@100'],
    ['SELL', '100.01', 'rest'],
  ])('an auction at 100 fills a %s at %s whole, at its one price: %s', (side, limit, expected) => {
    const quote = engineQuote('99', '101', { ...BOOK, ...uncross, phase: 'auction' })
    const judgement = judged(two({ side, limitPrice: decimal(limit) }), quote)
    expect(told(judgement)).toBe(expected)
    if (judgement.kind === 'execute') expect(judgement.role).toBe('auction')
  })
})

describe('a limit and the band of the day', () => {
  // A base of 50,000: 35,000 to 65,000.
  it.each<[Side, string, Event['phase'], string]>([
    ['BUY', '65000', 'continuous', '2@50000'],
    ['BUY', '65100', 'continuous', 'EXPIRED price_limit'],
    ['BUY', '35000', 'continuous', 'rest'],
    ['BUY', '34950', 'continuous', 'EXPIRED price_limit'],
    ['SELL', '35000', 'continuous', '2@49950'],
    ['SELL', '34950', 'continuous', 'EXPIRED price_limit'],
    ['SELL', '65000', 'continuous', 'rest'],
    ['SELL', '65100', 'continuous', 'EXPIRED price_limit'],
    ['BUY', '65100', 'auction', 'EXPIRED price_limit'],
  ])('a %s at %s, %s: %s', (side, limit, phase, expected) => {
    const order = two({ tickerId: SAMSUNG, side, limitPrice: decimal(limit) })
    const event: Event = { base_price: '50000', ...(phase && { phase }) }
    const quote = engineQuote('49950', '50000', event)
    expect(told(judged(order, quote))).toBe(expected)
  })

  it('is asked of no order that stands behind another, or behind its stop', () => {
    const quote = engineQuote('49950', '50000', { base_price: '50000' })
    for (const waitingFor of ['ENTRY', 'TRIGGER'] as const) {
      const stopPrice = decimal('90000')
      const more = { type: 'STOP_LIMIT', stopPrice, limitPrice: decimal('90000') } as const
      const order = two({ tickerId: SAMSUNG, waitingFor, ...more })
      expect(told(judged(order, quote))).toBe('rest')
    }
  })
})

describe('post_only', () => {
  it.each<[Side, string, Event, string]>([
    ['BUY', '100.99', {}, 'rest'],
    ['BUY', '101', {}, 'FAILED post_only_would_take'],
    ['BUY', '102', {}, 'FAILED post_only_would_take'],
    ['SELL', '99.01', {}, 'rest'],
    ['SELL', '99', {}, 'FAILED post_only_would_take'],
    ['SELL', '98', {}, 'FAILED post_only_would_take'],
    // Nobody to take from.
    ['BUY', '200', { ask: '0', asks: [], bids }, 'rest'],
    // In an auction nobody is first: it fills like any other.
    ['BUY', '101', { phase: 'auction', uncross: { price: '100', quantity: '1' } }, '2@100'],
    ['BUY', '101', { phase: 'auction' }, 'rest'],
  ])('a %s at %s on its first event %o: %s', (side, limit, event, expected) => {
    for (const profile of PROFILE_NAMES) {
      const order = two({ side, limitPrice: decimal(limit), postOnly: true })
      const quote = engineQuote('99', '101', { ...BOOK, ...event })
      expect(told(judged(order, quote, { profile })), profile).toBe(expected)
    }
  })

  it.each(PROFILE_NAMES)('fills at its own price once it rests, under %s', (profile) => {
    const order = two({ limitPrice: decimal('100'), postOnly: true })
    const progress = rested(order, engineQuote('99', '101', BOOK), { profile })
    const crossing = engineQuote('97', '98', { bids: [['97', '9']], asks: [['98', '9']] })
    const judgement = judged(order, crossing, { profile, progress })
    expect(told(judgement)).toBe('2@100')
    expect(judgement).toMatchObject({ role: 'maker', then: null })
  })
})

describe('an order that rests', () => {
  const order = two({ limitPrice: decimal('99') })
  const shown = (size: string, prints: Print[] = []): ReturnType<typeof engineQuote> =>
    engineQuote('99', '101', { bids: [['99', size]], asks, prints })

  // Five units stand before it. What trades at its price serves them first.
  it.each<[string, string, Print[], string]>([
    ['nothing trades', '5', [], 'rest'],
    ['as much as stands before it is sold', '5', [['99', '5', 'SELL']], 'rest'],
    ['a bit more is sold', '5', [['99', '5.5', 'SELL']], '0.5@99'],
    ['all of it and its two are sold', '5', [['99', '7', 'SELL']], '2@99'],
    ['far more is sold', '5', [['99', '70', 'SELL']], '2@99'],
    [
      'in two trades',
      '5',
      [
        ['99', '4', 'SELL'],
        ['99', '2', 'SELL'],
      ],
      '1@99',
    ],
    ['as much is bought there', '5', [['99', '9', 'BUY']], 'rest'],
    ['it trades above', '5', [['100', '9', 'SELL']], 'rest'],
  ])('behind five, %s: %s shown, %j: %s', (_, size, prints, expected) => {
    for (const profile of ['standard', 'strict'] as const) {
      const progress = rested(order, shown('5'), { profile })
      expect(progress.queue).toEqual({ initial: decimal('5'), ahead: decimal('5') })
      expect(told(judged(order, shown(size, prints), { profile, progress })), profile).toBe(
        expected,
      )
    }
  })

  it('keeps its place over events, and moves up when others leave', () => {
    let progress = rested(order, shown('5'))
    progress = rested(order, shown('5', [['99', '3', 'SELL']]), { progress })
    expect(progress.queue).toEqual({ initial: decimal('5'), ahead: decimal('2') })
    progress = rested(order, shown('1'), { progress })
    expect(progress.queue).toEqual({ initial: decimal('5'), ahead: decimal('1') })
    // Who comes later stands behind it.
    progress = rested(order, shown('9'), { progress })
    const judgement = judged(order, shown('9', [['99', '2', 'SELL']]), { progress })
    expect(told(judgement)).toBe('1@99')
    expect(judgement).toMatchObject({ queue: { initial: decimal('5'), ahead: decimal('1') } })
  })

  // A trade below its price: under `standard` all that stood at its level goes, strictly the print.
  it.each<[ProfileName, Print[], string]>([
    ['arcade', [['99', '0.1', 'SELL']], '2@99'],
    ['standard', [['98', '0.1', 'SELL']], '2@99'],
    ['strict', [['98', '0.1', 'SELL']], '0.1@99'],
    [
      'strict',
      [
        ['98', '0.1', 'SELL'],
        ['97', '9', 'SELL'],
      ],
      '2@99',
    ],
  ])('is reached under %s by trades %j: %s', (profile, prints, expected) => {
    const progress = rested(order, shown('5'), { profile })
    expect(told(judged(order, shown('5', prints), { profile, progress }))).toBe(expected)
  })

  it('fills at its price what an ask at or through it shows', () => {
    for (const [ask, size, expected] of [
      ['99.01', '9', 'rest'],
      ['99', '1', '1@99'],
      ['98', '1.5', '1.5@99'],
      ['98', '9', '2@99'],
    ] as const) {
      const progress = rested(order, shown('5'))
      const quote = engineQuote('97', ask, { bids: [['97', '1']], asks: [[ask, size]] })
      expect(told(judged(order, quote, { progress })), ask).toBe(expected)
    }
  })

  it('rests with what it did not take, behind those who are there', () => {
    const taking = two({ limitPrice: decimal('101') })
    const judgement = judged(taking, engineQuote('99', '101', BOOK))
    expect(told(judgement)).toBe('1@101')
    if (judgement.kind !== 'execute') throw new Error('no fill')
    expect(judgement.progress).toMatchObject({ isMet: true, queue: { initial: 0n, ahead: 0n } })
  })

  it('is not offered under strict what it took already, until the level changes', () => {
    const taking = two({ limitPrice: decimal('101'), requestedQuantity: decimal('3') })
    const first = judged(taking, engineQuote('99', '101', BOOK), { profile: 'strict' })
    if (first.kind !== 'execute') throw new Error('no fill')
    const left = { ...taking, filledQuantity: decimal('1') }
    const { progress } = first
    const again = engineQuote('99', '101', BOOK)
    expect(told(judged(left, again, { profile: 'strict', progress }))).toBe('rest')
    const asksNow: Level[] = [['101', '1.5']]
    const fresh = engineQuote('99', '101', { bids, asks: asksNow })
    expect(told(judged(left, fresh, { profile: 'strict', progress }))).toBe('1.5@101')
    // Others’ books go on showing it: `standard` takes it again.
    expect(told(judged(left, again, { profile: 'standard', progress }))).toBe('1@101')
  })
})

describe('a minute of a gap', () => {
  const candle = { open: decimal('100'), high: decimal('110'), low: decimal('90') }
  // The spread known last was 99 to 101: one to each side.
  it.each<[Side, string | null, TimeInForce, string]>([
    ['BUY', null, 'GTC', '2@101 CANCELLED no_liquidity'],
    ['SELL', null, 'GTC', '2@99 CANCELLED no_liquidity'],
    ['BUY', null, 'IOC', '2@101 CANCELLED ioc_unfilled'],
    ['BUY', '101', 'IOC', '2@101 CANCELLED ioc_unfilled'],
    ['BUY', '100.99', 'IOC', 'CANCELLED ioc_unfilled'],
    ['BUY', '100.99', 'FOK', 'CANCELLED fok_unfilled'],
    ['SELL', '99', 'FOK', '2@99 CANCELLED fok_unfilled'],
    ['SELL', '99.01', 'IOC', 'CANCELLED ioc_unfilled'],
    ['BUY', '90', 'GTC', 'rest'],
    ['BUY', '90.01', 'GTC', '2@90.01'],
    ['BUY', '105', 'GTC', '2@105'],
    ['SELL', '110', 'GTC', 'rest'],
    ['SELL', '109.99', 'GTC', '2@109.99'],
  ])('gives a %s at %s, %s: %s', (side, limit, timeInForce, expected) => {
    const limitPrice = limit === null ? null : decimal(limit)
    for (const profile of PROFILE_NAMES) {
      for (const progress of [NO_PROGRESS, MET]) {
        const order = two({ side, limitPrice, timeInForce })
        const judgement = judged(order, engineQuote('99', '101', { candle }), { profile, progress })
        expect(told(judgement), profile).toBe(expected)
        if (judgement.kind === 'execute') expect(judgement.role).toBe('candle')
      }
    }
  })

  it.each<[string, Progress, string]>([
    ['101', NO_PROGRESS, 'FAILED post_only_would_take'],
    ['100.99', NO_PROGRESS, '2@100.99'],
    ['101', MET, '2@101'],
  ])('gives a post_only buy at %s, %o: %s', (limit, progress, expected) => {
    const order = two({ limitPrice: decimal(limit), postOnly: true })
    expect(told(judged(order, engineQuote('99', '101', { candle }), { progress }))).toBe(expected)
  })

  it('stays on the tick and within the band', () => {
    const order = two({ tickerId: SAMSUNG })
    const at = (open: string, bid: string, ask: string): string => {
      const minute = { open: decimal(open), high: decimal(open), low: decimal(open) }
      return told(judged(order, engineQuote(bid, ask, { candle: minute, base_price: '50000' })))
    }
    expect(at('50000', '49950', '50000')).toBe('2@50100 CANCELLED no_liquidity')
    expect(at('64950', '50000', '50300')).toBe('2@65000 CANCELLED no_liquidity')
    expect(at('65000', '64900', '65000')).toBe('2@65000 CANCELLED no_liquidity')
  })

  it('gives whole shares where there are only whole ones', () => {
    const order = orderRecord({
      tickerId: APPLE,
      limitPrice: decimal('100'),
      requestedQuantity: decimal('1.5'),
    })
    expect(told(judged(order, engineQuote('99', '101', { candle })))).toBe('1@100')
  })
})

it('an order that waits for its entry meets nothing', () => {
  const order = two({ limitPrice: decimal('200'), waitingFor: 'ENTRY' })
  for (const event of [BOOK, { uncross: { price: '1', quantity: '1' } }]) {
    expect(told(judged(order, engineQuote('99', '101', event)))).toBe('rest')
  }
})
