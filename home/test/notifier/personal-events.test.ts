// What people ask to be told of themselves is found: the ends of their orders in the outbox, once each,
// and price alerts in their rows; of nobody who did not ask.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../../src/db/connect.ts'
import { findAlerts } from '../../src/notifier/find-alerts.ts'
import { findEvents } from '../../src/notifier/find-events.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { until } from '../until.ts'

const AT = new Date('2026-11-20T01:02:03.004Z')
const NOW = AT.getTime() + 1_000
const BTC = 'CRYPTO-COIN-BTC'

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
  await sql`DELETE FROM candles`
  const id = randomUUID()
  user = { id, partition: partitionOf(id), seq: 0 }
  const name = id.slice(0, 8)
  await sql`INSERT INTO users ${sql({
    ...{ id, partition: user.partition, username: name, nickname: name, created_at: AT },
  })}`
})

/** Looks when nobody's transaction, in whatever database, is older than the last event any more. */
async function find(): Promise<number> {
  await until(async () => {
    const [row] = await sql<{ is_past: boolean }[]>`
      SELECT coalesce(max(xid) < pg_snapshot_xmin(pg_current_snapshot()), true) AS is_past
      FROM outbox`
    return row!.is_past
  })
  return findEvents({ sql, thresholdKrw: '1000000000' }, NOW)
}
const owner = () => ({ partition: user.partition, user_id: user.id })
const choose = (kind: string, channel = 'push', at = AT) =>
  sql`INSERT INTO notification_choices ${sql({ ...owner(), kind, channel, chosen_at: at })}`
const candle = (simulated: boolean, openAt: Date) =>
  sql`INSERT INTO candles ${sql({
    ...{ ticker_id: BTC, interval: '1m', open_at: openAt, simulated },
    ...{ open: '1', high: '1', low: '1', close: '1', volume: '1' },
  })}`
const found = async () =>
  sql`SELECT event_id, kind, user_id, ticker_id, values, simulated, occurred_at
    FROM notifications ORDER BY id`

type End = { status: string; reason?: string; filled?: string; simulated?: boolean | null }

/** An order that ended so, with one fill of all that it filled. */
async function end({ status, reason, filled = '0', simulated = false }: End): Promise<string> {
  const id = randomUUID()
  const fills = filled === '0' ? 0 : 1
  await sql`INSERT INTO orders ${sql({
    ...{ ...owner(), id, client_order_id: id, side: 'BUY', ticker_id: BTC, type: 'LIMIT' },
    ...{ time_in_force: 'GTC', status: 'OPEN', requested_quantity: '2', created_at: AT },
    ...{ accepted_at: AT, stored_at: AT },
  })}`
  if (fills > 0) {
    await sql`INSERT INTO fills ${sql({
      ...{ ...owner(), order_id: id, fill_no: 1, ticker_id: BTC, side: 'BUY', quantity: filled },
      ...{ price: '100', currency: 'KRW', applied_exchange_rate: '1', notional_krw: '100' },
      ...{ fee_krw: '0', filled_at: AT, event_epoch: 'e', event_seq: '1', settled_late: false },
      evidence: simulated === null ? null : { event: { simulated } },
    })}`
  }
  await event(id, { status, reason: reason ?? null, filled, fills })
  return id
}

async function event(
  id: string,
  {
    status,
    reason,
    filled,
    fills,
  }: { status: string; reason: string | null; filled: string; fills: number },
): Promise<void> {
  await sql`INSERT INTO outbox ${sql({
    ...{ ...owner(), order_id: id, seq: String((user.seq += 1)), epoch: '1', status, reason },
    ...{ quantity: filled, price: fills > 0 ? '100' : null, fee_krw: '0', settled_late: false },
    ...{ created_at: AT, fill_count: fills, new_fills: fills },
  })}`
}

