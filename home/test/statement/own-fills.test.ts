// What a user reads of his fills and of one kind of lines, against the books they are found in.

import { type OwnFill, ownFillSchema } from '@motu/shared/contract/fills.ts'
import { LEDGER_KINDS, type LedgerLine } from '@motu/shared/contract/performance.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FillPage, listOwnFills } from '../../src/api/queries/own-fills.ts'
import { listLedger } from '../../src/api/queries/statement.ts'
import { connect, type Sql } from '../../src/db/connect.ts'
import { BTC, SAMSUNG } from '../engine/samples.ts'
import { World } from '../engine/world.ts'
import { BookedLife } from './booked-life.ts'

let world: World
let sql: Sql
let userId: string
beforeEach(async () => {
  world = await World.create()
  sql = connect(world.database.url, { name: 'motu-test-api' })
  const life = await BookedLife.begin(world)
  userId = life.userId
  await life.trade(41, 10)
  await life.adjust('5')
  await life.trade(42, 4)
})
afterEach(async () => {
  await sql.end({ timeout: 5 })
  await world.database.drop()
})

async function allFills(page: Partial<FillPage> = {}): Promise<OwnFill[]> {
  const fills: OwnFill[] = []
  for (let cursor: string | undefined; ;) {
    const answer = await listOwnFills(sql, userId, { limit: 7, ...page, cursor })
    fills.push(...answer.fills)
    if (answer.next_cursor === null) return fills
    cursor = answer.next_cursor
  }
}

const ids = (fills: readonly { fill_id: string }[]): string[] => fills.map((fill) => fill.fill_id)

describe('the fills of a user', () => {
  it('are those of his books, each once, with its order and its charges', async () => {
    const booked = await sql<Record<string, string>[]>`
      SELECT f.order_id || '.' || f.fill_no AS fill_id, f.ticker_id, f.side, f.fee_krw,
        o.client_order_id
      FROM fills f JOIN orders o ON o.user_id = f.user_id AND o.id = f.order_id
      WHERE f.user_id = ${userId}`
    const fills = await allFills()
    expect(booked.length).toBeGreaterThan(20)
    for (const fill of fills) ownFillSchema.strict().parse(fill)
    expect(ids(fills).toSorted()).toEqual(booked.map(({ fill_id }) => fill_id!).toSorted())
    const byId = new Map(fills.map((fill) => [fill.fill_id, fill]))
    for (const row of booked) {
      const fill = byId.get(row['fill_id']!)!
      expect([fill.ticker_id, fill.side]).toEqual([row['ticker_id'], row['side']])
      expect(fill.client_order_id).toBe(row['client_order_id'])
      expect(decimal(fill.fee_krw)).toBe(decimal(row['fee_krw']!))
      expect(decimal(fill.tax_krw)).toBeLessThanOrEqual(decimal(fill.fee_krw))
    }
  })

  it('come by ticker, and of a span that begins with its first instant and ends before its last', async () => {
    const all = await allFills()
    const ofBtc = all.filter(({ ticker_id }) => ticker_id === BTC)
    expect(ids(await allFills({ tickerId: BTC }))).toEqual(ids(ofBtc))
    expect(ofBtc.length).toBeLessThan(all.length)
    expect(await allFills({ tickerId: 'KRX-STOCK-000000' })).toEqual([])
    const times = [...new Set(all.map(({ filled_at }) => filled_at))].toSorted()
    const [from, to] = [times[1]!, times.at(-2)!]
    const within = all.filter(({ filled_at: at }) => from <= at && at < to)
    const asked = { fromMs: Date.parse(from), toMs: Date.parse(to) }
    expect(ids(await allFills(asked))).toEqual(ids(within))
    expect(within.length).toBeLessThan(all.length)
  })

  it('of another are not there', async () => {
    userId = '00000000-0000-4000-8000-00000000dead'
    expect(await allFills()).toEqual([])
  })
})

describe('the lines of one kind', () => {
  it('are those of the whole ledger, with the balances they have in it', async () => {
    const all = await listLedger(sql, userId, { limit: 200 })
    expect(all.next_cursor).toBeNull()
    for (const kind of LEDGER_KINDS) {
      const lines: LedgerLine[] = []
      for (let cursor: string | undefined; ;) {
        const page = await listLedger(sql, userId, { limit: 3, kind, cursor })
        lines.push(...page.lines)
        if (page.next_cursor === null) break
        cursor = page.next_cursor
      }
      expect(lines).toEqual(all.lines.filter((line) => line.kind === kind))
    }
    expect(new Set(all.lines.map(({ ticker_id }) => ticker_id))).toContain(SAMSUNG)
  })

  it('and those of a ticker are found by an index, however many others there are', async () => {
    await listLedger(sql, userId, { limit: 1 })
    await sql`INSERT INTO statement_lines
      SELECT partition, user_id, 1000 + n, at, 'buy', gen_random_uuid(), 1, 'KRX-STOCK-000660',
        0, 0, 0, 0, 0, 0 FROM statement_lines, generate_series(1, 20000) n
      WHERE user_id = ${userId} AND kind = 'deposit'`
    await sql`ANALYZE statement_lines`
    for (const [where, index] of [
      [sql`kind = 'adjustment'`, 'statement_lines_of_kind'],
      [sql`kind IN ('buy', 'sell') AND ticker_id = ${BTC}`, 'statement_lines_of_ticker'],
    ] as const) {
      const plan = await sql<Record<'QUERY PLAN', string>[]>`
        EXPLAIN SELECT * FROM statement_lines
        WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} AND ${where}
        ORDER BY line_no DESC LIMIT 51`
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain(index)
    }
  })
})
