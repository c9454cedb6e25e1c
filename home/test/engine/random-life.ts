// A random life of an account: orders of every kind, events of every phase, cancels, replacements,
// the clock, restarts, and everything said twice. What a step means depends on how things stand; which steps
// there are is drawn by fast-check, so that a seed repeats a life.

import assert from 'node:assert/strict'
import { type Decimal, decimal, formatDecimal, toStep } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { isFinal, type OrderDraft } from '@motu/shared/order.ts'
import type { PlaceMessage } from '@motu/shared/order-message.ts'
import { tickOf } from '@motu/shared/venues/ticks.ts'
import { lotOf } from '@motu/shared/venues/lots.ts'
import fc from 'fast-check'
import type { OrderRecord } from '../../src/db/order-view.ts'
import { Account, type AccountOptions } from './account.ts'
import { BASE, type Placing, placing, randomDraft } from './random-draft.ts'
import { APPLE, BTC, SAMSUNG, TRADE_DATE, USER } from './samples.ts'

const observing = fc.record({
  do: fc.constant('observe' as const),
  tickerId: fc.constantFrom<string>(BTC, APPLE, SAMSUNG),
  kind: fc.constantFrom(
    ...(['book', 'book', 'book', 'book', 'top', 'prints', 'prints'] as const),
    ...(['auction', 'uncross', 'halted', 'candle', 'gap'] as const),
  ),
  /** Thousandths by which the price moves. */
  move: fc.integer({ min: -15, max: 15 }),
  size: fc.integer({ min: 1, max: 12 }),
})
const changing = fc.record({
  do: fc.constantFrom('cancel' as const, 'replace' as const, 'repeat' as const),
  index: fc.nat(),
  offset: fc.integer({ min: -8, max: 12 }),
})
const ticking = fc.record({
  do: fc.constant('tick' as const),
  seconds: fc.constantFrom(1, 1, 5, 70),
})
const again = fc.record({
  do: fc.constantFrom('restart' as const, 'restart_blind' as const, 'rematch' as const),
})
export const step = fc.oneof(
  { weight: 8, arbitrary: placing },
  { weight: 20, arbitrary: observing },
  { weight: 3, arbitrary: changing },
  { weight: 1, arbitrary: ticking },
  { weight: 1, arbitrary: again },
)
type StepOf<A> = A extends fc.Arbitrary<infer T> ? T : never
export type Step = StepOf<typeof step>

export class Life {
  readonly account: Account
  readonly #mids = new Map(Object.entries(BASE))
  /** Every message that was placed. */
  readonly messages: PlaceMessage[] = []

  constructor(options: AccountOptions = {}) {
    this.account = new Account(options)
    for (const tickerId of Object.keys(BASE)) {
      this.live({ do: 'observe', tickerId, kind: 'book', move: 0, size: 5 })
    }
  }

  live(one: Step): void {
    switch (one.do) {
      case 'place':
        return this.#take(this.account.messageOf(this.#draftOf(one)))
      case 'observe':
        return this.#observe(one)
      case 'tick':
        return this.account.tick(this.account.nowMs + one.seconds * 1_000)
      case 'restart':
        return this.#fillsNothing(() => this.account.restart())
      case 'restart_blind':
        return this.#fillsNothing(() => this.account.restart({ keepsRing: false }))
      case 'rematch':
        return this.#rematch()
      case 'repeat': {
        const message = this.messages[one.index % this.messages.length]
        return message && void this.account.take(message)
      }
      default: {
        const all = [...this.account.orders.values()]
        const open = all.filter((order) => !isFinal(order.status))
        // Now and then one that is over already.
        const among = one.index % 7 === 0 ? all : open
        const order = among[one.index % among.length]
        if (!order || !(order.tickerId in BASE)) return
        if (one.do === 'cancel') this.account.cancel(order.id)
        else this.#replace(order, one.offset)
      }
    }
  }

