// What a corporate action reads of some users: wallets under lock first, in the order the engine locks
// them, then what they guard.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { OrderType, Side, TimeInForce } from '@motu/shared/order.ts'
import { columnsOf } from '../db/column.ts'
import type { Transaction } from '../db/connect.ts'
import type { ActionUser, WaitingOrder } from './slice.ts'

/** Users of a partition whose ids begin with the same hexadecimal digit. */
export type Slice = { readonly partition: number; readonly digit: number }

export type LockedWallet = { readonly userId: string; readonly eventSeq: bigint }
export type SliceUser = { readonly wallet: LockedWallet; readonly user: ActionUser }

/** Locks and reads whoever ever held the ticker, or has an order waiting for it. */
export async function readSlice(
  tx: Transaction,
  slice: Slice,
  { tickerId, cutoffMs }: { tickerId: string; cutoffMs: number },
): Promise<SliceUser[]> {
  const wallets = await lockWallets(tx, slice, tickerId)
  if (wallets.length === 0) return []
  const of = { partition: slice.partition, tickerId, ids: columnsOf(wallets)((one) => one.userId) }
  const [positions, orders, traded] = await Promise.all([
    readPositions(tx, of),
    readOrders(tx, of),
    readTraded(tx, of, cutoffMs),
  ])
  return wallets.map((wallet) => ({
    wallet,
    user: {
      userId: wallet.userId,
      position: positions.get(wallet.userId) ?? null,
      orders: orders.get(wallet.userId) ?? [],
      tradedSince: traded.get(wallet.userId) ?? 0n,
    },
  }))
}

async function lockWallets(
  tx: Transaction,
  { partition, digit }: Slice,
  tickerId: string,
): Promise<LockedWallet[]> {
  const hex = digit.toString(16)
  const [first, last] = ['0', 'f'].map(
    (fill) => `${hex}${fill.repeat(7)}-${[4, 4, 4, 12].map((size) => fill.repeat(size)).join('-')}`,
  )
  const rows = await tx<{ user_id: string; event_seq: bigint }[]>`
    SELECT w.user_id, w.event_seq FROM wallets w
    WHERE w.partition = ${partition} AND w.user_id BETWEEN ${first!}::uuid AND ${last!}::uuid
      AND (EXISTS (SELECT FROM portfolios p WHERE p.partition = w.partition
          AND p.user_id = w.user_id AND p.ticker_id = ${tickerId})
        OR EXISTS (SELECT FROM open_orders w2 JOIN orders o ON o.partition = w2.partition
            AND o.user_id = w2.user_id AND o.id = w2.order_id
          WHERE w2.partition = w.partition AND w2.user_id = w.user_id AND o.ticker_id = ${tickerId}))
    ORDER BY w.partition, w.user_id FOR UPDATE OF w`
  return rows.map((row) => ({ userId: row.user_id, eventSeq: row.event_seq }))
}

/** `ids` is an array in Postgres's own text. */
type Of = { partition: number; tickerId: string; ids: string }

async function readPositions(
  tx: Transaction,
  { partition, tickerId, ids }: Of,
): Promise<Map<string, NonNullable<ActionUser['position']>>> {
  const rows = await tx<Record<string, string>[]>`
    SELECT user_id, quantity, held_quantity, average_price, cost_native, cost_krw,
      realized_price_krw, realized_fx_krw
    FROM portfolios WHERE partition = ${partition} AND user_id = ANY(${ids}::uuid[])
      AND ticker_id = ${tickerId}`
  return new Map(
    rows.map((row) => [
      row.user_id!,
      {
        quantity: decimal(row.quantity!),
        heldQuantity: decimal(row.held_quantity!),
        averagePrice: decimal(row.average_price!),
        costNative: decimal(row.cost_native!),
        costKrw: decimal(row.cost_krw!),
        realizedPriceKrw: decimal(row.realized_price_krw!),
        realizedFxKrw: decimal(row.realized_fx_krw!),
      },
    ]),
  )
}

type OrderRow = {
  user_id: string
  id: string
  side: Side
  type: OrderType
  time_in_force: TimeInForce
  requested_quantity: string
  quantity: string
  limit_price: string | null
  stop_price: string | null
  trail_amount: string | null
  mark_price: string | null
  requested_notional: string | null
  hold_krw: string
  hold_quantity: string
  accepted_at: Date
}

const maybe = (text: string | null): Decimal | null => (text === null ? null : decimal(text))

async function readOrders(
  tx: Transaction,
  { partition, tickerId, ids }: Of,
): Promise<Map<string, WaitingOrder[]>> {
  const rows = await tx<OrderRow[]>`
    SELECT o.user_id, o.id, o.side, o.type, o.time_in_force, o.requested_quantity, o.quantity,
      o.limit_price, o.stop_price, o.trail_amount, o.mark_price, o.requested_notional, o.hold_krw,
      o.hold_quantity, o.accepted_at
    FROM open_orders w JOIN orders o
      ON o.partition = w.partition AND o.user_id = w.user_id AND o.id = w.order_id
    WHERE w.partition = ${partition} AND w.user_id = ANY(${ids}::uuid[])
      AND o.ticker_id = ${tickerId}
    ORDER BY o.user_id, o.accepted_at, o.id`
  const orders = new Map<string, WaitingOrder[]>()
  for (const row of rows) {
    const ofUser = orders.get(row.user_id) ?? []
    ofUser.push({
      id: row.id,
      acceptedAt: row.accepted_at.getTime(),
      side: row.side,
      type: row.type,
      timeInForce: row.time_in_force,
      requestedQuantity: decimal(row.requested_quantity),
      filledQuantity: decimal(row.quantity),
      limitPrice: maybe(row.limit_price),
      stopPrice: maybe(row.stop_price),
      trailAmount: maybe(row.trail_amount),
      markPrice: maybe(row.mark_price),
      requestedNotional: maybe(row.requested_notional),
      holdKrw: decimal(row.hold_krw),
      holdQuantity: decimal(row.hold_quantity),
    })
    orders.set(row.user_id, ofUser)
  }
  return orders
}

/** Bought less sold since the ex-date began, by when the market filled it. */
async function readTraded(
  tx: Transaction,
  { partition, tickerId, ids }: Of,
  cutoffMs: number,
): Promise<Map<string, Decimal>> {
  const rows = await tx<{ user_id: string; traded: string }[]>`
    SELECT user_id, sum(CASE side WHEN 'BUY' THEN quantity ELSE -quantity END)::text AS traded
    FROM fills WHERE partition = ${partition} AND user_id = ANY(${ids}::uuid[])
      AND ticker_id = ${tickerId} AND filled_at >= ${new Date(cutoffMs)}
    GROUP BY user_id`
  return new Map(rows.map((row) => [row.user_id, decimal(row.traded)]))
}
