// What a user has free: cash that no order holds, and units of one instrument.

import type { Available } from '@motu/shared/admit.ts'
import { decimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Sql } from '../../db/connect.ts'

/** Null for a user without a wallet. */
export async function readAvailable(
  sql: Sql,
  userId: string,
  tickerId: TickerId,
): Promise<Available | null> {
  const [row] = await sql<{ cash: string; quantity: string }[]>`
    SELECT w.balance_krw - w.held_krw AS cash,
      coalesce(p.quantity - p.held_quantity, 0)::numeric(28,8) AS quantity
    FROM wallets w
    LEFT JOIN portfolios p
      ON p.partition = w.partition AND p.user_id = w.user_id AND p.ticker_id = ${tickerId}
    WHERE w.partition = ${partitionOf(userId)} AND w.user_id = ${userId}`
  return row ? { cashKrw: decimal(row.cash), quantity: decimal(row.quantity) } : null
}
