// What has ended long ago is removed, so that the tables of the doors stay as large as their use.

import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { deleteEnded } from './queries/housekeeping.ts'

const INTERVAL_MS = 60 * 60 * 1_000

/** Begins to clear up, now and every hour; answers how to stop. */
export function startHousekeeping({
  sql,
  now,
  log,
}: {
  sql: Sql
  now: () => number
  log: Log
}): () => void {
  const clear = (): void => {
    deleteEnded(sql, now()).catch((error: unknown) => {
      log.warn({ err: error }, 'what has ended could not be removed')
    })
  }
  clear()
  const timer = setInterval(clear, INTERVAL_MS)
  return () => clearInterval(timer)
}
