import { decimal } from '@motu/shared/decimal.ts'
import { findInstrument, registerInstruments } from '@motu/shared/instrument.ts'
import { UNCROSS_GRACE_MS } from '@motu/shared/hours.ts'
import type { MarketEvent, MarketPhase } from '@motu/shared/market-data.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { BTC, engineQuote, orderRecord, SAMSUNG, viewOf } from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { NO_PROGRESS } from './judgement.ts'
import { QuoteRing } from './quote-ring.ts'
import { STALE_AFTER_MS, watchClock } from './watch-clock.ts'

const ms = (time: string): number => Date.parse(`2026-11-20T${time}+09:00`)
const iso = (at: number): string => new Date(at).toISOString()
const view = viewOf(new QuoteRing(), { alwaysOpen: false })

type Case = {
  order?: Partial<OrderRecord>
  mark?: string
  sinceMs?: number
  /** The last event of the ticker; null where there is none. */
  last?: Partial<MarketEvent> | null
}

/** In short: what the clock does to an open order of KRX at an instant. */
function told(nowMs: number, { order: more = {}, mark, sinceMs = 0, last = {} }: Case): string {
  const order = orderRecord({ tickerId: SAMSUNG, status: 'OPEN', ...more })
  const progress = { ...NO_PROGRESS, mark: mark === undefined ? null : decimal(mark) }
  const waiting = { order, sinceMs, inSettlement: false, progress, resting: null }
  const at = { received_at: iso(nowMs), venue_time: iso(nowMs), base_price: '50000' }
  const quote = last === null ? undefined : engineQuote('50000', '50100', { ...at, ...last })
  const work = watchClock(waiting, view, { nowMs, last: quote })
  if (work === null) return 'nothing'
  if (work.kind === 'finish') return `${work.why.status} ${work.why.reason}`
  if (work.kind === 'note') return Object.values(work.changes).join()
  return work.kind
}

describe('the clock ends an order', () => {
  const expiresAt = ms('15:30:00')
  it.each([
    [0, 'nothing'],
    [UNCROSS_GRACE_MS - 1, 'nothing'],
    [UNCROSS_GRACE_MS, 'EXPIRED expired'],
    [5_000, 'EXPIRED expired'],
    [86_400_000, 'EXPIRED expired'],
  ])('%i ms after its time: %s', (after, expected) => {
    for (const waitingFor of ['PRICE', 'EVENT', 'TRIGGER', 'SESSION', 'ENTRY'] as const) {
      const order = { limitPrice: decimal('50000'), waitingFor, expiresAt }
      expect(told(expiresAt + after, { order }), waitingFor).toBe(expected)
    }
  })

  it('within five seconds of the end of its day, though it is asked once a second', () => {
    expect(UNCROSS_GRACE_MS + 1_000).toBeLessThanOrEqual(5_000)
  })

  it('never where it waits for ever', () => {
    const order = { limitPrice: decimal('50000'), waitingFor: 'PRICE', expiresAt: null } as const
    expect(told(ms('23:59:59'), { order })).toBe('nothing')
  })
})

describe('the clock opens a session', () => {
  it.each<[string, Partial<OrderRecord>, string]>([
    ['08:29:59.999', { limitPrice: decimal('50000') }, 'nothing'],
    ['08:30:00.000', { limitPrice: decimal('50000') }, 'PRICE'],
    ['09:00:00.000', { limitPrice: decimal('50000') }, 'PRICE'],
    ['09:00:00.000', {}, 'EVENT'],
    ['09:00:00.000', { limitPrice: decimal('50000'), postOnly: true }, 'EVENT'],
    ['15:29:59.999', {}, 'EVENT'],
    ['15:30:00.000', {}, 'nothing'],
    ['12:00:00.000', { limitPrice: decimal('50000'), sessions: ['after'] }, 'nothing'],
    ['15:59:59.999', { limitPrice: decimal('50000'), sessions: ['after'] }, 'nothing'],
    ['16:00:00.000', { limitPrice: decimal('50000'), sessions: ['after'] }, 'PRICE'],
    ['20:00:00.000', { limitPrice: decimal('50000'), sessions: ['after'] }, 'nothing'],
  ])('at %s for %o: %s', (time, more, expected) => {
    expect(told(ms(time), { order: { ...more, waitingFor: 'SESSION' } })).toBe(expected)
  })
})

describe('the clock looks at the price of what waits, each morning of KRX', () => {
  // 35,000 to 65,000 around 50,000.
  it.each<[string, string, Partial<OrderRecord>, string]>([
    ['08:30:00', '65000', {}, 'nothing'],
    ['08:30:00', '65100', {}, 'EXPIRED price_limit'],
    ['08:29:59', '65100', {}, 'nothing'],
    ['12:00:00', '34950', {}, 'EXPIRED price_limit'],
    ['12:00:00', '50050', {}, 'EXPIRED tick_size'],
    ['12:00:00', '65100', { waitingFor: 'SESSION' }, 'EXPIRED price_limit'],
    ['12:00:00', '65100', { waitingFor: 'ENTRY' }, 'nothing'],
    ['12:00:00', '65100', { waitingFor: 'TRIGGER', type: 'STOP_LIMIT' }, 'EXPIRED price_limit'],
  ])('at %s one at %s, %o: %s', (time, limit, more, expected) => {
    const order = { limitPrice: decimal(limit), waitingFor: 'PRICE', ...more } as const
    expect(told(ms(time), { order })).toBe(expected)
  })

  it('not before it knows the day’s base price', () => {
    const order = { limitPrice: decimal('65100'), waitingFor: 'PRICE' } as const
    expect(told(ms('12:00:00'), { order, last: null })).toBe('nothing')
  })
})

