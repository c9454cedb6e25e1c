// An account in memory: messages, events and the clock move it as the engine does, each in a batch
// of its own, with nothing between it and the rules but maps.

import { decimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { isFinal, type OrderDraft } from '@motu/shared/order.ts'
import { orderIdOf } from '@motu/shared/order-id.ts'
import { draftMessageOf, type PlaceMessage } from '@motu/shared/order-message.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { OrderRecord } from '../../src/db/order-view.ts'
import {
  type ApplyContext,
  cancel,
  finishWaiting,
  match,
  mustRest,
  note,
} from '../../src/engine/apply.ts'
import {
  Books,
  clientKey,
  type EventRow,
  type FillRow,
  type LedgerLeg,
  type PositionRow,
  type Wallet,
} from '../../src/engine/books.ts'
import { foresee } from '../../src/engine/decide.ts'
import { EngineQuote, type GapCandle } from '../../src/engine/engine-quote.ts'
import { type FillProfile, PROFILES } from '../../src/engine/fill-profile.ts'
import type { End, Progress } from '../../src/engine/judgement.ts'
import type { MarketView } from '../../src/engine/market-view.ts'
import { place } from '../../src/engine/place.ts'
import { QuoteRing } from '../../src/engine/quote-ring.ts'
import { recall } from '../../src/engine/recall.ts'
import { type WaitingOrder, WaitingOrders } from '../../src/engine/waiting.ts'
import { watchClock } from '../../src/engine/watch-clock.ts'
import { marketEvent } from '../market-event.ts'
import { BTC, USER, viewOf, walletOf } from './samples.ts'

export const STARTING_CASH = '100000000'
/** A Friday noon in Seoul. */
export const NOON_MS = Date.parse('2026-11-20T12:00:00.000+09:00')

export type AccountOptions = {
  balance?: string
  profile?: FillProfile
  alwaysOpen?: boolean
  startMs?: number
}

export class Account {
  readonly wallet: Wallet
  readonly orders = new Map<string, OrderRecord>()
  readonly positions = new Map<string, PositionRow>()
  readonly clientIds = new Map<string, OrderRecord>()
  readonly earlyCancels = new Map<string, number>()
  readonly legs: LedgerLeg[] = []
  readonly events: EventRow[] = []
  readonly fills = new Map<string, FillRow[]>()
  /** Every fill, in the order in which they were booked. */
  readonly booked: FillRow[] = []
  ring = new QuoteRing()
  market: MarketView
  waiting = new WaitingOrders()
  nowMs: number
  /** The last time that an order met an event and something came of it. */
  lastMatch: { order: OrderRecord; quote: EngineQuote; progress: Progress } | null = null
  #count = 0
  readonly #alwaysOpen: boolean
  readonly #seqs = new Map<string, number>()

  constructor({
    balance = STARTING_CASH,
    profile = PROFILES.arcade,
    alwaysOpen = true,
    startMs = NOON_MS,
  }: AccountOptions = {}) {
    this.wallet = walletOf(USER, balance)
    this.#alwaysOpen = alwaysOpen
    this.market = viewOf(this.ring, { profile, alwaysOpen })
    this.nowMs = startMs
    this.#observeRate()
  }

  get context(): ApplyContext {
    return { market: this.market, nowMs: this.nowMs }
  }

  position(tickerId: string = BTC): PositionRow['position'] {
    return this.settle((books) => books.position(USER, tickerId).position)
  }

  /** A message as the mailbox would send it now. */
  messageOf(asked: Partial<OrderDraft>): PlaceMessage {
    const limitPrice = asked.limitPrice ?? null
    const draft: OrderDraft = {
      clientOrderId: `client-${(this.#count += 1)}`,
      tickerId: BTC,
      side: 'BUY',
      type: limitPrice === null ? 'MARKET' : 'LIMIT',
      limitPrice,
      quantity: asked.notional === undefined ? decimal('1') : 0n,
      timeInForce: 'GTC',
      ...asked,
    }
    return {
      v: 1,
      kind: 'place',
      order_id: orderIdOf(USER, draft),
      user_id: USER,
      ...draftMessageOf(draft),
      accepted_at: new Date(this.nowMs).toISOString(),
      sid: null,
      exp: 0,
    }
  }

  place(asked: Partial<OrderDraft>): OrderRecord {
    return this.take(this.messageOf(asked))
  }

  take(message: PlaceMessage): OrderRecord {
    return this.settle((books) => place(this.context, books, message))
  }

  cancel(orderId: string): void {
    const message = {
      ...({ v: 1, kind: 'cancel', sid: null, exp: 0 } as const),
      ...{ order_id: orderId, user_id: USER },
      cancel_requested_at: new Date(this.nowMs).toISOString(),
    }
    this.settle((books) => cancel(this.context, books, message))
  }

  finish(order: OrderRecord, why: End): void {
    this.settle((books) => finishWaiting(this.context, books, order.id, { why }))
  }

  match(order: OrderRecord, quote: EngineQuote, progress: Progress): void {
    this.settle((books) => match(this.context, books, order.id, { quote, progress }))
  }

  /** The market says something, a millisecond later; whoever it concerns meets it. */
  observe(event: Partial<MarketEvent>, tickerId: string = BTC): EngineQuote {
    this.nowMs += 1
    const seq = (this.#seqs.get(tickerId) ?? 0) + 1
    this.#seqs.set(tickerId, seq)
    const at = new Date(this.nowMs).toISOString()
    const quote = this.ring.add(
      marketEvent(tickerId, seq, {
        ...{ venue_time: at, received_at: at, bid_size: '1000000', ask_size: '1000000' },
        ...(event.bid !== undefined && { price: event.bid, base_price: event.bid }),
        ...event,
      }),
    )!
    this.#meetAll(quote)
    return quote
  }

  /** A minute of a gap, as it is fetched afterwards; the spread is that of the last event. */
  observeCandle(candle: GapCandle, tickerId: string = BTC): EngineQuote {
    this.nowMs += 1
    const last = this.ring.last(tickerId)!
    const at = new Date(this.nowMs).toISOString()
    const event = marketEvent(tickerId, last.seq, {
      ...{ venue_time: at, received_at: at },
      ...{ bid: decimalText(last.bid), ask: decimalText(last.ask) },
      base_price: decimalText(last.basePrice),
    })
    const quote = new EngineQuote(event, { afterGap: true, candle })
    this.ring.insert(tickerId, [quote])
    this.#meetAll(quote)
    return quote
  }

  /** What the clock does at an instant. */
  tick(nowMs: number = this.nowMs): void {
    this.nowMs = nowMs
    for (const waiting of this.waiting.all()) {
      const { tickerId, id } = waiting.order
      const work = watchClock(waiting, this.market, { nowMs, last: this.ring.last(tickerId) })
      if (work?.kind === 'note') this.settle((books) => note(books, id, work.changes))
      if (work?.kind === 'finish') {
        this.settle((books) => finishWaiting(this.context, books, id, work))
      }
    }
  }

  /** One batch: fresh books over what is stored, kept when it is done. */
  settle<T>(work: (books: Books) => T): T {
    const { orders, positions, clientIds, earlyCancels } = this
    const stored = { orders, positions, clientIds, earlyCancels }
    const books = Object.assign(new Books(), stored)
    books.wallets.set(USER, this.wallet)
    const outcome = work(books)
    this.legs.push(...books.legs)
    this.events.push(...books.events)
    for (const [{ id }, rows] of books.fills) {
      this.booked.push(...rows)
      this.fills.set(id, [...(this.fills.get(id) ?? []), ...rows])
    }
    for (const order of [...books.insertedOrders, ...books.updatedOrders]) {
      const waiting = this.waiting.put(order, this.nowMs, books.progress.get(order.id))
      if (waiting) this.catchUp(waiting)
    }
    return outcome
  }

  /**
   * The engine ends and another one takes over: what it knew of the orders' progress is gone, and
   * without the ring what it knew of the market too.
   */
  restart({ keepsRing = true }: { keepsRing?: boolean } = {}): void {
    if (!keepsRing) {
      const { profile } = this.market
      this.ring = new QuoteRing()
      this.market = viewOf(this.ring, { profile, alwaysOpen: this.#alwaysOpen })
    }
    this.waiting = new WaitingOrders()
    for (const order of this.orders.values()) {
      if (isFinal(order.status)) continue
      this.catchUp(this.waiting.put(order, this.nowMs, recall(order, this.market))!)
    }
    if (!keepsRing) this.#observeRate()
  }

  catchUp(waiting: WaitingOrder): void {
    for (const quote of this.market.unmet(waiting.order, waiting.progress)) {
      this.#meet(waiting, quote)
    }
  }

  #observeRate(): void {
    this.observe({ bid: '1400', ask: '1400.5' }, USD_KRW)
  }

  #meetAll(quote: EngineQuote): void {
    for (const waiting of this.waiting.concernedBy(quote)) this.#meet(waiting, quote)
  }

  /** As the follower does. */
  #meet(waiting: WaitingOrder, quote: EngineQuote): void {
    const { order, progress } = waiting
    if (isFinal(order.status) || !this.market.isEligible(order, quote)) return
    const instrument = findInstrument(order.tickerId)!
    const market = this.market.market(order, instrument, quote)
    if (!market) return
    const judgement = foresee(order, instrument, market, this.market.profile, progress)
    if (judgement.kind === 'rest' && !mustRest(order)) {
      return this.waiting.advance(waiting, judgement.progress)
    }
    this.lastMatch = { order, quote, progress }
    this.match(order, quote, progress)
    // An event is met once, whatever came of it.
    const after = waiting.progress
    if (!isFinal(waiting.order.status) && after.seenAt < quote.receivedAt) {
      this.waiting.advance(waiting, { ...after, seenAt: quote.receivedAt })
    }
  }

  /** The order that owns a client order id. */
  ownerOf(clientOrderId: string): OrderRecord | undefined {
    return this.clientIds.get(clientKey(USER, clientOrderId))
  }
}

function decimalText(value: bigint): string {
  const digits = value.toString().padStart(9, '0')
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`
}
