// What was booked for a user since his statement was last written, in the order it was booked: fills by
// the events that told of them, the rest by its time.

import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import type { Side } from '@motu/shared/order.ts'
import type { Transaction } from '../db/connect.ts'
import type { ChangeEntry, Entry, FillEntry, MoveEntry } from './fold.ts'

export type Owner = { readonly partition: number; readonly userId: string }

/** A fill, and when it was booked: `seq` is of the event that told of it, 0 where that is forgotten. */
export type BookedFill = { readonly entry: FillEntry; readonly seq: bigint; readonly at: number }
export type BookedChange = {
  readonly entry: ChangeEntry
  readonly id: bigint
  readonly afterSeq: bigint
}

/** The leg of a fill that is its tax: of four legs a fill the last. See `engine/books.ts`. */
const TAX_OF_FILL = '(f.fill_no::int - 1) * 4 + 3'

type FillRow = Record<
  | 'order_id'
  | 'ticker_id'
  | 'quantity'
  | 'price'
  | 'applied_exchange_rate'
  | 'notional_krw'
  | 'fee_krw'
  | 'tax_krw',
  string
> & {
  fill_no: number
  side: Side
  currency: Currency
  filled_at: Date
  booked_at: Date
  seq: bigint
  xid: string
}

const FILL_COLUMNS = `f.order_id, f.fill_no, f.ticker_id, f.side, f.quantity, f.price, f.currency,
  f.applied_exchange_rate, f.notional_krw, f.fee_krw, f.filled_at, coalesce(t.amount, 0) AS tax_krw`

/** Look-ups, one each: `OFFSET 0` keeps the planner from reading everyone's instead. */
const TAX = `LEFT JOIN LATERAL (
    SELECT amount FROM ledger_entries t
    WHERE t.partition = f.partition AND t.user_id = f.user_id AND t.source_id = f.order_id
      AND t.leg_no = ${TAX_OF_FILL} OFFSET 0) t ON true`

/** The fills that the events after one and up to another told of. */
export async function readToldFills(
  tx: Transaction,
  { partition, userId }: Owner,
  { after, upTo }: { after: bigint; upTo: bigint },
): Promise<BookedFill[]> {
  const rows = await tx<FillRow[]>`
    SELECT e.seq, e.xid::text AS xid, e.created_at AS booked_at, ${tx.unsafe(FILL_COLUMNS)}
    FROM (
      SELECT seq, xid, created_at, partition, user_id, order_id, fill_count, new_fills FROM outbox
      WHERE partition = ${partition} AND user_id = ${userId}
        AND seq > ${String(after)}::bigint AND seq <= ${String(upTo)}::bigint AND new_fills > 0) e
    CROSS JOIN LATERAL (
      SELECT * FROM fills f
      WHERE f.partition = e.partition AND f.user_id = e.user_id AND f.order_id = e.order_id
        AND f.fill_no > e.fill_count - e.new_fills AND f.fill_no <= e.fill_count OFFSET 0) f
    ${tx.unsafe(TAX)}
    ORDER BY e.seq, f.fill_no`
  return toldOnce(rows).map(bookedFill)
}

/** Two events of one transaction may both tell of an order's fill: the first one counts. */
function toldOnce(rows: readonly FillRow[]): FillRow[] {
  const told = new Set<string>()
  return rows.filter(({ xid, order_id: orderId, fill_no: fillNo }) => {
    const key = `${xid} ${orderId} ${fillNo}`
    if (told.has(key)) return false
    told.add(key)
    return true
  })
}

/**
 * All fills of a user by the time they were booked, for when events are forgotten. Of one instant the
 * market's order counts, and buys go before sells.
 */
export async function readAllFills(tx: Transaction, owner: Owner): Promise<BookedFill[]> {
  const { partition, userId } = owner
  const rows = await tx<FillRow[]>`
    SELECT 0::bigint AS seq, '' AS xid, b.created_at AS booked_at, ${tx.unsafe(FILL_COLUMNS)}
    FROM fills f
    JOIN ledger_entries b ON b.partition = f.partition AND b.user_id = f.user_id
      AND b.source_id = f.order_id AND b.leg_no = (f.fill_no::int - 1) * 4
    ${tx.unsafe(TAX)}
    WHERE f.partition = ${partition} AND f.user_id = ${userId}
    ORDER BY b.created_at, f.filled_at, f.event_seq, f.side, f.order_id, f.fill_no`
  return rows.map(bookedFill)
}

function bookedFill(row: FillRow): BookedFill {
  return {
    entry: {
      kind: 'fill',
      orderId: row.order_id,
      fillNo: row.fill_no,
      tickerId: row.ticker_id,
      side: row.side,
      currency: row.currency,
      fill: {
        quantity: decimal(row.quantity),
        price: decimal(row.price),
        appliedExchangeRate: decimal(row.applied_exchange_rate),
        notionalKrw: decimal(row.notional_krw),
        feeKrw: decimal(row.fee_krw),
      },
      taxKrw: decimal(row.tax_krw),
      filledAt: row.filled_at.getTime(),
    },
    seq: row.seq,
    at: row.booked_at.getTime(),
  }
}

