// What admins changed of the venues' calendars: rows of `calendar_overrides`.

import type { OverrideView } from '@motu/shared/contract/market-calendar.ts'
import type { Venue } from '@motu/shared/instrument.ts'
import type { CalendarOverride, OverrideSession } from '@motu/shared/venues/calendar-override.ts'
import type { Sql, Transaction } from './connect.ts'

/** All of them are kept in memory: eight a month since 2015 are fewer. */
export const OVERRIDES_MAX = 2_000

type Row = {
  venue: Venue
  date: string
  sessions: OverrideSession[] | null
  note: string
  changed_by: string | null
  changed_at: Date
}

/** Every override, by date. */
export async function listOverrides(sql: Sql): Promise<OverrideView[]> {
  const rows = await sql<Row[]>`
    SELECT venue, date::text, sessions, note, changed_by, changed_at FROM calendar_overrides
    ORDER BY calendar_overrides.date, venue LIMIT ${OVERRIDES_MAX}`
  return rows.map((row) => ({ ...row, changed_at: row.changed_at.toISOString() }))
}

export async function countOverrides(sql: Sql | Transaction): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM calendar_overrides`
  return row!.count
}

/** Stores what is said of a date, in place of what was said of it before. */
export async function storeOverride(
  tx: Transaction,
  { venue, date, sessions, note }: CalendarOverride,
  { changedBy, nowMs }: { changedBy: string; nowMs: number },
): Promise<void> {
  const json = sessions === null ? null : tx.json(sessions.map((session) => ({ ...session })))
  await tx`
    INSERT INTO calendar_overrides (venue, date, sessions, note, changed_by, changed_at)
    VALUES (${venue}, ${date}::text::date, ${json}, ${note}, ${changedBy}, ${new Date(nowMs)})
    ON CONFLICT (venue, date) DO UPDATE SET sessions = excluded.sessions, note = excluded.note,
      changed_by = excluded.changed_by, changed_at = excluded.changed_at`
}

/** Whether there was one to remove. */
export async function removeOverride(
  tx: Transaction,
  { venue, date }: { venue: Venue; date: string },
): Promise<boolean> {
  const { count } = await tx`
    DELETE FROM calendar_overrides WHERE venue = ${venue} AND date = ${date}::text::date`
  return count > 0
}
