// A small world for corporate actions: users with positions, orders that wait, candles and quotes, all
// written as the engine and the feeder would have left them.

import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { decimal, formatDecimal, multiply } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { applyDue } from '../../src/actions/actions.ts'
import type { ChangedOrder } from '../../src/actions/apply-action.ts'
import type { Sql } from '../../src/db/connect.ts'
import { createDatabase, createWallet, type TestDatabase } from '../database.ts'

export type Waiting = Partial<
  Record<'limit' | 'stop' | 'filled' | 'type' | 'time_in_force' | 'accepted_at', string>
>

export class ActionWorld {
  readonly database: TestDatabase
  nowMs = Date.parse('2026-11-20T00:00:00Z')
  readonly changed: ChangedOrder[] = []

  constructor(database: TestDatabase) {
    this.database = database
  }

  static async create(): Promise<ActionWorld> {
    const world = new ActionWorld(await createDatabase())
    const { sql } = world.database
    for (let partition = 0; partition < 8; partition += 1) {
      await sql`INSERT INTO partitions (partition, epoch) VALUES (${partition}, 7)
        ON CONFLICT (partition) DO UPDATE SET epoch = 7`
    }
    return world
  }

  get sql(): Sql {
    return this.database.sql
  }

  apply(onChanged?: () => Promise<void>): Promise<number> {
    const note = (orders: readonly ChangedOrder[]): Promise<void> => {
      this.changed.push(...orders)
      return Promise.resolve()
    }
    return applyDue({
      ...{ sql: this.sql, now: () => this.nowMs, log: pino({ level: 'silent' }) },
      onChanged: onChanged ?? note,
    })
  }

  async split(tickerId: string, exDate: string, from: string, to: string): Promise<string> {
    const id = randomUUID()
    await this.sql`
      INSERT INTO corporate_actions (id, ticker_id, kind, ex_date, ratio_from, ratio_to, source,
        created_at)
      VALUES (${id}, ${tickerId}, 'SPLIT', ${exDate}, ${from}, ${to}, 'test', now())`
    return id
  }

  async dividend(tickerId: string, exDate: string, amount: string): Promise<string> {
    const id = randomUUID()
    await this.sql`
      INSERT INTO corporate_actions (id, ticker_id, kind, ex_date, amount, source, created_at)
      VALUES (${id}, ${tickerId}, 'CASH_DIVIDEND', ${exDate}, ${amount}, 'test', now())`
    return id
  }

  async quote(tickerId: string, price: string, at: string, base = price): Promise<void> {
    const event = { ticker_id: tickerId, price, base_price: base, received_at: at }
    await this.sql`
      INSERT INTO quotes (ticker_id, event, received_at)
      VALUES (${tickerId}, ${this.sql.json(event)}, ${at})
      ON CONFLICT (ticker_id) DO UPDATE SET event = EXCLUDED.event`
  }

  /** A user who holds some of a ticker, with the ledger entry that says so. */
  async holder(tickerId: string, quantity: string, cost: string, costKrw = cost): Promise<string> {
    const userId = await createWallet(this.sql)
    if (quantity === '0') return userId
    const average = formatDecimal((decimal(cost) * 100_000_000n) / decimal(quantity))
    const currency = findInstrument(tickerId)!.currency
    await this.sql`
      INSERT INTO portfolios (partition, user_id, ticker_id, quantity, average_price, cost_native,
        cost_krw, currency)
      VALUES (${partitionOf(userId)}, ${userId}, ${tickerId}, ${quantity}, ${average}, ${cost},
        ${costKrw}, ${currency})`
    await this.sql`
      INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
        credit_account, unit, amount, created_at)
      VALUES (${partitionOf(userId)}, ${userId}, ${randomUUID()}, 1, 'fill', 'POSITION', 'MARKET',
        ${tickerId}, ${quantity}, '2026-11-01')`
    return userId
  }

  /** An order that waits, with its hold. */
  async order(
    userId: string,
    tickerId: string,
    [side, quantity]: readonly [side: 'BUY' | 'SELL', quantity: string],
    waiting: Waiting = {},
  ): Promise<string> {
    const id = randomUUID()
    const partition = partitionOf(userId)
    const filled = waiting.filled ?? '0'
    const left = decimal(quantity) - decimal(filled)
    const worth = multiply(left, decimal(waiting.limit ?? '1000'), 'up')
    const holdKrw = side === 'BUY' ? formatDecimal(worth) : '0'
    const holdQuantity = side === 'SELL' ? formatDecimal(left) : '0'
    await this.sql`
      INSERT INTO orders (partition, user_id, id, client_order_id, ticker_id, side, type,
        time_in_force, requested_quantity, quantity, limit_price, stop_price, status, waiting_for,
        hold_krw, hold_quantity, created_at, accepted_at, stored_at)
      VALUES (${partition}, ${userId}, ${id}, ${id}, ${tickerId}, ${side}, ${waiting.type ?? 'LIMIT'},
        ${waiting.time_in_force ?? 'GTC'}, ${quantity}, ${filled}, ${waiting.limit ?? null},
        ${waiting.stop ?? null}, ${filled === '0' ? 'OPEN' : 'PARTIALLY_FILLED'}, 'PRICE', ${holdKrw},
        ${holdQuantity}, now(), ${waiting.accepted_at ?? '2026-11-10T01:00:00Z'}, now())`
    await this.sql`
      INSERT INTO open_orders (partition, user_id, order_id) VALUES (${partition}, ${userId}, ${id})`
    await this.sql`
      UPDATE wallets SET held_krw = held_krw + ${holdKrw} WHERE user_id = ${userId}`
    await this.sql`
      UPDATE portfolios SET held_quantity = held_quantity + ${holdQuantity}
      WHERE user_id = ${userId} AND ticker_id = ${tickerId}`
    return id
  }

