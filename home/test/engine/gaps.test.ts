// Gaps of events and their candles, on a real Postgres.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { FILL_DEADLINE_MS, GAP_MS_MAX, Gaps } from '../../src/engine/gaps.ts'
import { QuoteRing } from '../../src/engine/quote-ring.ts'
import { upsertCandles } from '../../src/feeder/feed-store.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { BTC, marketEvent, SAMSUNG, START_MS, USD_KRW } from './world.ts'

const MINUTE_MS = 60_000
const at = (minutes: number): number => START_MS + minutes * MINUTE_MS

let database: TestDatabase
let ring: QuoteRing
let gaps: Gaps
let nowMs: number

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

beforeEach(async () => {
  await database.sql`DELETE FROM candles`
  ring = new QuoteRing()
  nowMs = at(60)
  const log = pino({ level: 'silent' })
  gaps = new Gaps({ sql: database.sql, ring, log, now: () => nowMs })
})

function quote(tickerId: string, minutes: number, base = '70000'): void {
  const epoch = `epoch-${minutes}`
  ring.add(
    marketEvent(tickerId, { ms: at(minutes), seq: 1, epoch }, { bid: '70000', ask: '70200', base }),
  )
}

const candle = (tickerId: string, minutes: number, open: string, volume = '1') => ({
  ...{ tickerId, openAt: at(minutes), open: decimal(open), high: decimal(open) },
  ...{ low: decimal(open), close: decimal(open), volume: decimal(volume), simulated: false },
})

/** What the ring knows of a ticker: minute and last price, candles marked. */
const known = (tickerId: string): string[] =>
  ring
    .eligible(tickerId, 0)
    .map(
      (one) =>
        `${(one.receivedAt - START_MS) / MINUTE_MS} ${formatDecimal(one.last)}${one.candle ? ' candle' : ''}`,
    )

describe('what is a gap', () => {
  test.each<[string, from: number, to: number, boolean]>([
    ['a whole minute', at(1), at(3), true],
    ['less than a minute', at(1), at(2) - 1, false],
    ['more than a minute, but no whole one', at(1) + 30_000, at(2) + 59_000, false],
    ['a minute that opened as it began', at(1), at(2), false],
    ['the least that holds one', at(1) - 1, at(2), true],
    ['nothing that has a beginning', Infinity, at(3), false],
    ['an end before its beginning', at(3), at(1), false],
  ])('%s', (_, from, to, isGap) => {
    expect(gaps.note(BTC, from, to)).toBe(isGap)
    expect(gaps.isOpen(BTC)).toBe(isGap)
  })

  it('concerns what worked before it ended', () => {
    gaps.note(BTC, at(1), at(5))
    expect(gaps.concerns(BTC, at(5) - 1)).toBe(true)
    expect(gaps.concerns(BTC, at(5))).toBe(false)
    expect(gaps.concerns(SAMSUNG, at(1))).toBe(false)
  })

  it('is known once, and part of it is nothing new', () => {
    expect(gaps.note(BTC, at(1), at(9))).toBe(true)
    expect(gaps.note(BTC, at(1), at(9))).toBe(false)
    expect(gaps.note(BTC, at(3), at(9))).toBe(false)
    expect(gaps.note(BTC, at(0), at(9))).toBe(true)
  })
})

