// Order path, file 5 of 6. The transaction: a batch of work, booked together or not at all.

import { findInstrument } from '@motu/shared/instrument.ts'
import { checkDraft, isFinal, type Reason } from '@motu/shared/order.ts'
import { type CancelMessage, draftOf, type PlaceMessage } from '@motu/shared/order-message.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Sql } from '../db/connect.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { Books, clientKey, type EventRow } from './books.ts'
import { isRevoked } from './credentials.ts'
import { admit, decide } from './decide.ts'
import type { MarketView } from './market-view.ts'
import type { EngineQuote } from './quote-ring.ts'
import { readBooks, readEpochs, selectOrders } from './read-books.ts'
import { keysOf, orderIdOf, userOf } from './work-keys.ts'
import { writeBooks } from './write-books.ts'

/** One thing to settle. All kinds share one batch, in the order they came. */
export type Work =
  | { readonly kind: 'place'; readonly message: PlaceMessage }
  /** A place that cannot be settled, whatever is tried: its promise ends as FAILED. */
  | { readonly kind: 'bury'; readonly message: PlaceMessage }
  | { readonly kind: 'cancel'; readonly message: CancelMessage }
  /** A market event that may fill a waiting order. */
  | { readonly kind: 'match'; readonly order: OrderRecord; readonly quote: EngineQuote }
  /** A waiting order whose time is over. */
  | { readonly kind: 'fail'; readonly order: OrderRecord; readonly reason: Reason }

/** What became of it: the order as it stands now; `null` for a cancel whose order has not come. */
export type Outcome = { order: OrderRecord | null }

/** A committed batch: one outcome per work, and the events it wrote, under this transaction id. */
export type Settled = {
  readonly outcomes: readonly Outcome[]
  readonly events: readonly EventRow[]
  readonly xid: string
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

    // Decide, on bigints, in memory, in the order the work came.
    const outcomes = batch.map((work) => ({ order: apply(context, books, work) }))

    // Nothing below this line may refuse.

    // Write: one statement per table.
    const written = await writeBooks(tx, books, context)

    // Assert: every row that was meant, and no other.
    for (const { table, meant, touched } of written) {
      if (touched !== meant) throw new Error(`${table}: meant ${meant} rows, touched ${touched}`)
    }
    return { outcomes, events: books.events, xid: epochs.xid }
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
      return place(context, books, work.message)
    case 'bury':
      return place(context, books, work.message, 'unprocessable')
    case 'cancel':
      return cancel(books, work.message)
    case 'match':
      return match(context, books, work.order.id, work.quote)
    case 'fail':
      return fail(books, work.order.id, work.reason)
  }
}

function place(
  context: SettleContext,
  books: Books,
  message: PlaceMessage,
  verdict?: Reason,
): OrderRecord {
  const seen = books.orders.get(message.order_id)
  if (seen) return seen
  const owner = books.clientIds.get(clientKey(message.user_id, message.client_order_id))
  const order = newOrder(message, context.nowMs)
  books.insert(order, { ownsClientId: owner === undefined })
  const refusal = owner ? 'duplicate_mismatch' : (verdict ?? refusalOf(books, message))
  const cancelledAt = books.earlyCancels.get(order.id)
  if (refusal) {
    if (cancelledAt !== undefined) noteTooLate(order, cancelledAt)
    books.advance(order, 'FAILED', refusal)
  } else if (cancelledAt !== undefined) cancelOpen(books, order, cancelledAt)
  else open(context, books, order)
  books.tell(order)
  return order
}

/** Why an order may not even be looked at; the edge has checked the same, some time ago. */
function refusalOf(books: Books, message: PlaceMessage): Reason | undefined {
  return isRevoked(message, books.credentialEnds) ? 'revoked' : checkDraft(draftOf(message))?.reason
}

/** Takes the hold, then walks the events that came since the order was accepted. */
function open(context: SettleContext, books: Books, order: OrderRecord): void {
  const instrument = findInstrument(order.tickerId)!
  const reference = context.market.reference(instrument, context.nowMs)
  const admission = admit(order, instrument, reference, books.available(order))
  if (admission.kind === 'reject') {
    books.advance(order, 'FAILED', admission.reason)
    return
  }
  books.hold(order, admission.hold.krw, admission.hold.quantity)
  books.advance(order, 'OPEN')
  order.waitingFor = order.type === 'MARKET' ? 'EVENT' : 'PRICE'
  for (const quote of context.market.eligible(order)) {
    decideOn(context, books, order, quote)
    if (isFinal(order.status)) return
  }
}

