// The books under random lives of an account, and step by step where they are easy to get wrong.

import { decimal, formatDecimal, multiply, SCALE } from '@motu/shared/decimal.ts'
import { findInstrument, registerInstruments } from '@motu/shared/instrument.ts'
import { isFinal, ORDER_STATUSES, type Reason, REASONS } from '@motu/shared/order.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Account, NOON_MS, STARTING_CASH } from '../../test/engine/account.ts'
import { audit, foldOf, receiptRow } from '../../test/engine/audit.ts'
import { Life, step } from '../../test/engine/random-life.ts'
import { receiptFaults } from '../../test/engine/receipt-oracle.ts'
import { APPLE, BTC, engineQuote, orderRecord, USER, walletOf } from '../../test/engine/samples.ts'
import { Books, type Occasion } from './books.ts'
import type { DecidedFill } from './decide.ts'
import { PROFILE_NAMES, type ProfileName, PROFILES } from './fill-profile.ts'
import { NO_PROGRESS } from './judgement.ts'

/** Printed with a failure. */
const seed = 20_261_121

describe('the books', () => {
  it.each(PROFILE_NAMES)('agree with themselves after any life under %s', (name) => {
    const seen = { fills: 0, partly: 0, sold: 0 }
    const profile = PROFILES[name]
    const balance = decimal(STARTING_CASH)
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
        const life = new Life({ profile })
        const { account } = life
        for (const one of steps) {
          life.live(one)
          audit(account, balance)
        }
        for (const { tickerId, position } of account.positions.values()) {
          const { costNative, costKrw } = position
          expect({ costNative, costKrw }, `${tickerId} costs`).toEqual(foldOf(account, tickerId))
        }
        seen.fills += account.booked.length
        seen.sold += account.booked.filter(({ order }) => order.side === 'SELL').length
        seen.partly += [...account.orders.values()].filter((order) => order.fillCount > 1).length
      }),
      { numRuns: 100, seed },
    )
    // Not a property of nothing.
    expect(seen.fills).toBeGreaterThan(300)
    expect(seen.sold).toBeGreaterThan(30)
    expect(name === 'arcade' || seen.partly > 30).toBe(true)
  })

  it('come through a long life that ends in every way an order can', () => {
    const reasons = new Set<Reason | null>()
    const statuses = new Set<string>()
    let orders = 0
    let filled = 0
    const steps = fc.sample(step, { numRuns: 4_000, seed })
    for (const [index, name] of ['standard', 'strict', 'arcade', 'standard'].entries()) {
      const profile = PROFILES[name as ProfileName]
      // The last one by the real hours, a minute before the closing call of KRX.
      const startMs = index === 3 ? Date.parse('2026-11-20T15:19:00.000+09:00') : NOON_MS
      const life = new Life({ profile, alwaysOpen: index < 3, startMs })
      const { account } = life
      for (const [at, one] of steps.slice(index * 1_000, (index + 1) * 1_000).entries()) {
        life.live(one)
        if (at % 25 === 0) audit(account, decimal(STARTING_CASH))
      }
      account.take({ ...account.messageOf({}), sid: USER, exp: 0 })
      if (index === 0) delist(account)
      audit(account, decimal(STARTING_CASH))
      for (const { order } of account.events) statuses.add(order.status)
      for (const { reason, fillCount } of account.orders.values()) {
        reasons.add(reason)
        orders += 1
        filled += fillCount > 0 ? 1 : 0
      }
    }
    // PENDING is what the edge promises; an order in the books is past it.
    expect([...statuses].sort()).toEqual(ORDER_STATUSES.filter((one) => one !== 'PENDING').sort())
    const never = REASONS.filter((reason) => !reasons.has(reason))
    expect(never).toEqual([
      // An instrument that is halted keeps its orders waiting: nothing ends with it.
      'halted',
      // There is no margin yet.
      'liquidation',
      // A message of a user without a wallet is refused as a whole, and has no row.
      'unknown_user',
      // Splits adjust what waits in a work of their own.
      'corporate_action',
    ])
    expect(orders).toBeGreaterThan(800)
    expect(filled / orders).toBeGreaterThan(0.3)
  }, 15_000)

  it('know a message and an event that come again', () => {
    const life = new Life({ profile: PROFILES.standard })
    const { account } = life
    for (const one of fc.sample(step, { numRuns: 300, seed })) life.live(one)
    const snapshot = () => JSON.stringify(stateOf(account), withBigints)
    const before = snapshot()
    for (const message of life.messages) account.take(message)
    for (const { order, quote } of account.booked) {
      if (isFinal(order.status)) account.match(order, quote, NO_PROGRESS)
    }
    expect(snapshot()).toBe(before)
  })
})

