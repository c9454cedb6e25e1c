// The books under random sequences of orders, events, fills in parts and cancels.

import { type Decimal, decimal, multiply, SCALE } from '@motu/shared/decimal.ts'
import type { Fill } from '@motu/shared/fill.ts'
import { isFinal, type Side } from '@motu/shared/order.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Account, STARTING_CASH } from '../../test/engine/account.ts'
import { APPLE, BTC, engineQuote, orderRecord, USER } from '../../test/engine/samples.ts'
import type { Books } from './books.ts'
import type { EngineQuote } from './quote-ring.ts'

const sum = (values: Iterable<Decimal>): Decimal => [...values].reduce((a, b) => a + b, 0n)

/** What the ledger says of an account of the user, in one unit. */
function ledger(books: Books, account: string, unit: string): Decimal {
  const legs = books.legs.filter((leg) => leg.unit === unit)
  const debits = legs.filter((leg) => leg.debit === account).map((leg) => leg.amount)
  const credits = legs.filter((leg) => leg.credit === account).map((leg) => leg.amount)
  return sum(debits) - sum(credits)
}

function checkMoney({ books, orders, wallet }: Account): void {
  expect(wallet.heldKrw >= 0n && wallet.heldKrw <= wallet.balanceKrw).toBe(true)
  expect(wallet.heldKrw).toBe(sum(orders.map((order) => order.holdKrw)))
  expect(wallet.balanceKrw).toBe(decimal(STARTING_CASH) + ledger(books, 'CASH', 'KRW'))
  expect(ledger(books, 'FEE', 'KRW')).toBe(sum(orders.map((order) => order.feeKrw)))
  let realized = 0n
  for (const { tickerId, position } of books.positions.values()) {
    expect(position.heldQuantity >= 0n && position.heldQuantity <= position.quantity).toBe(true)
    const own = orders.filter((order) => order.tickerId === tickerId)
    expect(position.heldQuantity).toBe(sum(own.map((order) => order.holdQuantity)))
    expect(position.quantity).toBe(ledger(books, 'POSITION', tickerId))
    expect(ledger(books, 'MARKET', tickerId)).toBe(-position.quantity)
    realized += position.realizedPriceKrw + position.realizedFxKrw
  }
  expect(wallet.realizedPnlKrw).toBe(realized)
}

function checkOrders({ books, orders, wallet }: Account): void {
  for (const order of orders) {
    if (isFinal(order.status)) expect([order.holdKrw, order.holdQuantity]).toEqual([0n, 0n])
    const fills = (books.fills.get(order) ?? []).map((row) => row.fill)
    expect(order.fillCount).toBe(fills.length)
    expect(order.filledQuantity).toBe(sum(fills.map((fill) => fill.quantity)))
    expect(order.notionalKrw).toBe(sum(fills.map((fill) => fill.notionalKrw)))
    expect(order.feeKrw).toBe(sum(fills.map((fill) => fill.feeKrw)))
    expect(order.filledQuantity <= order.requestedQuantity).toBe(true)
    expect(order.status === 'FAILED' && order.fillCount > 0).toBe(false)
  }
  expect(books.legs.every((leg) => leg.amount > 0n)).toBe(true)
  const keys = books.legs.map((leg) => `${leg.sourceId} ${leg.legNo}`)
  expect(new Set(keys).size).toBe(keys.length)
  expect(books.events.map((event) => event.seq)).toEqual(
    books.events.map((_, index) => BigInt(index + 1)),
  )
  expect(wallet.eventSeq).toBe(BigInt(books.events.length))
}

const percent = fc.bigInt({ min: 1n, max: 100n })
const placing = fc.record({
  do: fc.constant('place' as const),
  tickerId: fc.constantFrom(BTC, APPLE),
  side: fc.constantFrom<Side>('BUY', 'SELL'),
  quantity: fc.bigInt({ min: 1n, max: 3n * SCALE }),
  limit: fc.option(fc.bigInt({ min: 70n, max: 130n })),
})
const matching = fc.record({
  do: fc.constant('match' as const),
  index: fc.nat(),
  level: percent,
  part: percent,
})
const cancelling = fc.record({ do: fc.constant('cancel' as const), index: fc.nat() })
const step = fc.oneof(
  { weight: 3, arbitrary: placing },
  { weight: 6, arbitrary: matching },
  { weight: 1, arbitrary: cancelling },
)

