// What an event does to an order once, and only once: met again, met after a restart, met together
// with the other exit, met though it belongs to an auction that was over.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { OrderDraft, OrderTerms } from '@motu/shared/order.ts'
import { legIdOf } from '@motu/shared/order-id.ts'
import { describe, expect, it } from 'vitest'
import { Account } from '../../test/engine/account.ts'
import { SAMSUNG, USER, walletOf } from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { cancel } from './apply.ts'
import { PROFILES } from './fill-profile.ts'
import { NO_PROGRESS } from './judgement.ts'

const STOP: OrderTerms = {
  ...{ type: 'STOP', limitPrice: null, timeInForce: 'GTC' },
  stopPrice: decimal('8000'),
}
/** Ten to sell at 12,000, or at the market from 8,000 down. */
const OCO: Partial<OrderDraft> = {
  ...{ orderClass: 'OCO', side: 'SELL', quantity: decimal('10') },
  ...{ limitPrice: decimal('12000'), stopLoss: STOP },
}
const POST_ONLY = { quantity: decimal('1'), limitPrice: decimal('10000'), postOnly: true } as const

/** One price for all, with so many on each side; or another bid. */
function says(account: Account, price: string, size = '1000', bid = price): void {
  const book = {
    bids: [[bid, size]] as [string, string][],
    asks: [[price, size]] as [string, string][],
  }
  account.observe({ bid, ask: price, price, ...book })
}

function standard(held = '0'): Account {
  const account = new Account({ profile: PROFILES.standard })
  says(account, '10000')
  if (held !== '0') {
    account.place({ quantity: decimal(held) })
    says(account, '10000')
  }
  return account
}

/** In short: the status, what it waits for or why it ended, and how much of how much. */
function told(order: OrderRecord): string {
  const { status, waitingFor, reason, filledQuantity, requestedQuantity } = order
  const of = `${formatDecimal(filledQuantity)}/${formatDecimal(requestedQuantity)}`
  return [status, waitingFor ?? reason, of].filter((part) => part !== null).join(' ')
}

const stopOf = (account: Account, leader: OrderRecord): OrderRecord =>
  account.orders.get(legIdOf(leader.id, 'STOP_LOSS'))!

describe('an event that is met again changes nothing:', () => {
  type Scene = { account: Account; order: OrderRecord }
  it.each<[string, () => Scene, string]>([
    [
      'a limit that filled in part',
      () => {
        const account = standard()
        says(account, '10500')
        const order = account.place({ quantity: decimal('10'), limitPrice: decimal('10000') })
        says(account, '10000', '4')
        return { account, order }
      },
      'PARTIALLY_FILLED PRICE 4/10',
    ],
    [
      'a limit that filled in part twice',
      () => {
        const account = standard()
        const order = account.place({ quantity: decimal('10'), limitPrice: decimal('10000') })
        says(account, '10000', '4')
        says(account, '9900', '3')
        return { account, order }
      },
      'PARTIALLY_FILLED PRICE 7/10',
    ],
    [
      'a stop that triggered',
      () => {
        const account = standard('1')
        const order = account.place({ ...STOP, side: 'SELL', quantity: decimal('1') })
        says(account, '8000')
        return { account, order }
      },
      'OPEN EVENT 0/1',
    ],
    [
      'a post-only order that began to rest',
      () => {
        const account = standard()
        const order = account.place(POST_ONLY)
        says(account, '10500')
        return { account, order }
      },
      'OPEN PRICE 0/1',
    ],
    [
      'a post-only order that began to rest on an event that tells of trades at its price',
      () => {
        const account = standard()
        const order = account.place(POST_ONLY)
        const prints: [string, string, 'SELL'][] = [['9900', '50', 'SELL']]
        const bids: [string, string][] = [['10000', '1']]
        const book = { bids, asks: [['10500', '5']] as [string, string][] }
        account.observe({ bid: '10000', ask: '10500', ...book, prints })
        return { account, order }
      },
      'OPEN PRICE 0/1',
    ],
    [
      'an exit that filled in part',
      () => {
        const account = standard('10')
        const order = account.place(OCO)
        says(account, '12500', '3', '12000')
        return { account, order }
      },
      'PARTIALLY_FILLED PRICE 3/10',
    ],
  ])('%s', (_, live, expected) => {
    const { account, order } = live()
    expect(told(order)).toBe(expected)
    const before = { ...order }
    const [fills, events] = [account.booked.length, account.events.length]
    const { quote, progress } = account.lastMatch!
    expect(account.lastMatch!.order).toBe(order)
    account.match(order, quote, progress)
    account.match(order, quote, NO_PROGRESS)
    account.restart()
    account.restart({ keepsRing: false })
    expect(order).toEqual(before)
    // Nor is anybody told the same thing twice.
    expect([account.booked.length, account.events.length]).toEqual([fills, events])
  })
})

