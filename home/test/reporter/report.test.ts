// The daily report of a day whose figures were written down by hand; once, whoever asks; and what it
// says where nothing happened, or home was dark.

import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReportFigures } from '@motu/shared/contract/reports.ts'
import { readReport } from '../../src/db/daily-reports.ts'
import { writeNotifications } from '../../src/notifier/write-notifications.ts'
import { makeReport, type Outcome, type ReportParts } from '../../src/reporter/make-report.ts'
import { startReporter } from '../../src/reporter/reporter.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'
import { addFill, addFriend, addRealCandle, BEGAN, DATE, ENDED, seedDay } from './seeded-day.ts'

const log = pino({ level: 'silent' })
const ENDED_MS = Date.parse(ENDED)
const MINUTE_MS = 60_000

let database: TestDatabase
const clock = { nowMs: 0 }
let parts: ReportParts
beforeAll(async () => {
  database = await createDatabase()
  parts = { sql: database.sql, tell: writeNotifications, now: () => clock.nowMs }
})
afterAll(() => database.drop())
beforeEach(async () => {
  clock.nowMs = ENDED_MS + MINUTE_MS
  await database.sql`
    TRUNCATE users, wallets, fills, portfolios, candles, net_worth_points, daily_reports,
      notifications, deliveries, delivery_notifications CASCADE`
})

const make = (date = DATE): Promise<Outcome> => makeReport(parts, { date, trigger: 'hand' })
async function figures(date = DATE): Promise<ReportFigures & { simulated: boolean }> {
  const outcome = await make(date)
  if (outcome.kind !== 'made') throw new Error(`it is ${outcome.kind}`)
  return outcome.report
}
const told = (): Promise<{ event_id: string; values: object; simulated: boolean }[]> =>
  database.sql`SELECT event_id, values, simulated FROM notifications ORDER BY id`

describe('the report of a seeded day', () => {
  it('has the figures that were written down for it', async () => {
    await seedDay(database.sql)
    expect(await make()).toEqual({
      kind: 'made',
      report: {
        date: '2026-11-20',
        made_at: '2026-11-20T15:01:00.000Z',
        simulated: false,
        gainer: { nickname: '민지', pnl_krw: '4210000.5' },
        loser: { nickname: '존버', pnl_krw: '-1830000.25' },
        volume_king: { nickname: '단타신', notional_krw: '65000000.5', trade_count: 2 },
        trade_count: 5,
        notional_krw: '100000000.625',
        net_worth: [
          { rank: 1, nickname: '민지', net_worth_krw: '104210000.5', pnl_krw: '4210000.5' },
          { rank: 2, nickname: '신입', net_worth_krw: '100000000', pnl_krw: '0' },
          { rank: 3, nickname: '존버', net_worth_krw: '98169999.75', pnl_krw: '-1830000.25' },
          { rank: 4, nickname: '단타신', net_worth_krw: '6500000', pnl_krw: '500000' },
        ],
        users: 4,
        worth_began_at: BEGAN,
        worth_ended_at: ENDED,
      },
    })
    expect(await told()).toEqual([
      {
        event_id: 'report:2026-11-20',
        simulated: false,
        values: {
          gainer_nickname: '민지',
          gainer_pnl: '4210000.5',
          loser_nickname: '존버',
          loser_pnl: '-1830000.25',
          volume_king_nickname: '단타신',
          trade_count: '2',
        },
      },
    ])
  })

  it('counts who does not want to be told of, and names him nowhere', async () => {
    await seedDay(database.sql)
    await database.sql`
      INSERT INTO notification_settings (partition, user_id, hidden_from_public, updated_at)
      SELECT partition, id, true, now() FROM users WHERE nickname IN ('민지', '단타신')`
    const report = await figures()
    expect(JSON.stringify([report, await told()])).not.toMatch(/민지|단타신/)
    expect(report).toMatchObject({
      gainer: { nickname: '존버', pnl_krw: '-1830000.25' },
      loser: null,
      volume_king: { nickname: '존버', notional_krw: '25000000.125', trade_count: 2 },
      ...{ trade_count: 5, notional_krw: '100000000.625', users: 4 },
    })
  })

  it('is made once, however many ask at once, and stays what it was', async () => {
    await seedDay(database.sql)
    const triggers = ['edge', 'home', 'hand', 'edge'] as const
    const outcomes = await Promise.all(
      triggers.map((trigger) => makeReport(parts, { date: DATE, trigger })),
    )
    const kinds = outcomes.map(({ kind }) => kind).sort()
    expect(kinds).toEqual(['already_made', 'already_made', 'already_made', 'made'])
    const reports = outcomes.map((one) => ('report' in one ? one.report : null))
    expect(new Set(reports.map((one) => JSON.stringify(one))).size).toBe(1)
    await database.sql`UPDATE users SET nickname = '새이름'`
    clock.nowMs += MINUTE_MS
    expect(await make()).toEqual({ kind: 'already_made', report: reports[0] })
    expect(await told()).toHaveLength(1)
  })

  it('is not there without the notification that tells it', async () => {
    await seedDay(database.sql)
    const broken = { ...parts, tell: () => Promise.reject(new Error('killed')) }
    await expect(makeReport(broken, { date: DATE, trigger: 'home' })).rejects.toThrow('killed')
    expect(await readReport(database.sql, DATE)).toBeNull()
    expect((await make()).kind).toBe('made')
  })

  it('is of the market unless a fill, a holding or the whole feed was not', async () => {
    const { sql } = database
    const user = await addFriend(sql, 'a', [
      [BEGAN, '1', '0'],
      [ENDED, '1', '0'],
    ])
    const isSimulated = async (): Promise<boolean> => {
      const { simulated } = await figures()
      await sql`TRUNCATE daily_reports, notifications CASCADE`
      return simulated
    }
    expect(await isSimulated()).toBe(true)
    await addRealCandle(sql)
    expect(await isSimulated()).toBe(false)
    await sql`
      INSERT INTO candles (ticker_id, interval, open_at, open, high, low, close, volume, simulated)
      VALUES ('KRX-STOCK-005930', '1m', '2026-11-20T03:00:00Z', 1, 1, 1, 1, 1, true)`
    await sql`
      INSERT INTO portfolios (partition, user_id, ticker_id, quantity, average_price, cost_native,
        cost_krw, currency)
      SELECT partition, id, 'KRX-STOCK-005930', 1, 1, 1, 1, 'KRW' FROM users`
    expect(await isSimulated()).toBe(true)
    await sql`DELETE FROM portfolios`
    await addFill(sql, user, { at: BEGAN, notionalKrw: '1', simulated: true })
    expect(await isSimulated()).toBe(true)
  })
})

