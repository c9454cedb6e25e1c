// What a receipt is made of: the order, its fills and their evidence, as its owner reads them.

import type { Evidence, Receipt } from '@motu/shared/contract/receipt.ts'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Currency } from '@motu/shared/instrument.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../../db/connect.ts'
import { ORDER_COLUMNS, type OrderRecord, type OrderRow, readOrder } from '../../db/order-view.ts'

type FillView = Receipt['fills'][number]

type FillRow = Record<
  'quantity' | 'price' | 'applied_exchange_rate' | 'notional_krw' | 'fee_krw',
  string
> & {
  fill_no: number
  currency: Currency
  filled_at: Date
  settled_late: boolean
  evidence: Evidence | null
}

/** A user's order with its fills, oldest first; null when he has none of this id. */
export async function readEvidence(
  sql: Sql,
  userId: string,
  orderId: string,
): Promise<{ order: OrderRecord; fills: FillView[] } | null> {
  const partition = partitionOf(userId)
  // One snapshot for both: a fill between two reads would not add up.
  const [orders, fills] = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', (tx) => [
    tx<OrderRow[]>`
      SELECT ${tx(ORDER_COLUMNS)} FROM orders
      WHERE partition = ${partition} AND user_id = ${userId} AND id = ${orderId}`,
    tx<FillRow[]>`
      SELECT fill_no, quantity, price, currency, applied_exchange_rate, notional_krw, fee_krw,
        filled_at, settled_late, evidence
      FROM fills
      WHERE partition = ${partition} AND user_id = ${userId} AND order_id = ${orderId}
      ORDER BY fill_no`,
  ])
  const row = orders[0]
  return row ? { order: readOrder(row), fills: fills.map(viewFill) } : null
}

function viewFill(row: FillRow): FillView {
  return {
    fill_no: row.fill_no,
    quantity: shortest(row.quantity),
    price: shortest(row.price),
    currency: row.currency,
    applied_exchange_rate: shortest(row.applied_exchange_rate),
    notional_krw: shortest(row.notional_krw),
    fee_krw: shortest(row.fee_krw),
    filled_at: row.filled_at.toISOString(),
    settled_late: row.settled_late,
    evidence: row.evidence,
  }
}

const shortest = (text: string): string => formatDecimal(decimal(text))
