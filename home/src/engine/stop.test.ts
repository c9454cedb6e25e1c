import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { OrderType, Side } from '@motu/shared/order.ts'
import { describe, expect, it } from 'vitest'
import { Account } from '../../test/engine/account.ts'
import { BTC, engineQuote, marketAt, orderRecord } from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { foresee } from './decide.ts'
import { PROFILES } from './fill-profile.ts'
import { NO_PROGRESS, type Progress } from './judgement.ts'

type Event = NonNullable<Parameters<typeof engineQuote>[2]>

const stopOrder = (more: Partial<OrderRecord>): OrderRecord =>
  orderRecord({ waitingFor: 'TRIGGER', type: 'STOP', ...more })

/** What an event that traded at a price does to a stop. */
function watched(order: OrderRecord, price: string, event: Event = {}, progress = NO_PROGRESS) {
  const quote = engineQuote('99', '101', { price, ...event })
  const instrument = findInstrument(order.tickerId)!
  const judgement = foresee(order, instrument, marketAt(order, quote), PROFILES.standard, progress)
  if (judgement.kind !== 'rest' && judgement.kind !== 'trigger') throw new Error(judgement.kind)
  return judgement
}

describe('a stop', () => {
  it.each<[OrderType, Side, string, string]>([
    ['STOP', 'SELL', '100.00000001', 'rest'],
    ['STOP', 'SELL', '100', 'trigger'],
    ['STOP', 'SELL', '99.99999999', 'trigger'],
    ['STOP', 'BUY', '99.99999999', 'rest'],
    ['STOP', 'BUY', '100', 'trigger'],
    ['STOP', 'BUY', '100.00000001', 'trigger'],
    ['STOP_LIMIT', 'SELL', '100.00000001', 'rest'],
    ['STOP_LIMIT', 'SELL', '100', 'trigger'],
    ['STOP_LIMIT', 'BUY', '99.99999999', 'rest'],
    ['STOP_LIMIT', 'BUY', '100', 'trigger'],
  ])('%s to %s at 100, where it trades at %s: %s', (type, side, price, expected) => {
    const limitPrice = type === 'STOP_LIMIT' ? decimal('100') : null
    const order = stopOrder({ type, side, limitPrice, stopPrice: decimal('100') })
    expect(watched(order, price).kind).toBe(expected)
  })

  it.each<[string, string, Event, string]>([
    // The book alone triggers nothing: bid 99 and ask 101 stand on both sides.
    ['by the last trade', '100.5', {}, 'rest'],
    ['by a print, not by the last price', '100.5', { prints: [['100', '1', null]] }, 'trigger'],
    [
      'by one of several prints',
      '101',
      {
        prints: [
          ['101', '1', null],
          ['99', '1', null],
          ['101', '1', null],
        ],
      },
      'trigger',
    ],
    ['by prints, which the last price repeats', '100', { prints: [['101', '1', null]] }, 'rest'],
    [
      'by the end of an auction',
      '101',
      { uncross: { price: '100', quantity: '1' }, phase: 'auction' },
      'trigger',
    ],
    [
      'by the end of an auction above it',
      '100',
      { uncross: { price: '101', quantity: '1' }, phase: 'auction' },
      'rest',
    ],
    ['not within an auction', '90', { phase: 'auction' }, 'rest'],
    ['not in a halt', '90', { phase: 'halted' }, 'rest'],
    ['not when closed', '90', { phase: 'closed' }, 'rest'],
    ['by the low of a minute', '101', { candle: candleOf('101', '102', '100') }, 'trigger'],
    ['by the open of a minute', '101', { candle: candleOf('99', '102', '99') }, 'trigger'],
    ['not by a minute above it', '90', { candle: candleOf('101', '102', '100.01') }, 'rest'],
  ])('to sell at 100 is triggered %s: %s %o → %s', (_, price, event, expected) => {
    expect(watched(stopOrder({ side: 'SELL', stopPrice: decimal('100') }), price, event).kind).toBe(
      expected,
    )
  })

  it('to buy is triggered by the high of a minute', () => {
    const order = stopOrder({ side: 'BUY', stopPrice: decimal('100') })
    const at = (high: string) => watched(order, '1', { candle: candleOf('98', high, '97') }).kind
    expect([at('99.99'), at('100')]).toEqual(['rest', 'trigger'])
  })
})

function candleOf(open: string, high: string, low: string) {
  return { open: decimal(open), high: decimal(high), low: decimal(low) }
}