describe('filling', () => {
  it('puts whole minutes within the gap in their place, with the spread known last', async () => {
    quote(BTC, 0.5)
    quote(BTC, 5.5)
    const open = [0, 1, 2, 3, 4, 5].map((minute) => candle(BTC, minute, String(70_000 + minute)))
    await upsertCandles(database.sql, open)
    gaps.note(BTC, at(0.5), at(5.5))
    await gaps.fill()
    expect(gaps.isOpen(BTC)).toBe(false)
    // That of minute 0 opened before, that of minute 5 is not over.
    expect(known(BTC)).toEqual([
      ...['0.5 70000', '1 70001 candle', '2 70002 candle', '3 70003 candle', '4 70004 candle'],
      '5.5 70000',
    ])
    const first = ring.at(BTC, at(1))!
    expect(first.bid).toBe(decimal('69901'))
    expect(first.ask).toBe(decimal('70101'))
    expect(first.afterGap).toBe(true)
  })

  it('leaves out a minute without a trade', async () => {
    quote(BTC, 0.5)
    quote(BTC, 3.5)
    await upsertCandles(database.sql, [candle(BTC, 1, '70001', '0'), candle(BTC, 2, '70002')])
    gaps.note(BTC, at(0.5), at(3.5))
    await gaps.fill()
    expect(known(BTC)).toEqual(['0.5 70000', '2 70002 candle', '3.5 70000'])
  })

  it('waits for the last minute, and not for ever', async () => {
    quote(BTC, 0.5)
    quote(BTC, 4.5)
    await upsertCandles(database.sql, [candle(BTC, 2, '70002')])
    gaps.note(BTC, at(0.5), at(4.5))
    nowMs += FILL_DEADLINE_MS - 1
    await gaps.fill()
    expect(gaps.isOpen(BTC)).toBe(true)
    expect(known(BTC)).toEqual(['0.5 70000', '4.5 70000'])
    nowMs += 1
    await gaps.fill()
    expect(gaps.isOpen(BTC)).toBe(false)
    expect(known(BTC)).toEqual(['0.5 70000', '2 70002 candle', '4.5 70000'])
    expect(gaps.note(BTC, at(0.5), at(4.5))).toBe(false)
  })

  it('of a longer gap over a filled one, takes each candle once', async () => {
    quote(BTC, 5.5)
    await upsertCandles(
      database.sql,
      [1, 2, 3, 4].map((minute) => candle(BTC, minute, '70001')),
    )
    gaps.note(BTC, at(2.5), at(5.5))
    await gaps.fill()
    expect(gaps.note(BTC, at(0.5), at(5.5))).toBe(true)
    await gaps.fill()
    const minutes = [1, 2, 3, 4].map((minute) => `${minute} 70001 candle`)
    expect(known(BTC)).toEqual([...minutes, '5.5 70000'])
  })

  it('begins a week ago at the earliest', async () => {
    quote(BTC, 0)
    const week = GAP_MS_MAX / MINUTE_MS
    const last = candle(BTC, -1, '70001')
    const old = [candle(BTC, -week - 1, '1'), candle(BTC, -week + 1, '2')]
    await upsertCandles(database.sql, [...old, last])
    gaps.note(BTC, 0, at(0))
    await gaps.fill()
    expect(known(BTC)).toEqual([`${-week + 1} 2 candle`, '-1 70001 candle', '0 70000'])
  })

  it('takes the exchange rate without a volume, and the last from before', async () => {
    quote(USD_KRW, 9.5)
    const rates = [candle(USD_KRW, -90, '1380', '0'), candle(USD_KRW, -60, '1390', '0')]
    await upsertCandles(database.sql, [...rates, candle(USD_KRW, 8, '1400', '0')])
    gaps.note(USD_KRW, at(0.5), at(9.5))
    await gaps.fill()
    expect(known(USD_KRW)).toEqual(['-60 1390 candle', '8 1400 candle', '9.5 70000'])
  })

  it('knows the base price of each day', async () => {
    // Noon in Seoul is minute 180; a day has 1,440.
    const day = 1_440
    quote(SAMSUNG, 180, '69000')
    quote(SAMSUNG, 180 + 2 * day, '72000')
    const minutes = [200, 200 + day, 170 + 2 * day]
    const rows = minutes.map((minute, index) => candle(SAMSUNG, minute, String(70_000 + index)))
    await upsertCandles(database.sql, [...rows, candle(SAMSUNG, 179 + 2 * day, '70009')])
    gaps.note(SAMSUNG, at(180), at(180 + 2 * day))
    await gaps.fill()
    const bases = minutes.map((minute) => formatDecimal(ring.at(SAMSUNG, at(minute))!.basePrice))
    expect(bases).toEqual(['69000', '70000', '72000'])
  })

  it('keeps the gap while Postgres cannot be read', async () => {
    quote(BTC, 0.5)
    quote(BTC, 4.5)
    const sql = (() => Promise.reject(new Error('away'))) as never
    const log = pino({ level: 'silent' })
    const blind = new Gaps({ sql, ring, log, now: () => nowMs })
    blind.note(BTC, at(0.5), at(4.5))
    nowMs += FILL_DEADLINE_MS
    await blind.fill()
    expect(blind.isOpen(BTC)).toBe(true)
  })
})