describe('the books', () => {
  it('agree with themselves after any sequence of orders, events and cancels', () => {
    const filled = { whole: 0, part: 0, sold: 0 }
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (steps) => {
        const account = new Account()
        const base = (tickerId: string): Decimal => decimal(tickerId === BTC ? '3000000' : '2000')
        const at = (tickerId: string, level: bigint): EngineQuote => {
          const bid = (base(tickerId) * (level + 50n)) / 100n
          return { ...engineQuote('1', '1'), tickerId, bid, ask: bid + bid / 1_000n }
        }
        for (const one of steps) {
          if (one.do === 'place') {
            const { tickerId, side, limit } = one
            // A sell asks for some of what is there, or for what is not.
            const owned = account.books.position(USER, tickerId).position.quantity
            const isOfOwned = side === 'SELL' && owned > 0n
            const requestedQuantity = isOfOwned ? (one.quantity % owned) + 1n : one.quantity
            const limitPrice = limit === null ? null : (base(tickerId) * limit) / 100n
            account.place({ tickerId, side, requestedQuantity, limitPrice }, at(tickerId, 50n))
          } else {
            const open = account.orders.filter((order) => !isFinal(order.status))
            const order = open[one.index % open.length]
            if (!order) continue
            if (one.do === 'cancel') account.cancel(order)
            else account.match(order, at(order.tickerId, one.level), one.part)
          }
          checkMoney(account)
          checkOrders(account)
        }
        filled.whole += account.orders.filter((order) => order.status === 'FILLED').length
        filled.sold += account.orders.filter(
          ({ side, fillCount }) => side === 'SELL' && fillCount > 0,
        ).length
        filled.part += account.orders.filter((order) => order.fillCount > 1).length
      }),
      { numRuns: 300 },
    )
    // Not a property of nothing: the sequences did fill orders, some of them in parts.
    expect(filled.whole).toBeGreaterThan(100)
    expect(filled.part).toBeGreaterThan(100)
    expect(filled.sold).toBeGreaterThan(30)
  })

  it('give back what a fill did not need of its hold', () => {
    const account = new Account()
    const order = account.place({ limitPrice: decimal('1000') }, engineQuote('900', '1000'))
    expect(account.wallet.heldKrw).toBe(decimal('1000.5'))
    account.match(order, engineQuote('700', '800'))
    expect(order.status).toBe('FILLED')
    expect(account.wallet).toMatchObject({ heldKrw: 0n, balanceKrw: decimal('99999199.6') })
  })

  it('take from free cash what a fill needs beyond its hold', () => {
    const account = new Account('20000')
    const order = account.place({}, engineQuote('9000', '10000'))
    expect(account.wallet.heldKrw).toBe(decimal('10505.25'))
    account.match(order, engineQuote('14000', '15000'))
    expect(account.wallet).toMatchObject({ heldKrw: 0n, balanceKrw: decimal('4992.5') })
  })

  it('weigh the price of several fills by quantity', () => {
    const account = new Account()
    const order = account.place(
      { requestedQuantity: decimal('4'), limitPrice: decimal('1000') },
      engineQuote('900', '1000'),
    )
    account.match(order, engineQuote('900', '1000', { receivedAt: 10 }), 25n)
    expect(order).toMatchObject({ status: 'PARTIALLY_FILLED', filledAt: 10, settledLate: false })
    // 4,002 held at first: the fill and its fee came out of it, the rest waits on.
    expect(order.holdKrw).toBe(decimal('3001.5'))
    account.match(order, engineQuote('700', '800', { receivedAt: 20, afterGap: true }))
    expect(order).toMatchObject({
      status: 'FILLED',
      price: decimal('850'),
      notionalKrw: decimal('3400'),
      feeKrw: multiply(decimal('3400'), decimal('0.0005'), 'up'),
      filledAt: 20,
      settledLate: true,
      fillCount: 2,
    })
    expect(account.books.fills.get(order)!.map((row) => row.fillNo)).toEqual([1, 2])
  })

  it('weigh the exchange rate of several fills by notional', () => {
    const account = new Account()
    const quantity = SCALE
    const limitPrice = decimal('300')
    const more = { tickerId: APPLE, requestedQuantity: 2n * SCALE, limitPrice }
    const order = account.place(more, engineQuote('1', '2'))
    const fill = (price: string, rate: string, notional: string): Fill => ({
      quantity,
      price: decimal(price),
      appliedExchangeRate: decimal(rate),
      notionalKrw: decimal(notional),
      feeKrw: 0n,
    })
    account.books.fill(order, fill('100', '1000', '100000'), engineQuote('1', '2'))
    account.books.fill(order, fill('300', '2000', '600000'), engineQuote('1', '2'))
    // (1,000 × 100,000 + 2,000 × 600,000) / 700,000
    expect(order.appliedExchangeRate).toBe(decimal('1857.14285714'))
    expect(order.price).toBe(decimal('200'))
  })

  it('refuse a step that the order may not take', () => {
    const account = new Account()
    const order = account.place({}, engineQuote('9000', '10000'))
    account.cancel(order)
    expect(() => account.books.advance(order, 'FILLED')).toThrow('CANCELLED to FILLED')
  })

  it('tell of an order as it stood then', () => {
    const account = new Account()
    const order = account.place({}, engineQuote('9000', '10000'))
    account.match(order, engineQuote('9000', '10000'))
    const told = account.books.events.map((event) => [event.order.status, event.newFills])
    expect(told).toEqual([
      ['OPEN', 0],
      ['FILLED', 1],
    ])
  })

  it('keep the first of two cancels that came before their order', () => {
    const { books } = new Account()
    books.cancelEarly(USER, 'order-1', 10)
    books.cancelEarly(USER, 'order-1', 20)
    expect(books.earlyCancels.get('order-1')).toBe(10)
    expect(books.newEarlyCancels.get('order-1')).toEqual({ userId: USER, requestedAt: 10 })
  })

  it('know which rows are new, which changed and which are closed', () => {
    const { books } = new Account()
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
