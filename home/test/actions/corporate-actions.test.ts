// Corporate actions on a real Postgres: positions, waiting orders, candles and cash, on both sides of
// the ex-date. After each test the books are compared with the ledger.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ActionWorld } from './world.ts'

const SAMSUNG = 'KRX-STOCK-005930'
const APPLE = 'US-STOCK-AAPL'
const USD_KRW = 'FX-RATE-USDKRW'
const EX_DATE = '2026-11-20'
/** Midnight of the ex-date in Seoul, and in New York. */
const SEOUL = Date.parse('2026-11-19T15:00:00Z')
const NEW_YORK = Date.parse('2026-11-20T05:00:00Z')
const BEFORE = '2026-11-19T06:30:00Z'

let world: ActionWorld
beforeEach(async () => {
  world = await ActionWorld.create()
  world.nowMs = NEW_YORK
  await world.quote(SAMSUNG, '50000', BEFORE)
  await world.quote(APPLE, '128', BEFORE)
  await world.quote(USD_KRW, '1400', BEFORE)
})
afterEach(async () => {
  expect(await world.contradictions()).toEqual([])
  await world.database.drop()
})

/** Everything the action may have written; a second run must leave it as it is. */
const everything = async (): Promise<string> => {
  const tables = ['wallets', 'portfolios', 'orders', 'open_orders', 'ledger_entries', 'outbox']
  const rows = [...tables, 'candles', 'corporate_actions', 'outbox_cursors'].map((table) =>
    world.sql.unsafe(`SELECT t::text FROM ${table} t ORDER BY 1`),
  )
  return JSON.stringify(await Promise.all(rows))
}

