// Orders that belong together, as scenarios: what is placed, what the market and the user do, and
// how every order of the group stands after each step. The books are audited after each of them.

import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { OrderDraft, OrderTerms } from '@motu/shared/order.ts'
import { legIdOf } from '@motu/shared/order-id.ts'
import { describe, expect, it } from 'vitest'
import { Account, STARTING_CASH } from '../../test/engine/account.ts'
import { audit } from '../../test/engine/audit.ts'
import { USER } from '../../test/engine/samples.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { type FillProfile, PROFILES } from './fill-profile.ts'

const limit = (price: string, more: Partial<OrderTerms> = {}): OrderTerms => ({
  ...{ type: 'LIMIT', limitPrice: decimal(price), timeInForce: 'GTC' },
  ...more,
})
const stop = (price: string, more: Partial<OrderTerms> = {}): OrderTerms => ({
  ...{ type: 'STOP', limitPrice: null, stopPrice: decimal(price), timeInForce: 'GTC' },
  ...more,
})
/** Ten at 10,000, out at 12,000 or at 8,000. */
const BRACKET: Partial<OrderDraft> = {
  ...{ orderClass: 'BRACKET', quantity: decimal('10'), limitPrice: decimal('10000') },
  ...{ takeProfit: limit('12000'), stopLoss: stop('8000') },
}
const OCO: Partial<OrderDraft> = {
  ...{ orderClass: 'OCO', side: 'SELL', quantity: decimal('10') },
  ...{ limitPrice: decimal('12000'), stopLoss: stop('8000') },
}

/** An account, the group under test, and steps that are audited. */
class Scene {
  readonly account: Account
  leader!: OrderRecord

  constructor(profile: FillProfile = PROFILES.standard) {
    this.account = new Account({ profile })
    this.says('10500')
  }

  /** Ten coins, bought at 10,000 and free. */
  static holding(profile?: FillProfile): Scene {
    const scene = new Scene(profile)
    scene.account.place({ quantity: decimal('10') })
    scene.says('10000')
    return scene
  }

  place(asked: Partial<OrderDraft>): this {
    this.leader = this.account.place(asked)
    this.#audit()
    return this
  }

  /** One price for all, with so many on each side; or with so many at another bid. */
  says(price: string, size = '1000', bid = price): this {
    const more = {
      bids: [[bid, size]] as [string, string][],
      asks: [[price, size]] as [string, string][],
    }
    this.account.observe({ bid, ask: price, price, ...more })
    this.#audit()
    return this
  }

  does(step: (scene: Scene) => void): this {
    this.account.nowMs += 1
    step(this)
    this.#audit()
    return this
  }

  cancel(order: OrderRecord): this {
    return this.does(() => this.account.cancel(order.id))
  }

  /** Places a replacement of an order: what it does not name stays as it was. */
  replace(order: OrderRecord, more: Partial<OrderDraft>): OrderRecord {
    let replacement: OrderRecord | undefined
    this.does(() => {
      const { side, type, limitPrice, stopPrice, requestedQuantity: quantity } = order
      const terms = {
        side,
        type,
        limitPrice,
        quantity,
        timeInForce: 'GTC',
        replaces: order.id,
      } as const
      const stops = stopPrice === null ? {} : { stopPrice }
      replacement = this.account.place({ ...terms, ...stops, ...more })
    })
    return replacement!
  }

  get target(): OrderRecord {
    const { orders } = this.account
    return this.leader.leg === 'TAKE_PROFIT'
      ? this.leader
      : orders.get(legIdOf(this.leader.id, 'TAKE_PROFIT'))!
  }

  get stop(): OrderRecord {
    return this.account.orders.get(legIdOf(this.leader.id, 'STOP_LOSS'))!
  }

  get held(): string {
    return formatDecimal(this.account.position().heldQuantity)
  }

  #audit(): void {
    audit(this.account, decimal(STARTING_CASH))
    const events = this.account.events.filter(({ order }) => order.cancelResult !== 'TOO_LATE')
    const told = events.map(({ order }) => `${order.id} ${order.status}`)
    const final = told.filter((one) => /FILLED|CANCELLED|EXPIRED|FAILED/.test(one))
    const once = final.filter((one) => !one.includes('PARTIALLY'))
    expect(new Set(once).size, 'each end is told once').toBe(once.length)
  }
}

/** In short: the status, what it waits for or why it ended, and how much of how much. */
function told(order: OrderRecord): string {
  const { status, waitingFor, reason, filledQuantity, requestedQuantity } = order
  const of = `${formatDecimal(filledQuantity)}/${formatDecimal(requestedQuantity)}`
  return [status, waitingFor ?? reason, of].filter((part) => part !== null).join(' ')
}