function delist(account: Account): void {
  account.place({ limitPrice: decimal('1000000') })
  registerInstruments([{ ...findInstrument(BTC)!, status: 'DELISTED' }], 'a test')
  account.tick()
  account.place({ limitPrice: decimal('1000000') })
  registerInstruments([], 'built-in')
}

const withBigints = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}n` : value

function stateOf({ wallet, orders, positions, legs, events }: Account) {
  return { wallet, orders: [...orders], positions: [...positions], legs, events: events.length }
}

describe('a receipt', () => {
  const account = new Account({ profile: PROFILES.standard })
  account.observe({ bid: '199', ask: '200' }, APPLE)
  const buy = account.place({ tickerId: APPLE, quantity: decimal('3') })
  account.observe({ bid: '199', ask: '200' }, APPLE)
  const sell = account.place({ tickerId: APPLE, side: 'SELL', quantity: decimal('3') })
  account.observe({ bid: '199', ask: '200', bids: [['199', '1']], asks: [['200', '1']] }, APPLE)

  it.each([
    ['of a buy', buy, 1],
    ['of a sell in three fills', sell, 3],
  ] as const)('%s is found right by the oracle', (_, order, count) => {
    const rows = account.fills.get(order.id)!.map(receiptRow)
    expect(rows).toHaveLength(count)
    expect(receiptFaults({ ...order, orderId: order.id }, rows)).toEqual([])
  })

  type Row = ReturnType<typeof receiptRow>
  const withCharge = (row: Row, index: number, change: object): Row => {
    const charges = row.evidence.charges.map((one, at) =>
      at === index ? { ...one, ...change } : one,
    )
    return { ...row, evidence: { ...row.evidence, charges } }
  }
  it.each<[string, (row: Row) => Row, RegExp]>([
    ['another notional', (row) => ({ ...row, notionalKrw: more(row.notionalKrw) }), /notional/],
    ['another fee', (row) => ({ ...row, feeKrw: more(row.feeKrw) }), /fee/],
    ['another price', (row) => ({ ...row, price: more(row.price) }), /notional/],
    [
      'another rate',
      (row) => ({ ...row, appliedExchangeRate: more(row.appliedExchangeRate) }),
      /applied exchange rate/,
    ],
    ['another number', (row) => ({ ...row, fillNo: 7 }), /number/],
    ['another rate of the tax', (row) => withCharge(row, 1, { rate: '0.0021' }), /sec_fee/],
    ['another rate of the fee', (row) => withCharge(row, 2, { rate: '0.0002' }), /taf/],
    [
      'a charge that was none',
      (row) => withCharge(row, 2, { kind: 'transaction_tax' }),
      /taf is m/,
    ],
    ['a charge left out', (row) => withCharge(row, 0, { kind: 'taf' }), /commission is missing/],
    [
      'an exchange rate of last week',
      ({ evidence, ...row }) => {
        const fx = { ...evidence.fx, at: '2026-11-10T00:00:00.000Z' }
        return { ...row, evidence: { ...evidence, fx } }
      },
      /exchange rate of/,
    ],
    [
      'the seed of another order',
      ({ evidence, ...row }) => ({ ...row, evidence: { ...evidence, seed: 1 } }),
      /seed/,
    ],
  ])('with %s is found wrong', (_, change, fault) => {
    const [first, ...rest] = account.fills.get(sell.id)!.map(receiptRow)
    const faults = receiptFaults({ ...sell, orderId: sell.id }, [change(first!), ...rest])
    expect(faults.join('\n')).toMatch(fault)
  })
})

const more = (text: string): string => formatDecimal(decimal(text.replace(/0+$/, '0')) + 1n)

describe('the books step by step', () => {
  it('give back what a fill did not need of its hold', () => {
    const account = new Account()
    account.observe({ bid: '9000', ask: '10000' })
    const order = account.place({ limitPrice: decimal('10000') })
    expect(account.wallet.heldKrw).toBe(decimal('10005'))
    account.observe({ bid: '7000', ask: '8000' })
    expect(order.status).toBe('FILLED')
    expect(account.wallet).toMatchObject({ heldKrw: 0n, balanceKrw: decimal('99991996') })
  })

  it('take from free cash what a fill needs beyond its hold', () => {
    const account = new Account({ balance: '20000' })
    account.observe({ bid: '9000', ask: '10000' })
    const order = account.place({})
    expect(account.wallet.heldKrw).toBe(decimal('10505.25'))
    account.observe({ bid: '14000', ask: '15000' })
    expect(order.status).toBe('FILLED')
    expect(account.wallet).toMatchObject({ heldKrw: 0n, balanceKrw: decimal('4992.5') })
  })

  it('weigh the price of several fills by quantity', () => {
    const account = new Account({ profile: PROFILES.standard })
    account.observe({ bid: '9000', ask: '10000' })
    const order = account.place({ quantity: decimal('4'), limitPrice: decimal('10000') })
    expect(order.holdKrw).toBe(decimal('40020'))
    const bids: [string, string][] = [['7000', '1']]
    account.observe({ bid: '7000', ask: '8000', bids, asks: [['8000', '1']] })
    const firstAt = account.nowMs
    expect(order).toMatchObject({
      status: 'PARTIALLY_FILLED',
      filledAt: firstAt,
      waitingFor: 'PRICE',
    })
    expect(order.settledLate).toBe(false)
    // The fill and its fee came out of the hold, the rest waits on with what is left.
    expect(order.holdKrw).toBe(decimal('32016'))
    account.observe({ bid: '7000', ask: '8000', epoch: 'another' })
    expect(order).toMatchObject({
      status: 'FILLED',
      // 1 at 8,000, taken; 3 at 10,000, where it rested.
      price: decimal('9500'),
      notionalKrw: decimal('38000'),
      feeKrw: multiply(decimal('38000'), decimal('0.0005'), 'up'),
      filledAt: account.nowMs,
      settledLate: true,
      fillCount: 2,
    })
    expect(account.fills.get(order.id)!.map((row) => row.fillNo)).toEqual([1, 2])
  })

  it('weigh the exchange rate of several fills by notional', () => {
    const account = new Account()
    const order = account.place({
      tickerId: APPLE,
      quantity: 2n * SCALE,
      limitPrice: decimal('300'),
    })
    const fill = (price: string, rate: string, notional: string): DecidedFill => ({
      ...{ quantity: SCALE, price: decimal(price), appliedExchangeRate: decimal(rate) },
      ...{ notionalKrw: decimal(notional), feeKrw: 0n, charges: [], role: 'taker', displayed: 0n },
      ...{ queue: null, fx: { mid: decimal(rate), at: 0, source: 'test' } },
    })
    const occasion: Occasion = { quote: engineQuote('1', '2'), profile: PROFILES.arcade }
    account.settle((books) => {
      books.fill(order, fill('100', '1000', '100000'), occasion)
      books.fill(order, fill('300', '2000', '600000'), occasion)
    })
    // (1,000 × 100,000 + 2,000 × 600,000) / 700,000
    expect(order.appliedExchangeRate).toBe(decimal('1857.14285714'))
    expect(order.price).toBe(decimal('200'))
  })

  it('refuse a step that the order may not take', () => {
    const account = new Account()
    const order = account.place({ limitPrice: decimal('10000') })
    account.cancel(order.id)
    expect(order).toMatchObject({ status: 'CANCELLED', reason: 'cancelled_by_user' })
    expect(() => account.settle((books) => books.advance(order, 'FILLED'))).toThrow(
      'CANCELLED to FILLED',
    )
  })

  it('tell of an order as it stood then', () => {
    const account = new Account()
    account.observe({ bid: '9000', ask: '10000' })
    account.place({})
    account.observe({ bid: '9000', ask: '10000' })
    const told = account.events.map((event) => [event.order.status, event.newFills])
    expect(told).toEqual([
      ['OPEN', 0],
      ['FILLED', 1],
    ])
  })

  it('keep the first of two cancels that came before their order', () => {
    const books = new Books()
    books.cancelEarly(USER, 'order-1', 10)
    books.cancelEarly(USER, 'order-1', 20)
    expect(books.earlyCancels.get('order-1')).toBe(10)
    expect(books.newEarlyCancels.get('order-1')).toEqual({ userId: USER, requestedAt: 10 })
  })

  it('end an order whose cancel came first, without a hold or a fill', () => {
    const account = new Account()
    account.observe({ bid: '9000', ask: '10000' })
    const message = account.messageOf({})
    account.cancel(message.order_id)
    account.observe({ bid: '9000', ask: '10000' })
    expect(account.take(message)).toMatchObject({
      ...{ status: 'CANCELLED', reason: 'cancelled_by_user', cancelResult: 'DONE', fillCount: 0 },
    })
    expect(account.wallet.heldKrw).toBe(0n)
  })

  it('know which rows are new, which changed and which are closed', () => {
    const books = new Books()
    books.wallets.set(USER, walletOf(USER, '100'))
    const known = orderRecord({ id: 'known', status: 'OPEN', holdKrw: decimal('10') })
    books.orders.set(known.id, known)
    books.wallets.get(USER)!.heldKrw = decimal('10')
    books.advance(known, 'CANCELLED', 'cancelled_by_user')
    const fresh = orderRecord({ id: 'fresh' })
    books.insert(fresh, { ownsClientId: false })
    books.advance(fresh, 'FAILED', 'duplicate_mismatch')
    expect([...books.insertedOrders]).toEqual([fresh])
    expect([...books.updatedOrders]).toEqual([known])
    expect([...books.closedOrders]).toEqual([known])
    expect(books.clientIds.size).toBe(0)
    expect(books.wallets.get(USER)!.heldKrw).toBe(0n)
  })
})
