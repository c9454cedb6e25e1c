// Orders of a dark weekend of which only candles are left, on a real Postgres: never a price of the
// past, never better than the rules for candles allow, and everything as of then.

import { decimal } from '@motu/shared/decimal.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROFILES } from '../../src/engine/fill-profile.ts'
import { upsertCandles } from '../../src/feeder/feed-store.ts'
import { createDatabase, createWallet, type TestDatabase } from '../database.ts'
import { DarkHome } from './dark-home.ts'
import { acceptedAt, endsOf, isLive, type LateCase, messagesOf } from './late-script.ts'
import { APPLE, marketEvent, SAMSUNG, USD_KRW } from './world.ts'

/** A Friday; what is sold on the Monday after settles in 2026, and pays its tax. */
const DARK_AT = Date.parse('2025-12-26T14:00:00.000+09:00')
const RETURN_AT = Date.parse('2025-12-29T09:10:00.000+09:00')
const seconds = (ms: number): number => (ms - DARK_AT) / 1_000
const MONDAY = seconds(Date.parse('2025-12-29T09:00:00.000+09:00'))
const NEW_YORK = seconds(Date.parse('2025-12-26T23:30:00.000+09:00'))
const BACK = seconds(RETURN_AT)

/** Opened at a second of the dark: open, high, low. Between 2,400 and 3,060 s Samsung is halted. */
const CANDLES: [tickerId: string, at: number, open: string, high: string, low: string][] = [
  [SAMSUNG, 600, '70000', '70000', '69000'],
  [SAMSUNG, 660, '70500', '70500', '70400'],
  [SAMSUNG, 1_200, '70000', '70000', '69500'],
  [SAMSUNG, 1_800, '69600', '69700', '69400'],
  [SAMSUNG, 2_400, '70000', '70000', '69900'],
  [SAMSUNG, 3_060, '70200', '70300', '70100'],
  [SAMSUNG, 3_300, '70900', '71100', '70800'],
  [SAMSUNG, 3_600, '70000', '73000', '67000'],
  [SAMSUNG, 3_660, '68000', '68100', '67900'],
  [SAMSUNG, MONDAY, '71000', '71200', '70900'],
  [SAMSUNG, BACK - 60, '71000', '71000', '71000'],
  [USD_KRW, NEW_YORK, '1410', '1410', '1410'],
  [APPLE, NEW_YORK + 60, '271', '271', '271'],
  [USD_KRW, NEW_YORK + 1_800, '1450', '1450', '1450'],
  [APPLE, NEW_YORK + 1_860, '272', '272', '272'],
]

const bought = { at: -25, order: 'held' }
const HELD = 'FILLED @70100 -20s'
const limit = (at: number) => ({ at, order: 'a', limit: '69500' })
const sell = { side: 'SELL' } as const

const CASES: LateCase[] = [
  {
    name: 'a market order takes the open of the next candle and half the spread',
    acts: [{ at: 630, order: 'a' }],
    ends: { a: 'FILLED @70600 660s late' },
  },
  { name: 'a limit', acts: [limit(599)], ends: { a: 'FILLED @69500 600s late' } },
  {
    name: 'a candle that opened as the order was accepted tells of before; a touch is no fill',
    acts: [limit(600)],
    ends: { a: 'FILLED @69500 1800s late' },
  },
  {
    name: 'a candle that opened before',
    acts: [limit(630)],
    ends: { a: 'FILLED @69500 1800s late' },
  },
  { name: 'a limit of before', acts: [limit(-5)], ends: { a: 'FILLED @69500 600s late' } },
  {
    name: 'a cancel before the candle',
    acts: [limit(630), { at: 1_799.999, cancel: 'a' }],
    ends: { a: 'CANCELLED cancelled_by_user DONE' },
  },
  {
    name: "a cancel of the candle's instant: the candle first",
    acts: [limit(630), { at: 1_800, cancel: 'a' }],
    ends: { a: 'FILLED @69500 1800s late TOO_LATE' },
  },
  {
    name: 'a halt has no candle',
    acts: [{ at: 2_430, order: 'a' }],
    ends: { a: 'FILLED @70300 3060s late' },
  },
  {
    name: 'a day that ends in the dark',
    acts: [{ at: 630, order: 'a', limit: '60000', timeInForce: 'DAY' }],
    ends: { a: 'EXPIRED expired' },
  },
  {
    name: 'a bracket that is entered and takes its profit',
    acts: [{ ...limit(630), orderClass: 'BRACKET', profit: '71000', loss: '68500' }],
    ends: {
      a: 'FILLED @69500 1800s late',
      TAKE_PROFIT: 'FILLED @71000 3300s late',
      STOP_LOSS: 'CANCELLED oco_sibling',
    },
  },
  {
    name: 'a candle that reaches profit and stop: the stop',
    acts: [{ at: 3_070, order: 'a', orderClass: 'BRACKET', profit: '72000', loss: '68000' }],
    ends: {
      a: 'FILLED @71000 3300s late',
      TAKE_PROFIT: 'CANCELLED oco_sibling',
      STOP_LOSS: 'FILLED @67900 3660s late',
    },
  },
  {
    name: 'a stop of before',
    acts: [bought, { at: -5, order: 'a', stop: '69400', ...sell }],
    ends: { held: HELD, a: 'FILLED @70400 660s late' },
  },
  {
    name: 'a sale on the Friday',
    acts: [bought, { at: 3_070, order: 'a', ...sell }],
    ends: { held: HELD, a: 'FILLED @70800 3300s late' },
  },
  {
    name: 'a sale for the Monday',
    acts: [bought, { at: 20_000, order: 'a', ...sell }],
    ends: { held: HELD, a: `FILLED @70900 ${MONDAY}s late` },
  },
  {
    name: 'an order behind the last candle takes the first event',
    acts: [{ at: BACK - 50, order: 'a' }],
    ends: { a: `FILLED @71100 ${BACK + 1}s late` },
  },
  {
    name: 'dollars at 1,410',
    acts: [{ at: NEW_YORK + 30, order: 'a', tickerId: APPLE, quantity: '1' }],
    ends: { a: `FILLED @271.05 ${NEW_YORK + 60}s late` },
  },
  {
    name: 'dollars at 1,450',
    acts: [{ at: NEW_YORK + 1_830, order: 'a', tickerId: APPLE, quantity: '1' }],
    ends: { a: `FILLED @272.05 ${NEW_YORK + 1_860}s late` },
  },
]