const all = ({ leader, target, stop: loss }: Scene): string[] =>
  [...new Set([leader, target, loss])].filter((one) => one !== undefined).map(told)

describe('a bracket', () => {
  it('waits with its exits behind the entry, which alone holds', () => {
    const scene = new Scene().place(BRACKET)
    expect(all(scene)).toEqual(['OPEN PRICE 0/10', 'OPEN ENTRY 0/10', 'OPEN ENTRY 0/10'])
    expect(scene.target.side).toBe('SELL')
    expect([scene.target.holdQuantity, scene.stop.holdQuantity, scene.held]).toEqual([0n, 0n, '0'])
    // Neither a price at the target nor one at the stop concerns them yet.
    scene.says('13000').does(() => {})
    expect(all(scene).slice(1)).toEqual(['OPEN ENTRY 0/10', 'OPEN ENTRY 0/10'])
  })

  it.each<[string, (scene: Scene) => void, string[], string]>([
    [
      'the entry fills whole: both exits work, and hold once',
      (scene) => scene.says('10000'),
      ['FILLED 10/10', 'OPEN PRICE 0/10', 'OPEN TRIGGER 0/10'],
      '10',
    ],
    [
      'the entry fills in part: the exits go on waiting',
      (scene) => scene.says('10000', '4'),
      ['PARTIALLY_FILLED PRICE 4/10', 'OPEN ENTRY 0/10', 'OPEN ENTRY 0/10'],
      '0',
    ],
    [
      'filled in part, then cancelled: the exits work for the part',
      (scene) => scene.says('10000', '4').cancel(scene.leader),
      ['CANCELLED cancelled_by_user 4/10', 'OPEN PRICE 0/4', 'OPEN TRIGGER 0/4'],
      '4',
    ],
    [
      'filled in part, then expired: the exits work for the part',
      (scene) =>
        scene
          .says('10000', '4')
          .does(({ account, leader }) =>
            account.finish(leader, { status: 'EXPIRED', reason: 'expired' }),
          ),
      ['EXPIRED expired 4/10', 'OPEN PRICE 0/4', 'OPEN TRIGGER 0/4'],
      '4',
    ],
    [
      'cancelled without a fill: the exits end',
      (scene) => scene.cancel(scene.leader),
      [
        'CANCELLED cancelled_by_user 0/10',
        'CANCELLED entry_ended 0/10',
        'CANCELLED entry_ended 0/10',
      ],
      '0',
    ],
    [
      'one exit cancelled before the entry filled: the other ends, the entry goes on',
      (scene) => scene.cancel(scene.stop),
      ['OPEN PRICE 0/10', 'CANCELLED oco_sibling 0/10', 'CANCELLED cancelled_by_user 0/10'],
      '0',
    ],
    [
      'the part that was filled is sold by hand first: the exits end without shares',
      (scene) =>
        scene
          .says('10000', '4')
          .does(({ account }) => account.place({ side: 'SELL', quantity: decimal('4') }))
          .cancel(scene.leader),
      [
        'CANCELLED cancelled_by_user 4/10',
        'CANCELLED insufficient_quantity 0/10',
        'CANCELLED insufficient_quantity 0/10',
      ],
      '4',
    ],
  ])('%s', (_, live, expected, held) => {
    const scene = new Scene().place(BRACKET).says('10500')
    live(scene)
    expect(all(scene)).toEqual(expected)
    expect(scene.held).toBe(held)
  })

  it.each<[string, (scene: Scene) => void, string, string, string]>([
    [
      'the target fills whole',
      (scene) => scene.says('12500', '1000', '12000'),
      'FILLED 10/10',
      'CANCELLED oco_sibling 0/10',
      '0',
    ],
    [
      'the target fills in part: the stop asks for as much less',
      (scene) => scene.says('12500', '3', '12000'),
      'PARTIALLY_FILLED PRICE 3/10',
      'OPEN TRIGGER 0/7',
      '7',
    ],
    [
      'the target fills in part, then the stop the rest',
      (scene) => scene.says('12500', '3', '12000').says('8000').says('7900'),
      'CANCELLED oco_sibling 3/10',
      'FILLED 7/7',
      '0',
    ],
    [
      'the stop triggers, and fills on the event after it',
      (scene) => scene.says('8000').says('7900'),
      'CANCELLED oco_sibling 0/10',
      'FILLED 10/10',
      '0',
    ],
    [
      'the stop triggers, and both wait for the next event',
      (scene) => scene.says('8000'),
      'OPEN PRICE 0/10',
      'OPEN EVENT 0/10',
      '10',
    ],
    [
      'the stop has triggered, and the next event reaches the target: the stop first',
      (scene) => scene.says('8000').says('12500', '1000', '12000'),
      'CANCELLED oco_sibling 0/10',
      'FILLED 10/10',
      '0',
    ],
    [
      'the target expires: the stop goes on with the hold',
      (scene) =>
        scene.does(({ account, target }) =>
          account.finish(target, { status: 'EXPIRED', reason: 'expired' }),
        ),
      'EXPIRED expired 0/10',
      'OPEN TRIGGER 0/10',
      '10',
    ],
    [
      'the stop expires: the target goes on with the hold',
      (scene) =>
        scene
          .does(({ account, stop: loss }) =>
            account.finish(loss, { status: 'EXPIRED', reason: 'expired' }),
          )
          .says('12500', '4', '12000'),
      'PARTIALLY_FILLED PRICE 4/10',
      'EXPIRED expired 0/10',
      '6',
    ],
    [
      'the user cancels the target: both end',
      (scene) => scene.cancel(scene.target),
      'CANCELLED cancelled_by_user 0/10',
      'CANCELLED oco_sibling 0/10',
      '0',
    ],
    [
      'the user cancels the stop: both end',
      (scene) => scene.cancel(scene.stop),
      'CANCELLED oco_sibling 0/10',
      'CANCELLED cancelled_by_user 0/10',
      '0',
    ],
    [
      'the user cancels the entry that has filled: too late, the exits work on',
      (scene) => scene.cancel(scene.leader),
      'OPEN PRICE 0/10',
      'OPEN TRIGGER 0/10',
      '10',
    ],
  ])('whose entry has filled: %s', (_, live, target, loss, held) => {
    const scene = new Scene().place(BRACKET).says('10000')
    expect(scene.held).toBe('10')
    live(scene)
    expect([told(scene.target), told(scene.stop), scene.held]).toEqual([target, loss, held])
    expect(told(scene.leader)).toBe('FILLED 10/10')
  })

  it('under strict: a stop that finds too few ends, and the target goes on for the rest', () => {
    const scene = new Scene(PROFILES.strict).does(({ account }) => void (account.nowMs += 1_000))
    scene.place(BRACKET)
    scene.does(({ account }) => void (account.nowMs += 1_000)).says('10000')
    scene.does(({ account }) => void (account.nowMs += 1_000)).says('8000')
    scene.does(({ account }) => void (account.nowMs += 1_000)).says('7900', '4')
    expect(all(scene)).toEqual(['FILLED 10/10', 'OPEN PRICE 0/6', 'CANCELLED no_liquidity 4/10'])
    expect(scene.held).toBe('6')
  })

  it('of a day gives its exits the day on which the entry fills', () => {
    const scene = new Scene()
    const at = Date.parse('2026-11-20T12:00:00.000Z')
    expect(scene.account.nowMs).toBeLessThan(at)
    const later = stop('8000', { timeInForce: 'GTD', expireAt: at })
    scene.place({ ...BRACKET, stopLoss: later }).says('10000')
    expect(scene.stop.expiresAt).toBe(at)
    expect(scene.target.expiresAt).toBeNull()
    scene.does(({ account }) => account.tick(at + 2_999))
    expect(scene.stop.status).toBe('OPEN')
    scene.does(({ account }) => account.tick(at + 3_000))
    expect([told(scene.target), told(scene.stop)]).toEqual([
      'OPEN PRICE 0/10',
      'EXPIRED expired 0/10',
    ])
  })
})

