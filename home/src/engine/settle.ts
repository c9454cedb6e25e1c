// Order path, file 5 of 6. The transaction: a batch of work, booked together or not at all.

import type { CancelMessage, PlaceMessage } from '@motu/shared/order-message.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../db/connect.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { cancel, finishWaiting, match, note } from './apply.ts'
import { Books, clientKey, type EventRow } from './books.ts'
import type { EngineQuote } from './engine-quote.ts'
import type { End, Progress } from './judgement.ts'
import type { MarketView } from './market-view.ts'
import { place } from './place.ts'
import { readBooks, readEpochs, readGroups, selectOrders } from './read-books.ts'
import { keysOf, orderIdOf, userOf } from './work-keys.ts'
import { writeBooks } from './write-books.ts'

/** One thing to settle. All kinds share one batch, in the order they came. */
export type Work =
  | {
      readonly kind: 'place'
      readonly message: PlaceMessage
      /** Of the past: it is stored, and held against the events since only by those who follow. */
      readonly isBehind?: boolean
    }
  /** A place that cannot be settled, whatever is tried: its promise ends as FAILED. */
  | { readonly kind: 'bury'; readonly message: PlaceMessage }
  | { readonly kind: 'cancel'; readonly message: CancelMessage }
  /** A market event that may fill a waiting order, and how far the order has followed the market. */
  | {
      readonly kind: 'match'
      readonly order: OrderRecord
      readonly quote: EngineQuote
      readonly progress: Progress
    }
  /** A waiting order whose time is over, or that cannot go on. */
  | {
      readonly kind: 'finish'
      readonly order: OrderRecord
      readonly why: End
      /** As of when; absent: now. */
      readonly at?: number
    }
  /** Something to remember of a waiting order: its trailing stop's mark, the opening it waited for. */
  | {
      readonly kind: 'note'
      readonly order: OrderRecord
      readonly changes: Pick<Partial<OrderRecord>, 'markPrice' | 'waitingFor'>
    }

/** Work that came as a message. */
export type MessageWork = Extract<Work, { readonly kind: 'place' | 'cancel' | 'bury' }>

/** What became of it: the order as it stands now; `null` for a cancel whose order has not come. */
export type Outcome = { order: OrderRecord | null }

/** A committed batch: one outcome per work, and the events it wrote, under this transaction id. */
export type Settled = {
  readonly outcomes: readonly Outcome[]
  readonly events: readonly EventRow[]
  readonly xid: string
  /** Every order the batch wrote, exits and replaced ones too, and how far each followed the market. */
  readonly touched: readonly OrderRecord[]
  readonly progress: ReadonlyMap<string, Progress>
}

export type SettleContext = {
  readonly sql: Sql
  /** The partitions this engine owns, each with the epoch of its ownership. */
  readonly epochs: ReadonlyMap<number, bigint>
  readonly market: MarketView
  readonly nowMs: number
}

/** Another engine owns the partition now: whatever was decided here is void. */
export class LostPartition extends Error {
  override readonly name = 'LostPartition'
  readonly partitions: number[]
  constructor(partitions: number[]) {
    super(`partitions ${partitions.join(', ')} are owned by another engine`)
    this.partitions = partitions
  }
}

/** Nobody with this id has a wallet: the message cannot become an order. */
export class UnknownUser extends Error {
  override readonly name = 'UnknownUser'
}

/** Settles a batch in one transaction. Safe to run twice: what was seen before changes nothing. */
export async function settle(context: SettleContext, batch: readonly Work[]): Promise<Settled> {
  return context.sql.begin(async (tx) => {
    const books = new Books()

    // Lock: the epochs against a successor, then the wallets, sorted, so that two settlements never
    // wait for each other in a circle. Read: what the wallets guard, in the same round trip.
    const keys = keysOf(batch)
    const partitions = [...new Set(keys.users.map(partitionOf))].sort()
    const [epochs] = await Promise.all([readEpochs(tx, partitions), readBooks(tx, keys, books)])
    const lost = partitions.filter((one) => epochs.byPartition.get(one) !== context.epochs.get(one))
    if (lost.length > 0) throw new LostPartition(lost)

    // Seen before, still open? The books know; but an order refused as a mismatch owns no client
    // id, and is asked for by its own.
    const mismatched = batch
      .filter((work) => isMismatch(work, books))
      .map((work) => [userOf(work), orderIdOf(work)] as const)
    if (mismatched.length > 0) {
      for (const order of await selectOrders(tx, mismatched)) books.orders.set(order.id, order)
    }
    await readGroups(tx, books)

    // Decide, on bigints, in memory, in the order the work came.
    const outcomes = batch.map((work) => ({ order: apply(context, books, work) }))

    // Nothing below this line may refuse.

    // Write: one statement per table.
    const written = await writeBooks(tx, books, context)

    // Assert: every row that was meant, and no other.
    for (const { table, meant, touched } of written) {
      if (touched !== meant) throw new Error(`${table}: meant ${meant} rows, touched ${touched}`)
    }
    const touched = [...books.insertedOrders, ...books.updatedOrders]
    return { outcomes, events: books.events, xid: epochs.xid, touched, progress: books.progress }
  })
}

/** Whether a message reuses a client order id for an order of other content. */
function isMismatch(work: Work, books: Books): boolean {
  if (work.kind !== 'place' && work.kind !== 'bury') return false
  const { user_id: userId, client_order_id: clientOrderId, order_id: orderId } = work.message
  const owner = books.clientIds.get(clientKey(userId, clientOrderId))
  return owner !== undefined && owner.id !== orderId
}

function apply(context: SettleContext, books: Books, work: Work): OrderRecord | null {
  if (!books.wallets.has(userOf(work))) throw new UnknownUser(userOf(work))
  switch (work.kind) {
    case 'place':
      return place(context, books, work.message, { isBehind: work.isBehind ?? false })
    case 'bury':
      return place(context, books, work.message, { verdict: 'unprocessable' })
    case 'cancel':
      return cancel(context, books, work.message)
    case 'match':
      return match(context, books, work.order.id, work)
    case 'finish':
      return finishWaiting(context, books, work.order.id, work)
    case 'note':
      return note(books, work.order.id, work.changes)
  }
}
