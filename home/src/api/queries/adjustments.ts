// Virtual won an admin gives or takes: a ledger entry between CASH and GRANT, and the wallet with it.

import type { Adjustment, NewAdjustment } from '@motu/shared/contract/admin.ts'
import { type Decimal, decimal, DECIMAL_MAX, formatDecimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Transaction } from '../../db/connect.ts'
import { invalidRequest } from '../problem.ts'

const KIND = 'adjustment'

type Place = { partition: number; userId: string }

/**
 * Books an adjustment once. `isNew` is false for a repeat, which changes nothing and must be the
 * same in all it says.
 */
export async function bookAdjustment(
  tx: Transaction,
  { userId, asked }: { userId: string; asked: NewAdjustment },
  nowMs: number,
): Promise<{ adjustment: Adjustment; isNew: boolean }> {
  const place = { partition: partitionOf(userId), userId }
  // The wallet's row is the user's lock: no settlement, and no repeat of this, runs beside.
  const wallet = await lockWallet(tx, place)
  const booked = await findBooked(tx, place, asked.adjustment_id)
  if (booked) {
    const isSame = booked.amountKrw === decimal(asked.amount_krw) && booked.reason === asked.reason
    if (!isSame) throw new DomainError('adjustment-mismatch')
    return { adjustment: viewOf(place, asked, { ...booked, ...wallet }), isNew: false }
  }
  const amountKrw = decimal(asked.amount_krw)
  const balanceKrw = wallet.balanceKrw + amountKrw
  if (balanceKrw > DECIMAL_MAX) {
    throw invalidRequest([{ path: ['amount_krw'], message: 'makes the balance too large' }])
  }
  if (balanceKrw < wallet.heldKrw) {
    const freeKrw = formatDecimal(wallet.balanceKrw - wallet.heldKrw)
    throw new DomainError('insufficient-funds', { detail: `${freeKrw} KRW are free to be taken.` })
  }
  // Nothing below may refuse.
  const at = new Date(nowMs)
  await tx`
    UPDATE wallets SET balance_krw = ${formatDecimal(balanceKrw)}, last_updated = ${at}
    WHERE partition = ${place.partition} AND user_id = ${userId}`
  await insertEntry(tx, place, { sourceId: asked.adjustment_id, amountKrw, at })
  return { adjustment: viewOf(place, asked, { at, balanceKrw }), isNew: true }
}

async function lockWallet(
  tx: Transaction,
  { partition, userId }: Place,
): Promise<{ balanceKrw: Decimal; heldKrw: Decimal }> {
  const [row] = await tx<{ balance_krw: string; held_krw: string }[]>`
    SELECT balance_krw, held_krw FROM wallets
    WHERE partition = ${partition} AND user_id = ${userId} FOR UPDATE`
  if (!row) throw new DomainError('not-found', { detail: 'No user has this id.' })
  return { balanceKrw: decimal(row.balance_krw), heldKrw: decimal(row.held_krw) }
}

type Booked = { at: Date; amountKrw: Decimal; reason: string }

/** What was booked under this id; its reason is in the audit log, written with it. */
async function findBooked(
  tx: Transaction,
  { partition, userId }: Place,
  adjustmentId: string,
): Promise<Booked | null> {
  const [entry] = await tx<
    { kind: string; amount: string; debit_account: string; created_at: Date }[]
  >`
    SELECT kind, amount, debit_account, created_at FROM ledger_entries
    WHERE partition = ${partition} AND user_id = ${userId} AND source_id = ${adjustmentId}`
  if (!entry) return null
  // The id of his grant, or of an order.
  if (entry.kind !== KIND) throw new DomainError('adjustment-mismatch')
  const amount = decimal(entry.amount)
  const [note] = await tx<{ reason: string }[]>`
    SELECT detail->>'reason' AS reason FROM audit_log
    WHERE action = 'balance_adjusted' AND target = ${`user:${userId}`}
      AND detail->>'adjustment_id' = ${adjustmentId}`
  return {
    at: entry.created_at,
    amountKrw: entry.debit_account === 'CASH' ? amount : -amount,
    reason: note?.reason ?? '',
  }
}

async function insertEntry(
  tx: Transaction,
  { partition, userId }: Place,
  { sourceId, amountKrw, at }: { sourceId: string; amountKrw: Decimal; at: Date },
): Promise<void> {
  const isGiven = amountKrw > 0n
  const [debit, credit] = isGiven ? ['CASH', 'GRANT'] : ['GRANT', 'CASH']
  const amount = formatDecimal(isGiven ? amountKrw : -amountKrw)
  await tx`
    INSERT INTO ledger_entries (partition, user_id, source_id, leg_no, kind, debit_account,
      credit_account, unit, amount, created_at)
    VALUES (${partition}, ${userId}, ${sourceId}, 0, ${KIND}, ${debit!}, ${credit!}, 'KRW',
      ${amount}, ${at})`
}

function viewOf(
  { userId }: Place,
  asked: NewAdjustment,
  { at, balanceKrw }: { at: Date; balanceKrw: Decimal },
): Adjustment {
  return {
    adjustment_id: asked.adjustment_id,
    user_id: userId,
    amount_krw: formatDecimal(decimal(asked.amount_krw)),
    reason: asked.reason,
    created_at: at.toISOString(),
    balance_krw: formatDecimal(balanceKrw),
  }
}
