// What a new order does beside opening: it takes the place of another, of its own user only; of two
// exits both stay alike; and everybody is told each thing once.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { OrderDraft, OrderTerms } from '@motu/shared/order.ts'
import { legIdOf, orderIdOf } from '@motu/shared/order-id.ts'
import { draftOf } from '@motu/shared/order-message.ts'
import { describe, expect, it } from 'vitest'
import { Account, STARTING_CASH } from '../../test/engine/account.ts'
import { audit } from '../../test/engine/audit.ts'
import { APPLE, walletOf } from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { PROFILES } from './fill-profile.ts'
import { place } from './place.ts'

const OTHER_USER = '00000000-0000-4000-8000-000000000002'
const ten = decimal('10')
const stopAt = (price: string): OrderTerms => ({
  ...{ type: 'STOP', limitPrice: null, timeInForce: 'GTC' },
  stopPrice: decimal(price),
})
const limitAt = (price: string): OrderTerms => ({
  ...{ type: 'LIMIT', limitPrice: decimal(price), timeInForce: 'GTC' },
})
/** Ten at 10,000, out at 12,000 or at 8,000. */
const BRACKET: Partial<OrderDraft> = {
  ...{ orderClass: 'BRACKET', quantity: ten, ...limitAt('10000') },
  ...{ takeProfit: limitAt('12000'), stopLoss: stopAt('8000') },
}

/** One price for all, with so many on each side; or another bid. */
function says(account: Account, price: string, size = '1000', bid = price): void {
  account.observe({ bid, ask: price, price, bids: [[bid, size]], asks: [[price, size]] })
  audit(account, decimal(STARTING_CASH))
}

function standard(): Account {
  const account = new Account({ profile: PROFILES.standard })
  says(account, '10500')
  return account
}

/** In short: the status, what it waits for or why it ended, how much of how much, and its shares. */
function told(order: OrderRecord): string {
  const { status, waitingFor, reason, filledQuantity, requestedQuantity, holdQuantity } = order
  const of = `${formatDecimal(filledQuantity)}/${formatDecimal(requestedQuantity)}`
  const held = holdQuantity > 0n ? `holds ${formatDecimal(holdQuantity)}` : null
  return [status, waitingFor ?? reason, of, held].filter((part) => part !== null).join(' ')
}

const legOf = (account: Account, entry: OrderRecord, leg: 'TAKE_PROFIT' | 'STOP_LOSS') =>
  account.orders.get(legIdOf(entry.id, leg))!

describe('an exit that is replaced leaves the other as much as itself:', () => {
  type Change = Partial<OrderDraft>
  type Step = (account: Account) => void
  const sells = (quantity: string): Step => {
    return (account) =>
      void account.place({ side: 'SELL', quantity: decimal(quantity), ...limitAt('20000') })
  }
  const none: Step = () => undefined

  // Which one, what it asks for, what happens before, what happens after; then it and the other.
  it.each<['stop' | 'target', Change, Step, Step, string, string]>([
    [
      ...(['stop', { quantity: decimal('5') }, none, none] as const),
      ...(['OPEN TRIGGER 0/5 holds 5', 'OPEN PRICE 0/5'] as const),
    ],
    [
      ...(['target', { quantity: decimal('5') }, none, none] as const),
      ...(['OPEN PRICE 0/5 holds 5', 'OPEN TRIGGER 0/5'] as const),
    ],
    [
      ...(['stop', { quantity: decimal('5') }, none, (a: Account) => says(a, '12000')] as const),
      ...(['CANCELLED oco_sibling 0/5', 'FILLED 5/5'] as const),
    ],
    [
      ...(['stop', { quantity: decimal('5') }, none] as const),
      (account) => {
        says(account, '8000')
        says(account, '7900')
      },
      ...(['FILLED 5/5', 'CANCELLED oco_sibling 0/5'] as const),
    ],
    [
      // What it no longer asks for is free, and is not promised twice.
      'stop',
      { quantity: decimal('5') },
      none,
      (account) => {
        sells('5')(account)
        says(account, '12500', '6', '12000')
      },
      ...(['CANCELLED oco_sibling 0/5', 'FILLED 5/5'] as const),
    ],
    [
      ...(['stop', { quantity: decimal('11') }, none, none] as const),
      ...(['FAILED insufficient_quantity 0/11', 'OPEN PRICE 0/10 holds 10'] as const),
    ],
    [
      // The target sold three of ten: seven are left, of which five are asked for.
      ...([
        'stop',
        { quantity: decimal('5') },
        (a: Account) => says(a, '12500', '3', '12000'),
      ] as const),
      none,
      ...(['OPEN TRIGGER 0/5 holds 5', 'PARTIALLY_FILLED PRICE 3/8'] as const),
    ],
    [
      // Its total less what it sold itself.
      ...([
        'target',
        { quantity: decimal('5') },
        (a: Account) => says(a, '12500', '3', '12000'),
      ] as const),
      none,
      ...(['OPEN PRICE 0/2 holds 2', 'OPEN TRIGGER 0/2'] as const),
    ],
  ])('%s by %o (%#)', (which, change, before, after, expected, other) => {
    const account = standard()
    const entry = account.place(BRACKET)
    says(account, '10000')
    says(account, '10500')
    before(account)
    const [stop, target] = [
      legOf(account, entry, 'STOP_LOSS'),
      legOf(account, entry, 'TAKE_PROFIT'),
    ]
    const old = which === 'stop' ? stop : target
    const terms = which === 'stop' ? stopAt('8000') : limitAt('12000')
    const next = account.place({ side: 'SELL', replaces: old.id, ...terms, ...change })
    audit(account, decimal(STARTING_CASH))
    after(account)
    audit(account, decimal(STARTING_CASH))
    expect([told(next), told(which === 'stop' ? target : stop)]).toEqual([expected, other])
  })
})

