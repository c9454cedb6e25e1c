// The schema. Constraints carry the invariants: what they refuse cannot be, whatever the code does.
// User-owned rows begin their key with (partition, user_id): one user's settlement stays on one
// shard when Postgres is distributed by `partition`.

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
import { decimal, instant, owner } from './column-types.ts'

export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey(),
    partition: smallint('partition').notNull(),
    username: text('username').notNull(),
    nickname: text('nickname').notNull(),
    role: text('role').notNull().default('USER'),
    /** Null: he signs in by passkey or elsewhere only. */
    passwordHash: text('password_hash'),
    createdAt: instant('created_at').notNull(),
    disabledAt: instant('disabled_at'),
  },
  (table) => [
    uniqueIndex('users_username').on(sql`lower(${table.username})`),
    check('users_role', sql`${table.role} IN ('ADMIN', 'USER')`),
    check('users_partition', sql`${table.partition} BETWEEN 0 AND 7`),
  ],
)

/** A cache of the ledger's KRW entries; `balance_krw` includes what is held. */
export const wallets = pgTable(
  'wallets',
  {
    ...owner(),
    balanceKrw: decimal('balance_krw').notNull(),
    heldKrw: decimal('held_krw').notNull().default('0'),
    realizedPnlKrw: decimal('realized_pnl_krw').notNull().default('0'),
    /** The last `seq` given to an event of this user. */
    eventSeq: bigint('event_seq', { mode: 'bigint' })
      .notNull()
      .default(sql`0`),
    lastUpdated: instant('last_updated').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId] }),
    check('wallets_balance', sql`${table.balanceKrw} >= 0`),
    check('wallets_held', sql`${table.heldKrw} >= 0 AND ${table.heldKrw} <= ${table.balanceKrw}`),
  ],
)

/** Positions: a cache of the ledger's entries in units of a ticker. */
export const portfolios = pgTable(
  'portfolios',
  {
    id: bigint('id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    ...owner(),
    tickerId: varchar('ticker_id', { length: 40 }).notNull(),
    quantity: decimal('quantity').notNull(),
    heldQuantity: decimal('held_quantity').notNull().default('0'),
    averagePrice: decimal('average_price').notNull(),
    costNative: decimal('cost_native').notNull(),
    costKrw: decimal('cost_krw').notNull(),
    /** Realised profit in KRW: what the price did, and what the exchange rate did. */
    realizedPriceKrw: decimal('realized_price_krw').notNull().default('0'),
    realizedFxKrw: decimal('realized_fx_krw').notNull().default('0'),
    currency: varchar('currency', { length: 10 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.tickerId] }),
    check('portfolios_quantity', sql`${table.quantity} >= 0`),
    check(
      'portfolios_held',
      sql`${table.heldQuantity} >= 0 AND ${table.heldQuantity} <= ${table.quantity}`,
    ),
    check('portfolios_cost', sql`${table.costNative} >= 0 AND ${table.costKrw} >= 0`),
  ],
)

/** `price`, `quantity` are as executed; what was asked for is `limit_price`, `requested_quantity`. */
export const orders = pgTable(
  'orders',
  {
    ...owner(),
    id: uuid('id').notNull(),
    clientOrderId: varchar('client_order_id', { length: 64 }).notNull(),
    tickerId: varchar('ticker_id', { length: 40 }).notNull(),
    side: text('side').notNull(),
    type: text('type').notNull(),
    timeInForce: text('time_in_force').notNull(),
    requestedQuantity: decimal('requested_quantity').notNull(),
    limitPrice: decimal('limit_price'),
    stopPrice: decimal('stop_price'),
    trailAmount: decimal('trail_amount'),
    trailPercent: decimal('trail_percent'),
    /** What a market buy by amount may cost, fees excluded; `requested_quantity` follows its price. */
    requestedNotional: decimal('requested_notional'),
    postOnly: boolean('post_only').notNull().default(false),
    reduceOnly: boolean('reduce_only').notNull().default(false),
    /** Names of the sessions it may trade in, with commas; null: `regular` only. */
    sessions: varchar('sessions', { length: 60 }),
    /** When its time is over: the close of its day, or what was asked for. */
    expiresAt: instant('expires_at'),
    /** The order that leads its bracket, OCO or OTO, and its place there. */
    groupId: uuid('group_id'),
    leg: varchar('leg', { length: 20 }),
    replaces: uuid('replaces'),
    replacedBy: uuid('replaced_by'),
    triggeredAt: instant('triggered_at'),
    /** The best price a trailing stop has seen. */
    markPrice: decimal('mark_price'),
    status: text('status').notNull(),
    reason: text('reason'),
    waitingFor: text('waiting_for'),
    price: decimal('price'),
    quantity: decimal('quantity').notNull().default('0'),
    appliedExchangeRate: decimal('applied_exchange_rate'),
    notionalKrw: decimal('notional_krw').notNull().default('0'),
    feeKrw: decimal('fee_krw').notNull().default('0'),
    holdKrw: decimal('hold_krw').notNull().default('0'),
    holdQuantity: decimal('hold_quantity').notNull().default('0'),
    fillCount: smallint('fill_count').notNull().default(0),
    settledLate: boolean('settled_late').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    acceptedAt: instant('accepted_at').notNull(),
    storedAt: instant('stored_at').notNull(),
    filledAt: instant('filled_at'),
    cancelRequestedAt: instant('cancel_requested_at'),
    cancelResult: text('cancel_result'),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.id] }),
    uniqueIndex('orders_client_order_id')
      .on(table.partition, table.userId, table.clientOrderId)
      .where(sql`reason IS DISTINCT FROM 'duplicate_mismatch'`),
    index('orders_by_time').on(table.partition, table.userId, table.acceptedAt, table.id),
    check('orders_side', sql`${table.side} IN ('BUY', 'SELL')`),
    check(
      'orders_status',
      sql`${table.status} IN ('OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'EXPIRED', 'FAILED')`,
    ),
    check(
      'orders_quantity',
      sql`${table.requestedQuantity} > 0 AND ${table.quantity} >= 0 AND ${table.quantity} <= ${table.requestedQuantity}`,
    ),
    check(
      'orders_filled',
      sql`${table.status} <> 'FILLED' OR ${table.quantity} = ${table.requestedQuantity}`,
    ),
    check('orders_failed', sql`${table.status} <> 'FAILED' OR ${table.quantity} = 0`),
    check('orders_hold', sql`${table.holdKrw} >= 0 AND ${table.holdQuantity} >= 0`),
    check(
      'orders_hold_released',
      sql`${table.status} IN ('OPEN', 'PARTIALLY_FILLED') OR (${table.holdKrw} = 0 AND ${table.holdQuantity} = 0)`,
    ),
  ],
)

