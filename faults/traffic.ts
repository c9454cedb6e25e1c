// Pure: no I/O, no clock, no randomness.
// The traffic of a run, planned ahead from a seed: market and limit orders, buys and sells,
// cancels, repeats under the same client order id, and a few that must be refused.

import {
  type Decimal,
  decimal,
  divide,
  formatDecimal,
  SCALE,
  toStep,
} from '@motu/shared/decimal.ts'
import { type Instrument, INSTRUMENTS, lotOf, tickOf } from '@motu/shared/instrument.ts'
import type { Side } from '@motu/shared/order.ts'
import type { OwnOrder } from './journal.ts'
import { type Random, seededRandom } from './random.ts'

export type PlannedOrder = OwnOrder

/** `user` is an index into the run's users. */
export type Step =
  | { kind: 'place'; user: number; order: PlannedOrder; validity: 'valid' | 'invalid' }
  | { kind: 'cancel'; user: number; order: PlannedOrder }

export type TrafficPlan = {
  seed: number
  /** Distinct valid orders; cancels, repeats and invalid requests come on top. */
  orders: number
  users: number
  /** Prices the limits are set around, by ticker id. */
  prices: ReadonlyMap<string, Decimal>
}

/** Won an order is about worth: a hundred of them fit into the cash a user begins with. */
const NOTIONAL_KRW_MIN = 50_000
const NOTIONAL_KRW_MAX = 1_000_000
/** Won for a dollar, near enough to size an order. */
const ROUGH_USD_KRW = 1_465n

/** Each user first buys at market, so that there is something to sell. */
const OPENING_BUYS = 3
const OPENING_SHARE_MAX = 0.3
const LIMIT_SHARE = 0.4
const SELL_SHARE = 0.4
/** Limits lie from well away from the market to just through it, in thousandths of the price. */
const LIMIT_AWAY_MAX = 60
const LIMIT_THROUGH_MAX = 30
const CANCEL_SHARE = 0.1
const REPEAT_SHARE = 0.05
const CHANGED_REPEAT_SHARE = 0.02
const INVALID_SHARE = 0.02

/** The steps of a run, in order. */
export function planTraffic(plan: TrafficPlan): Step[] {
  const random = seededRandom(plan.seed)
  const planner = new Planner(plan, random)
  const openings = Math.min(plan.users * OPENING_BUYS, Math.floor(plan.orders * OPENING_SHARE_MAX))
  for (let index = 0; index < openings; index += 1) planner.open(index % plan.users)
  for (let index = openings; index < plan.orders; index += 1) planner.trade()
  return planner.steps
}

class Planner {
  readonly steps: Step[] = []
  readonly #plan: TrafficPlan
  readonly #random: Random
  readonly #instruments: readonly Instrument[]
  /** What each user will own if everything fills; nothing is sold that was not bought before. */
  readonly #owned: Map<Instrument, Decimal>[]
  #number = 0

  constructor(plan: TrafficPlan, random: Random) {
    this.#plan = plan
    this.#random = random
    this.#instruments = INSTRUMENTS.filter(({ tickerId }) => plan.prices.has(tickerId))
    this.#owned = Array.from({ length: plan.users }, () => new Map())
  }

  /** A market buy at the beginning. */
  open(user: number): void {
    const instrument = this.#random.pick(this.#instruments)
    this.#place(user, this.#draft(user, instrument, 'BUY', 'MARKET'))
  }

  /** One more order, and now and then something around it. */
  trade(): void {
    const user = this.#random.below(this.#plan.users)
    const type = this.#random.chance(LIMIT_SHARE) ? 'LIMIT' : 'MARKET'
    const sellable = [...this.#owned[user]!].filter(([one, owned]) => owned >= lotOf(one, type))
    const isSell = sellable.length > 0 && this.#random.chance(SELL_SHARE)
    const instrument = isSell
      ? this.#random.pick(sellable)[0]
      : this.#random.pick(this.#instruments)
    const order = this.#draft(user, instrument, isSell ? 'SELL' : 'BUY', type)
    this.#place(user, order)
    if (this.#random.chance(CANCEL_SHARE)) this.steps.push({ kind: 'cancel', user, order })
    if (this.#random.chance(REPEAT_SHARE)) this.#push(user, order, 'valid')
    if (this.#random.chance(CHANGED_REPEAT_SHARE)) {
      this.#push(user, { ...order, side: order.side === 'BUY' ? 'SELL' : 'BUY' }, 'valid')
    }
    if (this.#random.chance(INVALID_SHARE)) this.#push(user, this.#invalid(order), 'invalid')
  }

  #draft(
    user: number,
    instrument: Instrument,
    side: Side,
    type: PlannedOrder['type'],
  ): PlannedOrder {
    const price = this.#plan.prices.get(instrument.tickerId)!
    const owned = this.#owned[user]!.get(instrument) ?? 0n
    const wanted = this.#quantity(instrument, price, type)
    const quantity = side === 'SELL' && wanted > owned ? owned : wanted
    this.#number += 1
    return {
      client_order_id: `s${this.#plan.seed}-${this.#number}`,
      ticker_id: instrument.tickerId,
      side,
      type,
      quantity: formatDecimal(toStep(quantity, lotOf(instrument, type), 'down')),
      ...(type === 'LIMIT' ? { limit_price: this.#limit(instrument, price, side) } : {}),
    }
  }

  #quantity(instrument: Instrument, price: Decimal, type: PlannedOrder['type']): Decimal {
    const span = NOTIONAL_KRW_MAX - NOTIONAL_KRW_MIN
    const notional = BigInt(NOTIONAL_KRW_MIN + this.#random.below(span)) * SCALE
    const krwPrice = instrument.currency === 'KRW' ? price : price * ROUGH_USD_KRW
    const lot = lotOf(instrument, type)
    const quantity = toStep(divide(notional * SCALE, krwPrice, 'down'), lot, 'down')
    return quantity > lot ? quantity : lot
  }

  #limit(instrument: Instrument, price: Decimal, side: Side): string {
    const thousandths = this.#random.below(LIMIT_AWAY_MAX + LIMIT_THROUGH_MAX) - LIMIT_AWAY_MAX
    const share = BigInt(1_000 + (side === 'BUY' ? thousandths : -thousandths))
    const limit = divide(price * share, 1_000n, 'down')
    return formatDecimal(toStep(limit, tickOf(instrument, limit), 'down'))
  }

  #invalid(order: PlannedOrder): PlannedOrder {
    const broken = this.#random.pick<Partial<PlannedOrder>>([
      { quantity: '-1' },
      { quantity: '0' },
      { quantity: '1e308' },
      { quantity: '0.123456789' },
      { ticker_id: 'CRYPTO-COIN-NOSUCH' },
      { ticker_id: 'bitcoin' },
    ])
    return { ...order, ...broken, client_order_id: `${order.client_order_id}-invalid` }
  }

  #place(user: number, order: PlannedOrder): void {
    const instrument = this.#instruments.find((one) => one.tickerId === order.ticker_id)!
    const owned = this.#owned[user]!
    const amount = decimal(order.quantity)
    // A limit may never fill: only what a market order brings counts as owned.
    if (order.side === 'SELL') owned.set(instrument, (owned.get(instrument) ?? 0n) - amount)
    else if (order.type === 'MARKET') {
      owned.set(instrument, (owned.get(instrument) ?? 0n) + amount)
    }
    this.#push(user, order, 'valid')
  }

  #push(user: number, order: PlannedOrder, validity: 'valid' | 'invalid'): void {
    this.steps.push({ kind: 'place', user, order, validity })
  }
}
