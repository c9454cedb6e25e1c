// Brings a user's statement up to what was booked for him. It is written when somebody reads it, and by
// the hour for who does not, long before the outbox forgets; settling an order writes none of it.
//
// Safe to run twice, or by two processes: the head is locked, and a snapshot that is not the newest any
// more is refused by Postgres and taken again.

import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { columnsOf } from '../db/column.ts'
import type { Sql, Transaction } from '../db/connect.ts'
import type { Log } from '../log.ts'
import {
  fold,
  type Line,
  newStanding,
  readPositions,
  type Standing,
  type StoredPositions,
  storePositions,
} from './fold.ts'
import type { Owner } from './read-entries.ts'
import { inOrder, readAllFills, readChanges, readMoves, readToldFills } from './read-entries.ts'

/** Events at a time: a long history is written in many short transactions. */
const EVENTS_PER_RUN = 2_000
const TRIES_MAX = 5
const SERIALIZATION_FAILURE = '40001'
/** A statement may fall this far behind before it is written without being asked for. */
const BEHIND_MAX_MS = 6 * 60 * 60 * 1_000
const USERS_PER_RUN = 1_000

type Head = {
  seq: bigint
  moveCount: number
  changeId: bigint
  standing: Standing
}
/** What is booked by now. */
type Booked = { eventSeq: bigint; balanceKrw: Decimal; moveCount: number; changeId: bigint }

/** Writes what is missing of a user's statement; whoever has no wallet has none. */
export async function catchUp(sql: Sql, userId: string): Promise<void> {
  const owner = { partition: partitionOf(userId), userId }
  if (!(await isBehind(sql, owner))) return
  await sql`
    INSERT INTO statement_heads (partition, user_id, seq, line_no, balance_krw, move_count, change_id,
      positions)
    VALUES (${owner.partition}, ${userId}, 0, 0, 0, 0, 0, '{}') ON CONFLICT DO NOTHING`
  for (let tries = 1; ;) {
    try {
      if (await writeSome(sql, owner)) return
    } catch (error) {
      if ((error as { code?: string }).code !== SERIALIZATION_FAILURE || tries === TRIES_MAX) {
        throw error
      }
      tries += 1
    }
  }
}

/** Users whose statements are far behind are brought up to date; answers how many were. */
export async function catchUpAll(
  { sql, log }: { sql: Sql; log: Log },
  nowMs: number,
): Promise<number> {
  const users = await sql<{ user_id: string }[]>`
    SELECT w.user_id FROM wallets w
    LEFT JOIN statement_heads h ON h.partition = w.partition AND h.user_id = w.user_id
    WHERE w.event_seq > coalesce(h.seq, 0) AND EXISTS (
      SELECT FROM outbox e WHERE e.partition = w.partition AND e.user_id = w.user_id
        AND e.seq = coalesce(h.seq, 0) + 1 AND e.created_at < ${new Date(nowMs - BEHIND_MAX_MS)})
    LIMIT ${USERS_PER_RUN}`
  for (const { user_id: userId } of users) {
    await catchUp(sql, userId).catch((error: unknown) => {
      log.error({ err: error, user_id: userId }, 'a statement is not written')
    })
  }
  return users.length
}

/** Whether anything was booked since. Most readers stop here: four look-ups. */
async function isBehind(sql: Sql, owner: Owner): Promise<boolean> {
  const { partition, userId } = owner
  const [row] = await sql<{ is_same: boolean | null }[]>`
    SELECT h.seq = w.event_seq AND h.balance_krw = w.balance_krw
        AND h.move_count = (${moveCountOf(sql, owner)}) AND h.change_id = (${changeIdOf(sql, owner)})
      AS is_same
    FROM wallets w
    LEFT JOIN statement_heads h ON h.partition = w.partition AND h.user_id = w.user_id
    WHERE w.partition = ${partition} AND w.user_id = ${userId}`
  return row !== undefined && row.is_same !== true
}

const moveCountOf = (sql: Sql | Transaction, { partition, userId }: Owner) => sql`
  SELECT count(*)::int FROM ledger_entries
  WHERE partition = ${partition} AND user_id = ${userId}
    AND kind NOT IN ('fill', 'fee', 'tax', 'split')`

const changeIdOf = (sql: Sql | Transaction, { partition, userId }: Owner) => sql`
  SELECT coalesce(max(id), 0) FROM position_changes
  WHERE partition = ${partition} AND user_id = ${userId}`