describe('a day', () => {
  it('on which nobody did anything has neither winner nor loser', async () => {
    await addRealCandle(database.sql)
    await addFriend(database.sql, 'a', [
      [BEGAN, '100', '100'],
      [ENDED, '350', '350'],
    ])
    const { gainer, loser, volume_king, trade_count, notional_krw, net_worth } = await figures()
    expect({ gainer, loser, volume_king, trade_count, notional_krw }).toEqual({
      ...{ gainer: null, loser: null, volume_king: null, trade_count: 0, notional_krw: '0' },
    })
    expect(net_worth).toEqual([{ rank: 1, nickname: 'a', net_worth_krw: '350', pnl_krw: '0' }])
    expect((await told())[0]!.values).toMatchObject({
      empty: 'true',
      volume_king_nickname: '거래 없음',
      trade_count: '0',
    })
  })

  it('is not reported before it is over, and settled, and everyone’s worth was taken', async () => {
    await addFriend(database.sql, 'a', [[BEGAN, '100', '100']])
    clock.nowMs = ENDED_MS - MINUTE_MS
    expect(await make()).toEqual({ kind: 'too_early', waitMs: 2 * MINUTE_MS })
    clock.nowMs = ENDED_MS + MINUTE_MS - 1
    expect(await make()).toEqual({ kind: 'too_early', waitMs: 1 })
    clock.nowMs += 1
    expect(await make()).toEqual({ kind: 'too_early', waitMs: MINUTE_MS })
    expect(await told()).toEqual([])
  })

  it('before anyone had an account has no report', async () => {
    await addFriend(database.sql, 'a', [[BEGAN, '100', '100']], { createdAt: BEGAN })
    expect(await make('2026-11-19')).toEqual({ kind: 'nobody' })
  })

  it('whose midnight was dark ends, and the next one begins, with the nearest point', async () => {
    const [before, after] = ['2026-11-20T14:00:00.000Z', '2026-11-20T15:05:00.000Z']
    await addFriend(database.sql, 'a', [
      [BEGAN, '100', '0'],
      [before, '110', '0'],
      [after, '125', '0'],
      ['2026-11-21T15:00:00.000Z', '121', '0'],
    ])
    clock.nowMs = Date.parse('2026-11-21T15:01:00.000Z')
    expect(await figures('2026-11-20')).toMatchObject({
      gainer: { pnl_krw: '25' },
      worth_ended_at: after,
    })
    expect(await figures('2026-11-21')).toMatchObject({
      gainer: { pnl_krw: '-4' },
      worth_began_at: after,
    })
  })
})

describe('home’s own clock', () => {
  it('makes the report of the day that just ended, and of a night it slept through', async () => {
    await seedDay(database.sql)
    clock.nowMs = ENDED_MS + 9 * 60 * MINUTE_MS
    const stop = startReporter({ ...parts, log })
    await until(async () => (await told()).length === 1)
    await stop()
    const [row] = await database.sql`SELECT date::text AS date, made_by FROM daily_reports`
    expect(row).toEqual({ date: DATE, made_by: 'home' })
  })
})
