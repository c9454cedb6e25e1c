// The schema of what a user chose to be told outside the app, and of what is told of him.

import { sql } from 'drizzle-orm'
import { boolean, index, pgTable, primaryKey, smallint, uuid } from 'drizzle-orm/pg-core'
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
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId] }),
    index('notification_settings_hidden')
      .on(table.userId)
      .where(sql`hidden_from_public`),
  ],
)