describe('an order at the market that meets no event', () => {
  const since = ms('12:00:00')
  const order = { acceptedAt: since, waitingFor: 'EVENT' } as const
  const late = since + STALE_AFTER_MS
  /** The phase that the last event told, so many seconds before the minute was over. */
  const saidAgo = (phase: MarketPhase, seconds: number): Partial<MarketEvent> => ({
    phase,
    received_at: iso(late - seconds * 1_000),
  })

  it.each<[string, number, Case, string]>([
    ['just before a minute', late - 1, { order }, 'nothing'],
    ['after a minute', late, { order }, 'FAILED stale_market_data'],
    ['without any event at all', late, { order, last: null }, 'FAILED stale_market_data'],
    ['in a halt', late, { order, last: { phase: 'halted' } }, 'nothing'],
    [
      'in a halt that was told long ago',
      late,
      { order, last: saidAgo('halted', 3_600) },
      'nothing',
    ],
    ['in an auction of the venue’s own', late, { order, last: { phase: 'auction' } }, 'nothing'],
    ['in one told just so', late, { order, last: saidAgo('auction', 59) }, 'nothing'],
    ['since an auction', late, { order, last: saidAgo('auction', 60) }, 'FAILED stale_market_data'],
    ['since a close', late, { order, last: saidAgo('closed', 3_600) }, 'FAILED stale_market_data'],
    ['as a limit', late, { order: { ...order, limitPrice: decimal('50000') } }, 'nothing'],
    ['watched for less than a minute', late, { order, sinceMs: since + 1 }, 'nothing'],
    ['watched for a minute', late, { order, sinceMs: since }, 'FAILED stale_market_data'],
    [
      'as a stop not triggered',
      late,
      { order: { ...order, type: 'STOP', waitingFor: 'TRIGGER' } },
      'nothing',
    ],
    [
      'as a stop triggered a minute ago',
      late,
      { order: { ...order, type: 'STOP', acceptedAt: 0, triggeredAt: since } },
      'FAILED stale_market_data',
    ],
    [
      'as a stop triggered just now',
      late,
      { order: { ...order, type: 'STOP', acceptedAt: 0, triggeredAt: since + 1 } },
      'nothing',
    ],
    [
      'as a stop with a limit, triggered',
      late,
      { order: { ...order, type: 'STOP_LIMIT', triggeredAt: since, limitPrice: decimal('50000') } },
      'nothing',
    ],
    ['behind an entry', late, { order: { ...order, waitingFor: 'ENTRY' } }, 'nothing'],
  ])('%s', (_, nowMs, one, expected) => {
    expect(told(nowMs, one)).toBe(expected)
  })

  // Taken overnight, or in the opening call: the minute begins with continuous trading.
  it.each([
    ['08:31:00.000', 'nothing'],
    ['08:59:59.999', 'nothing'],
    ['09:00:59.999', 'nothing'],
    ['09:01:00.000', 'FAILED stale_market_data'],
    ['15:19:59.999', 'FAILED stale_market_data'],
    ['15:20:00.000', 'nothing'],
    ['15:30:00.000', 'nothing'],
    ['20:00:00.000', 'nothing'],
  ])('since the night before, at %s: %s', (time, expected) => {
    const overnight = { acceptedAt: ms('00:00:00'), waitingFor: 'EVENT' } as const
    expect(told(ms(time), { order: overnight })).toBe(expected)
  })
})

describe('the mark of a trailing stop', () => {
  const at = ms('12:00:00')
  const order = {
    type: 'TRAILING_STOP',
    waitingFor: 'TRIGGER',
    trailAmount: decimal('100'),
  } as const
  it.each<[string, number, Case, string]>([
    ['is noted in one second of ten', at, { order, mark: '50000' }, `${decimal('50000')}`],
    ['to the end of that second', at + 999, { order, mark: '50000' }, `${decimal('50000')}`],
    ['not in the next', at + 1_000, { order, mark: '50000' }, 'nothing'],
    ['not in the last', at + 9_999, { order, mark: '50000' }, 'nothing'],
    ['not without one', at, { order }, 'nothing'],
    [
      'not where it is known',
      at,
      { order: { ...order, markPrice: decimal('50000') }, mark: '50000' },
      'nothing',
    ],
    ['not of other stops', at, { order: { ...order, type: 'STOP' }, mark: '50000' }, 'nothing'],
  ])('%s', (_, nowMs, one, expected) => {
    expect(told(nowMs, one)).toBe(expected)
  })
})

describe('an instrument', () => {
  afterEach(() => registerInstruments([], 'built-in'))
  const waiting = { tickerId: BTC, waitingFor: 'EVENT', acceptedAt: 0 } as const

  it.each([
    ['LISTED', 'FAILED stale_market_data'],
    ['HALTED', 'nothing'],
    ['DELISTED', 'CANCELLED delisted'],
  ] as const)('that is %s does to what waits: %s', (status, expected) => {
    registerInstruments([{ ...findInstrument(BTC)!, status }], 'a test')
    expect(told(ms('12:00:00'), { order: waiting })).toBe(expected)
  })

  it('that nobody knows any more ends what waits', () => {
    const order = { ...waiting, tickerId: 'CRYPTO-COIN-GONE' }
    expect(told(ms('12:00:00'), { order })).toBe('CANCELLED delisted')
  })
})
