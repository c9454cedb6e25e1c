// The relay: order events from the outbox to the bus, in the order they were committed. At least
// once: its place is kept in Postgres and moved after publishing.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import { readCommitted } from '../db/outbox.ts'
import type { Log } from '../log.ts'
import { retryDelayMs } from './faults.ts'

const EVENTS_PER_READ = 500
/** How often an idle relay looks by itself; a commit wakes it at once. */
const IDLE_MS = 20
const READER = 'relay'
/** Kept for sockets that resume and for whoever reads the table itself; early cancels as long. */
export const OUTBOX_RETENTION_DAYS = 7
const PURGE_INTERVAL_MS = 600_000

type Cursor = { xid: string; id: bigint }

type RelayOptions = {
  sql: Sql
  bus: Bus
  log: Log
  now: () => number
  /** Whether this process relays: one of several engines does. */
  isLeader: () => boolean
  signal: AbortSignal
}

export class Relay {
  readonly #options: RelayOptions
  #wake: (() => void) | null = null
  #isPoked = false
  #cursor: Cursor | null = null
  #purgedAt: number

  constructor(options: RelayOptions) {
    this.#options = options
    this.#purgedAt = options.now()
  }

  /** Something was committed: look now. */
  poke(): void {
    this.#isPoked = true
    this.#wake?.()
  }

  /** Runs until the signal aborts. */
  async run(): Promise<void> {
    const { signal, log, isLeader } = this.#options
    for (let failures = 0; !signal.aborted;) {
      try {
        // Who becomes the leader reads the place anew: another engine has moved it.
        if (!isLeader()) this.#cursor = null
        const count = isLeader() ? await this.#relay() : 0
        failures = 0
        if (count < EVENTS_PER_READ) await this.#idle()
      } catch (error) {
        log.warn({ err: error }, 'relay waits')
        await sleep(retryDelayMs((failures += 1)))
      }
    }
  }

  async #idle(): Promise<void> {
    if (this.#isPoked) {
      this.#isPoked = false
      return
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
    this.#isPoked = false
  }

  /** Publishes what was committed since the cursor, then moves it. */
  async #relay(): Promise<number> {
    const { sql, bus } = this.#options
    this.#cursor ??= await this.#readCursor()
    const events = await readCommitted(sql, this.#cursor, EVENTS_PER_READ)
    const last = events.at(-1)
    if (!last) return 0
    const told = events.map(({ user_id, seq, order }) => ({ user_id, seq, order }))
    await bus.publish('order_events', told)
    const trades = told.filter((_, index) => events[index]!.newFills > 0)
    if (trades.length > 0) await bus.publish('trade_events', trades)
    this.#cursor = { xid: last.xid, id: last.id }
    await sql`
      INSERT INTO outbox_cursors (reader, xid, id)
      VALUES (${READER}, ${last.xid}::xid8, ${String(last.id)})
      ON CONFLICT (reader) DO UPDATE SET xid = EXCLUDED.xid, id = EXCLUDED.id`
    await this.#purge()
    return events.length
  }

  async #readCursor(): Promise<Cursor> {
    const [row] = await this.#options.sql<Cursor[]>`
      SELECT xid::text AS xid, id FROM outbox_cursors WHERE reader = ${READER}`
    return row ?? { xid: '0', id: 0n }
  }

  async #purge(): Promise<void> {
    const { sql, now } = this.#options
    if (now() - this.#purgedAt < PURGE_INTERVAL_MS) return
    this.#purgedAt = now()
    const oldest = new Date(now() - OUTBOX_RETENTION_DAYS * 86_400_000)
    await sql`DELETE FROM outbox WHERE created_at < ${oldest}`
    await sql`DELETE FROM early_cancels WHERE requested_at < ${oldest}`
  }
}
