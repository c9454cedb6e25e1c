// What a corporate action writes for some users: one statement per table. Each order that changed is
// told by an event of its user, from the outbox.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { columnsOf } from '../db/column.ts'
import type { Transaction } from '../db/connect.ts'
import type { LockedWallet } from './read-slice.ts'
import type { ActionOutcome, WaitingOrder } from './slice.ts'

export type SliceWrite = {
  readonly actionId: string
  readonly tickerId: string
  readonly partition: number
  /** Of the partition's ownership, held while this is written. */
  readonly epoch: bigint
  readonly nowMs: number
  readonly users: readonly { readonly wallet: LockedWallet; readonly outcome: ActionOutcome }[]
}

type Owned<T> = T & { readonly userId: string }

/** Writes all of it; throws when a row that was meant is not there. */
export async function writeSlice(tx: Transaction, write: SliceWrite): Promise<void> {
  const of = <T>(pick: (outcome: ActionOutcome) => readonly T[]): Owned<T>[] =>
    write.users.flatMap(({ outcome }) =>
      pick(outcome).map((one) => ({ ...one, userId: outcome.userId })),
    )
  const adjusted = of(({ adjusted }) => adjusted)
  const cancelled = of(({ cancelled }) => cancelled)
  const positions = of(({ position }) => (position ? [position] : []))
  const ledger = of(({ ledger }) => ledger)
  const events = write.users.flatMap(({ wallet, outcome }) =>
    [...outcome.adjusted, ...outcome.cancelled].map(({ id }, index) => ({
      ...{ userId: wallet.userId, orderId: id, seq: wallet.eventSeq + BigInt(index + 1) },
    })),
  )
  const counts: [table: string, meant: number, written: Promise<{ count: number }>][] = [
    ['orders, adjusted', adjusted.length, adjustOrders(tx, write, adjusted)],
    ['orders, cancelled', cancelled.length, cancelOrders(tx, write, cancelled)],
    ['portfolios', positions.length, updatePositions(tx, write, positions)],
    ['position_changes', positions.length, insertPositionChanges(tx, write, positions)],
    ['wallets', write.users.length, updateWallets(tx, write)],
    ['ledger_entries', ledger.length, insertLedger(tx, write, ledger)],
    ['outbox', events.length, insertEvents(tx, write, events)],
  ]
  const written = await Promise.all(counts.map((count) => count[2]))
  counts.forEach(([table, meant], index) => {
    const { count } = written[index]!
    if (count !== meant) throw new Error(`${table}: meant ${meant} rows, touched ${count}`)
  })
}

const NOTHING = { count: 0 }
const text = (value: Decimal | null): string | null =>
  value === null ? null : formatDecimal(value)
const at = ({ nowMs }: SliceWrite): Date => new Date(nowMs)

async function adjustOrders(
  tx: Transaction,
  { partition }: SliceWrite,
  orders: readonly Owned<WaitingOrder>[],
): Promise<{ count: number }> {
  if (orders.length === 0) return NOTHING
  const column = columnsOf(orders)
  return tx`
    UPDATE orders SET requested_quantity = a.requested_quantity, limit_price = a.limit_price,
      stop_price = a.stop_price, trail_amount = a.trail_amount, mark_price = a.mark_price,
      hold_krw = a.hold_krw, hold_quantity = a.hold_quantity
    FROM unnest(
      ${column((order) => order.userId)}::uuid[],
      ${column((order) => order.id)}::uuid[],
      ${column((order) => text(order.requestedQuantity))}::numeric[],
      ${column((order) => text(order.limitPrice))}::numeric[],
      ${column((order) => text(order.stopPrice))}::numeric[],
      ${column((order) => text(order.trailAmount))}::numeric[],
      ${column((order) => text(order.markPrice))}::numeric[],
      ${column((order) => text(order.holdKrw))}::numeric[],
      ${column((order) => text(order.holdQuantity))}::numeric[]
    ) AS a(user_id, id, requested_quantity, limit_price, stop_price, trail_amount, mark_price,
      hold_krw, hold_quantity)
    WHERE orders.partition = ${partition} AND orders.user_id = a.user_id AND orders.id = a.id
      AND orders.status IN ('OPEN', 'PARTIALLY_FILLED')`
}

