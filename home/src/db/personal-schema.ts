// The schema of what a user chose to be told outside the app, and of what is told of him.

import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { instant } from './column-types.ts'
import { users } from './schema.ts'

/** Keys begin with (partition, user_id), as all that users own; and the user has to exist. */
const ofUser = () => ({
  partition: smallint('partition').notNull(),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
})

/** Absent before he chose anything. */
export const notificationSettings = pgTable(
  'notification_settings',
  {
    ...ofUser(),
    /** Nothing public tells of him. */
    hiddenFromPublic: boolean('hidden_from_public').notNull(),
    /** `HH:MM` by the clock of his zone; both or neither. */
    quietFrom: text('quiet_from'),
    quietUntil: text('quiet_until'),
    /** Of the IANA database. */
    timeZone: varchar('time_zone', { length: 64 }).notNull().default('Asia/Seoul'),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId] }),
    index('notification_settings_hidden')
      .on(table.userId)
      .where(sql`hidden_from_public`),
    check(
      'notification_settings_quiet',
      sql`(${table.quietFrom} IS NULL) = (${table.quietUntil} IS NULL) AND ${table.quietFrom} <> ${table.quietUntil}`,
    ),
  ],
)

/** A device of his that takes messages, by the sign-in it was added in: it ends with that. */
export const pushSubscriptions = pgTable(
  'push_subscriptions',
  {
    id: uuid('id').primaryKey(),
    ...ofUser(),
    sessionId: uuid('session_id').notNull(),
    /** Where its browser's service takes messages: secret, whoever has it may write there. */
    endpoint: text('endpoint').notNull(),
    /** The device's public key, and the secret shared with it: base64url. */
    p256dh: text('p256dh').notNull(),
    auth: text('auth').notNull(),
    userAgent: text('user_agent'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('push_subscriptions_endpoint').on(table.endpoint),
    index('push_subscriptions_by_user').on(table.partition, table.userId),
    check('push_subscriptions_endpoint_length', sql`char_length(${table.endpoint}) <= 1000`),
  ],
)

/** A kind that he wants to hear of through a channel; no row: he does not. */
export const notificationChoices = pgTable(
  'notification_choices',
  {
    ...ofUser(),
    kind: text('kind').notNull(),
    channel: text('channel').notNull(),
    /** Nobody is told what happened before. */
    chosenAt: instant('chosen_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.kind, table.channel] }),
    // Events say whose they are, not in which partition he is.
    index('notification_choices_by_user').on(table.userId, table.kind),
    check(
      'notification_choices_kind',
      sql`${table.kind} IN ('order_filled', 'order_failed', 'price_alert')`,
    ),
    check('notification_choices_channel', sql`${table.channel} IN ('push', 'telegram', 'discord')`),
  ],
)
