// The past of users: what the market did while nobody looked is made up for, order by order and
// message by message, merged by time. An event goes before a message of its instant.

import { setTimeout as sleep } from 'node:timers/promises'
import { findInstrument } from '@motu/shared/instrument.ts'
import type { CancelMessage, PlaceMessage } from '@motu/shared/order-message.ts'
import { type TickerId, USD_KRW } from '@motu/shared/ticker.ts'
import { CLOCK_OFFSET_MAX_MS } from '@motu/shared/upstream.ts'
import type { CatchUp } from './catch-up.ts'
import type { EngineQuote } from './engine-quote.ts'
import type { Gaps } from './gaps.ts'
import type { MarketView } from './market-view.ts'
import { nextStep } from './next-step.ts'
import type { QuoteRing } from './quote-ring.ts'
import type { Work } from './settle.ts'
import type { WaitingOrder, WaitingOrders } from './waiting.ts'

/** How often candles, and first events, are looked for while messages of the past wait for them. */
const POLL_MS = 100
/** How long a settlement that is in hand is waited for before the past goes on without it. */
const IN_HAND_MS_MAX = 5_000
const IN_HAND_POLL_MS = 2

export type PastOptions = {
  now: () => number
  ring: QuoteRing
  market: MarketView
  waiting: WaitingOrders
  gaps: Gaps
  catchUps: CatchUp
  signal: AbortSignal
  /** Whether nothing comes of it when an order meets an event: it has then moved past it. */
  rests: (waiting: WaitingOrder, quote: EngineQuote) => boolean
  /** False when the order is no longer ours. */
  settle: (waiting: WaitingOrder, work: Work) => Promise<boolean>
}

export class Past {
  readonly #options: PastOptions
  /** Since when, at the earliest, nobody looked after a partition of ours. */
  #darkSince = Infinity

  constructor(options: PastOptions) {
    this.#options = options
  }

  noteDark(sinceMs: number): void {
    this.#darkSince = Math.min(this.#darkSince, sinceMs)
  }

  /** When a message was accepted, by home's clock where the edge's is known to differ. */
  instantOf(message: PlaceMessage | CancelMessage): number {
    const { clockOffsetMs } = this.#options.market
    const at = Date.parse(
      message.kind === 'place' ? message.accepted_at : message.cancel_requested_at,
    )
    return Math.abs(clockOffsetMs) > CLOCK_OFFSET_MAX_MS ? at + clockOffsetMs : at
  }

  /**
   * An event that does not follow the one before leaves a gap behind it; the first one there is,
   * behind the oldest order that waits for it. True when there is something to fill.
   */
  noteGap(quote: EngineQuote, before: EngineQuote | undefined): boolean {
    if (!quote.afterGap) return false
    const from = before?.receivedAt ?? Math.max(this.#oldestOn(quote.tickerId), this.#darkSince)
    return this.#note(quote.tickerId, from, quote.receivedAt)
  }

  /** Nothing is known of the market when an order of the past was accepted: candles may tell. */
  noteMissing(tickerId: TickerId, at: number): void {
    const { ring } = this.#options
    const first = ring.at(tickerId, at) ? undefined : ring.firstAfter(tickerId, at)
    if (first) this.#note(tickerId, at, first.receivedAt)
  }

  /** Notes a gap, and that of the exchange rate a fill in it would need. */
  #note(tickerId: TickerId, from: number, to: number): boolean {
    const { gaps, ring } = this.#options
    const isNew = gaps.note(tickerId, from, to)
    if (isNew && isForeign(tickerId) && !ring.at(USD_KRW, from)) gaps.note(USD_KRW, from, to)
    return isNew
  }

  #oldestOn(tickerId: TickerId): number {
    let oldest = Infinity
    for (const { order } of this.#options.waiting.on(tickerId)) {
      oldest = Math.min(oldest, this.#options.market.eligibleAfter(order))
    }
    return oldest
  }

