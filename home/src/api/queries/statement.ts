// The cash ledger as its owner reads it, and what his sells realised by day. Both are read from the
// lines of his statement, which is brought up to date first.

import type { LedgerKind, LedgerLine, RealizedDay } from '@motu/shared/contract/performance.ts'
import { REALIZED_DAYS_MAX } from '@motu/shared/contract/performance.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DAY_MS, dateBegins } from '@motu/shared/seoul-days.ts'
import type { Sql } from '../../db/connect.ts'
import { catchUp } from '../../statement/catch-up.ts'
import { invalidRequest } from '../problem.ts'

type LineRow = Record<'source_id' | 'amount_krw' | 'fee_krw' | 'tax_krw' | 'balance_krw', string> &
  Record<'ticker_id' | 'quantity' | 'price' | 'applied_exchange_rate', string | null> & {
    line_no: bigint
    at: Date
    kind: LedgerKind
    part: number
    currency: Currency | null
  }

/**
 * One page, newest first, of one kind where that is asked for. The cursor is the place of the page's last line: lines are only ever added
 * before the first, so that the pages fit together whatever happens meanwhile.
 */
export async function listLedger(
  sql: Sql,
  userId: string,
  {
    limit,
    cursor,
    kind,
  }: { limit: number; cursor?: string | undefined; kind?: LedgerKind | undefined },
): Promise<{ lines: LedgerLine[]; next_cursor: string | null }> {
  const before = cursor === undefined ? null : parseCursor(cursor)
  await catchUp(sql, userId)
  const rows = await sql<LineRow[]>`
    SELECT l.line_no, l.at, l.kind, l.source_id, l.part, l.ticker_id, l.amount_krw, l.fee_krw,
      l.tax_krw, l.balance_krw, f.quantity, f.price, f.currency, f.applied_exchange_rate
    FROM (
      SELECT * FROM statement_lines
      WHERE partition = ${partitionOf(userId)} AND user_id = ${userId}
        ${kind === undefined ? sql`` : sql`AND kind = ${kind}`}
        ${before === null ? sql`` : sql`AND line_no < ${before}::bigint`}
      ORDER BY line_no DESC LIMIT ${limit + 1}) l
    LEFT JOIN LATERAL (
      SELECT * FROM fills f
      WHERE l.kind IN ('buy', 'sell') AND f.partition = l.partition AND f.user_id = l.user_id
        AND f.order_id = l.source_id AND f.fill_no = l.part OFFSET 0) f ON true
    ORDER BY l.line_no DESC`
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { lines: shown.map(viewLine), next_cursor: last ? formatCursor(last.line_no) : null }
}

const shortest = (text: string): string => formatDecimal(decimal(text))
const maybe = (text: string | null): string | null => (text === null ? null : shortest(text))

function viewLine(row: LineRow): LedgerLine {
  const isTrade = row.kind === 'buy' || row.kind === 'sell'
  return {
    line_id: `${row.source_id}.${row.part}`,
    at: row.at.toISOString(),
    kind: row.kind,
    amount_krw: shortest(row.amount_krw),
    fee_krw: shortest(row.fee_krw),
    tax_krw: shortest(row.tax_krw),
    ticker_id: row.ticker_id,
    quantity: maybe(row.quantity),
    price: maybe(row.price),
    currency: row.currency ?? 'KRW',
    applied_exchange_rate: maybe(row.applied_exchange_rate),
    order_id: isTrade ? row.source_id : null,
    balance_krw: shortest(row.balance_krw),
  }
}

/** Where a page of lines ends, for the next one to begin behind it. */
export const formatCursor = (lineNo: bigint): string =>
  Buffer.from(`l${lineNo}`).toString('base64url')

/** The number of a line, as text for Postgres. */
export function parseCursor(cursor: string): string {
  const match = /^l(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match) return match[1]!
  throw invalidRequest([{ path: ['cursor'], message: 'is not a cursor of this list' }])
}

type DayRow = Record<'date' | 'price_pnl_krw' | 'fx_pnl_krw' | 'fees_krw', string> & {
  sells: number
}

/**
 * The newest days of Seoul on which something was realised, by when the market filled it. A fraction
 * that a split sold counts on the day it was paid, and is no order.
 */
export async function listRealizedDays(
  sql: Sql,
  userId: string,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): Promise<RealizedDay[]> {
  if (from !== undefined && to !== undefined && from > to) {
    throw invalidRequest([{ path: ['from'], message: 'must not be after `to`' }])
  }
  await catchUp(sql, userId)
  const begin = from === undefined ? null : new Date(dateBegins(from))
  const end = to === undefined ? null : new Date(dateBegins(to) + DAY_MS)
  const rows = await sql<DayRow[]>`
    SELECT (at AT TIME ZONE 'Asia/Seoul')::date::text AS date,
      sum(realized_price_krw) AS price_pnl_krw, sum(realized_fx_krw) AS fx_pnl_krw,
      sum(fee_krw + tax_krw) AS fees_krw,
      (count(DISTINCT source_id) FILTER (WHERE kind = 'sell'))::int AS sells
    FROM statement_lines
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} AND kind IN ('sell', 'fraction')
      ${begin === null ? sql`` : sql`AND at >= ${begin}`}
      ${end === null ? sql`` : sql`AND at < ${end}`}
    GROUP BY 1 ORDER BY 1 DESC LIMIT ${REALIZED_DAYS_MAX}`
  return rows.map((row) => ({
    date: row.date,
    price_pnl_krw: shortest(row.price_pnl_krw),
    fx_pnl_krw: shortest(row.fx_pnl_krw),
    fees_krw: shortest(row.fees_krw),
    sells: row.sells,
  }))
}
