// Of several notifiers one leads: it holds a lock of Postgres as long as its connection lives. A killed
// one loses it at once, a paused one when Postgres has not heard of it for a while and ends its
// connection; the next one takes over.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Sql, type Transaction } from '../db/connect.ts'
import type { Log } from '../log.ts'

/** Any constant will do, as long as nothing else locks it. */
const LEAD_LOCK = 7_301_002
const RETRY_MS = 500
const BEAT_MS = 1_000
/** Who is silent for longer has lost the lock. */
const SILENCE_MAX_MS = 6_000

/** One stretch of leading: it ends with the signal. */
export type Turn = {
  readonly signal: AbortSignal
  /** Whether the lock is still ours, as Postgres sees it from within a transaction. */
  readonly isHeld: (tx: Transaction) => Promise<boolean>
}

export type LeadOptions = {
  readonly postgresUrl: string
  readonly log: Log
  /** Leads until the signal says that the lock is lost, or that it is time to stop. */
  readonly lead: (turn: Turn) => Promise<void>
}

/** Waits for the lock, leads, and so on until it is stopped; answers how to stop. */
export function takeTurns(options: LeadOptions): () => Promise<void> {
  const stopping = new AbortController()
  const turns = (async () => {
    while (!stopping.signal.aborted) {
      await oneTurn(options, stopping.signal).catch((error: unknown) => {
        if (!stopping.signal.aborted) options.log.warn({ err: error }, 'notifier waits')
      })
      if (!stopping.signal.aborted) await sleep(RETRY_MS)
    }
  })()
  return async () => {
    stopping.abort()
    await turns
  }
}

async function oneTurn(
  { postgresUrl, log, lead }: LeadOptions,
  stopped: AbortSignal,
): Promise<void> {
  const lost = new AbortController()
  const sql = connect(postgresUrl, {
    max: 1,
    name: 'motu-notifier-lead',
    onClose: () => lost.abort(),
  })
  try {
    while (!stopped.aborted) {
      if (await takeLock(sql)) break
      await sleep(RETRY_MS)
    }
    if (stopped.aborted || lost.signal.aborted) return
    const [row] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
    log.info('notifier leads')
    const endBeat = beat(sql, lost)
    try {
      const signal = AbortSignal.any([stopped, lost.signal])
      await lead({ signal, isHeld: (tx) => holds(tx, row!.pid) })
    } finally {
      endBeat()
    }
    if (lost.signal.aborted) log.warn('notifier no longer leads')
  } finally {
    await sql.end({ timeout: 1 }).catch(() => {})
  }
}

async function takeLock(sql: Sql): Promise<boolean> {
  // A paused process keeps its connection: only silence tells that nobody is behind it.
  await sql`SELECT set_config('idle_session_timeout', ${String(SILENCE_MAX_MS)}, false)`
  const [row] = await sql<{ taken: boolean }[]>`
    SELECT pg_try_advisory_lock(${LEAD_LOCK}) AS taken`
  return row!.taken
}

/** A lock of 64 bits is shown as two halves; the upper one of ours is 0. */
async function holds(tx: Transaction, pid: number): Promise<boolean> {
  const rows = await tx`
    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = ${LEAD_LOCK}
      AND objsubid = 1 AND pid = ${pid} AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  return rows.length > 0
}

/** A connection that is cut without a word is noticed by asking. Answers how to stop asking. */
function beat(sql: Sql, lost: AbortController): () => void {
  let heardAt = performance.now()
  const timer = setInterval(() => {
    if (performance.now() - heardAt > SILENCE_MAX_MS) lost.abort()
    sql`SELECT 1`.then(
      () => (heardAt = performance.now()),
      () => lost.abort(),
    )
  }, BEAT_MS)
  return () => clearInterval(timer)
}
