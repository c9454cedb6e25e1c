// A user's price alerts, as he makes, moves and deletes them. Telling them is `home/src/alerts`.

import {
  ACTIVE_ALERTS_MAX,
  type AlertCondition,
  ALERTS_PER_ANSWER_MAX,
  type PriceAlert,
} from '@motu/shared/contract/price-alerts.ts'
import { decimal, type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { isAlertMet } from '@motu/shared/price-alert.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Sql, Transaction } from '../../db/connect.ts'
import { type AlertRow, viewAlert } from '../../db/price-alert-view.ts'
import { lockUser } from './users.ts'

const COLUMNS = [
  ...['id', 'ticker_id', 'condition', 'price', 'currency', 'note', 'created_at'],
  ...['told_at', 'told_price'],
]

/** Those that wait, the newest first; then those that were told, the last one first. */
export async function listAlerts(sql: Sql, userId: string): Promise<PriceAlert[]> {
  const rows = await sql<AlertRow[]>`
    SELECT ${sql(COLUMNS)} FROM price_alerts
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId}
    ORDER BY told_at DESC NULLS FIRST, created_at DESC, id LIMIT ${ALERTS_PER_ANSWER_MAX}`
  return rows.map(viewAlert)
}

export type WantedAlert = {
  userId: string
  alertId: string
  /** What is quoted: an instrument, or the exchange rate. */
  instrument: Pick<Instrument, 'tickerId' | 'currency'>
  condition: AlertCondition
  price: Decimal
  note: string
  /** The last one known; null before any. */
  lastPrice: Decimal | null
}

/**
 * Makes an alert, or writes it anew. With the same line it stays what it is, told or not, whatever the
 * price is by now: a repeated request changes nothing. With another line it waits from now on.
 */
export async function putAlert(sql: Sql, wanted: WantedAlert, nowMs: number): Promise<PriceAlert> {
  const { userId } = wanted
  return sql.begin(async (tx) => {
    await lockUser(tx, userId)
    const known = await noteAnew(tx, wanted)
    if (known) return viewAlert(known)
    refuseMet(wanted)
    const row = await writeAlert(tx, wanted, nowMs)
    const [waiting] = await tx<{ count: number }[]>`
      SELECT count(*)::int AS count FROM price_alerts
      WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} AND told_at IS NULL`
    if (waiting!.count > ACTIVE_ALERTS_MAX) {
      throw new DomainError('too-many-alerts', {
        detail: `At most ${ACTIVE_ALERTS_MAX} alerts may wait: delete one first.`,
      })
    }
    return viewAlert(row)
  })
}

/** The alert, when its line is the one that is wanted. */
async function noteAnew(tx: Transaction, wanted: WantedAlert): Promise<AlertRow | undefined> {
  const [row] = await tx<AlertRow[]>`
    UPDATE price_alerts SET note = ${wanted.note}
    WHERE partition = ${partitionOf(wanted.userId)} AND user_id = ${wanted.userId}
      AND id = ${wanted.alertId} AND ticker_id = ${wanted.instrument.tickerId}
      AND condition = ${wanted.condition} AND price = ${formatDecimal(wanted.price)}
    RETURNING ${tx(COLUMNS)}`
  return row
}

/** What would be told at once says nothing. */
function refuseMet({ condition, price, lastPrice, instrument }: WantedAlert): void {
  if (lastPrice === null || !isAlertMet(condition, price, lastPrice)) return
  const last = `The last price is ${formatDecimal(lastPrice)} ${instrument.currency}`
  const side = condition === 'ABOVE' ? 'above' : 'below'
  throw new DomainError('alert-already-met', {
    detail: `${last}: choose a line ${side} it.`,
    errors: [{ pointer: '#/price', detail: `must be ${side} the last price` }],
  })
}

async function writeAlert(
  tx: Transaction,
  { userId, alertId, instrument, condition, price, note }: WantedAlert,
  nowMs: number,
): Promise<AlertRow> {
  const [row] = await tx<AlertRow[]>`
    INSERT INTO price_alerts (partition, user_id, id, ticker_id, condition, price, currency, note,
      created_at)
    VALUES (${partitionOf(userId)}, ${userId}, ${alertId}, ${instrument.tickerId}, ${condition},
      ${formatDecimal(price)}, ${instrument.currency}, ${note}, ${new Date(nowMs)})
    ON CONFLICT (partition, user_id, id) DO UPDATE SET ticker_id = EXCLUDED.ticker_id,
      condition = EXCLUDED.condition, price = EXCLUDED.price, currency = EXCLUDED.currency,
      note = EXCLUDED.note, created_at = EXCLUDED.created_at, told_at = NULL, told_price = NULL,
      announced_at = NULL
    RETURNING ${tx(COLUMNS)}`
  return row!
}

/** False when he has no such alert. */
export async function deleteAlert(sql: Sql, userId: string, id: string): Promise<boolean> {
  const { count } = await sql`
    DELETE FROM price_alerts
    WHERE partition = ${partitionOf(userId)} AND user_id = ${userId} AND id = ${id}`
  return count > 0
}

/** The last price of an event, where there is one. */
export const priceOf = (event: { price: string } | undefined): Decimal | null =>
  event ? decimal(event.price) : null
