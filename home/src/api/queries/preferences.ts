// How the app looks to a user: one row each, absent before he chose anything.

import type { PreferencesView } from '@motu/shared/contract/preferences.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../../db/connect.ts'

export async function readPreferences(sql: Sql, userId: string): Promise<PreferencesView | null> {
  const [row] = await sql<PreferencesView[]>`
    SELECT locale, theme, colours, confirm_orders, fill_toasts FROM preferences
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId}`
  return row ?? null
}

export async function writePreferences(
  sql: Sql,
  userId: string,
  wanted: PreferencesView,
  nowMs: number,
): Promise<PreferencesView> {
  const [row] = await sql<PreferencesView[]>`
    INSERT INTO preferences (partition, user_id, locale, theme, colours, confirm_orders,
      fill_toasts, updated_at)
    VALUES (${partitionOf(userId)}, ${userId}, ${wanted.locale}, ${wanted.theme},
      ${wanted.colours}, ${wanted.confirm_orders}, ${wanted.fill_toasts}, ${new Date(nowMs)})
    ON CONFLICT (partition, user_id) DO UPDATE SET locale = EXCLUDED.locale,
      theme = EXCLUDED.theme, colours = EXCLUDED.colours,
      confirm_orders = EXCLUDED.confirm_orders, fill_toasts = EXCLUDED.fill_toasts,
      updated_at = EXCLUDED.updated_at
    RETURNING locale, theme, colours, confirm_orders, fill_toasts`
  return row!
}
