// Settlement on a real Postgres: one row per case where a table reads best, prose elsewhere.

import { decimal } from '@motu/shared/decimal.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_PROGRESS } from '../../src/engine/judgement.ts'
import { LostPartition, UnknownUser } from '../../src/engine/settle.ts'
import { createWallet } from '../database.ts'
import { APPLE, BTC, SAMSUNG, USD_KRW, World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await World.create()
})
afterAll(() => world.database.drop())

const user = (balance?: string): Promise<string> => createWallet(world.database.sql, balance)

describe('a market order', () => {
  it('is stored open with its hold while no event is eligible', async () => {
    const userId = await user()
    world.quote(BTC, 0, '9999000', '10000000')
    const [outcome] = await world.settle(world.place(userId, { quantity: decimal('1') }, 100))
    expect(outcome!.order).toMatchObject({ status: 'OPEN', waitingFor: 'EVENT' })
    const { balance, held } = await world.wallet(userId)
    expect(balance).toBe(decimal('100000000'))
    // Ask 10,000,000 and a collar of 5 %, and the fee of 0.05 %.
    expect(held).toBe(decimal('10505250'))
  })

  it('fills on the first event after its acceptance, never on one at the same instant', async () => {
    const userId = await user()
    world.quote(BTC, 1_000, '9999000', '10000000')
    const work = world.place(userId, { quantity: decimal('1') }, 1_000)
    const [waiting] = await world.settle(work)
    expect(waiting!.order!.status).toBe('OPEN')
    world.quote(BTC, 1_001, '10999000', '11000000')
    world.quote(BTC, 1_002, '7999000', '8000000')
    const [again] = await world.settle(work)
    expect(again!.order!.status).toBe('OPEN')
    const quote = world.market.eligible(waiting!.order!)[0]!
    const progress = NO_PROGRESS
    const [filled] = await world.settle({ kind: 'match', order: waiting!.order!, quote, progress })
    expect(filled!.order).toMatchObject({ status: 'FILLED', price: decimal('11000000') })
  })

  it('is stored and filled in one transaction when its event is already known', async () => {
    const userId = await user()
    world.quote(BTC, 2_000, '9999000', '10000000')
    world.quote(BTC, 2_500, '9999000', '10000000')
    const [outcome] = await world.settle(world.place(userId, { quantity: decimal('0.01') }, 2_100))
    expect(outcome!.order).toMatchObject({ status: 'FILLED', feeKrw: decimal('50'), holdKrw: 0n })
    const { balance, held, seq } = await world.wallet(userId)
    expect(balance).toBe(decimal('99899950'))
    expect(held).toBe(0n)
    expect(seq).toBe(1n)
    expect(await world.ledger(userId, 'CASH', 'KRW')).toBe(balance)
    expect(await world.ledger(userId, 'POSITION', BTC)).toBe(decimal('0.01'))
  })

  it.each([
    ['comes later', false],
    ['is known already', true],
  ])('by amount buys as much as it may cost, where its event %s', async (_, isKnown) => {
    const userId = await user()
    if (isKnown) world.quote(BTC, 2_800, '9999000', '10000000')
    const draft = { quantity: 0n, notional: decimal('1000001') }
    const work = world.place(userId, draft, 2_700)
    const [placed] = await world.settle(work)
    if (placed!.order!.status === 'OPEN') {
      world.quote(BTC, 2_900, '9999000', '10000000')
      const quote = world.market.eligible(placed!.order!)[0]!
      await world.settle({ kind: 'match', order: placed!.order!, quote, progress: NO_PROGRESS })
    }
    const [again] = await world.settle(work)
    expect(again!.order).toMatchObject({
      status: 'FILLED',
      filledQuantity: decimal('0.1000001'),
      requestedQuantity: decimal('0.1000001'),
      notionalKrw: decimal('1000001'),
    })
    expect((await world.wallet(userId)).held).toBe(0n)
  })

  it('fails without the money, and holds nothing', async () => {
    const userId = await user('1000')
    const [outcome] = await world.settle(world.place(userId, { quantity: decimal('1') }, 9_000))
    expect(outcome!.order).toMatchObject({ status: 'FAILED', reason: 'insufficient_funds' })
    expect((await world.wallet(userId)).held).toBe(0n)
  })
})

