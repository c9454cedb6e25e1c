// The schema of how accounts fared: their statements, and what they were worth over time. All of it is
// derived, off the order path: what is lost is made again from the ledger and the fills.

import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { decimal, instant, owner } from './column-types.ts'

/**
 * The cash ledger as its owner reads it, one line per fill, deposit, adjustment, dividend, or fraction
 * of a split, in the order they were booked. `home/src/statement` writes it after the event.
 */
export const statementLines = pgTable(
  'statement_lines',
  {
    ...owner(),
    lineNo: bigint('line_no', { mode: 'bigint' }).notNull(),
    /** When the market filled it; of other lines when it was booked. */
    at: instant('at').notNull(),
    kind: text('kind').notNull(),
    /** The order, the grant, the adjustment, the corporate action; `part` is the number of the fill. */
    sourceId: uuid('source_id').notNull(),
    part: smallint('part').notNull(),
    tickerId: varchar('ticker_id', { length: 40 }),
    /** What came in, charges included; negative: what went out. */
    amountKrw: decimal('amount_krw').notNull(),
    feeKrw: decimal('fee_krw').notNull(),
    taxKrw: decimal('tax_krw').notNull(),
    balanceKrw: decimal('balance_krw').notNull(),
    /** Realised by this line: what the price did, and what the exchange rate did. */
    realizedPriceKrw: decimal('realized_price_krw').notNull(),
    realizedFxKrw: decimal('realized_fx_krw').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.lineNo] }),
    uniqueIndex('statement_lines_moves')
      .on(table.partition, table.userId, table.sourceId)
      .where(sql`kind NOT IN ('buy', 'sell')`),
    index('statement_lines_realized')
      .on(table.partition, table.userId, table.at)
      .where(sql`kind IN ('sell', 'fraction')`),
    // Lines of one kind, and fills of one ticker: each in the order they were booked.
    index('statement_lines_of_kind').on(table.partition, table.userId, table.kind, table.lineNo),
    index('statement_lines_of_ticker').on(
      ...([table.partition, table.userId, table.tickerId, table.lineNo] as const),
    ),
    check(
      'statement_lines_kind',
      sql`${table.kind} IN ('deposit', 'buy', 'sell', 'dividend', 'fraction', 'adjustment')`,
    ),
  ],
)

/** How far a user's statement has come, and his positions as of then. */
export const statementHeads = pgTable(
  'statement_heads',
  {
    ...owner(),
    /** The last of his events whose fills are in it. */
    seq: bigint('seq', { mode: 'bigint' }).notNull(),
    lineNo: bigint('line_no', { mode: 'bigint' }).notNull(),
    balanceKrw: decimal('balance_krw').notNull(),
    /** The ledger's entries of cash beside fills that are in it. */
    moveCount: integer('move_count').notNull(),
    /** The last change of a position by a corporate action that is in it. */
    changeId: bigint('change_id', { mode: 'bigint' }).notNull(),
    positions: json('positions').notNull(),
  },
  (table) => [primaryKey({ columns: [table.partition, table.userId] })],
)

/** What a corporate action left of a position: the fills alone do not say it. */
export const positionChanges = pgTable(
  'position_changes',
  {
    ...owner(),
    id: bigint('id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    actionId: uuid('action_id').notNull(),
    tickerId: varchar('ticker_id', { length: 40 }).notNull(),
    /** The user's last event before it. */
    afterSeq: bigint('after_seq', { mode: 'bigint' }).notNull(),
    at: instant('at').notNull(),
    quantity: decimal('quantity').notNull(),
    averagePrice: decimal('average_price').notNull(),
    costNative: decimal('cost_native').notNull(),
    costKrw: decimal('cost_krw').notNull(),
    realizedPriceKrw: decimal('realized_price_krw').notNull(),
    realizedFxKrw: decimal('realized_fx_krw').notNull(),
  },
  (table) => [primaryKey({ columns: [table.partition, table.userId, table.id] })],
)

/** What an account was worth, and what had been put into it from outside until then. */
export const netWorthPoints = pgTable(
  'net_worth_points',
  {
    ...owner(),
    /** The slot it was taken for; of the first point the instant the account was opened. */
    at: instant('at').notNull(),
    netWorthKrw: decimal('net_worth_krw').notNull(),
    depositedKrw: decimal('deposited_krw').notNull(),
    /** How long it is kept: 0 two days, 1 (the hour's first) three months, 2 (the day's) for ever. */
    keep: smallint('keep').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.at] }),
    index('net_worth_points_thinning')
      .on(table.keep, table.at)
      .where(sql`keep < 2`),
    check('net_worth_points_keep', sql`${table.keep} BETWEEN 0 AND 2`),
  ],
)
