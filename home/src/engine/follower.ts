// Waiting orders, held against the market: each event goes to the orders it concerns, and what comes
// of it is settled. What comes from a user whose past is not over takes his lane: it is settled as of
// its own instant, after everything that the market did before it (`past.ts`); only then do his orders
// meet the live market again.

import { findInstrument } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { isFinal } from '@motu/shared/order.ts'
import { type TickerId, USD_KRW } from '@motu/shared/ticker.ts'
import type { Sql } from '../db/connect.ts'
import type { OrderRecord } from '../db/order-view.ts'
import type { Log } from '../log.ts'
import { mustRest } from './apply.ts'
import { CatchUp } from './catch-up.ts'
import { foresee } from './decide.ts'
import type { EngineQuote } from './engine-quote.ts'
import { Gaps } from './gaps.ts'
import type { Progress } from './judgement.ts'
import { Lanes } from './lanes.ts'
import type { MarketView } from './market-view.ts'
import { Past } from './past.ts'
import type { QuoteRing } from './quote-ring.ts'
import { recall } from './recall.ts'
import type { Verdict } from './settler.ts'
import type { MessageWork, Settled, Work } from './settle.ts'
import { type WaitingOrder, WaitingOrders } from './waiting.ts'
import { watchClock } from './watch-clock.ts'

/** Settlements in hand beyond which no more matches are begun: the next event finds them again. */
const MATCHES_IN_HAND_MAX = 20_000

type FollowerOptions = {
  sql: Sql
  log: Log
  now: () => number
  ring: QuoteRing
  market: MarketView
  settler: { readonly size: number; add(work: Work): Promise<Verdict> }
  owns: (userId: string) => boolean
  signal: AbortSignal
}

export class Follower {
  readonly #options: FollowerOptions
  readonly #waiting = new WaitingOrders()
  readonly #catchUps = new CatchUp()
  readonly #lanes = new Lanes((userId) => this.#goOn(userId))
  readonly #gaps: Gaps
  readonly #past: Past