describe('an entry that filled in part and is replaced', () => {
  it.each<[string, (account: Account, entry: OrderRecord) => void, string, string, string]>([
    [
      'fills: its exits work for both parts',
      (account) => says(account, '10000'),
      'FILLED 6/6',
      'OPEN PRICE 0/10 holds 10',
      'OPEN TRIGGER 0/10',
    ],
    [
      'is cancelled: its exits work for the part',
      (account, next) => account.cancel(next.id),
      'CANCELLED cancelled_by_user 0/6',
      'OPEN PRICE 0/4 holds 4',
      'OPEN TRIGGER 0/4',
    ],
    [
      'waits: so do its exits',
      () => undefined,
      'OPEN PRICE 0/6',
      'OPEN ENTRY 0/10',
      'OPEN ENTRY 0/10',
    ],
  ])('%s', (_, live, expected, target, loss) => {
    const account = standard()
    const entry = account.place(BRACKET)
    says(account, '10000', '4')
    const next = account.place({ quantity: ten, ...limitAt('10000'), replaces: entry.id })
    live(account, next)
    audit(account, decimal(STARTING_CASH))
    expect(told(entry)).toBe('CANCELLED replaced 4/10')
    const exits = [legOf(account, entry, 'TAKE_PROFIT'), legOf(account, entry, 'STOP_LOSS')]
    expect([told(next), ...exits.map(told)]).toEqual([expected, target, loss])
  })
})

it('another’s order is not replaced, within one batch neither', () => {
  const account = standard()
  const order = account.place({ quantity: ten, ...limitAt('9000') })
  const message = account.messageOf({ quantity: ten, ...limitAt('9100'), replaces: order.id })
  const theirs = {
    ...message,
    user_id: OTHER_USER,
    order_id: orderIdOf(OTHER_USER, draftOf(message)),
  }
  const held = account.wallet.heldKrw
  const refused = account.settle((books) => {
    books.wallets.set(OTHER_USER, walletOf(OTHER_USER, '1000000'))
    return place(account.context, books, theirs)
  })
  expect([refused.status, refused.reason]).toEqual(['FAILED', 'replace_too_late'])
  expect([told(order), order.replacedBy]).toEqual(['OPEN PRICE 0/10', null])
  expect(account.wallet.heldKrw).toBe(held)
})

describe('its user is told of an order once:', () => {
  it.each<[string, Partial<OrderDraft>, string[]]>([
    ['that waits', { quantity: ten, ...limitAt('9000') }, ['OPEN']],
    ['that is refused', { quantity: decimal('1000000') }, ['FAILED']],
    ['with exits', BRACKET, ['OPEN', 'OPEN', 'OPEN']],
    ['with exits that are refused', { ...BRACKET, quantity: decimal('100000') }, ['FAILED']],
  ])('%s', (_, asked, expected) => {
    const account = standard()
    const message = account.messageOf(asked)
    account.take(message)
    account.take(message)
    expect(account.events.map(({ order }) => order.status)).toEqual(expected)
    expect(new Set(account.events.map(({ order }) => order.id)).size).toBe(expected.length)
  })

  it('that is filled by an event known before it was stored', () => {
    const account = standard()
    const message = account.messageOf(BRACKET)
    says(account, '10000')
    account.take(message)
    const told = account.events.map(
      ({ order }) => `${order.leg} ${order.status} ${order.waitingFor}`,
    )
    expect(new Set(told).size).toBe(told.length)
    expect(told).toContain('ENTRY FILLED null')
  })
})

it('an exit that could leave only whole shares is refused with its entry’s fraction', () => {
  const account = new Account({ profile: PROFILES.standard })
  account.observe({ bid: '199', ask: '200' }, APPLE)
  const exit = { orderClass: 'OTO', stopLoss: stopAt('150') } as const
  const order = account.place({ tickerId: APPLE, quantity: decimal('1.5'), ...exit })
  expect([told(order), account.orders.size]).toEqual(['FAILED lot_size 0/1.5', 1])
})
