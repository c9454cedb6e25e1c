// The schema of what a user keeps for himself: how the app looks to him, the tickers he watches, and
// the prices he wants to hear of.

import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { decimal, instant } from './column-types.ts'
import { users } from './schema.ts'

/** Keys begin with (partition, user_id), as all that users own; and the user has to exist. */
const ofUser = () => ({
  partition: smallint('partition').notNull(),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
})

export const preferences = pgTable(
  'preferences',
  {
    ...ofUser(),
    locale: text('locale').notNull(),
    theme: text('theme').notNull(),
    colours: text('colours').notNull(),
    confirmOrders: boolean('confirm_orders').notNull(),
    fillToasts: boolean('fill_toasts').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId] }),
    check('preferences_locale', sql`${table.locale} IN ('ko', 'en')`),
    check('preferences_theme', sql`${table.theme} IN ('system', 'light', 'dark')`),
    check('preferences_colours', sql`${table.colours} IN ('up_red', 'up_green')`),
  ],
)

/** The id is the client's own choice: two users may choose the same, and never hear of it. */
export const watchLists = pgTable(
  'watch_lists',
  {
    ...ofUser(),
    id: uuid('id').notNull(),
    name: text('name').notNull(),
    /** In the user's own order. */
    tickers: varchar('tickers', { length: 40 }).array().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.id] }),
    check('watch_lists_name', sql`char_length(${table.name}) BETWEEN 1 AND 30`),
    check('watch_lists_tickers', sql`cardinality(${table.tickers}) <= 100`),
  ],
)

/** Told once: `told_at` and `told_price` are set together, by the one statement that tells it. */
export const priceAlerts = pgTable(
  'price_alerts',
  {
    ...ofUser(),
    id: uuid('id').notNull(),
    tickerId: varchar('ticker_id', { length: 40 }).notNull(),
    condition: text('condition').notNull(),
    price: decimal('price').notNull(),
    currency: varchar('currency', { length: 10 }).notNull(),
    note: text('note').notNull(),
    /** What the market did until then does not count; a line that is moved begins anew. */
    createdAt: instant('created_at').notNull(),
    toldAt: instant('told_at'),
    toldPrice: decimal('told_price'),
    /** When the notifier took note that it was told: it may be told outside the app too. */
    announcedAt: instant('announced_at'),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.id] }),
    // A price finds the lines it has reached as a range of this.
    index('price_alerts_waiting')
      .on(table.tickerId, table.condition, table.price)
      .where(sql`${table.toldAt} IS NULL`),
    index('price_alerts_unannounced')
      .on(table.toldAt)
      .where(sql`${table.toldAt} IS NOT NULL AND ${table.announcedAt} IS NULL`),
    check('price_alerts_condition', sql`${table.condition} IN ('ABOVE', 'BELOW')`),
    check('price_alerts_currency', sql`${table.currency} IN ('KRW', 'USD')`),
    check('price_alerts_price', sql`${table.price} > 0`),
    check('price_alerts_note', sql`char_length(${table.note}) <= 100`),
    check(
      'price_alerts_told',
      sql`(${table.toldAt} IS NULL) = (${table.toldPrice} IS NULL) AND ${table.toldAt} >= ${table.createdAt}
        AND CASE ${table.condition} WHEN 'ABOVE' THEN ${table.toldPrice} >= ${table.price} ELSE ${table.toldPrice} <= ${table.price} END`,
    ),
  ],
)

/** How far a pass over stored candles has come, so that it goes on there after a restart. */
export const sweeps = pgTable('sweeps', {
  name: text('name').primaryKey(),
  sweptUntil: instant('swept_until').notNull(),
})
