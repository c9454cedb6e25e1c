// What a user is told outside the app, as he chose it.

import {
  NOTIFICATION_DEFAULTS,
  type NotificationSettings,
} from '@motu/shared/contract/notification-settings.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../../db/connect.ts'

export async function readNotificationSettings(
  sql: Sql,
  userId: string,
): Promise<NotificationSettings> {
  const [row] = await sql<NotificationSettings[]>`
    SELECT hidden_from_public FROM notification_settings
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId}`
  return row ?? NOTIFICATION_DEFAULTS
}

export async function writeNotificationSettings(
  sql: Sql,
  userId: string,
  wanted: NotificationSettings,
  nowMs: number,
): Promise<NotificationSettings> {
  await sql`
    INSERT INTO notification_settings (partition, user_id, hidden_from_public, updated_at)
    VALUES (${partitionOf(userId)}, ${userId}, ${wanted.hidden_from_public}, ${new Date(nowMs)})
    ON CONFLICT (partition, user_id) DO UPDATE SET
      hidden_from_public = EXCLUDED.hidden_from_public, updated_at = EXCLUDED.updated_at`
  return readNotificationSettings(sql, userId)
}