describe('the end of an order', () => {
  it('is found once, with what it came to', async () => {
    await choose('order_filled')
    const id = await end({ status: 'FILLED', filled: '2' })
    // The answer to a cancel that came too late brings the same end again.
    await event(id, { status: 'FILLED', reason: null, filled: '2', fills: 1 })
    expect(await find()).toBe(1)
    const [row] = await found()
    expect(row).toMatchObject({
      ...{ event_id: `order:${id}`, kind: 'order_filled', user_id: user.id, ticker_id: BTC },
      ...{ simulated: false, occurred_at: AT },
      values: { side: 'BUY', status: 'FILLED', quantity: '2', filled: '2', price: '100' },
    })
    await event(id, { status: 'FILLED', reason: null, filled: '2', fills: 1 })
    expect(await find()).toBe(0)
  })

  it('is found for who asked for its kind, through whatever channels, and for nobody else', async () => {
    await end({ status: 'FILLED', filled: '2' })
    expect(await find()).toBe(0)
    await choose('order_failed', 'telegram')
    await choose('order_failed', 'discord')
    await end({ status: 'FILLED', filled: '2' })
    await end({ status: 'CANCELLED', reason: 'cancelled_by_user' })
    await end({ status: 'OPEN' })
    await end({ status: 'FAILED', reason: 'insufficient_funds' })
    expect(await find()).toBe(1)
    expect(await found()).toMatchObject([
      { kind: 'order_failed', values: { reason: 'insufficient_funds', quantity: '2' } },
    ])
  })

  it.each([
    ['its fill says so', { filled: '1', simulated: true }, false, true],
    ['its fill says nothing', { filled: '1', simulated: null }, false, true],
    ['only its market now is', { filled: '1', simulated: false }, true, false],
    ['it never filled, and its market is', {}, true, true],
    ['it never filled, and its market is not', {}, false, false],
    ['it never filled, and nobody knows', {}, null, true],
  ])('is simulated where %s', async (_what, fill, market, expected) => {
    await choose('order_filled')
    await choose('order_failed')
    await candle(market === false, new Date(AT.getTime() - 120_000))
    if (market === null) await sql`DELETE FROM candles`
    else await candle(market, new Date(AT.getTime() - 60_000))
    const isFilled = 'filled' in fill
    await end({ status: isFilled ? 'FILLED' : 'FAILED', ...fill })
    await find()
    expect(await found()).toMatchObject([{ simulated: expected }])
  })
})

describe('a price alert', () => {
  const alert = async (toldAt: Date | null): Promise<string> => {
    const id = randomUUID()
    await sql`INSERT INTO price_alerts ${sql({
      ...{ ...owner(), id, ticker_id: BTC, condition: 'ABOVE', price: '100', currency: 'KRW' },
      ...{ note: '"바닥", \\', created_at: new Date(AT.getTime() - 90_000_000), told_at: toldAt },
      told_price: toldAt ? '101' : null,
    })}`
    return id
  }

  it('that was told in the app is found once, for who asked for it', async () => {
    await choose('price_alert', 'discord')
    await candle(false, new Date(AT.getTime() - 60_000))
    await candle(true, new Date(AT.getTime() + 60_000))
    const id = await alert(AT)
    await alert(null)
    expect(await Promise.all([findAlerts(sql, NOW), findAlerts(sql, NOW)])).toContain(1)
    expect(await findAlerts(sql, NOW)).toBe(0)
    expect(await found()).toMatchObject([
      {
        ...{ event_id: `alert:${user.id}:${id}:${AT.getTime()}`, kind: 'price_alert' },
        values: { condition: 'ABOVE', line: '100', price: '101', note: '"바닥", \\' },
        simulated: false,
      },
    ])
    const next = new Date(AT.getTime() + 5_000)
    await sql`UPDATE price_alerts SET told_at = ${next}, announced_at = NULL WHERE id = ${id}`
    expect(await findAlerts(sql, NOW + 5_000)).toBe(1)
  })

  it.each([
    ['nobody asked for', null, AT],
    ['was told before he asked', new Date(AT.getTime() + 1), AT],
    ['was told two days ago', AT, new Date(AT.getTime() - 86_500_000)],
  ])('that %s is passed over for good', async (_what, chosenAt, toldAt) => {
    if (chosenAt) await choose('price_alert', 'push', chosenAt)
    await alert(toldAt)
    expect(await findAlerts(sql, NOW)).toBe(0)
    const [row] = await sql`SELECT announced_at FROM price_alerts WHERE user_id = ${user.id}`
    expect(row).toEqual({ announced_at: new Date(NOW) })
    expect([...(await found())]).toEqual([])
  })
})
