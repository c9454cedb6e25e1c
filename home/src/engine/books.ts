// Pure: no I/O, no clock, no randomness.
// The books of one batch: what was read under lock, and what is to be written. Every change goes
// through here, so that wallet, position, ledger and event of one change cannot part.

import type { Evidence } from '@motu/shared/contract/receipt.ts'
import type { Decimal } from '@motu/shared/decimal.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { isFinal, mayFollow, type OrderStatus, type Reason } from '@motu/shared/order.ts'
import type { OrderRecord } from '../db/order-view.ts'
import { type DecidedFill, weightedMean } from './decide.ts'
import type { EngineQuote } from './engine-quote.ts'
import { evidenceOf } from './evidence.ts'
import type { FillProfile } from './fill-profile.ts'
import type { Progress } from './judgement.ts'
import { bought, EMPTY_POSITION, type Position, sold } from './position.ts'

export type Wallet = {
  partition: number
  userId: string
  balanceKrw: Decimal
  /** Part of the balance: reserved by open buy orders. */
  heldKrw: Decimal
  realizedPnlKrw: Decimal
  eventSeq: bigint
}

export type PositionRow = { userId: string; tickerId: string; position: Position }
export type FillRow = {
  order: OrderRecord
  fillNo: number
  fill: DecidedFill
  quote: EngineQuote
  evidence: Evidence
}
/** A market event and the rules it fills by. */
export type Occasion = { quote: EngineQuote; profile: FillProfile }
export type LedgerLeg = {
  userId: string
  sourceId: string
  legNo: number
  kind: 'fill' | 'fee' | 'tax'
  debit: LedgerAccount
  credit: LedgerAccount
  unit: string
  amount: Decimal
}
export type LedgerAccount = 'CASH' | 'POSITION' | 'MARKET' | 'FEE' | 'TAX' | 'GRANT'
/** An event: the order as it stood then. */
export type EventRow = { seq: bigint; order: OrderRecord; newFills: number }

/** Ledger legs of one fill: the money, the shares, the fee, the taxes. */
const LEGS_PER_FILL = 4

export class Books {
  readonly wallets = new Map<string, Wallet>()
  readonly positions = new Map<string, PositionRow>()
  /** Orders by id: those read under lock, and those placed by this batch. */
  readonly orders = new Map<string, OrderRecord>()
  /** The order that owns a client order id, by `user client-id`. */
  readonly clientIds = new Map<string, OrderRecord>()
  /** When the batch's sign-ins and API keys ended. */
  readonly credentialEnds = new Map<string, number | null>()
  /** Cancels that came before their order: order id to the instant of the request. */
  readonly earlyCancels = new Map<string, number>()

  readonly insertedOrders = new Set<OrderRecord>()
  readonly updatedOrders = new Set<OrderRecord>()
  /** Orders that were open before this batch and are final after it. */
  readonly closedOrders = new Set<OrderRecord>()
  readonly changedWallets = new Set<Wallet>()
  readonly changedPositions = new Set<PositionRow>()
  readonly fills = new Map<OrderRecord, FillRow[]>()
  readonly legs: LedgerLeg[] = []
  readonly events: EventRow[] = []
  readonly newEarlyCancels = new Map<string, { userId: string; requestedAt: number }>()
  /** How far each order of this batch has followed the market. */
  readonly progress = new Map<string, Progress>()

  readonly #untold = new Set<OrderRecord>()

  /** The position of a user in a ticker; an empty one where there is none yet. */
  position(userId: string, tickerId: string): PositionRow {
    const key = positionKey(userId, tickerId)
    let row = this.positions.get(key)
    if (!row) {
      row = { userId, tickerId, position: { ...EMPTY_POSITION } }
      this.positions.set(key, row)
    }
    return row
  }

