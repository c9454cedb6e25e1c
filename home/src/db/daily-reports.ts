// Daily reports as rows: written once for each day, by whoever comes first.

import type { DailyReport, ReportFigures } from '@motu/shared/contract/reports.ts'
import type { Sql, Transaction } from './connect.ts'

/** What asked for a report: the edge's cron, home's own clock, or somebody by hand. */
export type Trigger = 'edge' | 'home' | 'hand'

type Row = { date: string; figures: ReportFigures; simulated: boolean; made_at: Date }

/** Writes a report down; false where there was one already. */
export async function insertReport(
  tx: Transaction,
  report: DailyReport,
  madeBy: Trigger,
): Promise<boolean> {
  const { date, made_at, simulated, ...figures } = report
  const { count } = await tx`
    INSERT INTO daily_reports (date, figures, simulated, made_at, made_by)
    VALUES (${date}, ${JSON.stringify(figures)}::text::json, ${simulated}, ${made_at}, ${madeBy})
    ON CONFLICT DO NOTHING`
  return count === 1
}

export async function readReport(sql: Sql, date: string): Promise<DailyReport | null> {
  const [row] = await sql<Row[]>`
    SELECT date::text AS date, figures, simulated, made_at FROM daily_reports WHERE date = ${date}`
  return row ? viewOf(row) : null
}

/** Newest first; `before` is a date. */
export async function listReports(
  sql: Sql,
  { before, limit }: { before: string | null; limit: number },
): Promise<DailyReport[]> {
  const rows = await sql<Row[]>`
    SELECT date::text AS date, figures, simulated, made_at FROM daily_reports
    WHERE ${before}::date IS NULL OR date < ${before}::date
    ORDER BY date DESC LIMIT ${limit}`
  return rows.map(viewOf)
}

function viewOf({ date, figures, simulated, made_at }: Row): DailyReport {
  return { date, ...figures, simulated, made_at: made_at.toISOString() }
}
