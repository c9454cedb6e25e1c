// A home that goes dark and comes back: a real engine on a real Postgres, with a clock that is set.
// The clock stands, or runs faster than time does, so that what takes an engine seconds takes less.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Venue } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { CancelMessage, PlaceMessage } from '@motu/shared/order-message.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { pino } from 'pino'
import { memoryBus } from '../../src/bus/memory.ts'
import { connect, type Sql } from '../../src/db/connect.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { FillProfile } from '../../src/engine/fill-profile.ts'
import { HttpQueue, type PostResult } from '../../src/queue/http.ts'
import { until } from '../until.ts'

export type Message = PlaceMessage | CancelMessage

/** How much faster than time the clock runs while an engine catches up. */
const SPEED = 4
const TURN_MS = 3
const OWNED_MS_MAX = 20_000
const IDLE_MS_MAX = 30_000
/** Longer than an engine's pause between two looks at the clock. */
const CLOCK_LOOK_MS = 1_100

type DarkHomeOptions = {
  postgresUrl: string
  startMs: number
  tickerIds: readonly string[]
  profile: FillProfile
}

export class DarkHome {
  readonly #options: DarkHomeOptions
  readonly #bus: ReturnType<typeof memoryBus>
  readonly #calendars = new Map<Venue, VenueCalendar>()
  #base: { at: number; since: number | null }
  #running: { engine: Engine; queue: HttpQueue; sql: Sql } | null = null
  #starts = 0

  constructor(options: DarkHomeOptions) {
    this.#options = options
    this.#base = { at: options.startMs, since: null }
    this.#bus = memoryBus({ now: () => this.now() })
  }

  now(): number {
    const { at, since } = this.#base
    return since === null ? at : at + Math.round((performance.now() - since) * SPEED)
  }

  /** Sets the clock; it stands there. */
  setClock(ms: number): void {
    this.#base = { at: Math.max(ms, this.now()), since: null }
  }

  /** Lets the clock run. */
  runClock(): void {
    this.#base = { at: this.now(), since: performance.now() }
  }

  /** An engine starts and owns everything. `darkMs`: for how long nobody did. */
  async start(darkMs = 0): Promise<void> {
    const { postgresUrl, tickerIds, profile } = this.#options
    const sql = connect(postgresUrl, { max: 4, keyedOnly: true })
    if (darkMs > 0) {
      await sql`UPDATE partitions SET heartbeat_at = now() - make_interval(secs => ${darkMs / 1_000})`
    }
    const queue = new HttpQueue()
    this.#starts += 1
    const engine = new Engine({
      ...{ postgresUrl, sql, queue, bus: this.#bus, tickerIds, profile },
      log: pino({ level: process.env.MOTU_TEST_LOG ?? 'silent' }),
      now: () => this.now(),
      processId: `home-${this.#starts}`,
      calendar: (venue) => this.#calendar(venue),
    })
    this.#running = { engine, queue, sql }
    await engine.start()
    await until(() => engine.state.partitions.length === 8, OWNED_MS_MAX)
  }

  #calendar(venue: Venue): VenueCalendar {
    const calendar = this.#calendars.get(venue) ?? new VenueCalendar(venue, [])
    this.#calendars.set(venue, calendar)
    return calendar
  }

  /** The engine ends; what is in hand goes back to where it came from. */
  async stop(): Promise<void> {
    const running = this.#running
    if (!running) return
    this.#running = null
    await running.engine.stop()
    await running.queue.close()
    await running.sql.end({ timeout: 5 })
  }

  async close(): Promise<void> {
    await this.stop()
    await this.#bus.close()
  }

  /** What the market does: kept by the bus, whether an engine is there or not. */
  observe(...events: MarketEvent[]): Promise<void> {
    return this.#bus.publishMarket(events)
  }

  /** Posts messages, all of a partition at once; answers what became of each, in their order. */
  async send(...messages: Message[]): Promise<PostResult[]> {
    const { queue } = this.#running!
    const partitions = new Set(messages.map((one) => partitionOf(one.user_id)))
    const results = new Map<Message, PostResult>()
    await Promise.all(
      [...partitions].map(async (partition) => {
        const mine = messages.filter((one) => partitionOf(one.user_id) === partition)
        let done = await queue.offer(partition, mine)
        // What waits there is loaded first.
        for (; done === 'not_owner'; done = await queue.offer(partition, mine)) await sleep(TURN_MS)
        const all = done
        mine.forEach((one, index) => results.set(one, all[index]!))
      }),
    )
    return messages.map((one) => results.get(one)!)
  }

  get isBusy(): boolean {
    return (this.#running?.engine.state.inHand ?? 0) > 0
  }

  /** Resolves when the engine has nothing in hand. */
  async idle(): Promise<void> {
    const { engine } = this.#running!
    let quiet = 0
    await until(async () => {
      await sleep(TURN_MS)
      quiet = engine.state.inHand === 0 ? quiet + 1 : 0
      return quiet >= 2
    }, IDLE_MS_MAX)
  }

  /** The engine looks at the clock, and everything that follows is done. */
  async look(): Promise<void> {
    await sleep(CLOCK_LOOK_MS)
    await this.idle()
  }

  /** Runs the clock until an engine that came back must have caught up. */
  async catchUp(ms: number): Promise<void> {
    this.runClock()
    const endsAt = this.now() + ms
    await until(() => this.now() >= endsAt, 60_000)
    this.setClock(this.now())
    await this.look()
    await this.look()
  }
}