  /**
   * Orders that followed the market until now stand still from now on: what they met, and what
   * candles tell of the same time, is not met again. `until`: the last event they have met of a
   * ticker, where that is not the last there is.
   */
  noteMet(orders: Iterable<WaitingOrder>, until?: { tickerId: TickerId; at: number }): void {
    const { ring, waiting } = this.#options
    for (const one of orders) {
      if (one.inSettlement) continue
      const { tickerId } = one.order
      const at = until?.tickerId === tickerId ? until.at : ring.last(tickerId)?.receivedAt
      if (at === undefined || at <= one.progress.seenAt) continue
      waiting.advance(one, { ...one.progress, seenAt: at })
    }
  }

  /**
   * Resolves once what the market did up to an instant is known, of a ticker and of all the user has
   * orders on: its gaps are filled or given up, and for a message of the past (`isOld`) the first
   * event after a return is in.
   */
  async untilKnown(
    userId: string,
    { tickerId, at, isOld }: { tickerId: TickerId | null; at: number; isOld: boolean },
  ): Promise<void> {
    const { signal, gaps, catchUps, ring, now, waiting } = this.#options
    while (!signal.aborted) {
      if (tickerId !== null) this.noteMissing(tickerId, at)
      const tickers = new Set(tickerId === null ? [] : [tickerId])
      for (const { order } of waiting.of(userId)) tickers.add(order.tickerId)
      if ([...tickers].some(isForeign)) tickers.add(USD_KRW)
      const isMissing = [...tickers].some((one) => gaps.isOpen(one))
      const isUnseen = isOld && [...tickers].some((one) => (ring.last(one)?.receivedAt ?? 0) <= at)
      if (isMissing) await gaps.fill()
      else if (!isUnseen || !catchUps.isReturning(now())) return
      if (!isMissing || [...tickers].some((one) => gaps.isOpen(one))) await sleep(POLL_MS)
    }
  }

  /**
   * Holds the waiting orders of a user against everything up to an instant: events first, in their
   * order, then what expired. Each is committed before the next is looked at.
   */
  async bringForward(userId: string, untilMs: number): Promise<void> {
    const { waiting, signal, market, settle } = this.#options
    const view = {
      unmet: ({ order, progress }: WaitingOrder) => market.unmet(order, progress),
      rests: (one: WaitingOrder, quote: EngineQuote) => this.#rests(one, quote),
    }
    while (!signal.aborted) {
      await this.#noneInHand(userId)
      const step = nextStep(waiting.of(userId), untilMs, view)
      if (!step) return
      if (!(await settle(step.waiting, workOf(step.waiting, step.quote)))) return
    }
  }

  async #noneInHand(userId: string): Promise<void> {
    const isInHand = (): boolean =>
      [...this.#options.waiting.of(userId)].some(({ inSettlement }) => inSettlement)
    for (let waited = 0; waited < IN_HAND_MS_MAX && isInHand(); waited += IN_HAND_POLL_MS) {
      await sleep(IN_HAND_POLL_MS)
    }
  }

  /** Which came first within a candle is not known: where it reached a stop, it gives no profit. */
  #rests(one: WaitingOrder, quote: EngineQuote): boolean {
    if (!quote.candle || one.order.leg !== 'TAKE_PROFIT' || !this.#isStoppedBy(one, quote)) {
      return this.#options.rests(one, quote)
    }
    const progress = { ...one.progress, isMet: true, seenAt: quote.receivedAt }
    this.#options.waiting.advance(one, progress)
    return true
  }

  #isStoppedBy({ order }: WaitingOrder, quote: EngineQuote): boolean {
    for (const { order: other } of this.#options.waiting.of(order.userId)) {
      const isSibling = other.groupId === order.groupId && other.leg === 'STOP_LOSS'
      if (isSibling && other.triggeredAt === quote.receivedAt) return true
    }
    return false
  }
}

function workOf({ order, progress }: WaitingOrder, quote: EngineQuote | null): Work {
  if (quote) return { kind: 'match', order, quote, progress }
  const why = { status: 'EXPIRED', reason: 'expired' } as const
  return { kind: 'finish', order, why, at: order.expiresAt! }
}

const isForeign = (tickerId: TickerId): boolean => findInstrument(tickerId)?.currency === 'USD'