describe('a limit order', () => {
  it('rests with its hold until the ask comes down to it, then fills at its own price', async () => {
    const userId = await user()
    world.quote(BTC, 10_000, '9999000', '10000000')
    world.quote(BTC, 10_200, '9999000', '10000000')
    const limit = { quantity: decimal('1'), limitPrice: decimal('9500000') }
    const [resting] = await world.settle(world.place(userId, limit, 10_100))
    expect(resting!.order).toMatchObject({ status: 'OPEN', waitingFor: 'PRICE' })
    expect((await world.wallet(userId)).held).toBe(decimal('9504750'))
    world.quote(BTC, 10_300, '9399000', '9400000')
    const quote = world.ring.last(BTC)!
    const progress = { ...NO_PROGRESS, isMet: true }
    const [filled] = await world.settle({ kind: 'match', order: resting!.order!, quote, progress })
    // At its own price: whoever sold came to it.
    expect(filled!.order).toMatchObject({ status: 'FILLED', price: decimal('9500000') })
    expect(await world.wallet(userId)).toMatchObject({ held: 0n, balance: decimal('90495250') })
  })

  it('sells what is held only once', async () => {
    const userId = await user()
    world.quote(BTC, 11_000, '9999000', '10000000')
    await world.settle(world.place(userId, { quantity: decimal('1') }, 10_999))
    const sell = {
      side: 'SELL' as const,
      quantity: decimal('0.6'),
      limitPrice: decimal('11000000'),
    }
    const [first, second] = await world.settle(
      world.place(userId, sell, 11_000),
      world.place(userId, sell, 11_000),
    )
    expect(first!.order!.status).toBe('OPEN')
    expect(second!.order).toMatchObject({ status: 'FAILED', reason: 'insufficient_quantity' })
  })

  it.each([
    ['on the tick, inside the band', SAMSUNG, '51000', 'OPEN', null],
    ['off the tick', SAMSUNG, '51050', 'FAILED', 'tick_size'],
    ['at the upper limit', SAMSUNG, '66300', 'OPEN', null],
    ['above the upper limit', SAMSUNG, '66400', 'FAILED', 'price_limit'],
    ['of a share that is not listed', 'KRX-STOCK-999999', '51000', 'FAILED', 'unknown_instrument'],
  ] as const)('%s', async (_, tickerId, price, status, reason) => {
    const userId = await user()
    world.quote(SAMSUNG, 12_000, '51000', '51100')
    const draft = {
      tickerId,
      quantity: decimal('1'),
      limitPrice: decimal(price),
      timeInForce: 'DAY' as const,
    }
    const [outcome] = await world.settle(world.place(userId, draft, 12_000))
    expect(outcome!.order).toMatchObject({ status, reason })
  })

  it.each(['IOC', 'FOK'] as const)('%s ends with the first event', async (timeInForce) => {
    const userId = await user()
    world.quote(BTC, 13_000, '9999000', '10000000')
    const draft = { quantity: decimal('1'), limitPrice: decimal('9000000'), timeInForce }
    const [outcome] = await world.settle(world.place(userId, draft, 12_999))
    const reason = timeInForce === 'IOC' ? 'ioc_unfilled' : 'fok_unfilled'
    expect(outcome!.order).toMatchObject({ status: 'CANCELLED', reason, holdKrw: 0n })
  })
})

describe('dollars', () => {
  it('are booked at the mid of the moment and the spread, against the user', async () => {
    const userId = await user()
    world.quote(USD_KRW, 20_000, '1399', '1401')
    world.quote(APPLE, 20_001, '199.99', '200')
    const draft = { tickerId: APPLE, quantity: decimal('10') }
    const [bought] = await world.settle(world.place(userId, draft, 20_000))
    expect(bought!.order).toMatchObject({
      status: 'FILLED',
      appliedExchangeRate: decimal('1401.4'),
      notionalKrw: decimal('2802800'),
      feeKrw: decimal('2802.8'),
    })
    const sell = { ...draft, side: 'SELL' as const }
    const [sold] = await world.settle(world.place(userId, sell, 20_000))
    expect(sold!.order!.appliedExchangeRate).toBe(decimal('1398.6'))
    const [row] = await world.database.sql`
      SELECT realized_price_krw, realized_fx_krw, quantity, cost_krw FROM portfolios
      WHERE user_id = ${userId} AND ticker_id = ${APPLE}`
    // The price lost 0.1 dollars at 1,398.6; the exchange rate 2.8 won on each of 2,000 dollars.
    expect(row).toMatchObject({
      realized_price_krw: '-139.86000000',
      realized_fx_krw: '-5600.00000000',
      quantity: '0.00000000',
      cost_krw: '0.00000000',
    })
  })
})

