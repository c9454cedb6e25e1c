// The schema of accounts at chat services that speak for a user: the bot's, at Discord and Telegram.

import { sql } from 'drizzle-orm'
import { boolean, check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from './column-types.ts'
import { users } from './schema.ts'

/**
 * Who is who at a service. A link that ended stays as a row: an order is judged by what its link was
 * when the order was accepted. The living ones have no `ended_at`.
 */
export const channelLinks = pgTable(
  'channel_links',
  {
    /** `link:UUID`: what an order placed by the bot names as its key. */
    id: text('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    /** `discord`, `telegram`. */
    service: text('service').notNull(),
    /** Who he is there: the service's own number for him. */
    externalId: text('external_id').notNull(),
    /** What he is called there, for him to know it again. */
    displayName: text('display_name').notNull(),
    /** Whether the bot may place orders for him; ticked when the code was made. */
    mayTrade: boolean('may_trade').notNull(),
    linkedAt: instant('linked_at').notNull(),
    endedAt: instant('ended_at'),
    /** `unlinked`, `replaced`, `disabled`. */
    endedReason: text('ended_reason'),
  },
  (table) => [
    uniqueIndex('channel_links_person')
      .on(table.service, table.externalId)
      .where(sql`ended_at IS NULL`),
    uniqueIndex('channel_links_user')
      .on(table.userId, table.service)
      .where(sql`ended_at IS NULL`),
    index('channel_links_ended')
      .on(table.endedAt)
      .where(sql`ended_at IS NOT NULL`),
    check('channel_links_service', sql`${table.service} IN ('discord', 'telegram')`),
    check('channel_links_reason', sql`(${table.endedAt} IS NULL) = (${table.endedReason} IS NULL)`),
  ],
)
