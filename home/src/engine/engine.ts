// The engine: takes orders in, watches the market for those that wait, settles both in batches.
// Several engines may run; each owns its partitions and nothing else.

import { setTimeout as sleep } from 'node:timers/promises'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Bus } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import type { OrderRecord } from '../db/order-view.ts'
import type { Log } from '../log.ts'
import type { Consumer, OrderQueue } from '../queue/queue.ts'
import { crosses } from './decide.ts'
import { createIntake } from './intake.ts'
import { MarketView } from './market-view.ts'
import { Ownership } from './ownership.ts'
import { type EngineQuote, QuoteRing } from './quote-ring.ts'
import { readWaitingOrders } from './read-books.ts'
import { Relay } from './relay.ts'
import { Settler, type Verdict } from './settler.ts'
import type { SettleContext, Work } from './settle.ts'
import { type WaitingOrder, WaitingOrders } from './waiting.ts'

/** A market order without an eligible event for this long, in an open market, has failed. */
export const STALE_AFTER_MS = 60_000
const STALE_CHECK_MS = 1_000
/** Settlements in hand beyond which no more matches are begun: the next event finds them again. */
const MATCHES_IN_HAND_MAX = 20_000
/** How long a stopping engine waits for what is in hand. */
const STOP_WAIT_MS = 10_000

export type EngineOptions = {
  postgresUrl: string
  sql: Sql
  queue: OrderQueue
  bus: Bus
  log: Log
  now: () => number
  processId: string
  /** Everything that is quoted, the exchange rate too. */
  tickerIds: readonly TickerId[]
}

export class Engine {
  readonly #options: EngineOptions
  readonly #abort = new AbortController()
  readonly #ring = new QuoteRing()
  readonly #market = new MarketView(this.#ring)
  readonly #waiting = new WaitingOrders()
  readonly #consumers = new Map<number, Consumer>()
  readonly #ownership: Ownership
  readonly #settler: Settler
  readonly #relay: Relay
  readonly #ends: (() => Promise<unknown>)[] = []

