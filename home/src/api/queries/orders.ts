// Orders and fills as their owner reads them.

import type { FillView, Order, OrderList } from '@motu/shared/contract/orders.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Currency, Venue } from '@motu/shared/instrument.ts'
import type { OrderStatus, Side } from '@motu/shared/order.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql } from '../../db/connect.ts'
import { ORDER_COLUMNS, type OrderRow, orderView } from '../../db/order-view.ts'

const FINAL: readonly OrderStatus[] = ['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED']
const OPEN: readonly OrderStatus[] = ['OPEN', 'PARTIALLY_FILLED']
const GROUPS = { open: OPEN, closed: FINAL, all: [...OPEN, ...FINAL] }

export type OrderPage = {
  status: keyof typeof GROUPS | OrderStatus
  limit: number
  cursor?: string | undefined
  tickerId?: string | undefined
  venue?: Venue | undefined
  side?: Side | undefined
  /** What was ordered: tickers, and a part of a ticker id that one need not know to find it. */
  called?: { tickerIds: readonly string[]; idPart: string | null } | undefined
  /** When they were accepted: from an instant up to, not including, another; UTC ms. */
  fromMs?: number | undefined
  toMs?: number | undefined
}

/**
 * One page, newest first; the cursor is the place of the page's last order. Whatever is looked for,
 * the plan walks one user's orders by time (`orders_by_time`) and drops what does not match: an index
 * of its own for any of the filters would be paid for by every order that settles.
 */
export async function listOrders(sql: Sql, userId: string, page: OrderPage): Promise<OrderList> {
  const { status, limit, tickerId, venue, side, called, fromMs, toMs } = page
  const statuses = status in GROUPS ? GROUPS[status as keyof typeof GROUPS] : [status]
  const place = page.cursor === undefined ? null : parseCursor(page.cursor)
  const before = place
    ? sql`AND (accepted_at, id) < (${new Date(place.acceptedAt)}, ${place.id})`
    : sql``
  const rows = await sql<OrderRow[]>`
    SELECT ${sql(ORDER_COLUMNS)} FROM orders
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId}
      AND status IN ${sql(statuses)} ${before}
      ${tickerId === undefined ? sql`` : sql`AND ticker_id = ${tickerId}`}
      ${venue === undefined ? sql`` : sql`AND starts_with(ticker_id, ${`${venue}-`})`}
      ${side === undefined ? sql`` : sql`AND side = ${side}`}
      ${called === undefined ? sql`` : isCalled(sql, called)}
      ${fromMs === undefined ? sql`` : sql`AND accepted_at >= ${new Date(fromMs)}`}
      ${toMs === undefined ? sql`` : sql`AND accepted_at < ${new Date(toMs)}`}
    ORDER BY accepted_at DESC, id DESC LIMIT ${limit + 1}`
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { orders: shown.map(orderView), next_cursor: last ? formatCursor(last) : null }
}

function isCalled(sql: Sql, { tickerIds, idPart }: NonNullable<OrderPage['called']>) {
  const byName = sql`ticker_id = ANY(${[...tickerIds]}::text[])`
  if (idPart === null) return sql`AND ${byName}`
  return sql`AND (strpos(ticker_id, ${idPart}) > 0 OR ${byName})`
}

export async function findOrder(sql: Sql, userId: string, orderId: string): Promise<Order | null> {
  const [row] = await sql<OrderRow[]>`
    SELECT ${sql(ORDER_COLUMNS)} FROM orders
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} AND id = ${orderId}`
  return row ? orderView(row) : null
}

type FillRow = Record<'quantity' | 'price' | 'applied_exchange_rate' | 'fee_krw', string> & {
  fill_no: number
  currency: Currency
  filled_at: Date
}

export async function listFills(sql: Sql, userId: string, orderId: string): Promise<FillView[]> {
  const rows = await sql<FillRow[]>`
    SELECT fill_no, quantity, price, currency, applied_exchange_rate, fee_krw, filled_at FROM fills
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} AND order_id = ${orderId}
    ORDER BY fill_no`
  return rows.map((row) => ({
    fill_id: `${orderId}.${row.fill_no}`,
    quantity: shortest(row.quantity),
    price: shortest(row.price),
    currency: row.currency,
    applied_exchange_rate: shortest(row.applied_exchange_rate),
    fee_krw: shortest(row.fee_krw),
    filled_at: row.filled_at.toISOString(),
  }))
}

const shortest = (text: string): string => formatDecimal(decimal(text))

function formatCursor(row: OrderRow): string {
  return Buffer.from(`${row.accepted_at.getTime()}.${row.id}`).toString('base64url')
}

/** Milliseconds and the order's id, which Postgres takes for a UUID only in this form. */
const CURSOR = /^(\d{1,14})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

function parseCursor(cursor: string): { acceptedAt: number; id: string } {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())
  if (match) return { acceptedAt: Number.parseInt(match[1]!, 10), id: match[2]! }
  const errors = [{ pointer: '#/cursor', detail: 'is not a cursor of this list' }]
  throw new DomainError('invalid-request', {
    detail: 'The cursor is not one that this list gave. Leave it out for the first page.',
    errors,
  })
}
