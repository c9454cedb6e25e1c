// A statement against the books it is made from: every won of the ledger is in it once, each balance
// follows from the one before, and what its lines realised is what the positions say.

import type { LedgerLine } from '@motu/shared/contract/performance.ts'
import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listLedger, listRealizedDays } from '../../src/api/queries/statement.ts'
import { connect, type Sql } from '../../src/db/connect.ts'
import { catchUp, catchUpAll } from '../../src/statement/catch-up.ts'
import { BookedLife } from './booked-life.ts'
import { APPLE, SAMSUNG } from '../engine/samples.ts'
import { World } from '../engine/world.ts'

const log = pino({ level: 'silent' })
let world: World
let sql: Sql
beforeEach(async () => {
  world = await World.create()
  // As the API connects.
  sql = connect(world.database.url, { name: 'motu-test-api' })
})
afterEach(async () => {
  await sql.end({ timeout: 5 })
  await world.database.drop()
})

const sum = (values: readonly Decimal[]): Decimal => values.reduce((a, b) => a + b, 0n)

async function allLines(userId: string, limit = 200): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = []
  for (let cursor: string | undefined; ;) {
    const page = await listLedger(sql, userId, { limit, cursor })
    lines.push(...page.lines)
    if (page.next_cursor === null) return lines
    cursor = page.next_cursor
  }
}

/** Throws at the first line that does not follow from the one before it. */
async function audit(userId: string, limit?: number): Promise<LedgerLine[]> {
  const lines = (await allLines(userId, limit)).toReversed()
  let balance = 0n
  for (const line of lines) {
    balance += decimal(line.amount_krw)
    expect(decimal(line.balance_krw)).toBe(balance)
    expect(balance).toBeGreaterThanOrEqual(0n)
  }
  expect(balance).toBe((await world.wallet(userId)).balance)
  expect(new Set(lines.map(({ line_id }) => line_id)).size).toBe(lines.length)
  return lines
}

/** What the days realised, and what the positions say was realised. */
async function realized(userId: string) {
  const days = await listRealizedDays(sql, userId, {})
  const [row] = await sql<Record<string, string>[]>`
    SELECT coalesce(sum(realized_price_krw), 0) AS price, coalesce(sum(realized_fx_krw), 0) AS fx
    FROM portfolios WHERE user_id = ${userId}`
  return {
    days,
    ofDays: [
      sum(days.map((day) => decimal(day.price_pnl_krw))),
      sum(days.map((day) => decimal(day.fx_pnl_krw))),
    ],
    ofPositions: [decimal(row!.price!), decimal(row!.fx!)],
  }
}

async function positionsKept(userId: string): Promise<void> {
  const [head] = await sql<{ positions: Record<string, string[]> }[]>`
    SELECT positions FROM statement_heads WHERE user_id = ${userId}`
  const rows = await sql<Record<string, string>[]>`
    SELECT ticker_id, quantity, average_price, cost_native, cost_krw, realized_price_krw,
      realized_fx_krw
    FROM portfolios WHERE user_id = ${userId} AND (quantity > 0 OR realized_price_krw <> 0)`
  for (const { ticker_id: tickerId, ...row } of rows) {
    const texts = Object.values(row).map((text) => formatDecimal(decimal(text)))
    expect(head!.positions[tickerId!]).toEqual(texts)
  }
}

describe('a random life', () => {
  it.each([11, 12, 13, 14])(
    'adds up in every line, and in what it realised (seed %i)',
    async (seed) => {
      const life = await BookedLife.begin(world)
      const { userId } = life
      await life.trade(seed, 12)
      await life.adjust('1234567.89012345')
      await life.trade(seed + 100, 4)
      // Read in between: the rest is added to what is there.
      await audit(userId)
      await life.trade(seed + 200, 4)
      await life.adjust('-100000.00000001')
      await life.act(APPLE, { ratio: ['3', '2'] })
      await life.act(SAMSUNG, { ratio: ['10', '1'] })
      await life.act(APPLE, { amount: '0.27' })
      await life.trade(seed + 300, 8)

      const lines = await audit(userId, 7)
      const kinds = new Set(lines.map(({ kind }) => kind))
      expect([...kinds]).toEqual(expect.arrayContaining(['deposit', 'buy', 'sell', 'adjustment']))
      const [charged] = await sql<Record<string, string>[]>`
      SELECT sum(amount) FILTER (WHERE kind = 'fee') AS fee,
        coalesce(sum(amount) FILTER (WHERE kind = 'tax'), 0) AS tax
      FROM ledger_entries WHERE user_id = ${userId}`
      expect(sum(lines.map((line) => decimal(line.fee_krw)))).toBe(decimal(charged!.fee!))
      expect(sum(lines.map((line) => decimal(line.tax_krw)))).toBe(decimal(charged!.tax!))
      const { ofDays, ofPositions } = await realized(userId)
      expect(ofDays).toEqual(ofPositions)
      await positionsKept(userId)
    },
  )

  it('is the same when it is written at once, and by two readers', async () => {
    const life = await BookedLife.begin(world)
    await life.trade(77, 10)
    await Promise.all([audit(life.userId), audit(life.userId), audit(life.userId)])
    const once = await allLines(life.userId)
    await sql`DELETE FROM statement_lines WHERE user_id = ${life.userId}`
    await sql`DELETE FROM statement_heads WHERE user_id = ${life.userId}`
    expect(await allLines(life.userId)).toEqual(once)
  })
})