function event(tickerId: string, at: number, bid: string, ask: string): MarketEvent {
  const epoch = at < 0 ? 'epoch-1' : 'epoch-2'
  const seq = at === -20 ? 2 : 1
  const ms = DARK_AT + at * 1_000
  const base = tickerId === SAMSUNG ? '70000' : bid
  return marketEvent(tickerId, { ms, seq, epoch }, { bid, ask, base })
}

const edges = (at: number, samsung: [string, string]): MarketEvent[] => [
  event(USD_KRW, at, at < 0 ? '1400' : '1500', at < 0 ? '1400' : '1500'),
  event(APPLE, at, '270', '270.1'),
  event(SAMSUNG, at, ...samsung),
]

describe('candles of the gap', () => {
  let database: TestDatabase
  let home: DarkHome
  let users: string[]

  beforeAll(async () => {
    database = await createDatabase()
    const { sql, url: postgresUrl } = database
    users = await Promise.all(CASES.map(() => createWallet(sql)))
    const usual = { quantity: decimal('10'), tickerId: SAMSUNG }
    const messages = CASES.flatMap(({ acts }, index) =>
      messagesOf(acts, { userId: users[index]!, darkAt: DARK_AT, usual }),
    ).sort((a, b) => Date.parse(acceptedAt(a)) - Date.parse(acceptedAt(b)))
    const tickerIds = [SAMSUNG, APPLE, USD_KRW]
    const startMs = DARK_AT - 60_000
    home = new DarkHome({ postgresUrl, startMs, tickerIds, profile: PROFILES.arcade })
    await home.start()
    home.setClock(DARK_AT - 26_000)
    await home.observe(...edges(-30, ['70000', '70100']))
    await home.send(...messages.filter((one) => Date.parse(acceptedAt(one)) < DARK_AT - 20_000))
    await home.observe(...edges(-20, ['70000', '70100']))
    await home.idle()
    home.setClock(DARK_AT - 5_000)
    const { live, late } = Object.groupBy(messages, (one) =>
      isLive(one, DARK_AT) ? 'live' : 'late',
    )
    await home.send(...live!.filter((one) => Date.parse(acceptedAt(one)) >= DARK_AT - 20_000))
    await home.idle()
    await home.stop()
    home.setClock(RETURN_AT)
    await home.start(RETURN_AT - DARK_AT)
    home.runClock()
    const sending = home.send(...late!)
    await home.observe(...edges(BACK + 1, ['71000', '71100']))
    // The feeder needs a moment to fetch them.
    await upsertCandles(
      sql,
      CANDLES.map(([tickerId, at, open, high, low]) => ({
        ...{ tickerId, openAt: DARK_AT + at * 1_000, open: decimal(open), close: decimal(open) },
        ...{ high: decimal(high), low: decimal(low), simulated: false },
        volume: tickerId === USD_KRW ? 0n : decimal('1'),
      })),
    )
    await sending
    await home.catchUp(30_000)
  })
  afterAll(async () => {
    await home?.close()
    await database?.drop()
  })

  test.each(CASES.map((one, index) => ({ ...one, index })))('$name', async ({ ends, index }) => {
    const found = await endsOf(database.sql, { userId: users[index]!, darkAt: DARK_AT })
    expect(found).toEqual(ends)
  })

  const userOf = (name: string): string => users[CASES.findIndex((one) => one.name === name)]!

  test.each([
    ['dollars at 1,410', '1410'],
    ['dollars at 1,450', '1450'],
  ])('%s', async (name, rate) => {
    const [row] = await database.sql<{ rate: string }[]>`
      SELECT applied_exchange_rate AS rate FROM orders WHERE user_id = ${userOf(name)}`
    expect(decimal(row!.rate)).toBe(decimal(rate))
  })

  // 0.15 % of 708,000 won; 0.20 % of 709,000 won.
  test.each([
    ['a sale on the Friday', '1062'],
    ['a sale for the Monday', '1418'],
  ])('%s pays the tax of its day', async (name, tax) => {
    const [row] = await database.sql<{ amount: string }[]>`
      SELECT amount FROM ledger_entries WHERE user_id = ${userOf(name)} AND kind = 'tax'`
    expect(decimal(row!.amount)).toBe(decimal(tax))
  })
})
