// Pure: no I/O, no clock, no randomness.
// The resting orders of one side of one instrument in price-time priority: best price first, within
// a price in order of arrival.
//
// A sorted array of prices, the best at its end (where nearly everything happens, and where an array
// grows and shrinks for nothing), each with a linked list of its orders. Whoever inserts an order is
// handed its place and comes back with that, so it is removed without being looked for.
//
// Measured: memory that is not near costs more than everything else; a map by id took 70 % of the
// time. A place is an object of its own, never used again, so that one kept too long is noticed. No
// sum is kept per price, which every insertion and removal would pay for.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'

/**
 * A price without orders stays for the next one there, so that the arrays are seldom moved. Above this
 * number of them, and when they outnumber the others, they all go.
 */
const EMPTY_LEVELS_MAX = 64

/**
 * An order's place in a ladder, given out by `insert` and good for this one order until it is gone.
 * Keep it with the order to remove or reduce it.
 */
export type Resting<T> = {
  /** Where it rests; null once it is gone. */
  readonly ladder: PriceLadder<T> | null
  readonly price: Decimal
  /** What is left of it; never zero while it rests. */
  readonly quantity: Decimal
  readonly item: T
}

/** What is left of the order is in `resting` already; at zero it is gone from the ladder. */
export type OnFill<T> = (resting: Resting<T>, quantity: Decimal) => void

type Node<T> = {
  ladder: PriceLadder<T> | null
  readonly price: Decimal
  quantity: Decimal
  readonly item: T
  readonly level: PriceLevel<T>
  before: Node<T> | null
  after: Node<T> | null
}

/** All orders at one price, in order of arrival. */
type PriceLevel<T> = {
  readonly price: Decimal
  first: Node<T> | null
  last: Node<T> | null
}

export class PriceLadder<T> {
  readonly #isBid: boolean
  /** Worst price first. The last has an order; others may have none. */
  #levels: PriceLevel<T>[] = []
  /** The levels' prices once more, where a search finds them together. */
  #prices: Decimal[] = []
  #empty = 0
  #size = 0

  /** `side`: BUY orders are best at the highest price, SELL orders at the lowest. */
  constructor(side: Side) {
    this.#isBid = side === 'BUY'
  }

  /** How many orders rest here. */
  get size(): number {
    return this.#size
  }

  get bestPrice(): Decimal | null {
    return this.#levels.at(-1)?.price ?? null
  }

  /** The order whose turn it is. */
  best(): Resting<T> | null {
    return this.#levels.at(-1)?.first ?? null
  }

  /** Puts an order last at its price; answers its place. No quantity is a bug: it throws. */
  insert(price: Decimal, quantity: Decimal, item: T): Resting<T> {
    if (quantity <= 0n) throw new Error('an order has nothing to rest with')
    const level = this.#levelAt(price)
    const before = level.last
    const node: Node<T> = { ladder: this, price, quantity, item, level, before, after: null }
    if (before) before.after = node
    else level.first = node
    level.last = node
    this.#size += 1
    return node
  }

  /** Takes an order away. One that does not rest here, or no longer, is a bug: it throws. */
  remove(resting: Resting<T>): void {
    this.#unlink(this.#own(resting))
  }

  /**
   * Lowers what is left of an order, which keeps its place; one with nothing left is gone. Answers
   * what is left. One that does not rest here is a bug, as for `remove`.
   */
  reduce(resting: Resting<T>, by: Decimal): Decimal {
    if (by <= 0n) throw new Error('an order is reduced by nothing')
    const node = this.#own(resting)
    if (by < node.quantity) node.quantity -= by
    else {
      node.quantity = 0n
      this.#unlink(node)
    }
    return node.quantity
  }

