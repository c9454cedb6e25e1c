// The schema of the markets: what is quoted, what can be traded, when, and what companies do.

import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
  index,
  json,
  pgTable,
  primaryKey,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { decimal, instant } from './column-types.ts'

/** The last event of each ticker, flushed every few seconds: a reference when Redis is empty. */
export const quotes = pgTable('quotes', {
  tickerId: varchar('ticker_id', { length: 40 }).primaryKey(),
  event: json('event').notNull(),
  receivedAt: instant('received_at').notNull(),
})

export const candles = pgTable(
  'candles',
  {
    tickerId: varchar('ticker_id', { length: 40 }).notNull(),
    interval: varchar('interval', { length: 4 }).notNull(),
    openAt: instant('open_at').notNull(),
    open: decimal('open').notNull(),
    high: decimal('high').notNull(),
    low: decimal('low').notNull(),
    close: decimal('close').notNull(),
    volume: decimal('volume').notNull(),
    simulated: boolean('simulated').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tickerId, table.interval, table.openAt] })],
)

/** What an admin knows better than the calendar: a day closed at short notice, or other hours. */
export const calendarOverrides = pgTable(
  'calendar_overrides',
  {
    venue: text('venue').notNull(),
    date: date('date').notNull(),
    /** `[{name, opens, closes}]` in the venue's own time; null: closed all day. */
    sessions: json('sessions'),
    note: text('note').notNull(),
    changedBy: uuid('changed_by'),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.venue, table.date] })],
)

/** What can be traded, from the sources' master data, over those that Motu brings along. */
export const instruments = pgTable(
  'instruments',
  {
    tickerId: varchar('ticker_id', { length: 40 }).primaryKey(),
    venue: text('venue').notNull(),
    kind: text('kind').notNull(),
    board: text('board'),
    nameKo: text('name_ko').notNull(),
    nameEn: text('name_en').notNull(),
    sector: text('sector'),
    currency: varchar('currency', { length: 10 }).notNull(),
    /** A price near which a hold is sized before any quote is known. */
    referencePrice: decimal('reference_price').notNull(),
    status: text('status').notNull(),
    source: text('source').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    check('instruments_venue', sql`${table.venue} IN ('KRX', 'US', 'CRYPTO')`),
    check('instruments_kind', sql`${table.kind} IN ('STOCK', 'ETF', 'COIN')`),
    check('instruments_status', sql`${table.status} IN ('LISTED', 'HALTED', 'DELISTED')`),
    check('instruments_price', sql`${table.referencePrice} > 0`),
  ],
)

/** Splits and cash dividends, applied once at the ex-date, before the session opens. */
export const corporateActions = pgTable(
  'corporate_actions',
  {
    id: uuid('id').primaryKey(),
    tickerId: varchar('ticker_id', { length: 40 }).notNull(),
    kind: text('kind').notNull(),
    exDate: date('ex_date').notNull(),
    /** A split makes `ratio_to` shares of `ratio_from`. */
    ratioFrom: decimal('ratio_from'),
    ratioTo: decimal('ratio_to'),
    /** A dividend a share, before tax, in the instrument's currency. */
    amount: decimal('amount'),
    source: text('source').notNull(),
    createdAt: instant('created_at').notNull(),
    appliedAt: instant('applied_at'),
  },
  (table) => [
    index('corporate_actions_due').on(table.exDate, table.tickerId),
    check(
      'corporate_actions_terms',
      sql`(${table.kind} = 'SPLIT' AND ${table.ratioFrom} > 0 AND ${table.ratioTo} > 0)
        OR (${table.kind} = 'CASH_DIVIDEND' AND ${table.amount} > 0)`,
    ),
  ],
)

/** KIS issues a token a minute at the most, for all processes: the one that is valid, sealed. */
export const kisTokens = pgTable('kis_tokens', {
  appKeyHash: text('app_key_hash').primaryKey(),
  sealedToken: text('sealed_token'),
  expiresAt: instant('expires_at'),
  askedAt: instant('asked_at').notNull(),
})