describe('a trailing stop', () => {
  const five = { type: 'TRAILING_STOP', trailAmount: decimal('5') } as const
  const tenPercent = { type: 'TRAILING_STOP', trailPercent: decimal('10') } as const

  // Trades one after the other, then the mark and what becomes of the order.
  it.each<[Side, Partial<OrderRecord>, string[], string, string]>([
    ['SELL', five, ['100'], '100', 'rest'],
    ['SELL', five, ['100', '95.01'], '100', 'rest'],
    ['SELL', five, ['100', '95'], '100', 'trigger'],
    ['SELL', five, ['100', '110', '105.01'], '110', 'rest'],
    ['SELL', five, ['100', '110', '105'], '110', 'trigger'],
    ['SELL', five, ['100', '110', '106', '108'], '110', 'rest'],
    ['BUY', five, ['100', '104.99'], '100', 'rest'],
    ['BUY', five, ['100', '105'], '100', 'trigger'],
    ['BUY', five, ['100', '90', '94.99'], '90', 'rest'],
    ['BUY', five, ['100', '90', '95'], '90', 'trigger'],
    ['SELL', tenPercent, ['100', '200', '180.01'], '200', 'rest'],
    ['SELL', tenPercent, ['100', '200', '180'], '200', 'trigger'],
    ['BUY', tenPercent, ['100', '50', '54.99'], '50', 'rest'],
    ['BUY', tenPercent, ['100', '50', '55'], '50', 'trigger'],
    // What it stood at before a restart still counts.
    ['SELL', { ...five, markPrice: decimal('120') }, ['115.01'], '120', 'rest'],
    ['SELL', { ...five, markPrice: decimal('120') }, ['115'], '120', 'trigger'],
    ['SELL', { ...five, markPrice: decimal('90') }, ['100'], '100', 'rest'],
  ])('to %s %o after %j has the mark %s: %s', (side, more, prices, mark, expected) => {
    const order = stopOrder({ side, ...more })
    let progress: Progress = NO_PROGRESS
    let kind = 'rest'
    for (const price of prices) {
      expect(kind, `before ${price}`).toBe('rest')
      const judgement = watched(order, price, {}, progress)
      progress = judgement.progress
      kind = judgement.kind
    }
    expect([formatDecimal(progress.mark!), kind]).toEqual([mark, expected])
    // Triggered, it meets the market anew.
    expect(progress.isMet).toBe(expected === 'rest')
  })

  it('follows the prints of one event in their order', () => {
    const order = stopOrder({ side: 'SELL', ...five })
    const prints = (...prices: string[]): Event => ({
      prints: prices.map((price) => [price, '1', null]),
    })
    expect(watched(order, '1', prints('100', '110', '105')).kind).toBe('trigger')
    expect(watched(order, '1', prints('105', '110', '106')).kind).toBe('rest')
  })

  it('never triggers on a high that may have come after the low', () => {
    const order = stopOrder({ side: 'SELL', ...five })
    // From 100 down to 96 and up to 104, or up first: only the second would have reached its stop.
    expect(watched(order, '1', { candle: candleOf('100', '104', '96') }).kind).toBe('rest')
    expect(watched(order, '1', { candle: candleOf('100', '104', '95') }).kind).toBe('trigger')
  })

  // Its best trade within the candle counts from the next event on.
  it.each<[Side, [string, string, string], string, string, string]>([
    ['SELL', ['100', '104', '96'], '104', '99.01', 'rest'],
    ['SELL', ['100', '104', '96'], '104', '99', 'trigger'],
    ['SELL', ['100', '100', '96'], '100', '95.01', 'rest'],
    ['BUY', ['100', '104', '96'], '96', '100.99', 'rest'],
    ['BUY', ['100', '104', '96'], '96', '101', 'trigger'],
  ])('to %s after a candle of %j has the mark %s; then at %s: %s', (side, ...rest) => {
    const [candle, mark, price, expected] = rest
    const order = stopOrder({ side, ...five })
    const { kind, progress } = watched(order, '1', { candle: candleOf(...candle) })
    expect([kind, formatDecimal(progress.mark!)]).toEqual(['rest', mark])
    expect(watched(order, price, {}, progress).kind).toBe(expected)
  })
})

