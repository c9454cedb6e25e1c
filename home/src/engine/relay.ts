// The relay: order events from the outbox to the bus, in the order they were committed. At least
// once: its place is kept in Postgres and moved after publishing.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Order } from '@motu/shared/contract/orders.ts'
import type { Bus } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { retryDelayMs } from './faults.ts'

const EVENTS_PER_READ = 500
/** How often an idle relay looks by itself; a commit wakes it at once. */
const IDLE_MS = 20
const READER = 'relay'
/** Events are kept this long for sockets that resume and for whoever reads the table itself. */
export const OUTBOX_RETENTION_DAYS = 7
const PURGE_INTERVAL_MS = 600_000

type OutboxRow = {
  user_id: string
  seq: bigint
  xid: string
  id: bigint
  order: Order
  fills: unknown
}

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

  /**
   * Publishes what was committed since the cursor. A plain cursor on an id would lose rows that
   * commit late: only rows older than every running transaction are read, in (xid, id) order.
   */
  async #relay(): Promise<number> {
    const { sql, bus } = this.#options
    const rows = await sql<OutboxRow[]>`
      SELECT o.user_id, o.seq, o.xid::text AS xid, o.id, o."order", o.fills
      FROM outbox o, (
        SELECT coalesce(max(xid::text), '0')::xid8 AS xid, coalesce(max(id), 0) AS id
        FROM outbox_cursors WHERE reader = ${READER}) c
      WHERE (o.xid, o.id) > (c.xid, c.id) AND o.xid < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY o.xid, o.id LIMIT ${EVENTS_PER_READ}`
    const last = rows.at(-1)
    if (!last) return 0
    const events = rows.map((row) => ({
      user_id: row.user_id,
      seq: Number.parseInt(String(row.seq), 10),
      order: row.order,
      fills: row.fills,
    }))
    await bus.publish(
      'order_events',
      events.map(({ fills: _fills, ...event }) => event),
    )
    await bus.publish(
      'trade_events',
      events.filter((event) => event.fills !== null),
    )
    await sql`
      INSERT INTO outbox_cursors (reader, xid, id) VALUES (${READER}, ${last.xid}::xid8, ${last.id})
      ON CONFLICT (reader) DO UPDATE SET xid = EXCLUDED.xid, id = EXCLUDED.id`
    await this.#purge()
    return rows.length
  }

  async #purge(): Promise<void> {
    const { sql, now } = this.#options
    if (now() - this.#purgedAt < PURGE_INTERVAL_MS) return
    this.#purgedAt = now()
    await sql`
      DELETE FROM outbox
      WHERE created_at < ${new Date(now())} - make_interval(days => ${OUTBOX_RETENTION_DAYS})`
  }
}