describe('a split', () => {
  it.each([
    ['2:1', '1', '2', '10', '500000', ['20', '25000', '500000'], '0'],
    ['50:1', '1', '50', '3', '150000', ['150', '1000', '150000'], '0'],
    ['1:10 of 15', '10', '1', '15', '600000', ['1', '400000', '400000'], '250000'],
    ['1:10 of 9', '10', '1', '9', '450000', ['0', '0', '0'], '450000'],
  ])('of %s', async (_, from, to, held, cost, [quantity, average, costAfter], cash) => {
    const userId = await world.holder(SAMSUNG, held, cost)
    await world.split(SAMSUNG, EX_DATE, from, to)
    expect(await world.apply()).toBe(1)
    const realized = String(Number(cash) - (Number(cost) - Number(costAfter)))
    expect(await world.position(userId)).toEqual({
      ...{ quantity, average, cost: costAfter, cost_krw: costAfter, held: '0', realized },
    })
    const balance = String(100_000_000 + Number(cash))
    expect(await world.wallet(userId)).toEqual({ balance, held: '0', realized, seq: 0 })
  })

  it('waits for the day to begin at its venue', async () => {
    const mine = await world.holder(SAMSUNG, '10', '500000')
    const theirs = await world.holder(APPLE, '10', '1280', '1700000')
    await world.split(SAMSUNG, EX_DATE, '1', '2')
    await world.split(APPLE, EX_DATE, '1', '2')
    world.nowMs = SEOUL - 1
    expect(await world.apply()).toBe(0)
    world.nowMs = SEOUL
    expect(await world.apply()).toBe(1)
    expect(await world.position(mine)).toMatchObject({ quantity: '20' })
    world.nowMs = NEW_YORK - 1
    expect(await world.apply()).toBe(0)
    world.nowMs = NEW_YORK
    expect(await world.apply()).toBe(1)
    expect(await world.position(theirs)).toMatchObject({ quantity: '20', cost_krw: '1700000' })
  })

  it('takes the orders of before the ex-date with it, and tells their users', async () => {
    const userId = await world.holder(SAMSUNG, '10', '500000')
    const sell = await world.order(userId, SAMSUNG, ['SELL', '7'], { limit: '60000' })
    const stop = await world.order(userId, SAMSUNG, ['SELL', '3'], { stop: '45000', type: 'STOP' })
    const buy = await world.order(userId, SAMSUNG, ['BUY', '10'], { limit: '40050', filled: '4' })
    const later = await world.order(userId, SAMSUNG, ['BUY', '1'], {
      ...{ limit: '20000', accepted_at: '2026-11-19T15:00:00.000Z' },
    })
    const other = await world.order(userId, APPLE, ['BUY', '1'], { limit: '100' })
    const stranger = await world.holder(SAMSUNG, '0', '0')
    const alone = await world.order(stranger, SAMSUNG, ['BUY', '2'], { limit: '50000' })
    await world.split(SAMSUNG, EX_DATE, '1', '2')
    await world.apply()
    const open = { reason: null, waits: true }
    expect(await world.waiting(sell)).toMatchObject({
      ...{ ...open, status: 'OPEN', asked: '14', limit: '30000', hold_quantity: '14' },
    })
    expect(await world.waiting(stop)).toMatchObject({
      asked: '6',
      stop: '22500',
      hold_quantity: '6',
    })
    // 20,025 is no price of KRX: down to the tick of 50.
    expect(await world.waiting(buy)).toMatchObject({
      ...{ ...open, status: 'PARTIALLY_FILLED', asked: '16', limit: '20000' },
      hold_krw: '240000.00000002',
    })
    expect(await world.waiting(later)).toMatchObject({ asked: '1', limit: '20000' })
    expect(await world.waiting(other)).toMatchObject({ asked: '1', limit: '100' })
    expect(await world.waiting(alone)).toMatchObject({ asked: '4', limit: '25000' })
    expect(await world.position(userId)).toMatchObject({ quantity: '20', held: '20' })
    const told = new Set(world.changed.map(({ order_id }) => order_id))
    expect(told).toEqual(new Set([sell, stop, buy, alone, later]))
    const events = await world.sql`SELECT order_id, epoch::int, status FROM outbox`
    expect(events).toHaveLength(4)
    expect(events.every(({ epoch }) => epoch === 7)).toBe(true)
  })

  it('cancels what less than a share is left of, and gives its hold back', async () => {
    const userId = await world.holder(SAMSUNG, '15', '750000')
    const nine = await world.order(userId, SAMSUNG, ['SELL', '9'], { limit: '60000' })
    const buy = await world.order(userId, SAMSUNG, ['BUY', '5'], { limit: '40000' })
    await world.split(SAMSUNG, EX_DATE, '10', '1')
    await world.apply()
    const ended = { status: 'CANCELLED', reason: 'corporate_action', waits: false }
    expect(await world.waiting(nine)).toMatchObject({ ...ended, hold_quantity: '0', asked: '9' })
    expect(await world.waiting(buy)).toMatchObject({ ...ended, hold_krw: '0' })
    expect(await world.wallet(userId)).toMatchObject({ held: '0', seq: 2 })
    const [event] = await world.sql`SELECT status, reason FROM outbox WHERE order_id = ${nine}`
    expect(event).toEqual({ status: 'CANCELLED', reason: 'corporate_action' })
  })

  it('that comes late splits what was held, not what was traded since', async () => {
    const bought = await world.holder(SAMSUNG, '12', '600000')
    await world.fill(bought, SAMSUNG, 'BUY', '2', '2026-11-20T01:00:00Z')
    await world.fill(bought, SAMSUNG, 'BUY', '5', '2026-11-19T06:00:00Z')
    const sold = await world.holder(SAMSUNG, '4', '200000')
    await world.fill(sold, SAMSUNG, 'SELL', '6', '2026-11-20T01:00:00Z')
    await world.split(SAMSUNG, EX_DATE, '1', '2')
    world.nowMs = NEW_YORK + 7_200_000
    await world.apply()
    expect(await world.position(bought)).toMatchObject({ quantity: '22' })
    expect(await world.position(sold)).toMatchObject({ quantity: '8' })
  })

  it('that comes late ends sells of shares that are no more', async () => {
    const userId = await world.holder(SAMSUNG, '20', '1000000')
    const late = await world.order(userId, SAMSUNG, ['SELL', '20'], {
      ...{ limit: '600000', accepted_at: '2026-11-20T01:00:00Z' },
    })
    await world.split(SAMSUNG, EX_DATE, '10', '1')
    await world.apply()
    expect(await world.waiting(late)).toMatchObject({ status: 'CANCELLED', waits: false })
    expect(await world.position(userId)).toMatchObject({ quantity: '2', held: '0' })
  })

  it('divides candles of before the ex-date, and no others', async () => {
    const open = ['2026-11-19T14:59:00Z', '2026-11-19T15:00:00Z']
    for (const at of open) {
      await world.sql`
        INSERT INTO candles (ticker_id, interval, open_at, open, high, low, close, volume, simulated)
        VALUES (${SAMSUNG}, '1m', ${at}, 50000, 51000, 49000, 50500, 10, false)`
    }
    await world.split(SAMSUNG, EX_DATE, '1', '50')
    await world.apply()
    const rows = await world.sql`
      SELECT open::float, high::float, low::float, close::float, volume::float FROM candles
      ORDER BY open_at`
    expect([...rows]).toEqual([
      { open: 1000, high: 1020, low: 980, close: 1010, volume: 500 },
      { open: 50000, high: 51000, low: 49000, close: 50500, volume: 10 },
    ])
  })

  it('turns a base price back that the venue has adjusted already', async () => {
    const userId = await world.holder(SAMSUNG, '15', '750000')
    await world.quote(SAMSUNG, '510000', '2026-11-20T00:10:00Z', '500000')
    await world.split(SAMSUNG, EX_DATE, '10', '1')
    await world.apply()
    // Half a new share at 500,000.
    expect(await world.wallet(userId)).toMatchObject({ balance: '100250000' })
  })
})