const KINDS = {
  grant: 'deposit',
  adjustment: 'adjustment',
  dividend: 'dividend',
  fraction: 'fraction',
} as const

type MoveRow = {
  source_id: string
  kind: keyof typeof KINDS
  is_in: boolean
  amount: string
  tax_krw: string
  ticker_id: string | null
  created_at: Date
}

/** Money that moved without an order and is not in the statement yet. */
export async function readMoves(
  tx: Transaction,
  { partition, userId }: Owner,
): Promise<MoveEntry[]> {
  const rows = await tx<MoveRow[]>`
    SELECT m.source_id, m.kind, m.debit_account = 'CASH' AS is_in, m.amount,
      coalesce(t.amount, 0) AS tax_krw, a.ticker_id, m.created_at
    FROM ledger_entries m
    LEFT JOIN ledger_entries t ON m.kind = 'dividend' AND t.partition = m.partition
      AND t.user_id = m.user_id AND t.source_id = m.source_id AND t.leg_no = 1
    LEFT JOIN corporate_actions a ON a.id = m.source_id
    WHERE m.partition = ${partition} AND m.user_id = ${userId} AND m.unit = 'KRW'
      AND m.kind NOT IN ('fill', 'fee', 'tax', 'split')
      AND NOT EXISTS (SELECT FROM statement_lines l WHERE l.partition = m.partition
        AND l.user_id = m.user_id AND l.source_id = m.source_id AND l.kind NOT IN ('buy', 'sell'))
    ORDER BY m.created_at, m.source_id`
  return rows.map((row) => {
    const moved = row.is_in ? decimal(row.amount) : -decimal(row.amount)
    const taxKrw = decimal(row.tax_krw)
    return {
      ...{ kind: KINDS[row.kind], sourceId: row.source_id, tickerId: row.ticker_id },
      ...{ amountKrw: moved - taxKrw, taxKrw, at: row.created_at.getTime() },
    }
  })
}

/** What corporate actions left of his positions, after the last change that is in the statement. */
export async function readChanges(
  tx: Transaction,
  { partition, userId }: Owner,
  after: bigint,
): Promise<BookedChange[]> {
  const rows = await tx<(Record<string, string> & { id: bigint; after_seq: bigint; at: Date })[]>`
    SELECT id, after_seq, at, action_id, ticker_id, quantity, average_price, cost_native, cost_krw,
      realized_price_krw, realized_fx_krw
    FROM position_changes
    WHERE partition = ${partition} AND user_id = ${userId} AND id > ${String(after)}::bigint
    ORDER BY id`
  const amount = (row: Record<string, unknown>, name: string): Decimal =>
    decimal(row[name] as string)
  return rows.map((row) => ({
    ...{ id: row.id, afterSeq: row.after_seq },
    entry: {
      ...{ kind: 'change', actionId: row.action_id!, tickerId: row.ticker_id!, fractionKrw: 0n },
      position: {
        quantity: amount(row, 'quantity'),
        averagePrice: amount(row, 'average_price'),
        costNative: amount(row, 'cost_native'),
        costKrw: amount(row, 'cost_krw'),
        realizedPriceKrw: amount(row, 'realized_price_krw'),
        realizedFxKrw: amount(row, 'realized_fx_krw'),
      },
      at: row.at.getTime(),
    },
  }))
}

/**
 * Puts them in the order they were booked. Where events are known, a change stands between two of
 * them; else all goes by time. The cash of a fraction goes with the change it comes from.
 */
export function inOrder(
  fills: readonly BookedFill[],
  moves: readonly MoveEntry[],
  changes: readonly BookedChange[],
): Entry[] {
  const fractions = new Map(
    moves.filter(({ kind }) => kind === 'fraction').map((move) => [move.sourceId, move.amountKrw]),
  )
  const withCash = changes.map(({ entry, ...rest }) => ({
    ...rest,
    entry: { ...entry, fractionKrw: fractions.get(entry.actionId) ?? 0n },
  }))
  const changed = new Set(changes.map(({ entry }) => entry.actionId))
  const others = moves.filter(({ kind, sourceId }) => kind !== 'fraction' || !changed.has(sourceId))
  const entries: Entry[] = []
  let [nextChange, nextMove] = [0, 0]
  const upTo = (fill: BookedFill | null): void => {
    const isBefore = ({ afterSeq, entry }: BookedChange): boolean =>
      fill === null || (fill.seq === 0n ? entry.at <= fill.at : afterSeq < fill.seq)
    for (; nextChange < withCash.length && isBefore(withCash[nextChange]!); nextChange += 1) {
      entries.push(withCash[nextChange]!.entry)
    }
    const isDue = ({ at }: MoveEntry): boolean => fill === null || at <= fill.at
    for (; nextMove < others.length && isDue(others[nextMove]!); nextMove += 1) {
      entries.push(others[nextMove]!)
    }
  }
  for (const fill of fills) {
    upTo(fill)
    entries.push(fill.entry)
  }
  upTo(null)
  return entries
}
