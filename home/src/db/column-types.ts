// Column types that every part of the schema shares.

import { customType, numeric, smallint, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Money, prices, quantities. */
export const decimal = (name: string) => numeric(name, { precision: 20, scale: 8 })
/** To the millisecond, UTC. */
export const instant = (name: string) =>
  timestamp(name, { precision: 3, withTimezone: true, mode: 'date' })
/** The id of a transaction: `pg_current_xact_id()`. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

/** The beginning of every key of a user's rows. */
export const owner = () => ({
  partition: smallint('partition').notNull(),
  userId: uuid('user_id').notNull(),
})
