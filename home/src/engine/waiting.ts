// Orders that wait for the market, by ticker: loaded at takeover, kept in step by every settlement.
// Postgres has the truth; this is what makes an event find the orders it concerns without asking it,
// and without looking at those that rest far away.

import type { Decimal } from '@motu/shared/decimal.ts'
import { isFinal } from '@motu/shared/order.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { OrderRecord } from '../db/order-view.ts'
import type { EngineQuote } from './engine-quote.ts'
import { NO_PROGRESS, type Progress } from './judgement.ts'
import { PriceLadder, type Resting } from './price-ladder.ts'

/** An order in memory. `sinceMs`: since when this engine has watched the market for it. */
export type WaitingOrder = {
  order: OrderRecord
  sinceMs: number
  inSettlement: boolean
  progress: Progress
  /** Its place in the ladder, while it rests. */
  resting: Resting<WaitingOrder> | null
}

/** The orders of one ticker: limits that rest by their price, all others under watch. */
type Board = {
  all: Map<string, WaitingOrder>
  buys: PriceLadder<WaitingOrder>
  sells: PriceLadder<WaitingOrder>
  watched: Map<string, WaitingOrder>
}

export class WaitingOrders {
  readonly #boards = new Map<TickerId, Board>()
  readonly #byUser = new Map<string, Set<WaitingOrder>>()

  get size(): number {
    let size = 0
    for (const { all } of this.#boards.values()) size += all.size
    return size
  }

  /**
   * Takes in an order as it stands now, waiting or gone, and how far it has followed the market
   * where that is known. Answers its entry when it is new here.
   */
  put(order: OrderRecord, nowMs: number, progress?: Progress): WaitingOrder | null {
    const board = this.#boardOf(order.tickerId)
    const known = board.all.get(order.id)
    if (isFinal(order.status)) {
      if (known) {
        known.order = order
        this.#drop(board, known)
      }
      return null
    }
    const waiting = known ?? newEntry(order, nowMs)
    waiting.order = order
    if (progress) waiting.progress = progress
    board.all.set(order.id, waiting)
    if (!known) this.#noteUser(waiting)
    this.#place(board, waiting)
    return known ? null : waiting
  }

  /** An order has followed the market on; one that is gone meanwhile stays so. */
  advance(waiting: WaitingOrder, progress: Progress): void {
    const wasMet = waiting.progress.isMet
    waiting.progress = progress
    const board = this.#boardOf(waiting.order.tickerId)
    const isHere = board.all.get(waiting.order.id) === waiting
    if (isHere && wasMet !== progress.isMet) this.#place(board, waiting)
  }

  /**
   * The orders an event may concern: all that are watched, stops before their targets, and of those
   * that rest who it reaches.
   */
  concernedBy(quote: EngineQuote): WaitingOrder[] {
    const board = this.#boards.get(quote.tickerId)
    if (!board) return []
    // All of them before the first is met: meeting the event moves an order from one place to another.
    const concerned: WaitingOrder[] = []
    const others: WaitingOrder[] = []
    for (const one of board.watched.values()) {
      if (one.order.leg === 'STOP_LOSS') concerned.push(one)
      else others.push(one)
    }
    for (const one of others) concerned.push(one)
    for (const side of ['BUY', 'SELL'] as const) {
      const ladder = side === 'BUY' ? board.buys : board.sells
      if (ladder.size === 0) continue
      for (const { item } of ladder.reach(reachOf(quote, side))) concerned.push(item)
    }
    return concerned
  }

  on(tickerId: TickerId): Iterable<WaitingOrder> {
    return this.#boards.get(tickerId)?.all.values() ?? []
  }

  /** The orders of one user, on every ticker. */
  of(userId: string): Iterable<WaitingOrder> {
    return this.#byUser.get(userId) ?? []
  }

  *all(): Iterable<WaitingOrder> {
    for (const { all } of this.#boards.values()) yield* [...all.values()]
  }

  /** Forgets the orders of partitions that are no longer ours. */
  forget(isLost: (userId: string) => boolean): void {
    for (const board of this.#boards.values()) {
      for (const waiting of [...board.all.values()]) {
        if (isLost(waiting.order.userId)) this.#drop(board, waiting)
      }
    }
  }

  #boardOf(tickerId: TickerId): Board {
    let board = this.#boards.get(tickerId)
    if (!board) {
      board = {
        all: new Map(),
        buys: new PriceLadder('BUY'),
        sells: new PriceLadder('SELL'),
        watched: new Map(),
      }
      this.#boards.set(tickerId, board)
    }
    return board
  }

  #noteUser(waiting: WaitingOrder): void {
    const { userId } = waiting.order
    const orders = this.#byUser.get(userId)
    if (orders) orders.add(waiting)
    else this.#byUser.set(userId, new Set([waiting]))
  }

  #drop(board: Board, waiting: WaitingOrder): void {
    const { id, userId } = waiting.order
    board.all.delete(id)
    board.watched.delete(id)
    this.#leave(board, waiting)
    const orders = this.#byUser.get(userId)
    orders?.delete(waiting)
    if (orders?.size === 0) this.#byUser.delete(userId)
  }

  /** Takes an order out of the ladder where it rests, if it does. */
  #leave(board: Board, waiting: WaitingOrder): void {
    const { order, resting } = waiting
    if (resting) ladderOf(board, order).remove(resting)
    waiting.resting = null
  }

  #place(board: Board, waiting: WaitingOrder): void {
    const { order, progress, resting } = waiting
    if (!isResting(order, progress)) {
      this.#leave(board, waiting)
      // What waits for its entry is not concerned by any event.
      if (order.waitingFor === 'ENTRY') board.watched.delete(order.id)
      else board.watched.set(order.id, waiting)
      return
    }
    board.watched.delete(order.id)
    const left = order.requestedQuantity - order.filledQuantity
    if (resting?.quantity === left && resting.price === order.limitPrice) return
    this.#leave(board, waiting)
    waiting.resting = ladderOf(board, order).insert(order.limitPrice!, left, waiting)
  }
}

function newEntry(order: OrderRecord, sinceMs: number): WaitingOrder {
  return { order, sinceMs, inSettlement: false, progress: NO_PROGRESS, resting: null }
}

function ladderOf(board: Board, { side }: OrderRecord): PriceLadder<WaitingOrder> {
  return side === 'BUY' ? board.buys : board.sells
}

/** A limit in the book: it has met the market, and no event but those near its price concerns it. */
function isResting(order: OrderRecord, progress: Progress): boolean {
  const isBehind = order.waitingFor === 'TRIGGER' || order.waitingFor === 'ENTRY'
  return order.limitPrice !== null && progress.isMet && !isBehind
}

/**
 * The price up to which an event concerns resting orders of a side: what was offered to them, what
 * traded, and the levels displayed beside them, where a place in the queue may move.
 */
function reachOf(
  { bid, ask, uncross, candle, depth, prints }: EngineQuote,
  side: 'BUY' | 'SELL',
): Decimal {
  const isBuy = side === 'BUY'
  const prices = [isBuy ? ask : bid]
  if (uncross !== null) prices.push(uncross)
  if (candle) prices.push(isBuy ? candle.low : candle.high)
  for (const print of prints) prices.push(print.price)
  const own = isBuy ? depth.bids : depth.asks
  const worst = own.at(-1)?.[0]
  if (worst !== undefined) prices.push(worst)
  return prices.reduce((far, price) => (isBuy === price < far ? price : far))
}