async function cancelOrders(
  tx: Transaction,
  { partition }: SliceWrite,
  orders: readonly Owned<WaitingOrder>[],
): Promise<{ count: number }> {
  if (orders.length === 0) return NOTHING
  const column = columnsOf(orders)
  const ids = [column((order) => order.userId), column((order) => order.id)] as const
  // Sent together, in this order, before the events that tell of it.
  const [, written] = await Promise.all([
    tx`
      DELETE FROM open_orders USING unnest(${ids[0]}::uuid[], ${ids[1]}::uuid[]) AS a(user_id, id)
      WHERE open_orders.partition = ${partition} AND open_orders.user_id = a.user_id
        AND open_orders.order_id = a.id`,
    tx`
      UPDATE orders SET status = 'CANCELLED', reason = 'corporate_action', waiting_for = NULL,
        hold_krw = 0, hold_quantity = 0
      FROM unnest(${ids[0]}::uuid[], ${ids[1]}::uuid[]) AS a(user_id, id)
      WHERE orders.partition = ${partition} AND orders.user_id = a.user_id AND orders.id = a.id
        AND orders.status IN ('OPEN', 'PARTIALLY_FILLED')`,
  ])
  return written
}

async function updatePositions(
  tx: Transaction,
  { partition, tickerId }: SliceWrite,
  positions: readonly Owned<NonNullable<ActionOutcome['position']>>[],
): Promise<{ count: number }> {
  if (positions.length === 0) return NOTHING
  const column = columnsOf(positions)
  return tx`
    UPDATE portfolios SET quantity = p.quantity, held_quantity = p.held_quantity,
      average_price = p.average_price, cost_native = p.cost_native, cost_krw = p.cost_krw,
      realized_price_krw = p.realized_price_krw, realized_fx_krw = p.realized_fx_krw
    FROM unnest(
      ${column((one) => one.userId)}::uuid[],
      ${column((one) => text(one.quantity))}::numeric[],
      ${column((one) => text(one.heldQuantity))}::numeric[],
      ${column((one) => text(one.averagePrice))}::numeric[],
      ${column((one) => text(one.costNative))}::numeric[],
      ${column((one) => text(one.costKrw))}::numeric[],
      ${column((one) => text(one.realizedPriceKrw))}::numeric[],
      ${column((one) => text(one.realizedFxKrw))}::numeric[]
    ) AS p(user_id, quantity, held_quantity, average_price, cost_native, cost_krw,
      realized_price_krw, realized_fx_krw)
    WHERE portfolios.partition = ${partition} AND portfolios.user_id = p.user_id
      AND portfolios.ticker_id = ${tickerId}`
}

/** What statements go on from: fills alone do not say what became of a position. */
async function insertPositionChanges(
  tx: Transaction,
  write: SliceWrite,
  positions: readonly Owned<NonNullable<ActionOutcome['position']>>[],
): Promise<{ count: number }> {
  if (positions.length === 0) return NOTHING
  const column = columnsOf(positions)
  const seqs = new Map(write.users.map(({ wallet }) => [wallet.userId, wallet.eventSeq]))
  return tx`
    INSERT INTO position_changes (partition, user_id, action_id, ticker_id, after_seq, at, quantity,
      average_price, cost_native, cost_krw, realized_price_krw, realized_fx_krw)
    SELECT ${write.partition}::smallint, user_id, ${write.actionId}::uuid, ${write.tickerId},
      after_seq, ${at(write)}::timestamptz, quantity, average_price, cost_native, cost_krw,
      realized_price_krw, realized_fx_krw
    FROM unnest(
      ${column((one) => one.userId)}::uuid[],
      ${column((one) => seqs.get(one.userId)!)}::bigint[],
      ${column((one) => text(one.quantity))}::numeric[],
      ${column((one) => text(one.averagePrice))}::numeric[],
      ${column((one) => text(one.costNative))}::numeric[],
      ${column((one) => text(one.costKrw))}::numeric[],
      ${column((one) => text(one.realizedPriceKrw))}::numeric[],
      ${column((one) => text(one.realizedFxKrw))}::numeric[]
    ) AS p(user_id, after_seq, quantity, average_price, cost_native, cost_krw, realized_price_krw,
      realized_fx_krw)`
}

