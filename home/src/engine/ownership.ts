// Who owns which partition. Ownership is a Postgres advisory lock held by one connection of this
// process, with an epoch that every write asserts. Engines share the partitions evenly.
//
//   free ── lock taken, epoch raised ──► owned ── too many, nothing unsettled ──► free
//                                          │  ▲
//                     connection lost ─────┘  └── lock taken again: epoch raised
//                                     suspended ── another engine took it ──► lost
//
// A paused engine keeps its connection and so its locks: once its heartbeat is old, a successor
// ends that connection, takes the lock and raises the epoch; whatever the sleeper writes when it
// wakes is refused.

import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import { connect, type Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'

export const TICK_MS = 1_000
/** An engine whose heartbeat is older counts for nothing. */
const HEARTBEAT_AGE_MAX_SECONDS = 5
const LOCK_CLASS = 7_301

export type OwnershipEvents = {
  /** Load what waits, then consume. `darkMs`: for how long nobody has owned it. */
  onOwned: (partition: number, darkMs: number) => Promise<void>
  /** Finish what is in hand and stop consuming; the lock is given back afterwards. */
  onRelease: (partition: number) => Promise<void>
  /** Another engine has it: forget everything about it. */
  onLost: (partition: number) => Promise<void>
}

type OwnershipOptions = OwnershipEvents & { url: string; processId: string; log: Log }

export class Ownership {
  /** Partitions owned now, with the epoch every write asserts. */
  readonly epochs = new Map<number, bigint>()
  /** Owned until the connection was lost: not writable, not yet given up. */
  readonly suspended = new Set<number>()
  readonly #options: OwnershipOptions
  readonly #sql: Sql
  #timer: NodeJS.Timeout | null = null
  #ticking: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: OwnershipOptions) {
    this.#options = options
    this.#sql = connect(options.url, {
      max: 1,
      name: `motu-engine-${options.processId}`,
      onClose: () => this.#suspend(),
    })
  }

  start(): void {
    const tick = (): void => {
      this.#ticking = this.#tick().catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'ownership waits: the database is away')
      })
      void this.#ticking.then(() => {
        if (!this.#stopped) this.#timer = setTimeout(tick, TICK_MS)
      })
    }
    tick()
  }

  /** Gives every partition back and ends the connection. */
  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#ticking
    for (const partition of [...this.epochs.keys()]) await this.#release(partition)
    await this.#sql`DELETE FROM engines WHERE id = ${this.#options.processId}`.catch(() => {})
    await this.#sql.end({ timeout: 2 })
  }

  #suspend(): void {
    for (const partition of this.epochs.keys()) this.suspended.add(partition)
    this.epochs.clear()
  }

  async #tick(): Promise<void> {
    const engines = await this.#beat()
    const quota = Math.ceil(PARTITION_COUNT / Math.max(1, engines))
    for (const partition of [...this.suspended]) await this.#regain(partition)
    const surplus = [...this.epochs.keys()].slice(quota)
    for (const partition of surplus) await this.#release(partition)
    for (let partition = 0; partition < PARTITION_COUNT; partition += 1) {
      if (this.#stopped || this.epochs.size >= quota) return
      if (!this.epochs.has(partition)) await this.#acquire(partition)
    }
  }

  /** Tells that this engine lives, and counts those that do. */
  async #beat(): Promise<number> {
    const { processId } = this.#options
    const owned = [...this.epochs.keys()].map(String)
    await this.#sql`
      INSERT INTO engines (id, heartbeat_at) VALUES (${processId}, now())
      ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()`
    await this.#sql`
      UPDATE partitions SET heartbeat_at = now()
      WHERE partition = ANY(${owned}::smallint[]) AND owner_id = ${processId}`
    const [row] = await this.#sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM engines
      WHERE heartbeat_at > now() - make_interval(secs => ${HEARTBEAT_AGE_MAX_SECONDS})`
    return row!.count
  }

  async #acquire(partition: number): Promise<boolean> {
    if (!(await this.#lock(partition))) {
      await this.#endSleeper(partition)
      return false
    }
    // `FOR UPDATE` waits for every settlement that holds the epoch, and holds off every one that
    // asks for it: the update alone would pass them by, as the heartbeat does.
    const [row] = await this.#sql<{ epoch: bigint; dark_ms: number | null }[]>`
      WITH old AS MATERIALIZED (
        SELECT heartbeat_at FROM partitions WHERE partition = ${partition} FOR UPDATE)
      UPDATE partitions p SET epoch = p.epoch + 1, owner_id = ${this.#options.processId},
        owner_pid = pg_backend_pid(), heartbeat_at = now()
      FROM old WHERE p.partition = ${partition}
      RETURNING p.epoch,
        (extract(epoch FROM now() - old.heartbeat_at) * 1000)::float8 AS dark_ms`
    this.epochs.set(partition, row!.epoch)
    this.suspended.delete(partition)
    this.#options.log.info({ partition, epoch: String(row!.epoch) }, 'partition owned')
    await this.#options.onOwned(partition, row!.dark_ms ?? 0)
    return true
  }

  async #lock(partition: number): Promise<boolean> {
    const [row] = await this.#sql<{ locked: boolean }[]>`
      SELECT pg_try_advisory_lock(${LOCK_CLASS}, ${partition}) AS locked`
    return row!.locked
  }

  /** Ends the backend that holds a partition whose owner has not beaten for too long. */
  async #endSleeper(partition: number): Promise<void> {
    const ended = await this.#sql`
      SELECT pg_terminate_backend(l.pid) FROM pg_locks l, partitions p
      WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ${LOCK_CLASS}
        AND l.objid = ${partition} AND p.partition = ${partition} AND l.pid <> pg_backend_pid()
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND p.heartbeat_at < now() - make_interval(secs => ${HEARTBEAT_AGE_MAX_SECONDS})`
    if (ended.count > 0) this.#options.log.warn({ partition }, 'a sleeping owner was ended')
  }

  /** After a lost connection: ours again, or another engine's by now. */
  async #regain(partition: number): Promise<void> {
    if (await this.#acquire(partition)) return
    const [row] = await this.#sql<{ owner_id: string | null }[]>`
      SELECT owner_id FROM partitions WHERE partition = ${partition}`
    if (row?.owner_id === this.#options.processId) return
    this.suspended.delete(partition)
    this.#options.log.warn({ partition }, 'partition lost')
    await this.#options.onLost(partition)
  }

  async #release(partition: number): Promise<void> {
    await this.#options.onRelease(partition)
    this.epochs.delete(partition)
    await this.#sql`
      UPDATE partitions SET owner_id = NULL, owner_pid = NULL
      WHERE partition = ${partition} AND owner_id = ${this.#options.processId}`.catch(() => {})
    await this.#sql`SELECT pg_advisory_unlock(${LOCK_CLASS}, ${partition})`.catch(() => {})
    this.#options.log.info({ partition }, 'partition released')
  }
}