  constructor(options: EngineOptions) {
    this.#options = options
    const { signal } = this.#abort
    this.#ownership = new Ownership({
      url: options.postgresUrl,
      processId: options.processId,
      log: options.log,
      onOwned: (partition) => this.#own(partition),
      onRelease: (partition) => this.#release(partition),
      onLost: (partition) => this.#lose(partition),
    })
    this.#relay = new Relay({ ...options, signal })
    this.#settler = new Settler({
      context: () => this.#context(),
      isSuspended: (partition) => this.#ownership.suspended.has(partition),
      log: options.log,
      onCommit: (settled) => this.#relay.committed(settled),
      onDoubt: () => this.#relay.doubt(),
      signal,
    })
  }

  /** Partitions owned, orders waiting: for health checks and logs. */
  get state(): { partitions: number[]; waiting: number } {
    return { partitions: [...this.#ownership.epochs.keys()].sort(), waiting: this.#waiting.size }
  }

  async start(): Promise<void> {
    const { bus, queue, tickerIds, sql, log, now } = this.#options
    const { signal } = this.#abort
    const following = bus.followMarket(tickerIds, (events) => this.#observe(events), signal)
    this.#ends.push(() => following)
    this.#ends.push(
      await bus.subscribe('edge_clock', (messages) => {
        this.#market.clockOffsetMs = messages.at(-1)?.offset_ms ?? 0
      }),
    )
    const intake = createIntake({
      sql,
      log,
      now,
      owns: (partition) => this.#owns(partition),
      settle: (work) => this.#settleAndTrack(work),
    })
    this.#take = intake.take
    const dead = await queue.consumeDead(intake.takeDead)
    this.#ends.push(() => dead.close())
    const relaying = this.#relay.run()
    this.#ends.push(() => relaying)
    const staleCheck = setInterval(() => this.#failStale(), STALE_CHECK_MS)
    this.#ends.push(() => Promise.resolve(clearInterval(staleCheck)))
    this.#ownership.start()
  }

  /** Finishes what is in hand, gives the partitions back, ends. */
  async stop(): Promise<void> {
    await this.#ownership.stop()
    this.#abort.abort()
    this.#relay.poke()
    for (const end of this.#ends) await end()
  }

  #take: ReturnType<typeof createIntake>['take'] = () => {}

  #owns(partition: number): boolean {
    return this.#ownership.epochs.has(partition)
  }

  #context(): SettleContext {
    return {
      sql: this.#options.sql,
      epochs: this.#ownership.epochs,
      market: this.#market,
      nowMs: this.#options.now(),
    }
  }

  /** A partition is ours: what waits first, then what is queued. */
  async #own(partition: number): Promise<void> {
    const { sql, queue } = this.#options
    this.#relay.own(partition)
    for (const order of await readWaitingOrders(sql, partition)) this.#track(order)
    if (this.#consumers.has(partition)) return
    this.#consumers.set(partition, await queue.consume(partition, (one) => this.#take(one)))
  }

  async #release(partition: number): Promise<void> {
    const consumer = this.#consumers.get(partition)
    await consumer?.cancel()
    const deadline = this.#options.now() + STOP_WAIT_MS
    while (this.#settler.size > 0 && this.#options.now() < deadline) await sleep(5)
    // What was committed last is told before the partition is another's.
    await this.#relay.release(partition)
    await this.#lose(partition)
  }

  async #lose(partition: number): Promise<void> {
    this.#waiting.forget((userId) => partitionOf(userId) === partition)
    this.#relay.lose(partition)
    const consumer = this.#consumers.get(partition)
    this.#consumers.delete(partition)
    await consumer?.close()
  }

  async #settleAndTrack(work: Work): Promise<Verdict> {
    const verdict = await this.#settler.add(work)
    if (verdict.kind === 'settled' && verdict.order) this.#track(verdict.order)
    return verdict
  }

  /** Keeps an order in step; one that is new here is held against what the market did meanwhile. */
  #track(order: OrderRecord): void {
    const waiting = this.#waiting.put(order, this.#options.now())
    if (waiting) this.#catchUp(waiting)
  }

  #catchUp(waiting: WaitingOrder): void {
    for (const quote of this.#market.eligible(waiting.order)) {
      if (mayDecide(waiting.order, quote)) {
        this.#match(waiting, quote)
        return
      }
    }
  }

  #observe(events: readonly MarketEvent[]): void {
    for (const event of events) {
      const quote = this.#ring.add(event)
      if (!quote) continue
      for (const waiting of this.#waiting.on(quote.tickerId)) {
        const isDue = !waiting.inSettlement && this.#market.isEligible(waiting.order, quote)
        // Not on this quote, but on the first that decides: an earlier one may have been put off.
        if (isDue && mayDecide(waiting.order, quote)) this.#catchUp(waiting)
      }
    }
  }

  #match(waiting: WaitingOrder, quote: EngineQuote): void {
    if (this.#settler.size >= MATCHES_IN_HAND_MAX) return
    void this.#settleWaiting(waiting, { kind: 'match', order: waiting.order, quote })
  }

  /** One settlement at a time per waiting order; what cannot be settled ends instead of looping. */
  async #settleWaiting(waiting: WaitingOrder, work: Work): Promise<void> {
    waiting.inSettlement = true
    const verdict = await this.#settleAndTrack(work)
    waiting.inSettlement = false
    if (verdict.kind !== 'refused') return
    waiting.inSettlement = true
    await this.#settleAndTrack({ kind: 'fail', order: waiting.order, reason: 'unprocessable' })
  }

  #failStale(): void {
    const now = this.#options.now()
    for (const waiting of this.#waiting.all()) {
      const { order, sinceMs, inSettlement } = waiting
      if (order.type !== 'MARKET' || inSettlement) continue
      if (now - Math.max(order.acceptedAt, sinceMs) < STALE_AFTER_MS) continue
      void this.#settleWaiting(waiting, { kind: 'fail', order, reason: 'stale_market_data' })
    }
  }
}

/** A quick look without the books: whether a quote could end the wait. Settling decides. */
function mayDecide(order: OrderRecord, quote: EngineQuote): boolean {
  if (order.timeInForce === 'IOC' || order.timeInForce === 'FOK') return true
  return crosses(order, order.side === 'BUY' ? quote.ask : quote.bid)
}