describe('a post-only order', () => {
  it.each<[string, (account: Account) => void, string, string | null]>([
    ['takes nothing on its first event', () => undefined, 'FAILED post_only_would_take 0/1', null],
    ['rests, and is taken from', (account) => says(account, '10500'), 'FILLED 1/1', 'maker'],
    [
      'that rests is a maker after a restart',
      (account) => {
        says(account, '10500')
        account.restart()
      },
      'FILLED 1/1',
      'maker',
    ],
    [
      'that rests is a maker after a restart that knows no event',
      (account) => {
        says(account, '10500')
        account.restart({ keepsRing: false })
      },
      'FILLED 1/1',
      'maker',
    ],
    [
      'that has met nothing before a restart takes nothing after it',
      (account) => account.restart({ keepsRing: false }),
      'FAILED post_only_would_take 0/1',
      null,
    ],
  ])('%s', (_, live, expected, role) => {
    const account = standard()
    const order = account.place(POST_ONLY)
    expect(told(order)).toBe('OPEN EVENT 0/1')
    live(account)
    says(account, '9900')
    expect(told(order)).toBe(expected)
    expect(account.booked[0]?.fill.role ?? null).toBe(role)
    if (role) expect(order.price).toBe(decimal('10000'))
  })

  it('that rests is filled by what trades after a restart', () => {
    const account = standard()
    const order = account.place(POST_ONLY)
    says(account, '10500')
    account.restart()
    const book = { bids: [], asks: [['10500', '5']] as [string, string][] }
    account.observe({ bid: '9900', ask: '10500', ...book, prints: [['9900', '50', 'SELL']] })
    expect([told(order), order.price]).toEqual(['FILLED 1/1', decimal('10000')])
  })

  it('that rests is filled by the candle of a gap that opened beyond it', () => {
    const account = standard()
    const order = account.place(POST_ONLY)
    says(account, '10500')
    account.restart()
    account.waiting.put(order, account.nowMs, NO_PROGRESS)
    account.observeCandle({ open: decimal('9000'), high: decimal('9500'), low: decimal('8900') })
    expect([told(order), order.price]).toEqual(['FILLED 1/1', decimal('10000')])
  })
})

describe('a limit that filled in part is a maker for its rest', () => {
  it.each([
    ['after a restart', true],
    ['after a restart that knows no event', false],
  ])('%s', (_, keepsRing) => {
    const account = standard()
    const order = account.place({ quantity: decimal('10'), limitPrice: decimal('10000') })
    says(account, '10000', '4')
    account.restart({ keepsRing })
    says(account, '9000')
    expect([told(order), order.price]).toEqual(['FILLED 10/10', decimal('10000')])
    expect(account.booked.map(({ fill }) => fill.role)).toEqual(['taker', 'maker'])
  })
})

describe('of two exits that one event reaches', () => {
  const both = { open: decimal('10000'), high: decimal('12500'), low: decimal('7500') }
  it.each<[string, (account: Account) => void]>([
    ['at once', () => undefined],
    ['once they rest', (account) => says(account, '10000')],
    [
      'after a restart',
      (account) => {
        says(account, '10000')
        account.restart({ keepsRing: false })
        says(account, '10000')
      },
    ],
  ])('the stop goes first, %s', (_, live) => {
    const account = standard('10')
    const target = account.place(OCO)
    live(account)
    account.observeCandle(both)
    const loss = stopOf(account, target)
    expect([told(target), told(loss)]).toEqual(['OPEN PRICE 0/10', 'OPEN EVENT 0/10'])
    expect([target.holdQuantity, loss.holdQuantity]).toEqual([0n, decimal('10')])
    says(account, '9000')
    expect([told(target), told(loss)]).toEqual(['CANCELLED oco_sibling 0/10', 'FILLED 10/10'])
  })
})

describe('the price of an auction is for those who were there before it ended:', () => {
  const day = (time: string): number => Date.parse(`2026-11-20T${time}+09:00`)
  it.each<[string, string, Partial<OrderDraft>, string, string]>([
    ['in the closing call', '15:29:59.999', {}, '15:30:01.000', 'FILLED 1/1'],
    ['just as it ended', '15:30:00.000', {}, '15:30:01.000', 'OPEN SESSION 0/1'],
    ['a moment after it', '15:30:00.900', {}, '15:30:01.000', 'OPEN SESSION 0/1'],
    [
      'for the session after',
      '15:10:00.000',
      { sessions: ['after'] },
      '15:30:01.000',
      'OPEN SESSION 0/1',
    ],
    ['in the opening call', '08:59:59.999', {}, '09:00:01.000', 'FILLED 1/1'],
    ['just after the opening call', '09:00:00.000', {}, '09:00:01.000', 'OPEN PRICE 0/1'],
    [
      'then, or not at all',
      '09:00:00.000',
      { timeInForce: 'IOC' },
      '09:00:01.000',
      'OPEN PRICE 0/1',
    ],
    ['in an auction of the day’s middle', '12:01:59.000', {}, '12:02:00.000', 'FILLED 1/1'],
  ])('accepted %s', (_, acceptedAt, change, endedAt, expected) => {
    const startMs = day(acceptedAt) - 10_000
    const account = new Account({ profile: PROFILES.arcade, alwaysOpen: false, startMs })
    account.observe({ bid: '50000', ask: '50100', phase: 'auction' }, SAMSUNG)
    account.nowMs = day(acceptedAt)
    const order = account.place({ tickerId: SAMSUNG, limitPrice: decimal('51000'), ...change })
    account.nowMs = day(endedAt) - 1
    const uncross = { price: '50000', quantity: '9' }
    account.observe({ bid: '50000', ask: '50100', base_price: '50000', uncross }, SAMSUNG)
    expect(told(order)).toBe(expected)
  })
})

it('a cancel of another’s order is one of an order that nobody knows', () => {
  const account = standard()
  const order = account.place({ quantity: decimal('1'), limitPrice: decimal('9000') })
  const other = '00000000-0000-4000-8000-000000000002'
  const outcome = account.settle((books) => {
    books.wallets.set(other, walletOf(other, '1000000'))
    return cancel(account.context, books, {
      ...({ v: 1, kind: 'cancel', sid: null, exp: 0 } as const),
      ...{ order_id: order.id, user_id: other },
      cancel_requested_at: new Date(account.nowMs).toISOString(),
    })
  })
  expect(outcome).toBeNull()
  expect([told(order), order.cancelResult, order.userId]).toEqual(['OPEN PRICE 0/1', null, USER])
})