  /** A fill of the past, for what was traded since an ex-date began. */
  async fill(userId: string, tickerId: string, side: string, quantity: string, at: string) {
    await this.sql`
      INSERT INTO fills (partition, user_id, order_id, fill_no, ticker_id, side, quantity, price,
        currency, applied_exchange_rate, notional_krw, fee_krw, filled_at, event_epoch, event_seq,
        settled_late)
      VALUES (${partitionOf(userId)}, ${userId}, ${randomUUID()}, 1, ${tickerId}, ${side}, ${quantity},
        1, 'KRW', 1, 1, 0, ${at}, 'e', 1, false)`
  }

  /** Texts of some columns of one row, in their shortest form. */
  async row(text: string): Promise<Record<string, unknown>> {
    const [row] = await this.sql.unsafe(text)
    return Object.fromEntries(
      Object.entries(row ?? {}).map(([name, value]) => [
        name,
        typeof value === 'string' && /^-?\d+\.\d{8}$/.test(value)
          ? formatDecimal(decimal(value))
          : value,
      ]),
    )
  }

  position(userId: string): Promise<Record<string, unknown>> {
    return this
      .row(`SELECT quantity, held_quantity AS held, average_price AS average, cost_native AS cost,
      cost_krw, realized_price_krw + realized_fx_krw AS realized
      FROM portfolios WHERE user_id = '${userId}'`)
  }

  wallet(userId: string): Promise<Record<string, unknown>> {
    return this.row(`SELECT balance_krw AS balance, held_krw AS held, realized_pnl_krw AS realized,
      event_seq::int AS seq FROM wallets WHERE user_id = '${userId}'`)
  }

  waiting(orderId: string): Promise<Record<string, unknown>> {
    return this.row(`SELECT status, reason, requested_quantity AS asked, limit_price AS "limit",
      stop_price AS stop, hold_krw, hold_quantity,
      EXISTS (SELECT FROM open_orders w WHERE w.order_id = o.id) AS waits
      FROM orders o WHERE id = '${orderId}'`)
  }

  /**
   * What must always be so: wallets and positions are what the ledger says, and what is held is what
   * the open orders hold. Answers the rows that are otherwise.
   */
  async contradictions(): Promise<unknown[]> {
    const rows = await this.sql`
      WITH legs AS (
        SELECT user_id, unit, debit_account AS account, amount FROM ledger_entries
        UNION ALL SELECT user_id, unit, credit_account, -amount FROM ledger_entries),
      open AS (
        SELECT o.* FROM open_orders w JOIN orders o ON o.user_id = w.user_id AND o.id = w.order_id)
      SELECT user_id, 'cash' AS what FROM wallets w WHERE balance_krw <> (
        SELECT coalesce(sum(amount), 0) FROM legs l
        WHERE l.user_id = w.user_id AND account = 'CASH' AND unit = 'KRW')
      UNION ALL SELECT user_id, 'shares' FROM portfolios p WHERE quantity <> (
        SELECT coalesce(sum(amount), 0) FROM legs l
        WHERE l.user_id = p.user_id AND account = 'POSITION' AND unit = p.ticker_id)
      UNION ALL SELECT user_id, 'held cash' FROM wallets w WHERE held_krw <> (
        SELECT coalesce(sum(hold_krw), 0) FROM open o WHERE o.user_id = w.user_id)
      UNION ALL SELECT user_id, 'held shares' FROM portfolios p WHERE held_quantity <> (
        SELECT coalesce(sum(hold_quantity), 0) FROM open o
        WHERE o.user_id = p.user_id AND o.ticker_id = p.ticker_id)
      UNION ALL SELECT w.user_id, 'realised' FROM wallets w WHERE realized_pnl_krw <> (
        SELECT coalesce(sum(realized_price_krw + realized_fx_krw), 0) FROM portfolios p
        WHERE p.user_id = w.user_id)
      UNION ALL SELECT w.user_id, 'events' FROM wallets w WHERE event_seq <> (
        SELECT count(*) FROM outbox e WHERE e.user_id = w.user_id)`
    return [...rows]
  }
}
