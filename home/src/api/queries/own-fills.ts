// All fills of a user. They are found through the lines of his statement, which know their order and
// their ticker: the fills themselves have no index for it, so that settling pays for none.

import type { FillList, OwnFill } from '@motu/shared/contract/fills.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import type { Side } from '@motu/shared/order.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../../db/connect.ts'
import { catchUp } from '../../statement/catch-up.ts'
import { formatCursor, parseCursor } from './statement.ts'

type FillRow = Record<
  'quantity' | 'price' | 'applied_exchange_rate' | 'fee_krw' | 'tax_krw' | 'ticker_id',
  string
> & {
  line_no: bigint
  order_id: string
  client_order_id: string
  fill_no: number
  side: Side
  currency: Currency
  filled_at: Date
}

export type FillPage = {
  limit: number
  cursor?: string | undefined
  tickerId?: string | undefined
  /** When the market filled them: from an instant up to, not including, another; UTC ms. */
  fromMs?: number | undefined
  toMs?: number | undefined
}

/** One page, those booked last first; the cursor is that of the statement. */
export async function listOwnFills(sql: Sql, userId: string, page: FillPage): Promise<FillList> {
  const before = page.cursor === undefined ? null : parseCursor(page.cursor)
  const { limit, tickerId, fromMs, toMs } = page
  await catchUp(sql, userId)
  const rows = await sql<FillRow[]>`
    SELECT l.line_no, l.source_id AS order_id, o.client_order_id, l.part AS fill_no, l.ticker_id,
      l.kind, l.tax_krw, f.side, f.quantity, f.price, f.currency, f.applied_exchange_rate, f.fee_krw,
      f.filled_at
    FROM (
      SELECT * FROM statement_lines
      WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} AND kind IN ('buy', 'sell')
        ${tickerId === undefined ? sql`` : sql`AND ticker_id = ${tickerId}`}
        ${fromMs === undefined ? sql`` : sql`AND at >= ${new Date(fromMs)}`}
        ${toMs === undefined ? sql`` : sql`AND at < ${new Date(toMs)}`}
        ${before === null ? sql`` : sql`AND line_no < ${before}::bigint`}
      ORDER BY line_no DESC LIMIT ${limit + 1}) l
    CROSS JOIN LATERAL (
      SELECT * FROM fills f WHERE f.partition = l.partition AND f.user_id = l.user_id
        AND f.order_id = l.source_id AND f.fill_no = l.part OFFSET 0) f
    CROSS JOIN LATERAL (
      SELECT client_order_id FROM orders o WHERE o.partition = l.partition
        AND o.user_id = l.user_id AND o.id = l.source_id OFFSET 0) o
    ORDER BY l.line_no DESC`
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { fills: shown.map(viewFill), next_cursor: last ? formatCursor(last.line_no) : null }
}

const shortest = (text: string): string => formatDecimal(decimal(text))

function viewFill(row: FillRow): OwnFill {
  return {
    fill_id: `${row.order_id}.${row.fill_no}`,
    order_id: row.order_id,
    client_order_id: row.client_order_id,
    ticker_id: row.ticker_id,
    side: row.side,
    quantity: shortest(row.quantity),
    price: shortest(row.price),
    currency: row.currency,
    applied_exchange_rate: shortest(row.applied_exchange_rate),
    fee_krw: shortest(row.fee_krw),
    tax_krw: shortest(row.tax_krw),
    filled_at: row.filled_at.toISOString(),
  }
}
