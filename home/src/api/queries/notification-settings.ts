// What a user is told outside the app, as he chose it.

import {
  NOTIFICATION_DEFAULTS,
  type NotificationSettings,
  PERSONAL_KINDS,
  type PersonalChannel,
  type PersonalKind,
} from '@motu/shared/contract/notification-settings.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { columnsOf } from '../../db/column.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import { lockUser } from './users.ts'

type Row = {
  hidden_from_public: boolean
  quiet_from: string | null
  quiet_until: string | null
  time_zone: string
}

export async function readNotificationSettings(
  sql: Sql | Transaction,
  userId: string,
): Promise<NotificationSettings> {
  const partition = partitionOf(userId)
  const [row] = await sql<Row[]>`
    SELECT hidden_from_public, quiet_from, quiet_until, time_zone FROM notification_settings
    WHERE partition = ${partition} AND user_id = ${userId}`
  if (!row) return NOTIFICATION_DEFAULTS
  const choices = await sql<{ kind: PersonalKind; channel: PersonalChannel }[]>`
    SELECT kind, channel FROM notification_choices
    WHERE partition = ${partition} AND user_id = ${userId} ORDER BY kind, channel`
  const channels = PERSONAL_KINDS.map((kind) => {
    const chosen = choices.filter((choice) => choice.kind === kind)
    return [kind, chosen.map(({ channel }) => channel)] as const
  })
  return {
    hidden_from_public: row.hidden_from_public,
    channels: Object.fromEntries(channels) as NotificationSettings['channels'],
    quiet_hours:
      row.quiet_from === null || row.quiet_until === null
        ? null
        : { from: row.quiet_from, until: row.quiet_until },
    time_zone: row.time_zone,
  }
}

/** Written whole; what was chosen before and still is keeps the time since when. */
export async function writeNotificationSettings(
  sql: Sql,
  userId: string,
  wanted: NotificationSettings,
  nowMs: number,
): Promise<NotificationSettings> {
  return sql.begin(async (tx) => {
    await lockUser(tx, userId)
    const partition = partitionOf(userId)
    const { hidden_from_public: isHidden, quiet_hours: quiet, time_zone: zone } = wanted
    const at = new Date(nowMs)
    await tx`
      INSERT INTO notification_settings (partition, user_id, hidden_from_public, quiet_from,
        quiet_until, time_zone, updated_at)
      VALUES (${partition}, ${userId}, ${isHidden}, ${quiet?.from ?? null}, ${quiet?.until ?? null},
        ${zone}, ${at})
      ON CONFLICT (partition, user_id) DO UPDATE SET
        hidden_from_public = EXCLUDED.hidden_from_public, quiet_from = EXCLUDED.quiet_from,
        quiet_until = EXCLUDED.quiet_until, time_zone = EXCLUDED.time_zone,
        updated_at = EXCLUDED.updated_at`
    const choices = PERSONAL_KINDS.flatMap((kind) =>
      wanted.channels[kind].map((channel) => ({ kind, channel })),
    )
    const column = columnsOf(choices)
    const kinds = column(({ kind }) => kind)
    const channels = column(({ channel }) => channel)
    await tx`
      DELETE FROM notification_choices
      WHERE partition = ${partition} AND user_id = ${userId} AND (kind, channel) NOT IN (
        SELECT * FROM unnest(${kinds}::text[], ${channels}::text[]))`
    await tx`
      INSERT INTO notification_choices (partition, user_id, kind, channel, chosen_at)
      SELECT ${partition}, ${userId}, c.*, ${at}::timestamptz
      FROM unnest(${kinds}::text[], ${channels}::text[]) AS c
      ON CONFLICT DO NOTHING`
    return readNotificationSettings(tx, userId)
  })
}
