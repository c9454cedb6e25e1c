// The two books of `match`, each fed in its own way and read in the same.

import { type Decimal, SCALE } from '@motu/shared/decimal.ts'
import { OrderBook, Side } from 'nodejs-order-book'
import { type IncomingOrder, MatchBook } from '../../home/src/engine/match-book.ts'
import type { PriceLadder, Resting } from '../../home/src/engine/price-ladder.ts'
import { idOf, incoming, type Step, toDecimal } from './stream.ts'

/** A book as it stands, both sides best first, and what was traded until then, in whole units. */
export type Standing = {
  /** `price total id:quantity id:quantity …`, one line a price. */
  bids: readonly string[]
  asks: readonly string[]
  traded: number
}

/** A book that has taken the start and is ready to be timed on the steps. */
export type Rival = {
  /** Takes all steps. Nothing is parsed or converted on the way. */
  run: () => void
  standing: () => Standing
}

/** A number: the order to cancel. */
type OurStep = IncomingOrder<number> | number

/** The ladder that the engine uses, as a book, driven as a gateway does it. */
export function ours(start: readonly Step[], steps: readonly Step[]): Rival {
  const book = new MatchBook<number>()
  /** Where each order rests, by its number; null once it is gone or when it never did. */
  const places: (Resting<number> | null)[] = [...start, ...steps].map(() => null)
  let traded = 0n
  const onFill = (resting: Resting<number>, quantity: Decimal): void => {
    traded += quantity
    if (resting.ladder === null) places[resting.item] = null
  }
  const take = (list: readonly OurStep[]): void => {
    for (const step of list) {
      if (typeof step !== 'number') places[step.item] = book.submit(step, onFill)
      else {
        const place = places[step]!
        if (place !== null) book.cancel(place)
        places[step] = null
      }
    }
  }
  take(start.map(ourStep))
  const ready = steps.map(ourStep)
  return {
    run: () => take(ready),
    standing: () => ({
      bids: ladderLines(book.bids),
      asks: ladderLines(book.asks),
      traded: whole(traded),
    }),
  }
}

function ourStep(step: Step): OurStep {
  return step.kind === 'cancel' ? step.order : incoming(step)
}

function ladderLines(ladder: PriceLadder<number>): string[] {
  const orders = ladder.reach(null)
  return ladder.levels(Infinity).map(([price, total]) => {
    const here = orders.filter((order) => order.price === price)
    return line(
      whole(price),
      whole(total),
      here.map(({ item, quantity }) => [idOf(item), whole(quantity)]),
    )
  })
}

type PeerStep =
  | { kind: 'limit'; options: Parameters<OrderBook['limit']>[0] }
  | { kind: 'market'; options: Parameters<OrderBook['market']>[0] }
  | { kind: 'cancel'; id: string }

/** nodejs-order-book, as its documentation drives it. */
export function peer(start: readonly Step[], steps: readonly Step[]): Rival {
  const book = new OrderBook()
  let traded = 0
  const take = (list: readonly PeerStep[]): void => {
    for (const step of list) {
      if (step.kind === 'cancel') book.cancel(step.id)
      else {
        const result = step.kind === 'limit' ? book.limit(step.options) : book.market(step.options)
        if (result.err !== null) throw new Error(String(result.err))
        traded += step.options.size - result.quantityLeft
      }
    }
  }
  // An order's id is one string, as in a gateway that keeps it with the order.
  const ids = [...start, ...steps].map((_, order) => idOf(order))
  take(start.map((step) => peerStep(step, ids)))
  const ready = steps.map((step) => peerStep(step, ids))
  return {
    run: () => take(ready),
    standing: () => {
      const { bids, asks } = book.snapshot()
      return { bids: bids.map(peerLine), asks: asks.map(peerLine), traded }
    },
  }
}

function peerStep(step: Step, ids: readonly string[]): PeerStep {
  const id = ids[step.order]!
  if (step.kind === 'cancel') return { kind: 'cancel', id }
  const { size } = step
  const side = step.side === 'BUY' ? Side.BUY : Side.SELL
  return step.kind === 'limit'
    ? { kind: 'limit', options: { id, side, size, price: step.priceWon } }
    : { kind: 'market', options: { side, size } }
}

type PeerLevel = ReturnType<OrderBook['snapshot']>['bids'][number]

function peerLine({ price, orders }: PeerLevel): string {
  const total = orders.reduce((sum, { size }) => sum + size, 0)
  return line(
    price,
    total,
    orders.map(({ id, size }) => [id, size]),
  )
}

function line(
  price: number,
  total: number,
  orders: readonly (readonly [string, number])[],
): string {
  return [price, total, ...orders.map(([id, quantity]) => `${id}:${quantity}`)].join(' ')
}

function whole(value: Decimal): number {
  const units = Number(value / SCALE)
  if (toDecimal(units) !== value) throw new Error(`${value} is not whole`)
  return units
}