describe('a duplicate', () => {
  it('changes nothing, in one batch or in two', async () => {
    const userId = await user()
    world.quote(BTC, 30_000, '9999000', '10000000')
    const work = world.place(userId, { quantity: decimal('0.1') }, 29_999)
    const [first, twin] = await world.settle(work, work)
    expect(twin!.order).toBe(first!.order)
    const before = await world.wallet(userId)
    await world.settle(work)
    expect(await world.wallet(userId)).toEqual(before)
  })

  it('of other content fails, once, and leaves the first order alone', async () => {
    const userId = await user()
    const first = { clientOrderId: 'mine', quantity: decimal('0.1') }
    const other = world.place(userId, { ...first, quantity: decimal('0.2') }, 30_001)
    const [kept, refused] = await world.settle(world.place(userId, first, 30_001), other)
    expect(kept!.order!.status).toBe('OPEN')
    expect(refused!.order).toMatchObject({ status: 'FAILED', reason: 'duplicate_mismatch' })
    const seq = (await world.wallet(userId)).seq
    await world.settle(other)
    expect((await world.wallet(userId)).seq).toBe(seq)
  })
})

describe('a cancel', () => {
  it('of an open order is DONE and gives the hold back', async () => {
    const userId = await user()
    world.quote(BTC, 40_000, '9999000', '10000000')
    const [open] = await world.settle(world.place(userId, { quantity: decimal('1') }, 40_000))
    const [done] = await world.settle(world.cancel(userId, open!.order!.id, 40_001))
    expect(done!.order).toMatchObject({ status: 'CANCELLED', cancelResult: 'DONE' })
    expect((await world.wallet(userId)).held).toBe(0n)
  })

  it('of a resting sell gives the shares back', async () => {
    const userId = await user()
    await world.settle(world.place(userId, { quantity: decimal('1') }, 39_999))
    const sell = { side: 'SELL' as const, quantity: decimal('1'), limitPrice: decimal('20000000') }
    const [open] = await world.settle(world.place(userId, sell, 40_000))
    await world.settle(world.cancel(userId, open!.order!.id, 40_001))
    const [row] = await world.database.sql`
      SELECT held_quantity FROM portfolios WHERE user_id = ${userId}`
    expect(row!.held_quantity).toBe('0.00000000')
  })

  it('that comes too late says so, once', async () => {
    const userId = await user()
    const [filled] = await world.settle(world.place(userId, { quantity: decimal('1') }, 39_999))
    const cancel = world.cancel(userId, filled!.order!.id, 40_001)
    const [late] = await world.settle(cancel)
    expect(late!.order).toMatchObject({ status: 'FILLED', cancelResult: 'TOO_LATE' })
    const { seq } = await world.wallet(userId)
    await world.settle(cancel)
    expect((await world.wallet(userId)).seq).toBe(seq)
  })

  it('that overtook its order cancels it when it arrives', async () => {
    const userId = await user()
    const place = world.place(userId, { quantity: decimal('1') }, 39_999)
    const [unknown] = await world.settle(world.cancel(userId, place.message.order_id, 40_001))
    expect(unknown!.order).toBeNull()
    const [cancelled] = await world.settle(place)
    expect(cancelled!.order).toMatchObject({ status: 'CANCELLED', cancelResult: 'DONE' })
  })
})

describe('the books', () => {
  it('refuse an epoch that is not the partition’s, and write nothing', async () => {
    const userId = await user()
    const { epochs } = world
    world.epochs = new Map([...epochs.keys()].map((partition) => [partition, 7n]))
    const work = world.place(userId, { quantity: decimal('0.1') })
    await expect(world.settle(work)).rejects.toBeInstanceOf(LostPartition)
    world.epochs = epochs
    const rows = await world.database.sql`SELECT 1 FROM orders WHERE user_id = ${userId}`
    expect(rows).toHaveLength(0)
  })

  it('know nobody without a wallet', async () => {
    const stranger = '00000000-0000-4000-8000-000000000000'
    const work = world.place(stranger, { quantity: decimal('0.1') })
    await expect(world.settle(work)).rejects.toBeInstanceOf(UnknownUser)
  })

  it('agree with the ledger for everyone, cash and shares', async () => {
    const rows = await world.database.sql`
      SELECT w.user_id FROM wallets w
      LEFT JOIN LATERAL (SELECT sum(CASE WHEN debit_account = 'CASH' THEN amount
          WHEN credit_account = 'CASH' THEN -amount END) AS cash
        FROM ledger_entries l WHERE l.user_id = w.user_id AND unit = 'KRW') l ON true
      LEFT JOIN LATERAL (SELECT sum(hold_krw) AS held FROM orders o
        WHERE o.user_id = w.user_id) o ON true
      WHERE l.cash IS DISTINCT FROM w.balance_krw OR coalesce(o.held, 0) <> w.held_krw`
    expect(rows).toEqual([])
  })

  it('number a user’s events without a gap', async () => {
    const rows = await world.database.sql`
      SELECT user_id FROM outbox GROUP BY user_id
      HAVING max(seq) <> count(*) OR min(seq) <> 1`
    expect(rows).toEqual([])
  })
})