  /** What the user has free for this order, beyond what the order itself holds. */
  available(order: OrderRecord): { cashKrw: Decimal; quantity: Decimal } {
    const wallet = this.wallets.get(order.userId)!
    const { position } = this.position(order.userId, order.tickerId)
    return {
      cashKrw: wallet.balanceKrw - wallet.heldKrw,
      quantity: position.quantity - position.heldQuantity,
    }
  }

  /** A new order. A mismatch owns no client order id: the first order keeps it. */
  insert(order: OrderRecord, { ownsClientId }: { ownsClientId: boolean }): void {
    this.orders.set(order.id, order)
    if (ownsClientId) this.clientIds.set(clientKey(order.userId, order.clientOrderId), order)
    this.insertedOrders.add(order)
    this.#untold.add(order)
  }

  /** A cancel whose order has not come yet: also for an order later in this batch. */
  cancelEarly(userId: string, orderId: string, requestedAt: number): void {
    if (this.earlyCancels.has(orderId)) return
    this.earlyCancels.set(orderId, requestedAt)
    this.newEarlyCancels.set(orderId, { userId, requestedAt })
  }

  /** Reserves cash and shares for an order that will wait. */
  hold(order: OrderRecord, krw: Decimal, quantity: Decimal): void {
    const wallet = this.wallets.get(order.userId)!
    order.holdKrw += krw
    order.holdQuantity += quantity
    if (krw !== 0n) wallet.heldKrw += krw
    if (quantity !== 0n) {
      const row = this.position(order.userId, order.tickerId)
      row.position.heldQuantity += quantity
      this.changedPositions.add(row)
    }
    this.#touch(order)
  }

  /** Hands an order's hold to another of the same user: of two exits only one holds for both. */
  moveHold(from: OrderRecord, to: OrderRecord): void {
    const { holdKrw, holdQuantity } = from
    if (holdKrw === 0n && holdQuantity === 0n) return
    from.holdKrw = 0n
    from.holdQuantity = 0n
    to.holdKrw += holdKrw
    to.holdQuantity += holdQuantity
    this.#touch(from)
    this.#touch(to)
  }

  /** Notes a change that is none of money: what it asks for, what it waits for, its mark. */
  amend(
    order: OrderRecord,
    changes: Partial<
      Pick<
        OrderRecord,
        | 'requestedQuantity'
        | 'waitingFor'
        | 'triggeredAt'
        | 'markPrice'
        | 'replacedBy'
        | 'expiresAt'
      >
    >,
  ): void {
    Object.assign(order, changes)
    this.#untold.add(order)
    this.#touch(order)
  }

  /** Whether something happened to an order that its user has not been told. */
  isChanged(order: OrderRecord): boolean {
    return this.#untold.has(order)
  }

  /** Ends an order, or moves it on, and gives back the hold it no longer needs. */
  advance(order: OrderRecord, status: OrderStatus, reason: Reason | null = null): void {
    if (!mayFollow(order.status, status)) {
      throw new Error(`order ${order.id} may not go from ${order.status} to ${status}`)
    }
    order.status = status
    order.reason = reason
    this.#untold.add(order)
    this.#touch(order)
    if (!isFinal(status)) return
    order.waitingFor = null
    if (!this.insertedOrders.has(order)) this.closedOrders.add(order)
    this.hold(order, -order.holdKrw, -order.holdQuantity)
  }

  /** Books one fill: order, wallet, position, ledger. */
  fill(order: OrderRecord, fill: DecidedFill, { quote, profile }: Occasion): void {
    const wallet = this.wallets.get(order.userId)!
    const row = this.position(order.userId, order.tickerId)
    const currency = findInstrument(order.tickerId)!.currency
    const isBuy = order.side === 'BUY'
    const spent = fill.notionalKrw + fill.feeKrw
    this.hold(
      order,
      isBuy ? -(spent < order.holdKrw ? spent : order.holdKrw) : 0n,
      isBuy ? 0n : -fill.quantity,
    )
    const before = row.position
    row.position = isBuy ? bought(before, fill) : sold(before, fill, currency)
    wallet.balanceKrw += isBuy ? -spent : fill.notionalKrw - fill.feeKrw
    wallet.realizedPnlKrw +=
      row.position.realizedPriceKrw +
      row.position.realizedFxKrw -
      before.realizedPriceKrw -
      before.realizedFxKrw
    this.changedPositions.add(row)
    takeFill(order, fill, quote)
    const rows = this.fills.get(order) ?? []
    const evidence = evidenceOf(order, fill, quote, profile)
    rows.push({ order, fillNo: order.fillCount, fill, quote, evidence })
    this.fills.set(order, rows)
    this.#enter(order, fill)
  }