describe('a stop that was triggered', () => {
  const held = (account: Account) => {
    account.observe({ bid: '100000', ask: '100000' })
    account.place({})
    account.observe({ bid: '100000', ask: '100000' })
    return account
  }
  const sell = { side: 'SELL', tickerId: BTC } as const

  it('is decided on a later event, at its price: a gap is its own', () => {
    const account = held(new Account())
    const order = account.place({ ...sell, type: 'STOP', stopPrice: decimal('95000') })
    account.observe({ bid: '96000', ask: '96100' })
    expect(order).toMatchObject({ status: 'OPEN', waitingFor: 'TRIGGER', triggeredAt: null })
    account.observe({ bid: '94000', ask: '94100' })
    expect(order).toMatchObject({ ...{ status: 'OPEN', waitingFor: 'EVENT', fillCount: 0 } })
    expect(order.triggeredAt).toBe(account.nowMs)
    account.observe({ bid: '80000', ask: '80100' })
    expect(order).toMatchObject({ status: 'FILLED', price: decimal('80000') })
  })

  it('stays triggered where the market comes back', () => {
    const account = held(new Account())
    const order = account.place({ ...sell, type: 'STOP', stopPrice: decimal('95000') })
    account.observe({ bid: '95000', ask: '95100' })
    account.observe({ bid: '99000', ask: '99100' })
    expect(order).toMatchObject({ status: 'FILLED', price: decimal('99000') })
  })

  it('with a limit becomes that limit, and waits where the market went through it', () => {
    const account = held(new Account())
    const order = account.place({
      ...{ ...sell, type: 'STOP_LIMIT' },
      ...{ stopPrice: decimal('95000'), limitPrice: decimal('94000') },
    })
    account.observe({ bid: '95000', ask: '95100' })
    expect(order).toMatchObject({ status: 'OPEN', waitingFor: 'PRICE' })
    account.observe({ bid: '93000', ask: '93100' })
    expect(order).toMatchObject({ status: 'OPEN', fillCount: 0 })
    account.observe({ bid: '94000', ask: '94100' })
    expect(order).toMatchObject({ status: 'FILLED', price: decimal('94000') })
  })

  it('is not decided within the latency of its profile', () => {
    const account = held(new Account({ profile: { ...PROFILES.arcade, latencyMs: 50 } }))
    account.nowMs += 100
    account.observe({ bid: '100000', ask: '100000' })
    const order = account.place({ ...sell, type: 'STOP', stopPrice: decimal('95000') })
    account.nowMs += 60
    account.observe({ bid: '95000', ask: '95100' })
    const triggeredAt = account.nowMs
    account.nowMs = triggeredAt + 49
    account.observe({ bid: '90000', ask: '90100' })
    expect(order.status).toBe('OPEN')
    account.observe({ bid: '89000', ask: '89100' })
    expect(order).toMatchObject({ status: 'FILLED', price: decimal('89000') })
    expect(order.filledAt).toBe(triggeredAt + 51)
  })

  it('has lost its hold, its trigger and its place nowhere over a restart', () => {
    const account = held(new Account())
    const order = account.place({ ...sell, type: 'TRAILING_STOP', trailAmount: decimal('5000') })
    account.observe({ bid: '120000', ask: '120100' })
    account.restart()
    account.observe({ bid: '115001', ask: '115100' })
    expect(order.waitingFor).toBe('TRIGGER')
    account.observe({ bid: '115000', ask: '115100' })
    expect(order.waitingFor).toBe('EVENT')
    account.restart()
    account.observe({ bid: '110000', ask: '110100' })
    expect(order).toMatchObject({ status: 'FILLED', price: decimal('110000') })
  })

  it('that trails meets no event again that was before the mark it had noted', () => {
    const account = held(new Account())
    const order = account.place({ ...sell, type: 'TRAILING_STOP', trailAmount: decimal('10000') })
    for (const bid of ['95000', '150000']) account.observe({ bid, ask: bid })
    account.tick(Math.ceil(account.nowMs / 10_000) * 10_000)
    expect(order).toMatchObject({ waitingFor: 'TRIGGER', markPrice: decimal('150000') })
    // At 95,000 its stop stood at 90,000; now it stands at 140,000.
    account.restart()
    expect(order.waitingFor).toBe('TRIGGER')
    account.observe({ bid: '140001', ask: '140001' })
    expect(order.waitingFor).toBe('TRIGGER')
    account.restart({ keepsRing: false })
    account.observe({ bid: '140000', ask: '140000' })
    expect(order.waitingFor).toBe('EVENT')
  })
})