describe('a dividend', () => {
  it('is paid in won for what was held at the close, less the tax', async () => {
    const userId = await world.holder(SAMSUNG, '110', '5500000')
    await world.fill(userId, SAMSUNG, 'BUY', '10', '2026-11-19T15:00:00.000Z')
    await world.dividend(SAMSUNG, EX_DATE, '361')
    await world.apply()
    // 36,100 less 15.4 %.
    expect(await world.wallet(userId)).toMatchObject({ balance: '100030540.6', realized: '0' })
    const legs = await world.sql`
      SELECT kind, debit_account, amount::float FROM ledger_entries
      WHERE kind IN ('dividend', 'tax') ORDER BY leg_no`
    expect([...legs]).toEqual([
      { kind: 'dividend', debit_account: 'CASH', amount: 36100 },
      { kind: 'tax', debit_account: 'TAX', amount: 5559.4 },
    ])
    expect(await world.position(userId)).toMatchObject({ quantity: '110', cost: '5500000' })
  })

  it('is paid to who sold on the ex-date, and not to who bought then', async () => {
    const sold = await world.holder(SAMSUNG, '1', '50000')
    await world.fill(sold, SAMSUNG, 'SELL', '9', '2026-11-20T01:00:00Z')
    const bought = await world.holder(SAMSUNG, '10', '500000')
    await world.fill(bought, SAMSUNG, 'BUY', '10', '2026-11-20T01:00:00Z')
    await world.dividend(SAMSUNG, EX_DATE, '1000')
    await world.apply()
    expect(await world.wallet(sold)).toMatchObject({ balance: '100008460' })
    expect(await world.wallet(bought)).toMatchObject({ balance: '100000000' })
  })

  it('in dollars is changed at the rate of a sell, lowers buys and leaves sells', async () => {
    const userId = await world.holder(APPLE, '10', '1280', '1700000')
    const buy = await world.order(userId, APPLE, ['BUY', '1'], { limit: '100' })
    const today = await world.order(userId, APPLE, ['BUY', '1'], {
      ...{ limit: '100', time_in_force: 'DAY' },
    })
    const sell = await world.order(userId, APPLE, ['SELL', '1'], { limit: '150' })
    const stop = await world.order(userId, APPLE, ['SELL', '1'], { stop: '90', type: 'STOP' })
    await world.dividend(APPLE, EX_DATE, '0.26')
    await world.apply()
    // 2.6 dollars at 1,398.6, less 15 %.
    expect(await world.wallet(userId)).toMatchObject({ balance: '100003090.906' })
    expect(await world.waiting(buy)).toMatchObject({ limit: '99.74', hold_krw: '99.74000002' })
    expect(await world.waiting(today)).toMatchObject({ limit: '100' })
    expect(await world.waiting(sell)).toMatchObject({ limit: '150' })
    expect(await world.waiting(stop)).toMatchObject({ stop: '89.74' })
  })

  it('in dollars waits until an exchange rate is known', async () => {
    await world.holder(APPLE, '10', '1280', '1700000')
    await world.dividend(APPLE, EX_DATE, '0.26')
    await world.sql`DELETE FROM quotes`
    expect(await world.apply()).toBe(0)
    await world.quote(USD_KRW, '1400', BEFORE)
    expect(await world.apply()).toBe(1)
  })
})

describe('an action', () => {
  const crowd = async (): Promise<void> => {
    for (let index = 0; index < 12; index += 1) {
      const userId = await world.holder(SAMSUNG, '15', '750000')
      await world.order(userId, SAMSUNG, ['SELL', '15'], { limit: '60000' })
    }
    const buyer = await world.holder(SAMSUNG, '0', '0')
    await world.order(buyer, SAMSUNG, ['BUY', '20'], { limit: '40000' })
  }

  it('changes nothing when it runs again', async () => {
    await crowd()
    await world.split(SAMSUNG, EX_DATE, '10', '1')
    await world.dividend(SAMSUNG, EX_DATE, '361')
    expect(await world.apply()).toBe(2)
    const once = await everything()
    expect(await world.apply()).toBe(0)
    expect(await everything()).toBe(once)
  })

  it('that was interrupted goes on where it was, and books nobody twice', async () => {
    await crowd()
    await world.split(SAMSUNG, EX_DATE, '10', '1')
    let left = 3
    const failing = (): Promise<void> => {
      left -= 1
      return left > 0 ? Promise.resolve() : Promise.reject(new Error('killed'))
    }
    await expect(world.apply(failing)).rejects.toThrow('killed')
    const [halfway] = await world.sql`
      SELECT count(*) FILTER (WHERE quantity = 1)::int AS done, count(*)::int AS all FROM portfolios`
    expect(halfway!.done).toBeGreaterThan(0)
    expect(halfway!.done).toBeLessThan(halfway!.all as number)
    expect(await world.apply()).toBe(1)
    const rows = await world.sql`SELECT DISTINCT quantity::float FROM portfolios`
    expect([...rows]).toEqual([{ quantity: 1 }])
    expect(await world.sql`SELECT FROM outbox_cursors`).toHaveLength(0)
  })

  it('is applied once by two processes at a time', async () => {
    await crowd()
    await world.split(SAMSUNG, EX_DATE, '10', '1')
    await Promise.all([world.apply(), world.apply()])
    const [legs] = await world.sql`
      SELECT count(*)::int FROM ledger_entries WHERE kind = 'fraction'`
    expect(legs!.count).toBe(12)
  })
})
