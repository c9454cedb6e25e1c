// Of several notifiers one leads: it holds a lock of Postgres as long as its connection lives. A killed
// one loses it at once, a paused one when Postgres ends its connection; the next one takes over.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../db/connect.ts'
import type { Log } from '../log.ts'

/** Any constant will do, as long as nothing else locks it. */
const LEAD_LOCK = 7_301_002
const RETRY_MS = 500
const BEAT_MS = 1_000

export type LeadOptions = {
  readonly postgresUrl: string
  readonly log: Log
  /** Leads until the signal says that the lock is lost, or that it is time to stop. */
  readonly lead: (signal: AbortSignal) => Promise<void>
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
      const [row] = await sql<{ taken: boolean }[]>`
        SELECT pg_try_advisory_lock(${LEAD_LOCK}) AS taken`
      if (row!.taken) break
      await sleep(RETRY_MS)
    }
    if (stopped.aborted || lost.signal.aborted) return
    log.info('notifier leads')
    // A connection that is cut without a word is noticed by asking.
    const beat = setInterval(() => {
      sql`SELECT 1`.catch(() => lost.abort())
    }, BEAT_MS)
    try {
      await lead(AbortSignal.any([stopped, lost.signal]))
    } finally {
      clearInterval(beat)
    }
  } finally {
    await sql.end({ timeout: 1 }).catch(() => {})
  }
}