  constructor(options: FollowerOptions) {
    this.#options = options
    this.#gaps = new Gaps(options)
    this.#past = new Past({
      ...options,
      ...{ waiting: this.#waiting, gaps: this.#gaps, catchUps: this.#catchUps },
      rests: (waiting, quote) => this.#meeting(waiting, quote) === null,
      settle: (waiting, work) => this.#settleWaiting(waiting, work),
    })
  }

  /** Orders that wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** Work in hand. */
  get inHand(): number {
    return this.#options.settler.size + this.#lanes.size
  }

  /**
   * A partition is ours, with what waits there. Nobody looked after it for so long, and messages of
   * that time may be on their way: it stands still until they have come.
   */
  load(orders: readonly OrderRecord[], darkMs: number): void {
    const nowMs = this.#options.now()
    this.#standStill(nowMs)
    this.#past.noteDark(nowMs - darkMs)
    for (const order of orders) {
      this.track(order, recall(order, this.#options.market))
      const since = this.#options.market.eligibleAfter(order)
      this.#past.noteMissing(order.tickerId, Math.max(since, nowMs - darkMs))
    }
  }

  /** Forgets the orders of users that are no longer ours. */
  forget(isLost: (userId: string) => boolean): void {
    this.#waiting.forget(isLost)
  }

  /** A message from the queue. */
  take(work: MessageWork): Promise<Verdict> {
    const nowMs = this.#options.now()
    const userId = work.message.user_id
    const at = this.#past.instantOf(work.message)
    const isOld = this.#catchUps.isOld(at, nowMs)
    if (!isOld && !this.#catchUps.isBehind(userId) && !this.#lanes.has(userId)) {
      return this.#settleAndTrack(work)
    }
    if (isOld) this.#noteLate(userId, nowMs)
    return this.#lanes.run(userId, async () => {
      const tickerId = work.kind === 'cancel' ? null : work.message.ticker_id
      await this.#past.untilKnown(userId, { tickerId, at, isOld })
      await this.#past.bringForward(userId, at)
      if (isOld) this.#noteLate(userId, this.#options.now())
      return this.#settleAndTrack(work.kind === 'place' ? { ...work, isBehind: true } : work)
    })
  }

  async #settleAndTrack(work: Work): Promise<Verdict> {
    const verdict = await this.#options.settler.add(work)
    if (verdict.kind === 'settled' && verdict.order) this.track(verdict.order)
    return verdict
  }

  /** A batch is committed: every order it touched is kept in step. */
  committed(settled: Settled): void {
    for (const order of settled.touched) {
      if (this.#options.owns(order.userId)) this.track(order, settled.progress.get(order.id))
    }
  }

  /** Keeps an order in step; one that is new here is held against what the market did meanwhile. */
  track(order: OrderRecord, progress?: Progress): void {
    const waiting = this.#waiting.put(order, this.#options.now(), progress)
    if (waiting) this.#catchUp(waiting)
  }

  /** Holds an order against the events it has not met, up to the first that decides something. */
  #catchUp(waiting: WaitingOrder): void {
    // What waits for its entry counts from there, and has met nothing before.
    if (waiting.order.waitingFor === 'ENTRY' || this.#standsStill(waiting.order)) return
    for (const quote of this.#options.market.unmet(waiting.order, waiting.progress)) {
      if (waiting.inSettlement || isFinal(waiting.order.status)) return
      this.#meet(waiting, quote)
    }
  }

  /** The lane of a user is empty: unless more of his past is to come, he meets the market again. */
  #goOn(userId: string): void {
    if (this.#options.signal.aborted) return
    for (const waiting of [...this.#waiting.of(userId)]) this.#catchUp(waiting)
  }

  /** Orders of the past meet no live event before their own past is over. */
  #standsStill(order: OrderRecord): boolean {
    if (!this.#catchUps.isActive && this.#lanes.size === 0) return false
    const since = this.#options.market.eligibleAfter(order)
    return (
      this.#lanes.has(order.userId) ||
      this.#catchUps.standsStill(order.userId, since) ||
      this.#gaps.concerns(order.tickerId, since)
    )
  }

  /** Everything that waits stands still; `until`: what was met last of a ticker after which is a gap. */
  #standStill(nowMs: number, until?: { tickerId: TickerId; at: number }): void {
    const moving = [...this.#waiting.all()].filter(({ order }) => !this.#standsStill(order))
    this.#past.noteMet(moving, until)
    this.#catchUps.noteReturn(nowMs)
    this.#options.ring.isHeld = true
  }

  #noteLate(userId: string, nowMs: number): void {
    if (!this.#catchUps.isBehind(userId) && !this.#lanes.has(userId)) {
      this.#past.noteMet(this.#waiting.of(userId))
    }
    this.#catchUps.noteLate(userId, nowMs)
    this.#options.ring.isHeld = true
  }

  /** What the market did. */
  observe(events: readonly MarketEvent[]): void {
    for (const event of events) {
      const before = this.#options.ring.last(event.ticker_id)
      const quote = this.#options.ring.add(event)
      if (!quote) continue
      if (this.#past.noteGap(quote, before)) {
        const at = before?.receivedAt ?? 0
        this.#standStill(this.#options.now(), { tickerId: quote.tickerId, at })
      }
      // All of them first: an order that begins to rest on this event is not met again in the book.
      for (const waiting of [...this.#waiting.concernedBy(quote)]) {
        if (waiting.inSettlement || this.#standsStill(waiting.order)) continue
        if (this.#options.market.isEligible(waiting.order, quote)) this.#meet(waiting, quote)
      }
    }
  }

  /** An order meets an event: it moves up in its queue, or is settled when something comes of it. */
  #meet(waiting: WaitingOrder, quote: EngineQuote): void {
    if (this.#options.settler.size >= MATCHES_IN_HAND_MAX) return
    const work = this.#meeting(waiting, quote)
    if (work) void this.#settleWaiting(waiting, work)
  }

  /** What comes of it when an order meets an event; null when it only moves on. */
  #meeting(waiting: WaitingOrder, quote: EngineQuote): Work | null {
    const { order, progress } = waiting
    const instrument = findInstrument(order.tickerId)
    const market = instrument && this.#options.market.market(order, instrument, quote)
    // Without an exchange rate of the moment it is not met yet: the rate may come with its neighbour.
    if (!market) return null
    const judgement = foresee(order, instrument, market, this.#options.market.profile, progress)
    if (judgement.kind !== 'rest' || mustRest(order))
      return { kind: 'match', order, quote, progress }
    this.#waiting.advance(waiting, judgement.progress)
    return null
  }

  /**
   * One settlement at a time per waiting order; what cannot be settled ends instead of looping. False
   * when the order is no longer ours.
   */
  async #settleWaiting(waiting: WaitingOrder, work: Work): Promise<boolean> {
    waiting.inSettlement = true
    const verdict = await this.#settleAndTrack(work)
    waiting.inSettlement = false
    if (verdict.kind === 'lost') return false
    if (verdict.kind === 'refused') {
      waiting.inSettlement = true
      const why = { status: 'FAILED', reason: 'unprocessable' } as const
      const ended = await this.#settleAndTrack({ kind: 'finish', order: waiting.order, why })
      return ended.kind === 'settled'
    }
    if (work.kind !== 'match') return true
    // An event is met once, whatever came of it.
    const { progress } = waiting
    if (!isFinal(waiting.order.status) && progress.seenAt < work.quote.receivedAt) {
      this.#waiting.advance(waiting, { ...progress, seenAt: work.quote.receivedAt })
    }
    this.#catchUp(waiting)
    this.#catchUpGroup(waiting.order)
    return true
  }

  /** Exits that began to work when their entry was settled: the market has not waited for that. */
  #catchUpGroup({ groupId, leg, tickerId }: OrderRecord): void {
    if (groupId === null || leg !== 'ENTRY') return
    for (const waiting of [...this.#waiting.on(tickerId)]) {
      if (waiting.order.groupId === groupId) this.#catchUp(waiting)
    }
  }

  /** What time did. */
  watchClock(): void {
    const nowMs = this.#options.now()
    const open = this.#gaps.tickerIds
    if (open.size > 0) void this.#gaps.fill()
    const isWaitedFor = (tickerId: TickerId): boolean => {
      for (const _ of this.#waiting.on(tickerId)) return true
      return tickerId === USD_KRW
    }
    if (this.#catchUps.end(nowMs, this.#lanes.size > 0 || [...open].some(isWaitedFor))) {
      this.#bringAllForward()
    }
    this.#options.ring.isHeld = this.#catchUps.isActive || this.#lanes.size > 0
    for (const waiting of this.#waiting.all()) {
      if (waiting.inSettlement || this.#standsStill(waiting.order)) continue
      const last = this.#options.ring.last(waiting.order.tickerId)
      const work = watchClock(waiting, this.#options.market, { nowMs, last })
      if (work) void this.#settleWaiting(waiting, work)
    }
  }

  /** Nothing old comes any more: what the market did until now is made up for, user by user. */
  #bringAllForward(): void {
    const users = new Set([...this.#waiting.all()].map(({ order }) => order.userId))
    for (const userId of users) {
      void this.#lanes.run(userId, () => this.#past.bringForward(userId, this.#options.now()))
    }
  }
}
