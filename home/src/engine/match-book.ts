// Pure: no I/O, no clock, no randomness.
// Two ladders that meet: orders of ours against orders of ours, in price-time priority, at the price
// of the one that rested.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import { type OnFill, PriceLadder, type Resting } from './price-ladder.ts'

export type IncomingOrder<T> = {
  readonly side: Side
  /** Null: MARKET. What it does not find does not rest. */
  readonly price: Decimal | null
  readonly quantity: Decimal
  readonly item: T
}

export class MatchBook<T> {
  readonly bids = new PriceLadder<T>('BUY')
  readonly asks = new PriceLadder<T>('SELL')

  /** How many orders rest. */
  get size(): number {
    return this.bids.size + this.asks.size
  }

  /**
   * Matches an order and tells `onFill` of each order it took; what is left of one with a price
   * rests. Answers its place, to be kept for `cancel`, or null when nothing rests.
   */
  submit(order: IncomingOrder<T>, onFill: OnFill<T>): Resting<T> | null {
    const { side, price, quantity, item } = order
    const isBuy = side === 'BUY'
    const matched = (isBuy ? this.asks : this.bids).take(price, quantity, onFill)
    if (price === null || matched === quantity) return null
    const left = matched === 0n ? quantity : quantity - matched
    return (isBuy ? this.bids : this.asks).insert(price, left, item)
  }

  /** Takes a resting order away; false when it is gone already. */
  cancel(resting: Resting<T>): boolean {
    const { ladder } = resting
    if (ladder === null) return false
    ladder.remove(resting)
    return true
  }
}