describe('a statement', () => {
  it('has a split and a dividend in it, and what a fraction realised', async () => {
    const life = await BookedLife.begin(world)
    const { userId } = life
    await life.buy(APPLE, '7')
    await life.buy(SAMSUNG, '15')
    await life.act(SAMSUNG, { ratio: ['10', '1'] })
    await life.act(APPLE, { amount: '0.5' })
    const lines = await audit(userId)
    const kinds = lines.map(({ kind, ticker_id: ticker }) => `${kind} ${ticker ?? ''}`.trim())
    expect(kinds).toEqual([
      ...['deposit', `buy ${APPLE}`, `buy ${SAMSUNG}`, `fraction ${SAMSUNG}`, `dividend ${APPLE}`],
    ])
    // Half a new share; 3.5 dollars at 1,398.6 less 15 %.
    const dividend = lines.at(-1)!
    expect(dividend).toMatchObject({ amount_krw: '4160.835', tax_krw: '734.265', order_id: null })
    const { days, ofDays, ofPositions } = await realized(userId)
    expect(days).toMatchObject([{ sells: 0, fees_krw: '0', fx_pnl_krw: '0' }])
    expect(ofDays).toEqual(ofPositions)
    expect(ofDays[0]).not.toBe(0n)
    await positionsKept(userId)
  })

  it('parts what the rate did from what the price did', async () => {
    const life = await BookedLife.begin(world)
    const { userId } = life
    await life.buy(APPLE, '10')
    await life.sell(APPLE, '10', '1500')
    const { days, ofDays, ofPositions } = await realized(userId)
    expect(ofDays).toEqual(ofPositions)
    expect(days).toHaveLength(1)
    expect(decimal(days[0]!.fx_pnl_krw)).toBeGreaterThan(0n)
    expect(days[0]!.sells).toBe(1)
  })

  it('ends a day at midnight of Seoul', async () => {
    const life = await BookedLife.begin(world)
    const { userId } = life
    await life.buy(SAMSUNG, '20')
    // 2026-11-20T15:00Z is the 21st there.
    const midnight = Date.parse('2026-11-20T15:00:00.000Z')
    await life.sellAt(SAMSUNG, '3', midnight - 1)
    await life.sellAt(SAMSUNG, '4', midnight)
    const days = await listRealizedDays(sql, userId, {})
    expect(days.map(({ date, sells }) => [date, sells])).toEqual([
      ['2026-11-21', 1],
      ['2026-11-20', 1],
    ])
    const datesOf = async (from?: string, to?: string): Promise<string[]> =>
      (await listRealizedDays(sql, userId, { from, to })).map(({ date }) => date)
    expect(await datesOf('2026-11-21')).toEqual(['2026-11-21'])
    expect(await datesOf(undefined, '2026-11-20')).toEqual(['2026-11-20'])
    expect(await datesOf('2026-11-20', '2026-11-21')).toEqual(['2026-11-21', '2026-11-20'])
    expect(await datesOf('0000-01-01', '0000-01-02')).toEqual([])
    expect(await datesOf('2026-11-22', '9999-12-31')).toEqual([])
    await expect(datesOf('2026-11-22', '2026-11-21')).rejects.toThrow('must not be after')
  })

  it('is written anew from the fills when the outbox has forgotten', async () => {
    const life = await BookedLife.begin(world)
    const { userId } = life
    await life.trade(5, 6)
    await life.act(APPLE, { ratio: ['2', '3'] })
    await sql`DELETE FROM outbox WHERE user_id = ${userId}`
    await life.trade(6, 6)
    await audit(userId)
    await life.trade(7, 3)
    await audit(userId)
    await positionsKept(userId)
  })

  it('is written without being asked for before the outbox forgets', async () => {
    const life = await BookedLife.begin(world)
    await life.buy(SAMSUNG, '1')
    const nowMs = world.nowMs
    const count = async (): Promise<number> =>
      (await sql`SELECT 1 FROM statement_lines WHERE user_id = ${life.userId}`).length
    await catchUpAll({ sql, log }, nowMs)
    expect(await count()).toBe(0)
    expect(await catchUpAll({ sql, log }, nowMs + 7 * 3_600_000)).toBeGreaterThan(0)
    expect(await count()).toBe(2)
    expect(await catchUpAll({ sql, log }, nowMs + 7 * 3_600_000)).toBe(0)
  })

  it('pages fit together while lines are added', async () => {
    const life = await BookedLife.begin(world)
    const { userId } = life
    await life.trade(31, 6)
    const first = await listLedger(sql, userId, { limit: 3 })
    await life.adjust('5')
    const second = await listLedger(sql, userId, { limit: 3, cursor: first.next_cursor! })
    const last = first.lines.at(-1)!
    const next = second.lines[0]!
    expect(decimal(last.balance_krw) - decimal(last.amount_krw)).toBe(decimal(next.balance_krw))
    await expect(listLedger(sql, userId, { limit: 3, cursor: 'bm9uZQ' })).rejects.toThrow('cursor')
  })

  it('of nobody is empty', async () => {
    const nobody = '00000000-0000-4000-8000-00000000dead'
    await catchUp(sql, nobody)
    expect(await listLedger(sql, nobody, { limit: 5 })).toEqual({ lines: [], next_cursor: null })
  })
})
