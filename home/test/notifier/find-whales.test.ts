// Whales are found in the outbox: once per order, by what its fills add up to, in the order of the
// commits, and from the moment that somebody looked for the first time.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql, Transaction } from '../../src/db/connect.ts'
import { findEvents } from '../../src/notifier/find-events.ts'
import { createDatabase, type TestDatabase } from '../database.ts'

const AT = new Date('2026-11-20T01:02:03.004Z')
const NOW = AT.getTime() + 1_000

let database: TestDatabase
let sql: Sql
let user: { id: string; partition: number; seq: number }
beforeAll(async () => {
  database = await createDatabase()
  sql = database.sql
  await find()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await sql`DELETE FROM notifications`
  const id = randomUUID()
  user = { id, partition: partitionOf(id), seq: 0 }
  const name = id.slice(0, 8)
  await sql`INSERT INTO users ${sql({
    ...{ id, partition: user.partition, username: name, nickname: name, created_at: AT },
  })}`
})

const find = (): Promise<number> => findEvents({ sql, thresholdKrw: '10000000' }, NOW)

/** An order that these fills, in won, are to come to; answers its id. */
async function order(side = 'BUY', by: Sql | Transaction = sql): Promise<string> {
  const id = randomUUID()
  await by`INSERT INTO orders ${by({
    ...{ partition: user.partition, user_id: user.id, id, client_order_id: id, side },
    ...{ ticker_id: 'CRYPTO-COIN-BTC', type: 'LIMIT', time_in_force: 'GTC', status: 'OPEN' },
    ...{ requested_quantity: '100', created_at: AT, accepted_at: AT, stored_at: AT },
  })}`
  return id
}

type Fills = { from?: number; simulated?: boolean | null; side?: string; by?: Sql | Transaction }

/** Fills of an order, each in won for a quantity of 0.5, and one event for all of them. */
async function fill(orderId: string, parts: number[], options: Fills = {}): Promise<void> {
  const { from = 0, simulated = false, side = 'BUY', by = sql } = options
  const owner = { partition: user.partition, user_id: user.id, order_id: orderId }
  for (const [index, part] of parts.entries()) {
    await by`INSERT INTO fills ${by({
      ...{ ...owner, fill_no: from + index + 1, ticker_id: 'CRYPTO-COIN-BTC', side },
      ...{ quantity: '0.5', price: String(part * 2), currency: 'KRW', applied_exchange_rate: '1' },
      ...{ notional_krw: String(part), fee_krw: '0', filled_at: AT, event_epoch: 'e' },
      ...{ event_seq: '1', settled_late: false },
      evidence: simulated === null ? null : { event: { simulated } },
    })}`
  }
  await by`INSERT INTO outbox ${by({
    ...{ ...owner, seq: String((user.seq += 1)), epoch: '1', status: 'PARTIALLY_FILLED' },
    ...{ quantity: '1', fee_krw: '0', settled_late: false, created_at: AT },
    ...{ fill_count: from + parts.length, new_fills: parts.length },
  })}`
}

const found = async () =>
  sql<{ event_id: string; simulated: boolean; values: Record<string, string> }[]>`
    SELECT event_id, simulated, values FROM notifications ORDER BY id`

it('tells an order at the threshold, and none a won below', async () => {
  const [exact, below] = [await order('SELL'), await order()]
  await fill(exact, [10_000_000], { side: 'SELL' })
  await fill(below, [9_999_999])
  expect(await find()).toBe(1)
  const [whale, ...others] = await found()
  expect(others).toEqual([])
  expect(whale).toMatchObject({
    ...{ event_id: `whale:${exact}`, simulated: false },
    values: { nickname: user.id.slice(0, 8), ticker: 'CRYPTO-COIN-BTC', side: '매도' },
  })
  expect(whale!.values).toMatchObject({ quantity: '0.50000000', price: '20000000.00000000' })
  expect(Number(whale!.values.notional)).toBe(10_000_000)
})

it('tells an order once, by the fill that crosses, and with what it came to then', async () => {
  const id = await order()
  await fill(id, [4_000_000, 5_999_999])
  expect(await find()).toBe(0)
  await fill(id, [1, 2_000_000], { from: 2 })
  await fill(id, [50_000_000], { from: 4 })
  expect(await find()).toBe(1)
  await fill(id, [50_000_000], { from: 5 })
  expect(await find()).toBe(0)
  const [whale] = await found()
  expect(Number(whale!.values.notional)).toBe(12_000_000)
})

it('goes on where it was, and finds nothing twice', async () => {
  await fill(await order(), [20_000_000])
  expect(await find()).toBe(1)
  expect(await find()).toBe(0)
  // Whoever crashed between the two has written neither.
  await fill(await order(), [20_000_000])
  expect(await Promise.all([find(), find()]).then(([one, other]) => one + other)).toBe(1)
})

it('waits for what was begun earlier and is committed later, and keeps the order of the commits', async () => {
  const [early, late] = [await order(), await order()]
  await sql.begin(async (tx) => {
    await fill(early, [20_000_000], { by: tx })
    await fill(late, [30_000_000])
    // The one that is committed is newer than one that runs.
    expect(await find()).toBe(0)
  })
  expect(await find()).toBe(2)
  const ids = (await found()).map(({ event_id }) => event_id)
  expect(ids).toEqual([`whale:${early}`, `whale:${late}`])
})

it.each([
  ['simulated', true, true],
  ['of nobody knows what', null, true],
  ['real', false, false],
])('says of a trade that is %s whether it is', async (_what, simulated, expected) => {
  await fill(await order(), [20_000_000], { simulated })
  await find()
  expect((await found())[0]!.simulated).toBe(expected)
})

it('begins with what happens after its first look', async () => {
  await sql`DELETE FROM outbox_cursors WHERE reader LIKE 'notifier:%'`
  await fill(await order(), [20_000_000])
  expect(await find()).toBe(0)
  expect(await find()).toBe(0)
  await fill(await order(), [20_000_000])
  expect(await find()).toBe(1)
})
