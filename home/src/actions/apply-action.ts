// Applies one corporate action: users by partition and by the first digit of their ids, one
// transaction each, then the candles, and with them `applied_at`.
//
// Safe to run twice, or by two processes: the action's row is the lock, the next digit of each
// partition is written down with its transaction, and the ledger's key refuses a second booking.

import type { Decimal } from '@motu/shared/decimal.ts'
import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import type { CorporateAction } from '../db/corporate-actions.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import { readSlice } from './read-slice.ts'
import { type ActionFacts, type ActionOutcome, applyTo } from './slice.ts'
import { writeSlice } from './write-slice.ts'

/** Users of a partition are taken in sixteen parts: hundreds of wallets in one lock, not thousands. */
const DIGITS = 16

/** An order that is not what it was: whoever keeps it in memory reads it anew. */
export type ChangedOrder = { readonly user_id: string; readonly order_id: string }

export type ApplyContext = {
  readonly sql: Sql
  readonly now: () => number
  /** After each commit, and of every order that waits before the action counts as applied. */
  readonly onChanged: (orders: readonly ChangedOrder[]) => Promise<void>
}

export type Applied = { readonly users: number; readonly orders: number; readonly cashKrw: Decimal }

/** Applies what is not applied yet; answers what this run did. */
export async function applyAction(
  context: ApplyContext,
  action: CorporateAction,
  facts: ActionFacts,
): Promise<Applied> {
  let applied: Applied = { users: 0, orders: 0, cashKrw: 0n }
  for (let partition = 0; partition < PARTITION_COUNT; partition += 1) {
    for (let digit = 0; digit < DIGITS; digit += 1) {
      const outcomes = await applySlice(context, action, facts, { partition, digit })
      const changed = outcomes.flatMap(({ userId, adjusted, cancelled }) =>
        [...adjusted, ...cancelled].map(({ id }) => ({ user_id: userId, order_id: id })),
      )
      if (changed.length > 0) await context.onChanged(changed)
      applied = {
        users: applied.users + outcomes.length,
        orders: applied.orders + changed.length,
        cashKrw: outcomes.reduce((sum, { cashKrw }) => sum + cashKrw, applied.cashKrw),
      }
    }
  }
  await tellAll(context, action.tickerId)
  await finish(context, action, facts)
  return applied
}

/** Once more, of all that wait: a run that died may have told of none of its own. */
async function tellAll({ sql, onChanged }: ApplyContext, tickerId: string): Promise<void> {
  const waiting = await sql<ChangedOrder[]>`
    SELECT w.user_id, w.order_id FROM open_orders w JOIN orders o
      ON o.partition = w.partition AND o.user_id = w.user_id AND o.id = w.order_id
    WHERE o.ticker_id = ${tickerId}`
  if (waiting.length > 0) await onChanged([...waiting])
}

async function applySlice(
  { sql, now }: ApplyContext,
  action: CorporateAction,
  facts: ActionFacts,
  slice: { partition: number; digit: number },
): Promise<ActionOutcome[]> {
  return sql.begin(async (tx) => {
    if (!(await lockAction(tx, action.id))) return []
    const { partition, digit } = slice
    const cursor = cursorOf(action, partition)
    const [place] = await tx<{ id: bigint }[]>`
      SELECT id FROM outbox_cursors WHERE reader = ${cursor}`
    if (digit < (place?.id ?? 0n)) return []
    const [owner] = await tx<{ epoch: bigint }[]>`
      SELECT epoch FROM partitions WHERE partition = ${partition} FOR KEY SHARE`
    const { tickerId } = action
    const read = await readSlice(tx, slice, { tickerId, cutoffMs: facts.cutoffMs })
    const users = read.map(({ wallet, user }) => ({ wallet, outcome: applyTo(user, facts) }))

    // Nothing below may refuse.
    if (users.length > 0) {
      const epoch = owner?.epoch ?? 0n
      const write = { actionId: action.id, tickerId, partition, epoch, nowMs: now(), users }
      await writeSlice(tx, write)
    }
    await tx`
      INSERT INTO outbox_cursors (reader, xid, id)
      VALUES (${cursor}, pg_current_xact_id(), ${String(digit + 1)}::bigint)
      ON CONFLICT (reader) DO UPDATE SET xid = EXCLUDED.xid, id = EXCLUDED.id`
    return users.map(({ outcome }) => outcome)
  })
}

/** How far an action has come in a partition; kept beside the readers' places while it is applied. */
function cursorOf(action: CorporateAction, partition: number): string {
  return `corporate-action:${action.id}:${partition}`
}

/** Whether there is still something to apply; holds the action against another process. */
async function lockAction(tx: Transaction, id: string): Promise<boolean> {
  const [row] = await tx<{ applied_at: Date | null }[]>`
    SELECT applied_at FROM corporate_actions WHERE id = ${id} FOR UPDATE`
  return row !== undefined && row.applied_at === null
}

/** Prices and alerts of before the ex-date as if they were of after it; and that it is done. */
async function finish(
  { sql, now }: ApplyContext,
  action: CorporateAction,
  { cutoffMs }: ActionFacts,
): Promise<void> {
  const { id, tickerId, terms } = action
  await sql.begin(async (tx) => {
    if (!(await lockAction(tx, id))) return
    const at = new Date(now())
    if (terms.kind === 'SPLIT') {
      const [ratio] = await tx<{ ratio_from: string; ratio_to: string }[]>`
        SELECT ratio_from, ratio_to FROM corporate_actions WHERE id = ${id}`
      const { ratio_from: from, ratio_to: to } = ratio!
      await tx`
        UPDATE candles SET open = open * ${from}::numeric / ${to}::numeric,
          high = high * ${from}::numeric / ${to}::numeric,
          low = low * ${from}::numeric / ${to}::numeric,
          close = close * ${from}::numeric / ${to}::numeric,
          volume = volume * ${to}::numeric / ${from}::numeric
        WHERE ticker_id = ${tickerId} AND open_at < ${new Date(cutoffMs)}`
      await tx`
        UPDATE price_alerts SET price = least(999999999999.99999999,
          greatest(0.00000001, price * ${from}::numeric / ${to}::numeric))
        WHERE ticker_id = ${tickerId} AND told_at IS NULL AND created_at < ${new Date(cutoffMs)}`
      await tx`
        UPDATE instruments SET updated_at = ${at},
          reference_price = greatest(0.00000001, reference_price * ${from}::numeric / ${to}::numeric)
        WHERE ticker_id = ${tickerId} AND updated_at < ${new Date(cutoffMs)}`
    }
    await tx`UPDATE corporate_actions SET applied_at = ${at} WHERE id = ${id}`
    await tx`
      DELETE FROM outbox_cursors
      WHERE reader = ANY(${Array.from({ length: PARTITION_COUNT }, (_, one) => cursorOf(action, one))})`
  })
}
