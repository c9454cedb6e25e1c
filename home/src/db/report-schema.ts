// The schema of daily reports: what a day came to, as it was told, once for each day of Seoul.

import { sql } from 'drizzle-orm'
import { boolean, check, date, json, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './column-types.ts'

export const dailyReports = pgTable(
  'daily_reports',
  {
    /** The day of Seoul it is about: whoever makes it first has made it. */
    date: date('date').primaryKey(),
    /** What the report says, as the API shows it. */
    figures: json('figures').notNull(),
    /** Made of prices that were not the market's. */
    simulated: boolean('simulated').notNull(),
    madeAt: instant('made_at').notNull(),
    /** What asked for it: the edge's cron, home's own clock, or somebody by hand. */
    madeBy: text('made_by').notNull(),
  },
  (table) => [check('daily_reports_made_by', sql`${table.madeBy} IN ('edge', 'home', 'hand')`)],
)
