// Pure: no I/O, no clock, no randomness.
// What users do in the scripted afternoon: orders of every kind, cancels and replacements, most of
// them while home is dark, all from a seed.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { OrderDraft, OrderTerms } from '@motu/shared/order.ts'
import { orderIdOf } from '@motu/shared/order-id.ts'
import {
  type CancelMessage,
  draftMessageOf,
  type PlaceMessage,
} from '@motu/shared/order-message.ts'
import { tickOf } from '@motu/shared/venues/ticks.ts'
import type { Random } from '../random.ts'
import { BEGINS_AT, CALM_AT, DARK_AT, ENDS_AT, KRX_CLOSE_AT, RETURN_AT, TICKERS } from './market.ts'

export type Message = PlaceMessage | CancelMessage

export const instantOf = (message: Message): number =>
  Date.parse(message.kind === 'place' ? message.accepted_at : message.cancel_requested_at)

/** When the time of GTD orders is over; that of KRX's DAY orders is `KRX_CLOSE_AT`. */
export const EXPIRIES = [DARK_AT + 200_500, DARK_AT + 400_500, DARK_AT + 850_500]
/** When a home that is there looks whose time was over: the auction's grace later, and a bit. */
export const looks = (): number[] => [...EXPIRIES, KRX_CLOSE_AT].map((at) => at + 3_050)

const STOCK_UP_UNTIL = BEGINS_AT + 20_000

export type Script = { users: string[]; messages: Message[] }

export function scriptOrders(
  { orders, users: count }: { orders: number; users: number },
  events: readonly MarketEvent[],
  random: Random,
): Script {
  const users = Array.from({ length: count }, () => uuid(random))
  const desk = new Desk(users, events, random)
  for (const userId of users) {
    for (const ticker of TICKERS) desk.stockUp(userId, ticker)
  }
  const instants = Array.from({ length: orders }, () => actAt(events, random)).sort((a, b) => a - b)
  for (const at of instants) desk.act(at)
  const messages = [...desk.messages].sort((a, b) => instantOf(a) - instantOf(b))
  return { users, messages }
}

/** Some act at the very instant of an event; nobody acts in the moment that someone's time ends. */
function actAt(events: readonly MarketEvent[], random: Random): number {
  const isDark = random.chance(0.75)
  const isCalm = !isDark && random.chance(0.2)
  const from = isDark ? DARK_AT : isCalm ? CALM_AT : STOCK_UP_UNTIL
  const to = isDark ? RETURN_AT - 5_000 : isCalm ? ENDS_AT - 40_000 : DARK_AT - 1_000
  let at = from + random.below(to - from)
  if (random.chance(0.15)) {
    const next = events.find(({ received_at: received }) => Date.parse(received) >= at)
    if (next) at = Math.min(Date.parse(next.received_at), to)
  }
  return looks().some((look) => at > look - 100 && at < look + 100) ? at + 250 : at
}

function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => random.below(16).toString(16)).join('')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20)].join('-')
}

type Terms = Partial<OrderDraft> & Pick<OrderDraft, 'side' | 'type'>

/** Who has asked for what so far. */
class Desk {
  readonly messages: Message[] = []
  readonly #placed = new Map<string, PlaceMessage[]>()
  readonly #users: readonly string[]
  readonly #events: readonly MarketEvent[]
  readonly #random: Random
  #count = 0

  constructor(users: readonly string[], events: readonly MarketEvent[], random: Random) {
    this.#users = users
    this.#events = events
    this.#random = random
  }

  /** Something to sell later on. */
  stockUp(userId: string, { tickerId, size }: (typeof TICKERS)[number]): void {
    const at = BEGINS_AT + 3_000 + this.#random.below(10_000)
    const limit = tickerId.startsWith('US-')
      ? {
          type: 'LIMIT' as const,
          limitPrice: this.#priceAt(tickerId, at, 40),
          sessions: ['day'] as const,
        }
      : { type: 'MARKET' as const }
    this.#place(userId, tickerId, at, { side: 'BUY', quantity: sized(size / 4), ...limit })
  }

