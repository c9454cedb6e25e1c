// The schema of what Motu tells outside: what happened, which messages say it to whom, how far each
// message has come, and the texts they are made of.

import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { instant } from './column-types.ts'

/** Something that may be told, once: whoever finds it again finds its id. */
export const notifications = pgTable(
  'notifications',
  {
    /** Of what happened, not of the row: `whale:ORDER_ID`, or what a publisher named it. */
    eventId: varchar('event_id', { length: 200 }).primaryKey(),
    /** In the order they were found. */
    id: bigint('id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    /** A message template's key. */
    kind: text('kind').notNull(),
    /** Whom it is about; null: nobody in particular. */
    userId: uuid('user_id'),
    tickerId: varchar('ticker_id', { length: 40 }),
    /** The placeholders of its message. */
    values: json('values').notNull(),
    /** Of a replay or another feed that is not the market: it reaches no real service unless asked to. */
    simulated: boolean('simulated').notNull(),
    occurredAt: instant('occurred_at').notNull(),
    foundAt: instant('found_at').notNull(),
    /** Null: nobody has decided yet who is told. */
    routedAt: instant('routed_at'),
    /** Why nobody is told, where nobody is. */
    untold: text('untold'),
  },
  (table) => [
    index('notifications_unrouted')
      .on(table.id)
      .where(sql`routed_at IS NULL`),
    // A whale is told once in a while only, for each user and ticker.
    index('notifications_by_user').on(table.userId, table.kind, table.tickerId, table.occurredAt),
  ],
)

/** One message to one place. */
export const deliveries = pgTable(
  'deliveries',
  {
    /** In the order they are sent. */
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Where to: `discord:alerts`, `telegram:alerts`, `discord:human`. */
    place: varchar('place', { length: 100 }).notNull(),
    /** More than one notification in it. */
    isSummary: boolean('is_summary').notNull(),
    state: text('state').notNull().default('queued'),
    /** Tries that were begun. */
    attempts: smallint('attempts').notNull().default(0),
    /** Not tried before. */
    notBefore: instant('not_before').notNull(),
    /** An earlier try may have arrived: its answer was never seen. */
    mayRepeat: boolean('may_repeat').notNull().default(false),
    /** What was sent last. */
    body: text('body'),
    error: text('error'),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('deliveries_open')
      .on(table.place, table.id)
      .where(sql`state IN ('queued', 'sending')`),
    // What an admin looks for: the last of them, in a history of many that were sent.
    index('deliveries_failed')
      .on(table.id)
      .where(sql`state = 'failed'`),
    check('deliveries_state', sql`${table.state} IN ('queued', 'sending', 'sent', 'failed')`),
    check(
      'deliveries_ended',
      sql`(${table.state} IN ('sent', 'failed')) = (${table.endedAt} IS NOT NULL)`,
    ),
  ],
)

/** Which notifications a message tells: each is told to a place by one message, alone or in a summary. */
export const deliveryNotifications = pgTable(
  'delivery_notifications',
  {
    deliveryId: bigint('delivery_id', { mode: 'bigint' })
      .notNull()
      .references(() => deliveries.id, { onDelete: 'cascade' }),
    eventId: varchar('event_id', { length: 200 })
      .notNull()
      .references(() => notifications.eventId),
    place: varchar('place', { length: 100 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deliveryId, table.eventId] }),
    uniqueIndex('delivery_notifications_once').on(table.place, table.eventId),
  ],
)

/** What is known of a place: its service's limits outlive us, and a deleted one is not tried again. */
export const deliveryPlaces = pgTable('delivery_places', {
  place: varchar('place', { length: 100 }).primaryKey(),
  /** Nothing is sent before: the service said so. */
  pausedUntil: instant('paused_until'),
  /** It is gone: an admin has to name another. Of which address, so that a new one is tried. */
  switchedOffAt: instant('switched_off_at'),
  addressHash: text('address_hash'),
  /** What the service said then. */
  error: text('error'),
})

/** Texts that an admin has changed; a key without a row has its default. */
export const messageTemplates = pgTable(
  'message_templates',
  {
    key: varchar('key', { length: 40 }).notNull(),
    /** 1, 2, 3: the last one counts, the others are its history. */
    version: bigint('version', { mode: 'bigint' }).notNull(),
    /** Null: back to the default. */
    content: text('content'),
    changedAt: instant('changed_at').notNull(),
    changedBy: uuid('changed_by').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.key, table.version] }),
    check('message_templates_content', sql`char_length(${table.content}) BETWEEN 1 AND 2000`),
  ],
)
