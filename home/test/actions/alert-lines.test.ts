// What a split does to price alerts: the line of one that waits is a price of before the ex-date too.

import { afterEach, beforeEach, expect, it } from 'vitest'
import { ActionWorld } from './world.ts'

const SAMSUNG = 'KRX-STOCK-005930'
const APPLE = 'US-STOCK-AAPL'
const EX_DATE = '2026-11-20'

let world: ActionWorld
beforeEach(async () => {
  world = await ActionWorld.create()
  world.nowMs = Date.parse('2026-11-19T15:00:00Z')
})
afterEach(() => world.database.drop())

it('moves the lines of alerts that wait, made before the ex-date', async () => {
  const userId = '00000000-0000-4000-8000-000000000001'
  const [until, from] = ['2026-11-19T14:59:59.999Z', '2026-11-19T15:00:00.000Z']
  await world.sql`
    INSERT INTO users (id, partition, username, nickname, role, created_at)
    VALUES (${userId}, 0, 'watcher', 'Watcher', 'USER', ${until})`
  const rows = [
    [SAMSUNG, '60000', until, null],
    [SAMSUNG, '0.00000001', until, null],
    [SAMSUNG, '61000', from, null],
    [SAMSUNG, '50000', until, '50000'],
    [APPLE, '100', until, null],
  ] as const
  for (const [ticker, price, at, told] of rows) {
    await world.sql`
      INSERT INTO price_alerts (partition, user_id, id, ticker_id, condition, price, currency,
        note, created_at, told_at, told_price)
      VALUES (0, ${userId}, gen_random_uuid(), ${ticker}, 'ABOVE', ${price}, 'KRW', ${price},
        ${at}, ${told && at}, ${told})`
  }
  await world.split(SAMSUNG, EX_DATE, '1', '50')
  await world.apply()
  const after = await world.sql<{ note: string; price: string }[]>`
    SELECT note, trim_scale(price)::text AS price FROM price_alerts`
  const prices = Object.fromEntries(after.map(({ note, price }) => [note, price]))
  expect(prices).toEqual({
    ...{ 60000: '1200', '0.00000001': '0.00000001', 61000: '61000', 50000: '50000', 100: '100' },
  })
})