  /** The ledger's view of a fill: one positive amount of one unit per leg. */
  #enter(order: OrderRecord, fill: DecidedFill): void {
    const isBuy = order.side === 'BUY'
    const leg = (
      index: number,
      kind: LedgerLeg['kind'],
      accounts: readonly [debit: LedgerAccount, credit: LedgerAccount],
      moved: readonly [unit: string, amount: Decimal],
    ): void => {
      const [debit, credit] = accounts
      const [unit, amount] = moved
      const legNo = (order.fillCount - 1) * LEGS_PER_FILL + index
      this.legs.push({
        userId: order.userId,
        sourceId: order.id,
        legNo,
        kind,
        debit,
        credit,
        unit,
        amount,
      })
    }
    leg(0, 'fill', isBuy ? ['MARKET', 'CASH'] : ['CASH', 'MARKET'], ['KRW', fill.notionalKrw])
    leg(1, 'fill', isBuy ? ['POSITION', 'MARKET'] : ['MARKET', 'POSITION'], [
      order.tickerId,
      fill.quantity,
    ])
    const commission = fill.charges.find(({ kind }) => kind === 'commission')?.amountKrw ?? 0n
    const taxes = fill.feeKrw - commission
    if (commission > 0n) leg(2, 'fee', ['FEE', 'CASH'], ['KRW', commission])
    if (taxes > 0n) leg(3, 'tax', ['TAX', 'CASH'], ['KRW', taxes])
  }

  /** Tells the user: one event with the next number of this user, carrying the whole order. */
  tell(order: OrderRecord): void {
    const wallet = this.wallets.get(order.userId)!
    wallet.eventSeq += 1n
    this.#untold.delete(order)
    this.#touch(order)
    // A copy: a later work of this batch may move the order on.
    const newFills = this.fills.get(order)?.length ?? 0
    this.events.push({ seq: wallet.eventSeq, order: { ...order }, newFills })
  }

  #touch(order: OrderRecord): void {
    this.changedWallets.add(this.wallets.get(order.userId)!)
    if (!this.insertedOrders.has(order)) this.updatedOrders.add(order)
  }
}

export const positionKey = (userId: string, tickerId: string): string => `${userId} ${tickerId}`
export const clientKey = (userId: string, clientOrderId: string): string =>
  `${userId} ${clientOrderId}`

/** Moves an order's own figures by one fill; means are weighted by notional. */
function takeFill(order: OrderRecord, fill: DecidedFill, quote: EngineQuote): void {
  order.price =
    order.price === null
      ? fill.price
      : weightedMean(
          { value: order.price, weight: order.filledQuantity },
          { value: fill.price, weight: fill.quantity },
        )
  order.appliedExchangeRate =
    order.appliedExchangeRate === null
      ? fill.appliedExchangeRate
      : weightedMean(
          { value: order.appliedExchangeRate, weight: order.notionalKrw },
          { value: fill.appliedExchangeRate, weight: fill.notionalKrw },
        )
  order.filledQuantity += fill.quantity
  order.notionalKrw += fill.notionalKrw
  order.feeKrw += fill.feeKrw
  order.settledLate ||= isLate(quote)
  order.filledAt = quote.receivedAt
  order.fillCount += 1
}

/** Whether an event may have decided later than it should have, or from less than was to be seen. */
export function isLate(quote: EngineQuote): boolean {
  return quote.afterGap || quote.candle !== null
}
