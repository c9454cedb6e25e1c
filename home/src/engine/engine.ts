// The engine: takes orders in, watches the market for those that wait, settles both in batches.
// Several engines may run; each owns its partitions and nothing else.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Venue } from '@motu/shared/instrument.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import type { Bus } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import type { Consumer, OrderQueue } from '../queue/queue.ts'
import type { FillProfile } from './fill-profile.ts'
import { Follower } from './follower.ts'
import { createIntake } from './intake.ts'
import { NO_PROGRESS } from './judgement.ts'
import { MarketView } from './market-view.ts'
import { Ownership } from './ownership.ts'
import { QuoteRing } from './quote-ring.ts'
import { readWaitingOrders, selectOrders } from './read-books.ts'
import { Relay } from './relay.ts'
import { Settler } from './settler.ts'
import type { SettleContext } from './settle.ts'

/** How often waiting orders are held against the clock. */
const CLOCK_CHECK_MS = 1_000
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
  /** The calendar of a venue as it is known now. */
  calendar: (venue: Venue) => VenueCalendar
  /** The rules fills are made by. */
  profile: FillProfile
}

export class Engine {
  readonly #options: EngineOptions
  readonly #abort = new AbortController()
  readonly #ring = new QuoteRing()
  readonly #market: MarketView
  readonly #follower: Follower
  readonly #consumers = new Map<number, Consumer>()
  readonly #ownership: Ownership
  readonly #settler: Settler
  readonly #relay: Relay
  readonly #ends: (() => Promise<unknown>)[] = []

  constructor(options: EngineOptions) {
    this.#options = options
    const { signal } = this.#abort
    this.#market = new MarketView({ ring: this.#ring, ...options })
    this.#ownership = new Ownership({
      url: options.postgresUrl,
      processId: options.processId,
      log: options.log,
      onOwned: (partition, darkMs) => this.#own(partition, darkMs),
      onRelease: (partition) => this.#release(partition),
      onLost: (partition) => this.#lose(partition),
    })
    this.#relay = new Relay({ ...options, signal })
    this.#settler = new Settler({
      context: () => this.#context(),
      isSuspended: (partition) => this.#ownership.suspended.has(partition),
      log: options.log,
      onCommit: (settled) => {
        this.#relay.committed(settled)
        this.#follower.committed(settled)
      },
      onDoubt: () => this.#relay.doubt(),
      signal,
    })
    this.#follower = new Follower({
      ...options,
      ring: this.#ring,
      market: this.#market,
      settler: this.#settler,
      owns: (userId) => this.#owns(partitionOf(userId)),
      signal,
    })
  }

  /** Partitions owned, orders waiting, work in hand: for health checks and logs. */
  get state(): { partitions: number[]; waiting: number; inHand: number } {
    const { size: waiting, inHand } = this.#follower
    return { partitions: [...this.#ownership.epochs.keys()].sort(), waiting, inHand }
  }

  async start(): Promise<void> {
    const { bus, queue, tickerIds, sql, log, now } = this.#options
    const { signal } = this.#abort
    const following = bus.followMarket(
      tickerIds,
      (events) => this.#follower.observe(events),
      signal,
    )
    this.#ends.push(() => following)
    this.#ends.push(
      await bus.subscribe('edge_clock', (messages) => {
        this.#market.clockOffsetMs = messages.at(-1)?.offset_ms ?? 0
      }),
    )
    this.#ends.push(
      await bus.subscribe('orders_changed', (orders) => {
        this.#readAnew(orders).catch((error: unknown) => {
          log.error({ err: error }, 'changed orders were not read: they wait as they were')
        })
      }),
    )
    const intake = createIntake({
      sql,
      log,
      now,
      owns: (partition) => this.#owns(partition),
      settle: (work) => this.#follower.take(work),
    })
    this.#takeDelivery = intake.take
    const dead = await queue.consumeDead(intake.takeDead)
    this.#ends.push(() => dead.close())
    const relaying = this.#relay.run()
    this.#ends.push(() => relaying)
    const clockCheck = setInterval(() => this.#follower.watchClock(), CLOCK_CHECK_MS)
    this.#ends.push(() => Promise.resolve(clearInterval(clockCheck)))
    this.#ownership.start()
  }

  /** Finishes what is in hand, gives the partitions back, ends. */
  async stop(): Promise<void> {
    await this.#ownership.stop()
    this.#abort.abort()
    this.#relay.poke()
    for (const end of this.#ends) await end()
  }

  #takeDelivery: ReturnType<typeof createIntake>['take'] = () => {}

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
  async #own(partition: number, darkMs: number): Promise<void> {
    const { sql, queue } = this.#options
    this.#relay.own(partition)
    this.#follower.load(await readWaitingOrders(sql, partition), darkMs)
    if (this.#consumers.has(partition)) return
    const consumer = await queue.consume(partition, (one) => this.#takeDelivery(one))
    this.#consumers.set(partition, consumer)
  }

  /** Orders that a corporate action changed: as they are now, with the events that tell of it. */
  async #readAnew(changed: readonly { user_id: string; order_id: string }[]): Promise<void> {
    const keys = changed
      .filter(({ user_id: userId }) => this.#owns(partitionOf(userId)))
      .map(({ user_id: userId, order_id: orderId }) => [userId, orderId] as const)
    if (keys.length === 0) return
    const orders = await this.#options.sql.begin((tx) => selectOrders(tx, keys))
    // The prices of before are none for them: only what comes now is.
    const progress = { ...NO_PROGRESS, isMet: true, seenAt: this.#options.now() }
    for (const order of orders) this.#follower.track(order, progress)
    this.#relay.doubt()
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
    this.#follower.forget((userId) => partitionOf(userId) === partition)
    this.#relay.lose(partition)
    const consumer = this.#consumers.get(partition)
    this.#consumers.delete(partition)
    await consumer?.close()
  }
}
