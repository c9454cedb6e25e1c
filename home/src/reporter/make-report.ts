// Makes the report of a day, once: its row and the notification that tells it are one transaction, so
// that of the edge's cron, home's clock and somebody's hand the first one wins.

import type { DailyReport } from '@motu/shared/contract/reports.ts'
import type { TemplateValues } from '@motu/shared/render-template.ts'
import { DAY_MS, dateBegins } from '@motu/shared/seoul-days.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import { insertReport, readReport, type Trigger } from '../db/daily-reports.ts'
import { hiddenAmong } from '../db/hidden-users.ts'
import { figuresOf } from './figures.ts'
import { isSimulated, readDay } from './read-day.ts'
import { eventIdOf, valuesOf } from './words.ts'

/** After midnight the last orders of the day are settled, and everyone's worth is taken. */
export const GRACE_MS = 60_000
/** Where home was dark at midnight, its first point of worth comes within minutes. */
const UNMEASURED_WAIT_MS = 60_000

/** What the notifier is told, as it writes it down. */
export type Told = {
  readonly eventId: string
  readonly kind: 'daily_report'
  readonly userId: null
  readonly tickerId: null
  readonly values: TemplateValues
  readonly simulated: boolean
  readonly occurredAtMs: number
}

export type ReportParts = {
  readonly sql: Sql
  /** Writes notifications down. */
  readonly tell: (tx: Transaction, told: readonly Told[], nowMs: number) => Promise<number>
  readonly now: () => number
}

export type Outcome =
  | { readonly kind: 'made' | 'already_made'; readonly report: DailyReport }
  /** The day is not over, or its figures are not all there. */
  | { readonly kind: 'too_early'; readonly waitMs: number }
  /** Nobody had an account then. */
  | { readonly kind: 'nobody' }

/** Makes the report of a date of Seoul, unless it was made. */
export async function makeReport(
  parts: ReportParts,
  { date, trigger }: { date: string; trigger: Trigger },
): Promise<Outcome> {
  const { sql, tell, now } = parts
  const made = await readReport(sql, date)
  if (made) return { kind: 'already_made', report: made }
  const reckoned = await reckonReport(parts, date)
  if (reckoned.kind !== 'reckoned') return reckoned
  const { report } = reckoned
  const told: Told = {
    eventId: eventIdOf(date),
    kind: 'daily_report',
    ...{ userId: null, tickerId: null, values: valuesOf(report), simulated: report.simulated },
    // When it is news, not what it is of: the hours of a dark night do not make it late.
    occurredAtMs: now(),
  }
  const isFirst = await sql.begin(async (tx) => {
    const isNew = await insertReport(tx, report, trigger)
    if (isNew) await tell(tx, [told], now())
    return isNew
  })
  if (isFirst) return { kind: 'made', report }
  return { kind: 'already_made', report: (await readReport(sql, date))! }
}

/** What the report of a date would say now; nothing is written. */
export async function reckonReport(
  { sql, now }: Pick<ReportParts, 'sql' | 'now'>,
  date: string,
): Promise<
  { kind: 'reckoned'; report: DailyReport } | Extract<Outcome, { kind: 'too_early' | 'nobody' }>
> {
  const nowMs = now()
  const fromMs = dateBegins(date)
  const span = { fromMs, toMs: fromMs + DAY_MS }
  const waitMs = span.toMs + GRACE_MS - nowMs
  if (waitMs > 0) return { kind: 'too_early', waitMs }
  const { contestants, isMeasured } = await readDay(sql, span)
  if (contestants.length === 0) return { kind: 'nobody' }
  if (!isMeasured) return { kind: 'too_early', waitMs: UNMEASURED_WAIT_MS }
  const simulated = await isSimulated(sql, span)
  const userIds = contestants.map(({ userId }) => userId)
  const figures = figuresOf(contestants, await hiddenAmong(sql, userIds))
  const made_at = new Date(nowMs).toISOString()
  return { kind: 'reckoned', report: { date, ...figures, simulated, made_at } }
}
