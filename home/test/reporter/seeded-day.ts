// A day whose figures are written down: friends with accounts, points of worth at its borders, money from
// outside in the middle, and fills on both sides of each midnight.

import { randomUUID } from 'node:crypto'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../../src/db/connect.ts'

/** The day of the tests in Seoul, and its two midnights. */
export const DATE = '2026-11-20'
export const BEGAN = '2026-11-19T15:00:00.000Z'
export const ENDED = '2026-11-20T15:00:00.000Z'

type Point = readonly [at: string, netKrw: string, putInKrw: string]

/** A user who has an account since long before the day. */
export async function addFriend(
  sql: Sql,
  nickname: string,
  points: readonly Point[],
  { createdAt = '2026-11-01T00:00:00Z', disabled = false } = {},
): Promise<string> {
  const id = randomUUID()
  const partition = partitionOf(id)
  await sql`INSERT INTO users ${sql({
    ...{ id, partition, username: id.slice(0, 30), nickname, created_at: createdAt },
    disabled_at: disabled ? createdAt : null,
  })}`
  await sql`INSERT INTO wallets ${sql({
    ...{ partition, user_id: id, balance_krw: '100000000', last_updated: createdAt },
  })}`
  for (const [at, net_worth_krw, deposited_krw] of points) {
    await sql`INSERT INTO net_worth_points ${sql({
      ...{ partition, user_id: id, at, net_worth_krw, deposited_krw, keep: 2 },
    })}`
  }
  return id
}

/** A fill of an order; `simulated` as its evidence says. */
export async function addFill(
  sql: Sql,
  userId: string,
  fill: {
    at: string
    notionalKrw: string
    orderId?: string
    fillNo?: number
    simulated?: boolean
  },
): Promise<string> {
  const { at, notionalKrw, orderId = randomUUID(), fillNo = 1, simulated = false } = fill
  await sql`INSERT INTO fills ${sql({
    ...{ partition: partitionOf(userId), user_id: userId, order_id: orderId, fill_no: fillNo },
    ...{ ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY', quantity: '1', price: notionalKrw },
    ...{ currency: 'KRW', applied_exchange_rate: '1', notional_krw: notionalKrw, fee_krw: '0' },
    ...{ filled_at: at, event_epoch: 'e', event_seq: 1n, settled_late: false },
  })}`
  await sql`
    UPDATE fills SET evidence = ${JSON.stringify({ event: { simulated } })}::text::json
    WHERE user_id = ${userId} AND order_id = ${orderId} AND fill_no = ${fillNo}`
  return orderId
}

/** A price of the market on the day: without one its feed was none. */
export async function addRealCandle(sql: Sql): Promise<void> {
  await sql`INSERT INTO candles ${sql({
    ...{ ticker_id: 'CRYPTO-COIN-BTC', interval: '1m', open_at: '2026-11-20T03:00:00Z' },
    ...{ open: '1', high: '1', low: '1', close: '1', volume: '1', simulated: false },
  })}`
}

/** The friends' day. What its report says stands in `report.test.ts`. */
export async function seedDay(sql: Sql): Promise<void> {
  await addRealCandle(sql)
  // +4,210,000.5: he traded little.
  const minji = await addFriend(sql, '민지', [
    [BEGAN, '100000000', '100000000'],
    [ENDED, '104210000.5', '100000000'],
  ])
  // −1,830,000.25, though ten million were given to him.
  const jonber = await addFriend(sql, '존버', [
    [BEGAN, '90000000', '100000000'],
    [ENDED, '98169999.75', '110000000'],
  ])
  // +500,000: a bailout of five million is no profit; and he traded most.
  const danta = await addFriend(sql, '단타신', [
    [BEGAN, '1000000', '100000000'],
    [ENDED, '6500000', '105000000'],
  ])
  // Joined at noon with the starting cash, which is no profit.
  await addFriend(
    sql,
    '신입',
    [
      ['2026-11-20T03:00:00.000Z', '100000000', '100000000'],
      [ENDED, '100000000', '100000000'],
    ],
    { createdAt: '2026-11-20T03:00:00Z' },
  )
  // Shut out; and one who joined when the day was over.
  const gone = await addFriend(
    sql,
    '나간사람',
    [
      [BEGAN, '1', '0'],
      [ENDED, '999999999', '0'],
    ],
    { disabled: true },
  )
  await addFriend(sql, '내일온사람', [['2026-11-20T15:00:01.000Z', '100000000', '100000000']], {
    createdAt: '2026-11-20T15:00:01Z',
  })
  await addFill(sql, gone, { at: '2026-11-20T05:00:00Z', notionalKrw: '900000000' })
  await addFill(sql, minji, { at: '2026-11-20T05:00:00Z', notionalKrw: '10000000' })
  // The first and the last instant of the day; a moment before and after it are other days.
  await addFill(sql, jonber, { at: BEGAN, notionalKrw: '20000000.125' })
  await addFill(sql, jonber, { at: '2026-11-20T14:59:59.999Z', notionalKrw: '5000000' })
  await addFill(sql, jonber, { at: '2026-11-19T14:59:59.999Z', notionalKrw: '700000000' })
  await addFill(sql, jonber, { at: ENDED, notionalKrw: '700000000' })
  // Three fills of one order are one trade.
  const orderId = await addFill(sql, danta, {
    ...{ at: '2026-11-20T01:00:00Z', notionalKrw: '30000000' },
  })
  await addFill(sql, danta, {
    ...{ at: '2026-11-20T01:00:01Z', notionalKrw: '30000000', orderId, fillNo: 2 },
  })
  await addFill(sql, danta, {
    ...{ at: '2026-11-20T01:00:02Z', notionalKrw: '3500000', orderId, fillNo: 3 },
  })
  await addFill(sql, danta, { at: '2026-11-20T02:00:00Z', notionalKrw: '1500000.5' })
}
