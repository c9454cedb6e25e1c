// Trades as an engine leaves them: orders, fills and their outbox events, some transactions committed
// in another order than they were begun in. Each whale has a notional of its own, by which its message
// is known again.

import { randomUUID } from 'node:crypto'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql, Transaction } from '../../home/src/db/connect.ts'
import type { Random } from '../random.ts'

/** From what notional an order is a whale's, in this run. */
export const THRESHOLD_KRW = 10_000_000

const USERS = 16
const CHUNK = 100
/** Every tenth order stays a won below the threshold: nobody may hear of it. */
const SMALL_EVERY = 10
/** More than any whale is above the threshold: only the last fill takes it there. */
const LAST_FILL_KRW = 100_000
const MISSED_MS = 3_600_000

type User = { id: string; partition: number; seq: number }

/** What happens in a run. */
export type Trades = {
  readonly users: readonly User[]
  /** Whales of now, then those that were missed. */
  readonly whales: number
  readonly missed: number
}

/** Opens accounts for those who will trade. */
export async function openAccounts(
  sql: Sql,
  counts: { whales: number; missed: number },
): Promise<Trades> {
  const users = Array.from({ length: USERS }, () => {
    const id = randomUUID()
    return { id, partition: partitionOf(id), seq: 0 }
  })
  const rows = users.map(({ id, partition }, index) => ({
    ...{ id, partition, username: `whale${index}`, nickname: `u${index}` },
    created_at: new Date(),
  }))
  await sql`INSERT INTO users ${sql(rows)}`
  return { users, ...counts }
}

/** Trades all whales; they come in pairs of transactions, of which the earlier one commits later. */
export async function trade(
  sql: Sql,
  trades: Trades,
  { random, rest }: { random: Random; rest: () => Promise<void> },
): Promise<void> {
  const total = trades.whales + trades.missed
  for (let start = 0; start < total; start += 2 * CHUNK) {
    const middle = Math.min(start + CHUNK, total)
    const end = Math.min(middle + CHUNK, total)
    await sql.begin(async (earlier) => {
      await writeChunk(earlier, trades, { from: start, to: middle, random })
      await sql.begin((later) => writeChunk(later, trades, { from: middle, to: end, random }))
    })
    await rest()
  }
}

async function writeChunk(
  tx: Transaction,
  trades: Trades,
  { from, to, random }: { from: number; to: number; random: Random },
): Promise<void> {
  const orders = []
  const fills = []
  const events = []
  for (let number = from; number < to; number += 1) {
    const filledAt = new Date(Date.now() - (number < trades.whales ? 0 : MISSED_MS))
    const whale = rowsOf(random.pick(trades.users), THRESHOLD_KRW + number, { random, filledAt })
    const made = [whale]
    if (number % SMALL_EVERY === 0) {
      made.push(rowsOf(random.pick(trades.users), THRESHOLD_KRW - 1, { random, filledAt }))
    }
    for (const one of made) {
      orders.push(one.order)
      fills.push(...one.fills)
      events.push(...one.events)
    }
  }
  if (orders.length === 0) return
  await tx`INSERT INTO orders ${tx(orders)}`
  await tx`INSERT INTO fills ${tx(fills)}`
  await tx`INSERT INTO outbox ${tx(events)}`
}

/** An order in one to three fills, with an event each or one for all. */
function rowsOf(
  user: User,
  notional: number,
  { random, filledAt }: { random: Random; filledAt: Date },
) {
  const id = randomUUID()
  const owner = { partition: user.partition, user_id: user.id }
  const count = 1 + random.below(3)
  const isOneEvent = random.chance(0.5)
  const parts = Array.from({ length: count }, (_, index) =>
    index === 0 ? notional - (count - 1) * LAST_FILL_KRW : LAST_FILL_KRW,
  )
  const at = { created_at: filledAt, accepted_at: filledAt, stored_at: filledAt }
  const filled = { status: 'FILLED', filled_at: filledAt, fee_krw: '0' }
  const order = {
    ...{ ...owner, ...filled, ...at, id, client_order_id: id, ticker_id: 'CRYPTO-COIN-BTC' },
    ...{ side: 'BUY', type: 'MARKET', time_in_force: 'IOC', fill_count: count },
    ...{ requested_quantity: '1', quantity: '1', notional_krw: String(notional) },
  }
  const fills = parts.map((part, index) => ({
    ...{ ...owner, order_id: id, fill_no: index + 1, ticker_id: 'CRYPTO-COIN-BTC', side: 'BUY' },
    ...{ quantity: '0.25', price: String(part * 4), currency: 'KRW', applied_exchange_rate: '1' },
    ...{ notional_krw: String(part), fee_krw: '0', filled_at: filledAt, event_epoch: 'e' },
    ...{ event_seq: '1', settled_late: false, evidence: { event: { simulated: false } } },
  }))
  const counts = isOneEvent ? [count] : parts.map((_, index) => index + 1)
  const events = counts.map((fill_count, index) => ({
    ...{ ...owner, ...filled, seq: String((user.seq += 1)), epoch: '1', order_id: id },
    ...{ quantity: '1', settled_late: false, fill_count, created_at: filledAt },
    new_fills: fill_count - (counts[index - 1] ?? 0),
  }))
  return { order, fills, events }
}