  act(at: number): void {
    const random = this.#random
    const userId = random.pick(this.#users)
    const earlier = this.#placed.get(userId) ?? []
    const dice = random.next()
    if (dice < 0.18 && earlier.length > 0) return this.#cancel(random.pick(earlier.slice(-4)), at)
    const plain = earlier.slice(-6).filter((one) => one.type === 'LIMIT' && !one.order_class)
    if (dice < 0.3 && plain.length > 0) return this.#replace(random.pick(plain), at)
    const { tickerId, size } = random.pick(TICKERS)
    this.#place(userId, tickerId, at, this.#terms(tickerId, at, size))
  }

  #terms(tickerId: string, at: number, size: number): Terms {
    const random = this.#random
    const side = random.pick(['BUY', 'SELL'] as const)
    const quantity = sized(size * (0.05 + random.next() / 3))
    const near = this.#priceAt(tickerId, at, (side === 'BUY' ? -1 : 1) * (random.below(9) - 2))
    const limit = { side, type: 'LIMIT' as const, limitPrice: near, quantity }
    if (tickerId.startsWith('US-')) return { ...limit, sessions: ['day'] }
    const away = (ticks: number): Decimal =>
      this.#priceAt(tickerId, at, (side === 'BUY' ? 1 : -1) * ticks)
    const dice = random.below(20)
    if (dice < 3) return { side, type: 'MARKET', quantity }
    if (dice < 4) {
      return { side: 'BUY', type: 'MARKET', quantity: 0n, notional: decimal('300000') }
    }
    if (dice < 5) return { ...limit, timeInForce: random.pick(['IOC', 'FOK'] as const) }
    if (dice < 6) return { ...limit, postOnly: true }
    if (dice < 9) return { ...limit, timeInForce: 'GTD', expireAt: random.pick(EXPIRIES) }
    if (dice < 11) return { side, quantity, type: 'STOP', stopPrice: away(1 + random.below(5)) }
    if (dice < 12) {
      const stopPrice = away(2)
      return { side, quantity, type: 'STOP_LIMIT', stopPrice, limitPrice: away(4) }
    }
    if (dice < 13) {
      const trailAmount = this.#priceAt(tickerId, at, 4) - this.#priceAt(tickerId, at, 0)
      return { side, quantity, type: 'TRAILING_STOP', trailAmount }
    }
    if (dice < 16) return this.#bracket(tickerId, at, quantity)
    const isStock = tickerId.startsWith('KRX-')
    return { ...limit, timeInForce: isStock && random.chance(0.7) ? 'DAY' : 'GTC' }
  }

  #bracket(tickerId: string, at: number, quantity: Decimal): Terms {
    const exit = (terms: Pick<OrderTerms, 'type' | 'limitPrice' | 'stopPrice'>): OrderTerms => ({
      ...terms,
      timeInForce: 'GTC',
    })
    const price = (ticks: number): Decimal => this.#priceAt(tickerId, at, ticks)
    const far = 2 + this.#random.below(5)
    return {
      ...{ side: 'BUY', type: 'LIMIT', limitPrice: price(this.#random.below(4) - 2), quantity },
      orderClass: 'BRACKET',
      takeProfit: exit({ type: 'LIMIT', limitPrice: price(2 + far) }),
      stopLoss: exit({ type: 'STOP', limitPrice: null, stopPrice: price(-2 - far) }),
    }
  }

  /** So many ticks from the last price before an instant. */
  #priceAt(tickerId: string, at: number, ticks: number): Decimal {
    const last = this.#events.findLast(
      (one) => one.ticker_id === tickerId && Date.parse(one.received_at) <= at,
    )
    const base = TICKERS.find((one) => one.tickerId === tickerId)!.base
    const tick = tickOf(findInstrument(tickerId)!, decimal(base), '2026-11-20')
    return decimal(last?.bid ?? base) + tick * BigInt(ticks)
  }

  #place(userId: string, tickerId: string, at: number, terms: Terms): PlaceMessage {
    const draft: OrderDraft = {
      clientOrderId: `order-${(this.#count += 1)}`,
      ...{ tickerId, limitPrice: null, quantity: 0n, timeInForce: 'GTC' },
      ...terms,
    }
    const message: PlaceMessage = {
      ...{ v: 1, kind: 'place', order_id: orderIdOf(userId, draft), user_id: userId },
      ...draftMessageOf(draft),
      ...{ accepted_at: new Date(at).toISOString(), sid: null, exp: 0 },
    }
    this.messages.push(message)
    this.#placed.set(userId, [...(this.#placed.get(userId) ?? []), message])
    return message
  }

  #cancel({ user_id: userId, order_id: orderId }: PlaceMessage, at: number): void {
    this.messages.push({
      ...{ v: 1, kind: 'cancel', order_id: orderId, user_id: userId, sid: null, exp: 0 },
      cancel_requested_at: new Date(at).toISOString(),
    })
  }

  #replace(old: PlaceMessage, at: number): void {
    const { ticker_id: tickerId, side, quantity, sessions, user_id: userId } = old
    this.#place(userId, tickerId, at, {
      ...{ side, type: 'LIMIT', quantity: decimal(quantity!), replaces: old.order_id },
      limitPrice: this.#priceAt(tickerId, at, (side === 'BUY' ? -1 : 1) * this.#random.below(5)),
      ...(sessions && { sessions }),
    })
  }
}

/** Whole shares; coins to four digits. */
function sized(size: number): Decimal {
  return decimal(
    size < 0.5 ? Math.max(size, 0.002).toFixed(4) : String(Math.max(1, Math.floor(size))),
  )
}