async function updateWallets(tx: Transaction, write: SliceWrite): Promise<{ count: number }> {
  const column = columnsOf(write.users)
  return tx`
    UPDATE wallets SET balance_krw = balance_krw + w.cash, held_krw = held_krw - w.released,
      realized_pnl_krw = realized_pnl_krw + w.realized, event_seq = w.event_seq,
      last_updated = ${at(write)}
    FROM unnest(
      ${column(({ wallet }) => wallet.userId)}::uuid[],
      ${column(({ outcome }) => text(outcome.cashKrw))}::numeric[],
      ${column(({ outcome }) => text(outcome.releasedKrw))}::numeric[],
      ${column(({ outcome }) => text(outcome.realizedKrw))}::numeric[],
      ${column(
        ({ wallet, outcome: { adjusted, cancelled } }) =>
          wallet.eventSeq + BigInt(adjusted.length + cancelled.length),
      )}::bigint[]
    ) AS w(user_id, cash, released, realized, event_seq)
    WHERE wallets.partition = ${write.partition} AND wallets.user_id = w.user_id`
}

/** Without ON CONFLICT: a row that is there says that the action was booked, and nothing is twice. */
async function insertLedger(
  tx: Transaction,
  write: SliceWrite,
  rows: readonly Owned<ActionOutcome['ledger'][number]>[],
): Promise<{ count: number }> {
  if (rows.length === 0) return NOTHING
  const column = columnsOf(rows)
  return tx`
    INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
      credit_account, unit, amount, created_at)
    SELECT ${write.partition}::smallint, user_id, ${write.actionId}::uuid, leg_no, kind, debit, credit, unit, amount,
      ${at(write)}::timestamptz
    FROM unnest(
      ${column((row) => row.userId)}::uuid[],
      ${column((row) => row.legNo)}::smallint[],
      ${column((row) => row.kind)}::text[],
      ${column((row) => row.debit)}::text[],
      ${column((row) => row.credit)}::text[],
      ${column((row) => row.unit)}::text[],
      ${column((row) => text(row.amount))}::numeric[]
    ) AS l(user_id, leg_no, kind, debit, credit, unit, amount)`
}

/** The changeable part of each order as it stands now, after the statements before this one. */
async function insertEvents(
  tx: Transaction,
  write: SliceWrite,
  events: readonly { userId: string; orderId: string; seq: bigint }[],
): Promise<{ count: number }> {
  if (events.length === 0) return NOTHING
  const column = columnsOf(events)
  return tx`
    INSERT INTO outbox (partition, user_id, seq, epoch, order_id, status, reason, waiting_for, price,
      quantity, applied_exchange_rate, fee_krw, settled_late, filled_at, cancel_requested_at,
      cancel_result, fill_count, new_fills, created_at)
    SELECT o.partition, o.user_id, e.seq, ${write.epoch}::bigint, o.id, o.status, o.reason,
      o.waiting_for, o.price, o.quantity, o.applied_exchange_rate, o.fee_krw, o.settled_late,
      o.filled_at, o.cancel_requested_at, o.cancel_result, o.fill_count, 0, ${at(write)}::timestamptz
    FROM unnest(
      ${column((event) => event.userId)}::uuid[],
      ${column((event) => event.orderId)}::uuid[],
      ${column((event) => event.seq)}::bigint[]
    ) AS e(user_id, order_id, seq)
    JOIN orders o ON o.partition = ${write.partition} AND o.user_id = e.user_id AND o.id = e.order_id`
}
