// The relay: order events on their way to the bus, at least once. What a settlement committed goes
// out from memory, at once. The outbox holds the same events: what memory may have missed (a crash,
// a takeover, a commit in doubt, a bus that was away) is read from there.
//
//   owned ──► behind ── read up to what was committed ──► live
//               ▲                                           │
//               └──── doubt, bus away, too many waiting ────┘
//
// The place of a partition is the last transaction whose events are out. The transactions of a
// partition follow one another (its lane, its owner's epoch), so their ids only grow.

import { setTimeout as sleep } from 'node:timers/promises'
import { PARTITION_COUNT, partitionOf } from '@motu/shared/partition.ts'
import type { OrderEvent } from '@motu/shared/upstream.ts'
import type { Bus } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import { viewOrder } from '../db/order-view.ts'
import {
  AFTER_TRANSACTION,
  nextTransaction,
  oldestRunning,
  type OutboxPlace,
  readCommitted,
  readPlace,
  writePlaces,
} from '../db/outbox.ts'
import type { Log } from '../log.ts'
import type { EventRow } from './books.ts'
import { retryDelayMs } from './faults.ts'
import type { Settled } from './settle.ts'

const EVENTS_PER_READ = 500
/** Events in memory beyond which they are left to the outbox: a slow bus must not fill it. */
const WAITING_MAX = 20_000
/** How often places are written down: what a crash makes us tell twice. */
const PLACES_INTERVAL_MS = 1_000
/** How often a relay that is behind looks again at what a running transaction holds up. */
const BEHIND_POLL_MS = 20
const RELEASE_WAIT_MS = 2_000
/** Kept for sockets that resume and for whoever reads the table itself; early cancels as long. */
export const OUTBOX_RETENTION_DAYS = 7
const PURGE_INTERVAL_MS = 600_000

type RelayOptions = { sql: Sql; bus: Bus; log: Log; now: () => number; signal: AbortSignal }
type Stretch = {
  isLive: boolean
  /** What was in doubt when it fell behind is below this transaction; null: not asked yet. */
  barrier: bigint | null
  /** Null until it was read: everything up to here is out. */
  place: OutboxPlace | null
  /** The last transaction that was committed while behind: the outbox must be read up to it. */
  skipped: bigint
}
type Waiting = { row: EventRow; partition: number; xid: string }

export class Relay {
  readonly #options: RelayOptions
  readonly #stretches = new Map<number, Stretch>()
  #waiting: Waiting[] = []
  #sending = 0
  #wake: (() => void) | null = null
  #isPoked = false
  #placesAt: number
  #purgedAt: number

  constructor(options: RelayOptions) {
    this.#options = options
    this.#placesAt = options.now()
    this.#purgedAt = options.now()
  }

  /** A partition is ours: what its last owner may not have told comes first. */
  own(partition: number): void {
    this.#stretches.set(partition, { isLive: false, barrier: null, place: null, skipped: 0n })
    this.poke()
  }