describe('an entry with one exit', () => {
  it.each<[string, Partial<OrderDraft>, (scene: Scene) => void, string[]]>([
    [
      'a stop that works and fills',
      { stopLoss: stop('8000') },
      (scene) => scene.says('10000').says('8000').says('7900'),
      ['FILLED 10/10', 'FILLED 10/10'],
    ],
    [
      'a target that works and fills',
      { takeProfit: limit('12000') },
      (scene) => scene.says('10000').says('12000'),
      ['FILLED 10/10', 'FILLED 10/10'],
    ],
    [
      'a target that is cancelled',
      { takeProfit: limit('12000') },
      (scene) => scene.says('10000').cancel(scene.target),
      ['FILLED 10/10', 'CANCELLED cancelled_by_user 0/10'],
    ],
    [
      'a stop whose entry ends',
      { stopLoss: stop('8000') },
      (scene) => scene.cancel(scene.leader),
      ['CANCELLED cancelled_by_user 0/10', 'CANCELLED entry_ended 0/10'],
    ],
  ])('has %s', (_, exit, live, expected) => {
    const { takeProfit: _target, stopLoss: _stop, ...entry } = BRACKET
    const scene = new Scene().place({ ...entry, ...exit, orderClass: 'OTO' }).says('10500')
    live(scene)
    expect(all(scene)).toEqual(expected)
  })

  it('refuses both where the entry is refused', () => {
    const scene = new Scene().place({ ...BRACKET, quantity: decimal('100000') })
    expect(told(scene.leader)).toContain('insufficient_funds')
    expect(scene.stop).toBeUndefined()
  })
})