  /** The last match comes again: its batch was stored, and nobody was told. */
  #rematch(): void {
    const last = this.account.lastMatch
    if (!last || isFinal(last.order.status)) return
    this.#fillsNothing(() => this.account.match(last.order, last.quote, last.progress))
  }

  /** All that is known has been met: whoever meets it again finds nothing left in it. */
  #fillsNothing(step: () => void): void {
    const { booked, events } = this.account
    const before = [booked.length, events.length]
    step()
    assert.deepEqual([booked.length, events.length], before, 'what was met is met once')
  }

  #take(message: PlaceMessage): void {
    this.messages.push(message)
    this.account.take(message)
  }

  /** A price of a ticker on its tick, some thousandths of the middle away from it. */
  #price(tickerId: string, thousandths: number): Decimal {
    const raw = (this.#mids.get(tickerId)! * BigInt(1_000 + thousandths)) / 1_000n
    const tick = tickOf(findInstrument(tickerId)!, raw, TRADE_DATE)
    const price = toStep(raw, tick, 'down')
    return price > 0n ? price : tick
  }

  #draftOf(one: Placing): Partial<OrderDraft> {
    const owned = this.account.positions.get(`${USER} ${one.tickerId}`)?.position
    return randomDraft(one, {
      nowMs: this.account.nowMs,
      free: (owned?.quantity ?? 0n) - (owned?.heldQuantity ?? 0n),
      price: (tickerId, thousandths) => this.#price(tickerId, thousandths),
    })
  }

  #replace(order: OrderRecord, offset: number): void {
    const away = order.side === 'BUY' ? -1 : 1
    const { tickerId, side, type } = order
    const price = this.#price(tickerId, away * offset)
    const isPriced = order.limitPrice !== null
    const lot = lotOf(findInstrument(tickerId)!, { type, session: 'regular' })
    const half = toStep((order.requestedQuantity - order.filledQuantity) / 2n, lot, 'down')
    // An exit can ask for more only of what is free.
    const more = order.leg === null || order.leg === 'ENTRY' ? order.requestedQuantity : half
    const draft: Partial<OrderDraft> = {
      ...{ tickerId, side, type, timeInForce: 'GTC', replaces: order.id },
      limitPrice: isPriced ? price : null,
      quantity: order.requestedQuantity + (offset > 6 ? more : offset < -2 ? -half : 0n),
      ...(order.stopPrice !== null && {
        stopPrice: this.#price(tickerId, -away * Math.abs(offset)),
      }),
      ...(order.trailAmount !== null && { trailAmount: order.trailAmount }),
      ...(order.trailPercent !== null && { trailPercent: decimal('0.9') }),
    }
    this.#take(this.account.messageOf(draft))
  }

  #observe({ tickerId, kind, move, size }: StepOf<typeof observing>): void {
    // Longer than an order's latency takes, every third time.
    this.account.nowMs += 120
    const moved = (this.#mids.get(tickerId)! * BigInt(1_000 + move)) / 1_000n
    const base = BASE[tickerId]!
    // Within a fifth of where it began, so that the band is met now and then and never left.
    const isNear = moved * 5n > base * 4n && moved * 5n < base * 6n
    this.#mids.set(tickerId, isNear ? moved : base)
    const tick = tickOf(findInstrument(tickerId)!, base, TRADE_DATE)
    const bid = this.#price(tickerId, 0)
    const ask = bid + tick
    // A book as large as the orders are.
    const shown = (times: number): string =>
      tickerId === BTC ? formatDecimal(decimal(`${size * times}`) / 10n) : `${size * times}`
    const level = (price: Decimal, times: number): [string, string] => [
      formatDecimal(price),
      shown(times),
    ]
    const event: Partial<MarketEvent> = {
      ...{ price: formatDecimal(move > 0 ? ask : bid), base_price: formatDecimal(base) },
      ...{ bid: formatDecimal(bid), ask: formatDecimal(ask) },
      ...{ bid_size: shown(1), ask_size: shown(1) },
    }
    const book: Partial<MarketEvent> = {
      bids: [level(bid, 1), level(bid - tick, 2), level(bid - 3n * tick, 3)],
      asks: [level(ask, 1), level(ask + tick, 2), level(ask + 3n * tick, 3)],
    }
    const says = (more: Partial<MarketEvent>): void =>
      void this.account.observe({ ...event, ...more }, tickerId)
    // A gap is between two events: where none is known, this is the first.
    const isFirst = kind === 'candle' && this.account.ring.last(tickerId) === undefined
    if (kind === 'top' || isFirst) return says({})
    if (kind === 'book') return says(book)
    if (kind === 'gap') return says({ ...book, epoch: `epoch-${this.account.nowMs}` })
    if (kind === 'auction' || kind === 'halted') return says({ ...book, phase: kind })
    if (kind === 'uncross') {
      return says({ ...book, uncross: { price: formatDecimal(bid), quantity: `${size}` } })
    }
    if (kind === 'prints') {
      const aggressor = move % 3 === 0 ? null : move > 0 ? 'BUY' : 'SELL'
      const at = formatDecimal(move > 0 ? ask : bid)
      return says({ ...book, prints: [[at, shown(3), aggressor]] })
    }
    const candle = { open: bid, high: ask + 4n * tick, low: bid - 4n * tick }
    this.account.observeCandle(candle, tickerId)
  }
}
