// Home's own clock for the daily report: after each midnight in Seoul, and after a start for the day that
// ended while home was dark. Every process of the API has it; the first one wins.

import { DAY_MS, dateBegins, lastEndedDate } from '@motu/shared/seoul-days.ts'
import type { Log } from '../log.ts'
import { GRACE_MS, makeReport, type ReportParts } from './make-report.ts'

/** Never sleeps for longer: the clock may be set, or the machine have slept. */
const SLEEP_MAX_MS = 60_000
const RETRY_MS = 10_000

/** Runs from now on; answers how to stop. */
export function startReporter(parts: ReportParts & { log: Log }): () => Promise<void> {
  const { now, log } = parts
  let isStopped = false
  let doneDate = ''
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  /** Makes the report that is due; answers how long to wait. */
  const look = async (): Promise<number> => {
    const date = lastEndedDate(now())
    if (date === doneDate) return dateBegins(date) + 2 * DAY_MS + GRACE_MS - now()
    const outcome = await makeReport(parts, { date, trigger: 'home' })
    if (outcome.kind === 'too_early') return outcome.waitMs
    if (outcome.kind === 'made') log.info({ date }, 'daily report made')
    doneDate = date
    return SLEEP_MAX_MS
  }
  const wait = (ms: number): void => {
    timer = setTimeout(() => {
      running = look()
        .catch((error: unknown) => {
          log.warn({ err: error }, 'no daily report was made')
          return RETRY_MS
        })
        .then((waitMs) => {
          if (!isStopped) wait(Math.max(0, Math.min(waitMs, SLEEP_MAX_MS)))
        })
    }, ms)
  }
  wait(0)
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await running
  }
}
