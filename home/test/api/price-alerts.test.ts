// Price alerts over HTTP: made, moved, deleted, listed. Telling them has its own tests.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  ACTIVE_ALERTS_MAX,
  ALERT_NOTE_MAX,
  ALERTS_PER_ANSWER_MAX,
  type NewAlert,
  type PriceAlert,
} from '@motu/shared/contract/price-alerts.ts'
import { INSTRUMENTS, registerInstruments } from '@motu/shared/instrument.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { deleteEnded, TOLD_ALERT_KEPT_MS } from '../../src/api/queries/housekeeping.ts'
import { marketEvent } from '../market-event.ts'
import { type Answer, createWorld, problemIn, type World } from './world.ts'

const BTC = 'CRYPTO-COIN-BTC'
const AAPL = 'US-STOCK-AAPL'
const ABOVE: NewAlert = { ticker_id: BTC, condition: 'ABOVE', price: '100.5', note: '위로' }

let world: World
let user: Awaited<ReturnType<World['signedIn']>>
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  user = await world.signedIn()
  await world.bus.publishMarket([marketEvent(BTC, 1, { price: '100' })])
})

const put = (id: string, body: unknown, token = user.access_token): Promise<Answer<PriceAlert>> =>
  world.call(`/api/v1/price-alerts/${id}`, { method: 'PUT', body, token })
const remove = (id: string, token = user.access_token): Promise<Answer> =>
  world.call(`/api/v1/price-alerts/${id}`, { method: 'DELETE', token })

async function alerts(token = user.access_token): Promise<PriceAlert[]> {
  const { status, body } = await world.call<{ alerts: PriceAlert[] }>('/api/v1/price-alerts', {
    token,
  })
  expect(status).toBe(200)
  return body.alerts
}

/** As the watcher would tell it. */
const tell = (id: string, price: string, atMs = world.clock.nowMs) => world.sql`
  UPDATE price_alerts SET told_at = ${new Date(atMs)}, told_price = ${price} WHERE id = ${id}`

describe('a price alert', () => {
  it('waits for the exchange rate as for a price', async () => {
    await world.bus.publishMarket([marketEvent(USD_KRW, 1, { price: '1465.5' })])
    const of = (price: string): NewAlert => ({ ...ABOVE, ticker_id: USD_KRW, price })
    expect(problemIn(await put(randomUUID(), of('1465.5')))).toEqual([
      409,
      'alert-already-met',
      '#/price',
    ])
    const { status, body } = await put(randomUUID(), of('1465.51'))
    expect([status, body.ticker_id, body.currency]).toEqual([200, USD_KRW, 'KRW'])
    const other = await put(randomUUID(), { ...ABOVE, ticker_id: 'FX-RATE-JPYKRW' })
    expect(problemIn(other)).toEqual([422, 'unknown-instrument', '#/ticker_id'])
  })

  it('is made once, however often it is asked for', async () => {
    const id = randomUUID()
    const made = await put(id, ABOVE)
    const expected: PriceAlert = {
      ...{ alert_id: id, ticker_id: BTC, condition: 'ABOVE', price: '100.5', currency: 'KRW' },
      ...{ note: '위로', created_at: new Date(world.clock.nowMs).toISOString() },
      ...{ told_at: null, told_price: null },
    }
    expect([made.status, made.body]).toEqual([200, expected])
    world.clock.nowMs += 1_000
    // Even once the price is beyond it: the answer to the first request may have been lost.
    await world.bus.publishMarket([marketEvent(BTC, 2, { price: '101' })])
    expect((await put(id, { ...ABOVE, price: '100.50' })).body).toEqual(expected)
    expect(await alerts()).toEqual([expected])
  })

  it('that was told stays told when it is asked for again, and waits anew with another line', async () => {
    const id = randomUUID()
    await put(id, ABOVE)
    await tell(id, '100.5')
    const [told] = await alerts()
    expect((await put(id, ABOVE)).body).toEqual(told)
    expect((await put(id, { ...ABOVE, note: '' })).body).toEqual({ ...told, note: '' })
    world.clock.nowMs += 1_000
    const moved = (await put(id, { ...ABOVE, price: '110' })).body
    const created_at = new Date(world.clock.nowMs).toISOString()
    const line = { price: '110', told_at: null, told_price: null }
    expect(moved).toEqual({ ...told, ...line, created_at })
    const turned = await put(id, { ...ABOVE, ticker_id: AAPL, condition: 'BELOW', price: '1' })
    expect(turned.body).toMatchObject({ ticker_id: AAPL, currency: 'USD', condition: 'BELOW' })
    expect(await alerts()).toHaveLength(1)
  })

  it.each<[condition: NewAlert['condition'], price: string, status: number]>([
    ['ABOVE', '100.00000001', 200],
    ['ABOVE', '100', 409],
    ['ABOVE', '99.99999999', 409],
    ['BELOW', '99.99999999', 200],
    ['BELOW', '100', 409],
    ['BELOW', '100.00000001', 409],
  ])('%s %s, with the price at 100, answers %i', async (condition, price, status) => {
    const answer = await put(randomUUID(), { ticker_id: BTC, condition, price })
    if (status === 200) return expect(answer.status).toBe(200)
    expect(problemIn(answer)).toEqual([409, 'alert-already-met', '#/price'])
    expect(await alerts()).toEqual([])
  })

  it('that is moved beyond the price is refused, and stays as it was', async () => {
    const id = randomUUID()
    const { body } = await put(id, ABOVE)
    expect(problemIn(await put(id, { ...ABOVE, price: '99' }))[1]).toBe('alert-already-met')
    expect(await alerts()).toEqual([body])
  })

  it('waits for a first price where none is known', async () => {
    const wanted = { ticker_id: AAPL, condition: 'ABOVE', price: '0.00000001' }
    expect((await put(randomUUID(), wanted)).body).toMatchObject({ note: '', currency: 'USD' })
  })

  it('is its owner’s alone, whoever chooses the same id', async () => {
    const id = randomUUID()
    const { body } = await put(id, ABOVE)
    const { access_token: other } = await world.signedIn()
    expect(await alerts(other)).toEqual([])
    const unknown = problemIn(await remove(randomUUID(), other))
    expect(problemIn(await remove(id, other))).toEqual(unknown)
    expect((await put(id, { ...ABOVE, price: '200' }, other)).status).toBe(200)
    expect((await remove(id, other)).status).toBe(204)
    expect(await alerts()).toEqual([body])
    expect((await remove(id)).status).toBe(204)
    expect(problemIn(await remove(id))).toEqual([404, 'not-found'])
    expect(unknown).toEqual([404, 'not-found'])
  })

  it.each<[what: string, change: object, pointer: string]>([
    ['a price of zero', { price: '0' }, '#/price'],
    ['a negative price', { price: '-1' }, '#/price'],
    ['a number for a price', { price: 100 }, '#/price'],
    ['too fine a price', { price: '1.000000001' }, '#/price'],
    ['too large a price', { price: '1000000000000' }, '#/price'],
    ['no such condition', { condition: 'NEAR' }, '#/condition'],
    ['a long note', { note: 'x'.repeat(ALERT_NOTE_MAX + 1) }, '#/note'],
    ['a note with a NUL', { note: 'a\0' }, '#/note'],
  ])('is refused with %s', async (_, change, pointer) => {
    const answer = await put(randomUUID(), { ...ABOVE, ...change })
    expect(problemIn(answer)).toEqual([400, 'invalid-request', pointer])
  })

  it('is refused for what has no prices', async () => {
    const unknown = await put(randomUUID(), { ...ABOVE, ticker_id: 'US-STOCK-NONE' })
    expect(problemIn(unknown)).toEqual([422, 'unknown-instrument', '#/ticker_id'])
    const gone = { ...INSTRUMENTS[0]!, tickerId: 'US-STOCK-GONE', status: 'DELISTED' as const }
    registerInstruments([gone], 'with one that is gone')
    const delisted = await put(randomUUID(), { ...ABOVE, ticker_id: 'US-STOCK-GONE' })
    registerInstruments([], 'built-in')
    expect(problemIn(delisted)).toEqual([422, 'instrument-delisted', '#/ticker_id'])
  })
})

