// Pure: no I/O, no clock, no randomness.
// The orders `settle` is measured with: market and limit, buys and sells, every instrument, many
// users. Limits lie through the market, so that every order ends in a fill.

import {
  type Decimal,
  decimal,
  divide,
  formatDecimal,
  SCALE,
  toStep,
} from '@motu/shared/decimal.ts'
import {
  type Instrument,
  INSTRUMENTS,
  lotOf,
  tickOf,
  USD_KRW_REFERENCE,
} from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { PlaceMessage } from '@motu/shared/order-message.ts'
import { expectedOrderId, type PlaceEntry } from '../../faults/journal.ts'
import type { Random } from '../../faults/random.ts'
import { sessionOf } from './accounts.ts'

type PlannedOrder = PlaceEntry['order']
export type PlannedTrade = { userId: string; order: PlannedOrder }

const LIMIT_SHARE = 0.3
const SELL_SHARE = 0.4
/** Won an order is about worth; a user's cash lasts for hundreds. */
const NOTIONAL_KRW = 100_000n

type Quantities = Map<string, Map<Instrument, Decimal>>

/** Plans trades; what one plan buys, the next may sell: within a plan nothing is filled yet. */
export class TradePlanner {
  readonly #random: Random
  readonly #userIds: readonly string[]
  readonly #owned: Quantities = new Map()
  readonly #bought: Quantities = new Map()
  #number = 0

  constructor(random: Random, userIds: readonly string[]) {
    this.#random = random
    this.#userIds = userIds
  }

  plan(count: number): PlannedTrade[] {
    for (const [userId, bought] of this.#bought) {
      for (const [instrument, quantity] of bought) add(this.#owned, userId, instrument, quantity)
    }
    this.#bought.clear()
    return Array.from({ length: count }, () => this.#trade())
  }

  #trade(): PlannedTrade {
    const random = this.#random
    const userId = random.pick(this.#userIds)
    const owned = this.#owned.get(userId) ?? new Map<Instrument, Decimal>()
    const type = random.chance(LIMIT_SHARE) ? 'LIMIT' : 'MARKET'
    const sellable = [...owned.keys()].filter((one) => owned.get(one)! >= lotOf(one, type))
    const side = sellable.length > 0 && random.chance(SELL_SHARE) ? 'SELL' : 'BUY'
    const instrument = random.pick(side === 'SELL' ? sellable : INSTRUMENTS)
    const lot = lotOf(instrument, type)
    const has = owned.get(instrument) ?? 0n
    const quantity = side === 'SELL' ? toStep(has, lot, 'down') : quantityOf(instrument, lot)
    if (side === 'SELL') add(this.#owned, userId, instrument, -quantity)
    else add(this.#bought, userId, instrument, quantity)
    this.#number += 1
    return {
      userId,
      order: {
        client_order_id: `bench-${this.#number}`,
        ticker_id: instrument.tickerId,
        side,
        type,
        quantity: formatDecimal(quantity),
        ...(type === 'LIMIT' ? { limit_price: limitThrough(instrument, side) } : {}),
      },
    }
  }
}

function add(to: Quantities, userId: string, instrument: Instrument, quantity: Decimal): void {
  const quantities = to.get(userId) ?? new Map<Instrument, Decimal>()
  to.set(userId, quantities)
  quantities.set(instrument, (quantities.get(instrument) ?? 0n) + quantity)
}

function quantityOf(instrument: Instrument, lot: Decimal): Decimal {
  const rate = instrument.currency === 'KRW' ? SCALE : USD_KRW_REFERENCE.referencePrice
  const price = divide(instrument.referencePrice * rate, SCALE, 'down')
  const quantity = toStep(divide(NOTIONAL_KRW * SCALE * SCALE, price, 'down'), lot, 'down')
  return quantity > lot ? quantity : lot
}

/** A limit two percent on the far side of the market. */
function limitThrough(instrument: Instrument, side: 'BUY' | 'SELL'): string {
  const price = divide(instrument.referencePrice * (side === 'BUY' ? 102n : 98n), 100n, 'down')
  return formatDecimal(toStep(price, tickOf(instrument, price), 'down'))
}

/** A trade as the message the edge would queue, accepted at an instant. */
export function messageOf({ userId, order }: PlannedTrade, acceptedAt: string): PlaceMessage {
  const isDay = order.type === 'LIMIT' && !order.ticker_id.startsWith('CRYPTO')
  return {
    v: 1,
    kind: 'place',
    order_id: expectedOrderId(userId, order),
    user_id: userId,
    client_order_id: order.client_order_id,
    ticker_id: order.ticker_id,
    side: order.side,
    type: order.type,
    quantity: order.quantity,
    limit_price: order.limit_price ?? null,
    time_in_force: isDay ? 'DAY' : 'GTC',
    accepted_at: acceptedAt,
    sid: sessionOf(userId),
    exp: 4_000_000_000,
  }
}

/** One event for every instrument and the exchange rate, a tick wide around the reference price. */
export function marketEvents(seq: number, receivedAt: string): MarketEvent[] {
  const quoted = INSTRUMENTS.map((instrument) => ({
    tickerId: instrument.tickerId,
    currency: instrument.currency,
    price: instrument.referencePrice,
    tick: tickOf(instrument, instrument.referencePrice),
  }))
  const rate = { ...USD_KRW_REFERENCE, currency: 'KRW' as const, tick: decimal('0.1') }
  // The rate comes first: a share in dollars cannot be filled by a rate that has grown old.
  return [{ ...rate, price: rate.referencePrice }, ...quoted].map(
    ({ tickerId, currency, price, tick }) => ({
      ticker_id: tickerId,
      price: formatDecimal(price),
      bid: formatDecimal(price),
      ask: formatDecimal(price + tick),
      // More than anyone asks for: each order is one fill, as in the transaction beside it.
      bid_size: '1000000',
      ask_size: '1000000',
      currency,
      change_pct: '0.00',
      venue_time: receivedAt,
      received_at: receivedAt,
      source: 'bench',
      simulated: true,
      epoch: 'bench',
      seq,
      base_price: formatDecimal(price),
      volume: '1',
    }),
  )
}