  /** Tells what is in hand and writes the place down, for whoever owns the partition next. */
  async release(partition: number): Promise<void> {
    const { log, now, sql } = this.#options
    const deadline = now() + RELEASE_WAIT_MS
    while (this.#waiting.length + this.#sending > 0 && now() < deadline) await sleep(2)
    const stretch = this.#stretches.get(partition)
    if (!stretch?.place) return
    await writePlaces(sql, new Map([[partition, stretch.place]])).catch((error: unknown) =>
      log.warn({ err: error }, 'the relay could not write its place down'),
    )
  }

  /** Another engine tells of it now. */
  lose(partition: number): void {
    this.#stretches.delete(partition)
  }

  /** A settlement was committed: its events go out. */
  committed({ events, xid }: Settled): void {
    if (this.#waiting.length + events.length > WAITING_MAX) this.doubt()
    for (const row of events) {
      const partition = partitionOf(row.order.userId)
      const stretch = this.#stretches.get(partition)
      if (stretch?.isLive) this.#waiting.push({ row, partition, xid })
      else if (stretch) stretch.skipped = BigInt(xid)
    }
    this.poke()
  }

  /** Something may have been committed that memory does not know: ask the outbox. */
  doubt(): void {
    for (const { partition, xid } of this.#waiting) {
      const stretch = this.#stretches.get(partition)
      if (stretch) stretch.skipped = BigInt(xid)
    }
    for (const stretch of this.#stretches.values()) {
      stretch.isLive = false
      stretch.barrier = null
    }
    this.#waiting = []
    this.poke()
  }

  /** There is something to do: look now. */
  poke(): void {
    this.#isPoked = true
    this.#wake?.()
  }

  /** Runs until the signal aborts, and all that is in hand is out. */
  async run(): Promise<void> {
    const { signal, log } = this.#options
    for (let failures = 0; !signal.aborted;) {
      try {
        this.#isPoked = false
        await this.#tellWaiting()
        const isBehind = await this.#catchUp()
        await this.#writePlaces()
        await this.#purge()
        failures = 0
        if (!this.#isPoked) await this.#idle(isBehind)
      } catch (error) {
        log.warn({ err: error }, 'relay waits')
        this.doubt()
        await sleep(retryDelayMs((failures += 1)))
      }
    }
  }

  async #idle(isBehind: boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, isBehind ? BEHIND_POLL_MS : PLACES_INTERVAL_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
  }

  async #tellWaiting(): Promise<void> {
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []
    this.#sending = batch.length
    try {
      await this.#tell(batch.map(({ row }) => ({ ...eventOf(row), newFills: row.newFills })))
      for (const { partition, xid } of batch) {
        const stretch = this.#stretches.get(partition)
        if (stretch) stretch.place = { xid, id: AFTER_TRANSACTION }
      }
    } finally {
      this.#sending = 0
    }
  }

  async #tell(events: readonly (OrderEvent & { newFills: number })[]): Promise<void> {
    const { bus } = this.#options
    const told = events.map(({ user_id, seq, order }) => ({ user_id, seq, order }))
    await bus.publish('order_events', told)
    const trades = told.filter((_, index) => events[index]!.newFills > 0)
    if (trades.length > 0) await bus.publish('trade_events', trades)
  }

  /** Whether a partition is still behind: its outbox could not be read to the end yet. */
  async #catchUp(): Promise<boolean> {
    let isBehind = false
    for (const [partition, stretch] of this.#stretches) {
      if (stretch.isLive) continue
      const isWhole = await this.#read(partition, stretch)
      // What was committed while we read has raised `skipped`, and is read next time.
      if (isWhole && stretch.skipped <= BigInt(stretch.place!.xid)) stretch.isLive = true
      else isBehind = true
    }
    return isBehind
  }

  /** Tells what the outbox holds after the place; answers whether no doubt is left. */
  async #read(partition: number, stretch: Stretch): Promise<boolean> {
    const { sql } = this.#options
    for (;;) {
      const barrier = (stretch.barrier ??= await nextTransaction(sql))
      const after = (stretch.place ??= await readPlace(sql, partition))
      const before = await oldestRunning(sql)
      const page = { after, before, limit: EVENTS_PER_READ }
      const events = await readCommitted(sql, partition, page)
      if (events.length > 0) await this.#tell(events)
      const last = events.at(-1)
      if (last) stretch.place = { xid: last.xid, id: last.id }
      if (events.length < EVENTS_PER_READ) return before >= barrier && stretch.barrier === barrier
    }
  }

  async #writePlaces(): Promise<void> {
    const { now, sql } = this.#options
    if (now() - this.#placesAt < PLACES_INTERVAL_MS) return
    this.#placesAt = now()
    const places = new Map<number, OutboxPlace>()
    for (const [partition, { place }] of this.#stretches) if (place) places.set(partition, place)
    await writePlaces(sql, places)
  }

  async #purge(): Promise<void> {
    const { sql, now } = this.#options
    // One engine of several is enough: whoever owns the last partition.
    if (!this.#stretches.has(PARTITION_COUNT - 1)) return
    if (now() - this.#purgedAt < PURGE_INTERVAL_MS) return
    this.#purgedAt = now()
    const oldest = new Date(now() - OUTBOX_RETENTION_DAYS * 86_400_000)
    await sql`DELETE FROM outbox WHERE created_at < ${oldest}`
    await sql`DELETE FROM early_cancels WHERE requested_at < ${oldest}`
  }
}

function eventOf({ seq, order }: EventRow): OrderEvent {
  return {
    user_id: order.userId,
    seq: Number.parseInt(String(seq), 10),
    order: viewOrder(order),
  }
}