/** One transaction of it; true when nothing is left. */
async function writeSome(sql: Sql, owner: Owner): Promise<boolean> {
  return sql.begin('ISOLATION LEVEL REPEATABLE READ', async (tx) => {
    const kept = await lockHead(tx, owner)
    const booked = await readBooked(tx, owner)
    const isForgotten = await isEventMissing(tx, owner, kept.seq, booked.eventSeq)
    const head = isForgotten ? await begin(tx, owner) : kept
    const upTo = isForgotten
      ? booked.eventSeq
      : least(head.seq + BigInt(EVENTS_PER_RUN), booked.eventSeq)
    const fills = isForgotten
      ? await readAllFills(tx, owner)
      : await readToldFills(tx, owner, { after: head.seq, upTo })
    const isLast = upTo === booked.eventSeq
    // What is beside the fills waits until their order with the last of these is known.
    const untilMs = isLast ? Infinity : (fills.at(-1)?.at ?? -Infinity)
    const changes = (await readChanges(tx, owner, head.changeId)).filter(
      ({ afterSeq }) => isLast || afterSeq < upTo,
    )
    const changed = new Set(changes.map(({ entry }) => entry.actionId))
    const moves = (await readMoves(tx, owner)).filter(
      ({ at, sourceId }) => at <= untilMs || changed.has(sourceId),
    )
    const lines = fold(head.standing, inOrder(fills, moves, changes))
    if (isForgotten) await adoptPositions(tx, owner, head.standing)
    if (isLast && head.standing.balanceKrw !== booked.balanceKrw) {
      throw new Error(`the statement of ${owner.userId} does not add up to his balance`)
    }

    await insertLines(tx, owner, lines)
    await writeHead(tx, owner, {
      seq: upTo,
      moveCount: isLast ? booked.moveCount : head.moveCount,
      changeId: changes.at(-1)?.id ?? head.changeId,
      standing: head.standing,
    })
    return isLast
  })
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

type HeadRow = {
  seq: bigint
  line_no: bigint
  balance_krw: string
  move_count: number
  change_id: bigint
  positions: StoredPositions
}

async function lockHead(tx: Transaction, { partition, userId }: Owner): Promise<Head> {
  const [row] = await tx<HeadRow[]>`
    SELECT seq, line_no, balance_krw, move_count, change_id, positions FROM statement_heads
    WHERE partition = ${partition} AND user_id = ${userId} FOR UPDATE`
  return {
    ...{ seq: row!.seq, moveCount: row!.move_count, changeId: row!.change_id },
    standing: {
      lineNo: row!.line_no,
      balanceKrw: decimal(row!.balance_krw),
      positions: readPositions(row!.positions),
    },
  }
}

async function readBooked(tx: Transaction, owner: Owner): Promise<Booked> {
  const { partition, userId } = owner
  const [row] = await tx<
    { event_seq: bigint; balance_krw: string; move_count: number; change_id: bigint }[]
  >`
    SELECT event_seq, balance_krw, (${moveCountOf(tx, owner)}) AS move_count,
      (${changeIdOf(tx, owner)}) AS change_id
    FROM wallets WHERE partition = ${partition} AND user_id = ${userId}`
  return {
    eventSeq: row!.event_seq,
    balanceKrw: decimal(row!.balance_krw),
    moveCount: row!.move_count,
    changeId: row!.change_id,
  }
}

/** Whether the outbox forgot what comes next: the statement is written anew from the fills then. */
async function isEventMissing(
  tx: Transaction,
  { partition, userId }: Owner,
  seq: bigint,
  eventSeq: bigint,
): Promise<boolean> {
  if (seq === eventSeq) return false
  const rows = await tx`
    SELECT 1 FROM outbox WHERE partition = ${partition} AND user_id = ${userId}
      AND seq = ${String(seq + 1n)}::bigint`
  return rows.length === 0
}

async function begin(tx: Transaction, { partition, userId }: Owner): Promise<Head> {
  await tx`DELETE FROM statement_lines WHERE partition = ${partition} AND user_id = ${userId}`
  return { seq: 0n, moveCount: 0, changeId: 0n, standing: newStanding() }
}

/** By time alone two fills of one instant may change places: the positions themselves are right. */
async function adoptPositions(
  tx: Transaction,
  { partition, userId }: Owner,
  standing: Standing,
): Promise<void> {
  const rows = await tx<Record<string, string>[]>`
    SELECT ticker_id, quantity, average_price, cost_native, cost_krw, realized_price_krw,
      realized_fx_krw
    FROM portfolios WHERE partition = ${partition} AND user_id = ${userId}`
  standing.positions = new Map(
    rows.map((row) => [
      row.ticker_id!,
      {
        quantity: decimal(row.quantity!),
        heldQuantity: 0n,
        averagePrice: decimal(row.average_price!),
        costNative: decimal(row.cost_native!),
        costKrw: decimal(row.cost_krw!),
        realizedPriceKrw: decimal(row.realized_price_krw!),
        realizedFxKrw: decimal(row.realized_fx_krw!),
      },
    ]),
  )
}

async function insertLines(
  tx: Transaction,
  { partition, userId }: Owner,
  lines: readonly Line[],
): Promise<void> {
  if (lines.length === 0) return
  const column = columnsOf(lines)
  await tx`
    INSERT INTO statement_lines (partition, user_id, line_no, at, kind, source_id, part, ticker_id,
      amount_krw, fee_krw, tax_krw, balance_krw, realized_price_krw, realized_fx_krw)
    SELECT ${partition}::smallint, ${userId}::uuid, * FROM unnest(
      ${column((line) => line.lineNo)}::bigint[],
      ${column((line) => new Date(line.at).toISOString())}::timestamptz[],
      ${column((line) => line.kind)}::text[],
      ${column((line) => line.sourceId)}::uuid[],
      ${column((line) => line.part)}::smallint[],
      ${column((line) => line.tickerId)}::text[],
      ${column((line) => formatDecimal(line.amountKrw))}::numeric[],
      ${column((line) => formatDecimal(line.feeKrw))}::numeric[],
      ${column((line) => formatDecimal(line.taxKrw))}::numeric[],
      ${column((line) => formatDecimal(line.balanceKrw))}::numeric[],
      ${column((line) => formatDecimal(line.realizedPriceKrw))}::numeric[],
      ${column((line) => formatDecimal(line.realizedFxKrw))}::numeric[])`
}

async function writeHead(tx: Transaction, owner: Owner, head: Head): Promise<void> {
  const { lineNo, balanceKrw, positions } = head.standing
  await tx`
    UPDATE statement_heads SET seq = ${String(head.seq)}::bigint, line_no = ${String(lineNo)}::bigint,
      balance_krw = ${formatDecimal(balanceKrw)}, move_count = ${head.moveCount},
      change_id = ${String(head.changeId)}::bigint, positions = ${tx.json(storePositions(positions))}
    WHERE partition = ${owner.partition} AND user_id = ${owner.userId}`
}
