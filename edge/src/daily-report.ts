// At midnight in Seoul the edge's cron asks home for the report of the day that ended. Home has a clock of
// its own and makes it once, whoever asks first; while home is dark the edge asks again for a while.

import { type ReportAnswer, reportAnswerSchema, REPORTS_PATH } from '@motu/shared/report-call.ts'
import { lastEndedDate } from '@motu/shared/seoul-days.ts'
import { systemClock } from './clock.ts'
import type { Env } from './env.ts'
import { callHome } from './home-call.ts'
import { log } from './log.ts'

/** Cloudflare ends a scheduled run after fifteen minutes. */
const ASKED_FOR_MS = 12 * 60_000
const RETRY_MS_MIN = 2_000
const RETRY_MS_MAX = 60_000

/** Asks until home has answered, or for as long as a scheduled run may take. */
export async function askForReport(env: Env, scheduledMs: number): Promise<void> {
  const date = lastEndedDate(scheduledMs)
  const giveUpMs = systemClock() + ASKED_FOR_MS
  for (let retryMs = RETRY_MS_MIN; ; retryMs = Math.min(retryMs * 2, RETRY_MS_MAX)) {
    const answer = await ask(env, date)
    if (answer === 'refused') return
    if (answer !== 'dark' && answer.outcome !== 'too_early') {
      log.info('daily report', { date, outcome: answer.outcome })
      return
    }
    const waitMs = answer === 'dark' ? retryMs : within(answer.wait_ms)
    if (systemClock() + waitMs > giveUpMs) break
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
  log.error('daily report not asked for: home makes it by its own clock', { date })
}

function within(waitMs: number): number {
  return Math.max(RETRY_MS_MIN, Math.min(waitMs, RETRY_MS_MAX))
}

async function ask(env: Env, date: string): Promise<ReportAnswer | 'dark' | 'refused'> {
  const headers = { 'content-type': 'application/json' }
  const call = { method: 'POST', path: REPORTS_PATH, headers, body: JSON.stringify({ date }) }
  const answer = await callHome(env, call)
  if (!answer || answer.status >= 500) {
    await answer?.body?.cancel()
    return 'dark'
  }
  const parsed = answer.ok ? reportAnswerSchema.safeParse(await answer.json()) : null
  if (parsed?.success) return parsed.data
  log.error('home does not understand what report is meant', { date, status: answer.status })
  return 'refused'
}