describe('two exits of a position', () => {
  it('hold its shares once, and no more than there are', () => {
    const scene = Scene.holding().place(OCO)
    expect(all(scene)).toEqual(['OPEN PRICE 0/10', 'OPEN TRIGGER 0/10'])
    expect(scene.held).toBe('10')
    scene.does(({ account }) => {
      const second = account.place(OCO)
      expect(told(second)).toBe('FAILED insufficient_quantity 0/10')
    })
  })

  it.each<[string, (scene: Scene) => void, string[], string]>([
    [
      'the target fills',
      (scene) => scene.says('12000'),
      ['FILLED 10/10', 'CANCELLED oco_sibling 0/10'],
      '0',
    ],
    [
      'the stop fills',
      (scene) => scene.says('8000').says('8500'),
      ['CANCELLED oco_sibling 0/10', 'FILLED 10/10'],
      '0',
    ],
    [
      'the leader is cancelled',
      (scene) => scene.cancel(scene.leader),
      ['CANCELLED cancelled_by_user 0/10', 'CANCELLED oco_sibling 0/10'],
      '0',
    ],
    [
      'the target fills in part, and the leader is cancelled',
      (scene) => scene.says('12500', '3', '12000').cancel(scene.leader),
      ['CANCELLED cancelled_by_user 3/10', 'CANCELLED oco_sibling 0/7'],
      '0',
    ],
    [
      'the engine restarts, and the stop fills',
      (scene) =>
        scene
          .does(({ account }) => account.restart())
          .says('8000')
          .says('7900'),
      ['CANCELLED oco_sibling 0/10', 'FILLED 10/10'],
      '0',
    ],
  ])('end where %s', (_, live, expected, held) => {
    const scene = Scene.holding().place(OCO).says('10500')
    live(scene)
    expect(all(scene)).toEqual(expected)
    expect(scene.held).toBe(held)
  })

  it('meet what happened before they were stored, the stop first', () => {
    const scene = Scene.holding()
    const message = scene.account.messageOf(OCO)
    scene.says('8000').says('12500', '1000', '12000')
    scene.leader = scene.account.take(message)
    audit(scene.account, decimal(STARTING_CASH))
    expect(all(scene)).toEqual(['CANCELLED oco_sibling 0/10', 'FILLED 10/10'])
    expect(formatDecimal(scene.stop.price!)).toBe('12000')
  })
})

