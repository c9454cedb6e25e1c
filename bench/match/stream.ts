// The orders of `match`: one seeded stream for both books, written down for each before it is timed.
// Prices and sizes are whole won and whole units, which a float holds as exactly as a bigint.

import { type Decimal, SCALE } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'
import { seededRandom } from '../../faults/random.ts'
import { type IncomingOrder, MatchBook } from '../../home/src/engine/match-book.ts'
import type { Resting } from '../../home/src/engine/price-ladder.ts'

/** So many orders rest at every moment that is timed. */
export const RESTING_MIN = 10_000
const RESTING_AT_START = 11_000
const RESTING_MAX = 12_000
/** A price as of a coin, in ticks of a thousand won. */
const TICK_WON = 1_000
const MID_TICKS = 95_000
/** How far from the middle an order rests on average: some 50 orders share the best prices. */
const DISTANCE_TICKS = 100
const LIMIT_SIZE_MAX = 100
const MARKET_SIZE_MAX = 300

/**
 * As the stream says it, in whole won and units. `order`: the number of the order it places, counted
 * from 0, or cancels.
 */
export type Step =
  | { kind: 'limit'; order: number; side: Side; priceWon: number; size: number }
  | { kind: 'market'; order: number; side: Side; size: number }
  | { kind: 'cancel'; order: number }

export type Stream = {
  /** Fill the book; not timed. */
  start: readonly Step[]
  steps: readonly Step[]
  /** The fewest orders that rested before any step. */
  restingMin: number
}

/** A step as our book takes it, with the order's number for an item. */
export function incoming(step: Exclude<Step, { kind: 'cancel' }>): IncomingOrder<number> {
  const price = step.kind === 'limit' ? toDecimal(step.priceWon) : null
  return { side: step.side, price, quantity: toDecimal(step.size), item: step.order }
}

/** The id of an order, shaped as the ids of Motu's orders are. */
export function idOf(order: number): string {
  const digits = Math.imul(order + 1, 0x9e3779b1) >>> 0
  const hex = digits.toString(16).padStart(8, '0')
  return `${hex}-1d3c-5a7b-8f00-${(order + 1).toString(16).padStart(12, '0')}`
}

export function toDecimal(whole: number): Decimal {
  return BigInt(whole) * SCALE
}

/** Plans a stream around a middle that wanders, of about 55 limit, 8 market orders and 37 cancels. */
export function planStream(seed: number, count: number): Stream {
  const planner = new Planner(seed)
  const start = Array.from({ length: RESTING_AT_START }, () => planner.passive())
  let restingMin = planner.resting
  const steps: Step[] = []
  while (steps.length < count) {
    steps.push(planner.next())
    restingMin = Math.min(restingMin, planner.resting)
  }
  return { start, steps, restingMin }
}

class Planner {
  readonly #random: ReturnType<typeof seededRandom>
  /** Knows which orders still rest, so that a cancel mostly finds one. */
  readonly #book = new MatchBook<number>()
  /** May hold orders that were filled; they are dropped when they are met. */
  readonly #live: { order: number; place: Resting<number> | null }[] = []
  #mid = MID_TICKS
  #orders = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  get resting(): number {
    return this.#book.size
  }

  next(): Step {
    const random = this.#random
    if (random.chance(0.1)) this.#mid += random.chance(0.5) ? 1 : -1
    const margin = (RESTING_AT_START - RESTING_MIN) / 4
    if (this.resting < RESTING_MIN + margin) return this.passive()
    const dice = random.next()
    if (dice < 0.08) return this.#market()
    if (this.resting > RESTING_MAX || dice < 0.45) return this.#cancel()
    return dice < 0.5 ? this.#crossing() : this.passive()
  }

  /** A limit order on its own side of the middle. */
  passive(): Step {
    const distance = 1 + Math.floor(-Math.log(1 - this.#random.next()) * DISTANCE_TICKS)
    return this.#limit(distance)
  }

  /** One that takes, up to three ticks beyond the middle, and rests with what is left. */
  #crossing(): Step {
    return this.#limit(-this.#random.below(4))
  }

  #limit(distance: number): Step {
    const side = this.#side()
    const ticks = side === 'BUY' ? this.#mid - distance : this.#mid + distance
    const size = 1 + this.#random.below(LIMIT_SIZE_MAX)
    const order = this.#number()
    const step: Step = { kind: 'limit', order, side, priceWon: ticks * TICK_WON, size }
    this.#live.push({ order, place: this.#submit(step) })
    return step
  }

  #market(): Step {
    const size = 1 + this.#random.below(MARKET_SIZE_MAX)
    const step: Step = { kind: 'market', order: this.#number(), side: this.#side(), size }
    this.#submit(step)
    return step
  }

  /** One in fifty comes too late: its order is filled. */
  #cancel(): Step {
    const mayBeLate = this.#random.chance(0.02)
    for (;;) {
      const index = this.#random.below(this.#live.length)
      const { order, place } = this.#live[index]!
      this.#live[index] = this.#live.at(-1)!
      this.#live.pop()
      const wasResting = place !== null && this.#book.cancel(place)
      if (wasResting || mayBeLate) return { kind: 'cancel', order }
    }
  }

  #submit(step: Exclude<Step, { kind: 'cancel' }>): Resting<number> | null {
    return this.#book.submit(incoming(step), () => undefined)
  }

  #side(): Side {
    return this.#random.chance(0.5) ? 'BUY' : 'SELL'
  }

  #number(): number {
    this.#orders += 1
    return this.#orders - 1
  }
}