/**
 * Which orders are open: what an engine loads when it takes a partition over. A table, not a partial
 * index on `orders.status`: with that every fill would enter a new version of its order into all
 * other indexes (measured: twice the time of the update).
 */
export const openOrders = pgTable(
  'open_orders',
  { ...owner(), orderId: uuid('order_id').notNull() },
  (table) => [primaryKey({ columns: [table.partition, table.userId, table.orderId] })],
)

export const fills = pgTable(
  'fills',
  {
    ...owner(),
    orderId: uuid('order_id').notNull(),
    fillNo: smallint('fill_no').notNull(),
    tickerId: varchar('ticker_id', { length: 40 }).notNull(),
    side: text('side').notNull(),
    quantity: decimal('quantity').notNull(),
    price: decimal('price').notNull(),
    currency: varchar('currency', { length: 10 }).notNull(),
    appliedExchangeRate: decimal('applied_exchange_rate').notNull(),
    notionalKrw: decimal('notional_krw').notNull(),
    feeKrw: decimal('fee_krw').notNull(),
    filledAt: instant('filled_at').notNull(),
    /** The market event that decided, by its feeder's epoch and number; `filled_at` is its instant. */
    eventEpoch: text('event_epoch').notNull(),
    eventSeq: bigint('event_seq', { mode: 'bigint' }).notNull(),
    settledLate: boolean('settled_late').notNull(),
    /** What the receipt shows: the event, the book, the model and every charge, as they were. */
    evidence: json('evidence'),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.orderId, table.fillNo] }),
    check(
      'fills_positive',
      sql`${table.quantity} > 0 AND ${table.price} > 0 AND ${table.feeKrw} >= 0`,
    ),
  ],
)

/**
 * Double entry: one positive amount of one unit (KRW, or a ticker id) moves from `credit_account`
 * to `debit_account`. `source_id` is the order (leg 3n+… per fill), or the grant or adjustment.
 * CASH and POSITION are the user's own; MARKET, FEE and GRANT are the other side, without a balance row.
 */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    ...owner(),
    sourceId: uuid('source_id').notNull(),
    legNo: smallint('leg_no').notNull(),
    kind: text('kind').notNull(),
    debitAccount: text('debit_account').notNull(),
    creditAccount: text('credit_account').notNull(),
    unit: varchar('unit', { length: 40 }).notNull(),
    amount: decimal('amount').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partition, table.userId, table.sourceId, table.legNo] }),
    // Money that moved without an order. What orders write is not in it, and costs nothing here.
    index('ledger_entries_moves')
      .on(table.partition, table.userId, table.createdAt)
      .where(sql`kind NOT IN ('fill', 'fee', 'tax', 'split')`),
    check('ledger_entries_amount', sql`${table.amount} > 0`),
    check('ledger_entries_accounts', sql`${table.debitAccount} <> ${table.creditAccount}`),
  ],
)

/** Cancels for orders that have not arrived yet: the order that comes later ends CANCELLED. */
export const earlyCancels = pgTable(
  'early_cancels',
  {
    ...owner(),
    orderId: uuid('order_id').notNull(),
    requestedAt: instant('requested_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.partition, table.userId, table.orderId] })],
)