/** One decision, booked. Leaves the order as it is when it rests. */
function decideOn(
  context: SettleContext,
  books: Books,
  order: OrderRecord,
  quote: EngineQuote,
): void {
  const instrument = findInstrument(order.tickerId)!
  const decidable = context.market.decidable(instrument, quote)
  if (!decidable) return
  const decision = decide(order, instrument, decidable, books.available(order))
  if (decision.kind === 'reject') refuse(books, order, decision.reason)
  if (decision.kind === 'fill') {
    for (const fill of decision.fills) books.fill(order, fill, quote)
    const isWhole = order.filledQuantity === order.requestedQuantity
    books.advance(order, isWhole ? 'FILLED' : 'PARTIALLY_FILLED')
  }
}

/** An order that has a fill, or that was of the moment, is cancelled; any other has failed. */
function refuse(books: Books, order: OrderRecord, reason: Reason): void {
  const isOfTheMoment = reason === 'ioc_unfilled' || reason === 'fok_unfilled'
  const status = isOfTheMoment || order.filledQuantity > 0n ? 'CANCELLED' : 'FAILED'
  books.advance(order, status, reason)
}

function match(
  context: SettleContext,
  books: Books,
  orderId: string,
  quote: EngineQuote,
): OrderRecord | null {
  const order = books.orders.get(orderId)
  if (!order || isFinal(order.status)) return order ?? null
  const { status, fillCount } = order
  decideOn(context, books, order, quote)
  if (order.status !== status || order.fillCount !== fillCount) books.tell(order)
  return order
}

function fail(books: Books, orderId: string, reason: Reason): OrderRecord | null {
  const order = books.orders.get(orderId)
  if (!order || isFinal(order.status)) return order ?? null
  refuse(books, order, reason)
  books.tell(order)
  return order
}

/** Exactly one result per order, DONE or TOO_LATE; a second request changes nothing. */
function cancel(books: Books, message: CancelMessage): OrderRecord | null {
  const requestedAt = Date.parse(message.cancel_requested_at)
  const order = books.orders.get(message.order_id)
  // Asked for under a sign-in that had ended: as if nobody had asked.
  if (isRevoked(message, books.credentialEnds)) return order ?? null
  if (!order) {
    books.cancelEarly(message.user_id, message.order_id, requestedAt)
    return null
  }
  if (order.cancelResult !== null) return order
  if (isFinal(order.status)) noteTooLate(order, requestedAt)
  else cancelOpen(books, order, requestedAt)
  books.tell(order)
  return order
}

function noteTooLate(order: OrderRecord, requestedAt: number): void {
  order.cancelRequestedAt = requestedAt
  order.cancelResult = 'TOO_LATE'
}

function cancelOpen(books: Books, order: OrderRecord, requestedAt: number): void {
  order.cancelRequestedAt = requestedAt
  order.cancelResult = 'DONE'
  books.advance(order, 'CANCELLED', 'cancelled_by_user')
}

function newOrder(message: PlaceMessage, nowMs: number): OrderRecord {
  const draft = draftOf(message)
  return {
    userId: message.user_id,
    id: message.order_id,
    clientOrderId: draft.clientOrderId,
    tickerId: draft.tickerId,
    side: draft.side,
    type: draft.type,
    timeInForce: draft.timeInForce,
    requestedQuantity: draft.quantity,
    limitPrice: draft.limitPrice,
    status: 'PENDING',
    reason: null,
    waitingFor: null,
    price: null,
    filledQuantity: 0n,
    appliedExchangeRate: null,
    notionalKrw: 0n,
    feeKrw: 0n,
    holdKrw: 0n,
    holdQuantity: 0n,
    fillCount: 0,
    settledLate: false,
    acceptedAt: Date.parse(message.accepted_at),
    storedAt: nowMs,
    filledAt: null,
    cancelRequestedAt: null,
    cancelResult: null,
  }
}