  /**
   * Every resting order that an opposite price reaches, best first: bids at it or above, asks at it
   * or below; null reaches all. A list of its own: orders may be removed and reduced while it is
   * gone through.
   */
  reach(price: Decimal | null): readonly Resting<T>[] {
    const reached: Resting<T>[] = []
    for (let index = this.#levels.length - 1; index >= 0; index -= 1) {
      const level = this.#levels[index]!
      if (!this.#reaches(price, level.price)) break
      for (let node = level.first; node; node = node.after) reached.push(node)
    }
    return reached
  }

  /**
   * An incoming quantity takes resting orders, best first, at a price or better (null: any); answers
   * how much it took. `onFill` must not change the ladder.
   */
  take(price: Decimal | null, quantity: Decimal, onFill: OnFill<T>): Decimal {
    let left = quantity
    while (left > 0n) {
      const level = this.#levels.at(-1)
      if (!level || !this.#reaches(price, level.price)) break
      const node = level.first!
      const before = node.quantity
      if (left < before) {
        node.quantity = before - left
        onFill(node, left)
        return quantity
      }
      left -= before
      node.quantity = 0n
      this.#unlink(node)
      onFill(node, before)
    }
    return quantity - left
  }

  /** The best `count` prices, each with the sum of what rests there. */
  levels(count: number): (readonly [price: Decimal, total: Decimal])[] {
    const levels: (readonly [Decimal, Decimal])[] = []
    for (let index = this.#levels.length - 1; index >= 0 && levels.length < count; index -= 1) {
      const { price, first } = this.#levels[index]!
      let total = 0n
      for (let node = first; node; node = node.after) total += node.quantity
      if (first) levels.push([price, total])
    }
    return levels
  }

  #reaches(price: Decimal | null, resting: Decimal): boolean {
    if (price === null) return true
    return this.#isBid ? resting >= price : resting <= price
  }

  #own(resting: Resting<T>): Node<T> {
    if (resting.ladder !== this) throw new Error('an order does not rest here')
    return resting as Node<T>
  }

  /** The level of a price; made where there is none. */
  #levelAt(price: Decimal): PriceLevel<T> {
    const levels = this.#levels
    const index = this.#indexOf(price)
    const found = levels[index]
    if (found?.price === price) {
      if (!found.first) this.#empty -= 1
      return found
    }
    const level: PriceLevel<T> = { price, first: null, last: null }
    if (index === levels.length) {
      levels.push(level)
      this.#prices.push(price)
    } else {
      levels.splice(index, 0, level)
      this.#prices.splice(index, 0, price)
    }
    return level
  }

  /** Where a price is in the array, or belongs. */
  #indexOf(price: Decimal): number {
    const prices = this.#prices
    let low = 0
    let high = prices.length
    if (this.#isBid) {
      while (low < high) {
        const middle = (low + high) >>> 1
        if (prices[middle]! < price) low = middle + 1
        else high = middle
      }
    } else {
      while (low < high) {
        const middle = (low + high) >>> 1
        if (prices[middle]! > price) low = middle + 1
        else high = middle
      }
    }
    return low
  }

  /** Takes a node out of its list. */
  #unlink(node: Node<T>): void {
    const { level, before, after } = node
    if (before) before.after = after
    else level.first = after
    if (after) after.before = before
    else level.last = before
    node.ladder = null
    node.before = null
    node.after = null
    this.#size -= 1
    if (!level.first) this.#vacate(level)
  }

  /** The last level goes, and every empty one that was behind it. */
  #vacate(level: PriceLevel<T>): void {
    this.#empty += 1
    const levels = this.#levels
    if (levels.at(-1) === level) {
      while (levels.length > 0 && !levels.at(-1)!.first) {
        levels.pop()
        this.#prices.pop()
        this.#empty -= 1
      }
    } else if (this.#empty > EMPTY_LEVELS_MAX && this.#empty * 2 > levels.length) {
      this.#prices = this.#prices.filter((_, index) => levels[index]!.first)
      this.#levels = levels.filter(({ first }) => first)
      this.#empty = 0
    }
  }
}