describe('a replacement', () => {
  const plain = { quantity: decimal('10'), limitPrice: decimal('10000') }

  it.each<[string, Partial<OrderDraft>, string, string]>([
    ['another price', { limitPrice: decimal('9000') }, 'OPEN PRICE 0/10', '90045'],
    ['more', { quantity: decimal('20') }, 'OPEN PRICE 0/20', '200100'],
    ['less', { quantity: decimal('5') }, 'OPEN PRICE 0/5', '50025'],
  ])('of a plain order by %s takes its place and its hold', (_, change, expected, held) => {
    const scene = new Scene().place(plain).says('10500')
    const next = scene.replace(scene.leader, change)
    expect([told(scene.leader), told(next)]).toEqual(['CANCELLED replaced 0/10', expected])
    expect(scene.leader.replacedBy).toBe(next.id)
    expect(formatDecimal(scene.account.wallet.heldKrw)).toBe(held)
  })

  it('asks for its total less what was filled', () => {
    const scene = new Scene().place(plain).says('10000', '4')
    const next = scene.replace(scene.leader, { quantity: decimal('12') })
    expect([told(scene.leader), told(next)]).toEqual(['CANCELLED replaced 4/10', 'OPEN PRICE 0/8'])
  })

  it('may use what the old one held', () => {
    const scene = new Scene().place({ ...plain, quantity: decimal('9000') }).says('10500')
    expect(told(scene.leader)).toBe('OPEN PRICE 0/9000')
    const next = scene.replace(scene.leader, { quantity: decimal('9995') })
    expect(told(next)).toBe('OPEN PRICE 0/9995')
  })

  it.each<[string, Partial<OrderDraft>, string]>([
    ['costs too much', { quantity: decimal('100000') }, 'FAILED insufficient_funds'],
    ['asks for as much as has filled', { quantity: decimal('4') }, 'FAILED replace_too_late'],
    ['asks for less than has filled', { quantity: decimal('3') }, 'FAILED replace_too_late'],
    ['is of the other side', { side: 'SELL' }, 'FAILED replace_too_late'],
    ['is of another ticker', { tickerId: 'CRYPTO-COIN-ETH' }, 'FAILED replace_too_late'],
    ['is off its tick', { limitPrice: decimal('10000.5') }, 'FAILED tick_size'],
    ['is too small', { quantity: decimal('4.00000001') }, 'FAILED min_notional'],
  ])('that %s leaves the old one working', (_, change, expected) => {
    const scene = new Scene().place(plain).says('10000', '4')
    const held = scene.account.wallet.heldKrw
    const next = scene.replace(scene.leader, change)
    expect(told(next).startsWith(expected), told(next)).toBe(true)
    expect(told(scene.leader)).toBe('PARTIALLY_FILLED PRICE 4/10')
    expect(scene.leader.replacedBy).toBeNull()
    expect(scene.account.wallet.heldKrw).toBe(held)
  })

  it.each<[string, (scene: Scene) => void]>([
    ['filled', (scene) => scene.says('10000')],
    ['cancelled', (scene) => scene.cancel(scene.leader)],
    ['replaced', (scene) => void scene.replace(scene.leader, { limitPrice: decimal('9000') })],
  ])('of an order that was %s comes too late', (_, live) => {
    const scene = new Scene().place(plain).says('10500')
    live(scene)
    const before = told(scene.leader)
    expect(told(scene.replace(scene.leader, {}))).toContain('FAILED replace_too_late')
    expect(told(scene.leader)).toBe(before)
  })

  it('of one nobody knows comes too late', () => {
    const scene = new Scene().place({ ...plain, replaces: USER })
    expect(told(scene.leader)).toContain('FAILED replace_too_late')
  })

  it('of an entry keeps the group: its exits work for what it fills', () => {
    const scene = new Scene().place(BRACKET).says('10500')
    const entry = scene.replace(scene.leader, {
      limitPrice: decimal('9500'),
      quantity: decimal('6'),
    })
    expect(all(scene)).toEqual(['CANCELLED replaced 0/10', 'OPEN ENTRY 0/10', 'OPEN ENTRY 0/10'])
    scene.says('9500')
    expect(told(entry)).toBe('FILLED 6/6')
    expect([told(scene.target), told(scene.stop)]).toEqual(['OPEN PRICE 0/6', 'OPEN TRIGGER 0/6'])
    expect(scene.held).toBe('6')
  })

  it('of an exit that waits for its entry waits on', () => {
    const scene = new Scene().place(BRACKET).says('10500')
    const target = scene.replace(scene.target, { limitPrice: decimal('11000') })
    expect(told(target)).toBe('OPEN ENTRY 0/10')
    scene.says('10000')
    expect([told(target), told(scene.stop), scene.held]).toEqual([
      ...['OPEN PRICE 0/10', 'OPEN TRIGGER 0/10', '10'],
    ])
    scene.says('11000')
    expect([told(target), told(scene.stop)]).toEqual(['FILLED 10/10', 'CANCELLED oco_sibling 0/10'])
  })

  it.each<['target' | 'stop', Partial<OrderDraft>, string]>([
    ['target', { limitPrice: decimal('11000') }, 'OPEN PRICE 0/10'],
    ['stop', { stopPrice: decimal('9000') }, 'OPEN TRIGGER 0/10'],
  ])('of a %s that works keeps the one hold of both', (which, change, expected) => {
    const scene = new Scene().place(BRACKET).says('10000').says('10500')
    const old = scene[which]
    const other = which === 'target' ? scene.stop : scene.target
    const next = scene.replace(old, change)
    expect([told(old), told(next), scene.held]).toEqual(['CANCELLED replaced 0/10', expected, '10'])
    if (which === 'target') scene.says('11000')
    else scene.says('9000').says('8900')
    expect([told(next), told(other)]).toEqual(['FILLED 10/10', 'CANCELLED oco_sibling 0/10'])
    expect(scene.held).toBe('0')
  })
})