/** Alerts of the user's, straight into the table: `told` of them told, a millisecond apart. */
async function fill({ waiting, told = 0 }: { waiting: number; told?: number }): Promise<void> {
  const at = new Date(world.clock.nowMs)
  await world.sql`
    INSERT INTO price_alerts (partition, user_id, id, ticker_id, condition, price, currency, note,
      created_at, told_at, told_price)
    SELECT ${partitionOf(user.user_id)}, ${user.user_id}, gen_random_uuid(), ${BTC}, 'ABOVE', 200,
      'KRW', n::text, ${at}, CASE WHEN n > ${waiting} THEN ${at} + n * interval '1 ms' END,
      CASE WHEN n > ${waiting} THEN 200 END
    FROM generate_series(1, ${waiting + told}) AS n`
}

describe('the alerts that wait', () => {
  it('are at the most as many as may wait, however many are made at once', async () => {
    await fill({ waiting: ACTIVE_ALERTS_MAX - 1, told: 3 })
    const answers = await Promise.all(Array.from({ length: 6 }, () => put(randomUUID(), ABOVE)))
    const made = answers.filter(({ status }) => status === 200)
    expect(made).toHaveLength(1)
    for (const answer of answers) {
      if (answer !== made[0]) expect(problemIn(answer)).toEqual([409, 'too-many-alerts'])
    }
    const id = made[0]!.body.alert_id
    expect((await put(id, { ...ABOVE, price: '150' })).status).toBe(200)
    const told = (await alerts()).find(({ told_at }) => told_at !== null)!.alert_id
    expect(problemIn(await put(told, ABOVE))).toEqual([409, 'too-many-alerts'])
    await tell(id, '150')
    expect((await put(randomUUID(), ABOVE)).status).toBe(200)
  })

  it('stand before those that were told, of which the last come first', async () => {
    await fill({ waiting: ACTIVE_ALERTS_MAX, told: ALERTS_PER_ANSWER_MAX })
    const listed = await alerts()
    expect(listed).toHaveLength(ALERTS_PER_ANSWER_MAX)
    const waiting = listed.slice(0, ACTIVE_ALERTS_MAX)
    expect(waiting.every(({ told_at }) => told_at === null)).toBe(true)
    const told = listed.slice(ACTIVE_ALERTS_MAX).map(({ note }) => note)
    expect(told).toEqual(Array.from({ length: 100 }, (_, n) => String(300 - n)))
  })
})

it('a told alert is kept for a while, one that waits for ever', async () => {
  await fill({ waiting: 1, told: 2 })
  const nowMs = world.clock.nowMs + TOLD_ALERT_KEPT_MS
  // They were told two and three milliseconds from now.
  await deleteEnded(world.sql, nowMs + 3)
  expect((await alerts()).map(({ note }) => note)).toEqual(['1', '3'])
  await deleteEnded(world.sql, nowMs + 4)
  expect((await alerts()).map(({ note }) => note)).toEqual(['1'])
})
