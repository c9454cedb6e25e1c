// Orders that wait for the market, by ticker: loaded at takeover, kept in step by every settlement.
// Postgres has the truth; this is what makes an event find its orders without asking it.

import { isFinal } from '@motu/shared/order.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { OrderRecord } from '../db/order-view.ts'

/** An order in memory. `sinceMs`: since when this engine has watched the market for it. */
export type WaitingOrder = { order: OrderRecord; sinceMs: number; inSettlement: boolean }

export class WaitingOrders {
  readonly #byTicker = new Map<TickerId, Map<string, WaitingOrder>>()

  get size(): number {
    let size = 0
    for (const orders of this.#byTicker.values()) size += orders.size
    return size
  }

  /** Takes in an order as it stands now: waiting, or gone. Answers its entry when it is new here. */
  put(order: OrderRecord, nowMs: number): WaitingOrder | null {
    const orders = this.#byTicker.get(order.tickerId)
    if (isFinal(order.status)) {
      orders?.delete(order.id)
      return null
    }
    const known = orders?.get(order.id)
    if (known) {
      known.order = order
      return null
    }
    const waiting = { order, sinceMs: nowMs, inSettlement: false }
    if (orders) orders.set(order.id, waiting)
    else this.#byTicker.set(order.tickerId, new Map([[order.id, waiting]]))
    return waiting
  }

  on(tickerId: TickerId): Iterable<WaitingOrder> {
    return this.#byTicker.get(tickerId)?.values() ?? []
  }

  *all(): Iterable<WaitingOrder> {
    for (const orders of this.#byTicker.values()) yield* orders.values()
  }

  /** Forgets the orders of partitions that are no longer ours. */
  forget(isLost: (userId: string) => boolean): void {
    for (const orders of this.#byTicker.values()) {
      for (const { order } of orders.values()) if (isLost(order.userId)) orders.delete(order.id)
    }
  }
}
