// The schema of the engine's own: what it tells (the outbox), who owns which partition, and what could
// not be settled.

import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { decimal, instant, owner, xid8 } from './column-types.ts'

/**
 * Order events on their way out, written in the transaction that caused them: what an order's
 * changeable part was at that moment. What never changes is read from `orders` (see `outbox.ts`).
 */
export const outbox = pgTable(
  'outbox',
  {
    ...owner(),
    seq: bigint('seq', { mode: 'bigint' }).notNull(),
    xid: xid8('xid')
      .notNull()
      .default(sql`pg_current_xact_id()`),
    id: bigint('id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    /** Of the ownership it was written under: in commit order it never goes back. */
    epoch: bigint('epoch', { mode: 'bigint' }).notNull(),
    orderId: uuid('order_id').notNull(),
    status: text('status').notNull(),
    reason: text('reason'),
    waitingFor: text('waiting_for'),
    price: decimal('price'),
    quantity: decimal('quantity').notNull(),
    appliedExchangeRate: decimal('applied_exchange_rate'),
    feeKrw: decimal('fee_krw').notNull(),
    settledLate: boolean('settled_late').notNull(),
    filledAt: instant('filled_at'),
    cancelRequestedAt: instant('cancel_requested_at'),
    cancelResult: text('cancel_result'),
    /** The order's fills so far, and how many of them this event brings. */
    fillCount: smallint('fill_count').notNull(),
    newFills: smallint('new_fills').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.seq] }),
    index('outbox_commit_order').on(table.xid, table.id),
  ],
)

export const outboxCursors = pgTable('outbox_cursors', {
  reader: text('reader').primaryKey(),
  xid: xid8('xid').notNull(),
  id: bigint('id', { mode: 'bigint' }).notNull(),
})

/** Who owns a partition. The advisory lock decides; the epoch is asserted by every write. */
export const partitions = pgTable('partitions', {
  partition: smallint('partition').primaryKey(),
  epoch: bigint('epoch', { mode: 'bigint' }).notNull(),
  ownerId: text('owner_id'),
  /** The backend that holds the lock: a successor ends it when its owner no longer beats. */
  ownerPid: integer('owner_pid'),
  heartbeatAt: instant('heartbeat_at'),
})

/** Engines that beat: the partitions are shared among them. */
export const engines = pgTable('engines', {
  id: text('id').primaryKey(),
  heartbeatAt: instant('heartbeat_at').notNull(),
})

/** Messages that could not become orders, kept for a human. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    bodySha256: text('body_sha256').notNull(),
    body: text('body').notNull(),
    /** `unreadable`, or the name of the error that refused it; what the error said is `detail`. */
    reason: text('reason').notNull(),
    detail: text('detail'),
    /** Null where the message could not be read. */
    orderId: uuid('order_id'),
    userId: uuid('user_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [uniqueIndex('dead_letters_body').on(table.bodySha256)],
)
