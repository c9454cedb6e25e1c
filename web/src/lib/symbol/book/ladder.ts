// Pure: no I/O, no clock, no randomness.
// The order book as it is drawn: asks above, the highest first, bids below; each level with its
// share of the largest size, its change against the base price, and what one's own orders add.

import { type Decimal, decimal, ratio, SCALE } from '@motu/shared/decimal.ts'
import type { Side } from '@motu/shared/order.ts'

/** What the drawing needs of a book; `[price, size]`, the best first. */
export type LadderBook = {
  readonly bids: readonly (readonly [string, string])[]
  readonly asks: readonly (readonly [string, string])[]
}

/** An own order that stands in the book: its limit price, and what of it is not filled yet. */
export type OwnOrder = { readonly side: Side; readonly price: Decimal; readonly remaining: Decimal }

export type LadderSources = {
  readonly book: LadderBook
  /** The previous close; null while it is unknown. */
  readonly basePrice: Decimal | null
  /** The last trade. */
  readonly lastPrice: Decimal | null
  readonly own: readonly OwnOrder[]
  /** 상한가 and 하한가; null where the venue has none. */
  readonly limits: { readonly upper: Decimal; readonly lower: Decimal } | null
  /** Levels drawn on each side; those the book does not have stay empty. */
  readonly depth: number
}

export type LadderRow = {
  /** Who stands there: `ask` sells, `bid` buys. */
  readonly side: 'ask' | 'bid'
  readonly price: Decimal
  readonly size: Decimal
  /** Of the largest size in the book, 0 to 1: a bar's length, and nothing else. */
  readonly share: number
  readonly changePercent: Decimal | null
  readonly isLast: boolean
  /** What own orders have there; zero for none. */
  readonly own: Decimal
  readonly limit: 'upper' | 'lower' | null
}

export type Ladder = {
  /** The highest first; null for a level that nobody stands at. */
  readonly asks: readonly (LadderRow | null)[]
  readonly bids: readonly (LadderRow | null)[]
  readonly askTotal: Decimal
  readonly bidTotal: Decimal
  /** Best ask less best bid; null while either is missing. */
  readonly spread: Decimal | null
}

/** The ladder of a book. */
export function ladderOf(sources: LadderSources): Ladder {
  const { book, depth } = sources
  const asks = book.asks.slice(0, depth).map(([price, size]) => [decimal(price), decimal(size)])
  const bids = book.bids.slice(0, depth).map(([price, size]) => [decimal(price), decimal(size)])
  const largest = [...asks, ...bids].reduce((most, [, size]) => (size! > most ? size! : most), 0n)
  const rowsOf = (side: 'ask' | 'bid', levels: bigint[][]): (LadderRow | null)[] => {
    const rows = levels.map(([price, size]) => rowOf(side, price!, size!, { sources, largest }))
    return [...rows, ...new Array<null>(depth - rows.length).fill(null)]
  }
  const bestAsk = asks[0]?.[0]
  const bestBid = bids[0]?.[0]
  return {
    asks: rowsOf('ask', asks).reverse(),
    bids: rowsOf('bid', bids),
    askTotal: totalOf(asks),
    bidTotal: totalOf(bids),
    spread: bestAsk === undefined || bestBid === undefined ? null : bestAsk - bestBid,
  }
}

function rowOf(
  side: 'ask' | 'bid',
  price: Decimal,
  size: Decimal,
  { sources, largest }: { sources: LadderSources; largest: Decimal },
): LadderRow {
  const { basePrice, lastPrice, own, limits } = sources
  const ownSide: Side = side === 'ask' ? 'SELL' : 'BUY'
  const mine = own.filter((order) => order.side === ownSide && order.price === price)
  return {
    side,
    price,
    size,
    share: largest === 0n ? 0 : Number((size * 1_000n) / largest) / 1_000,
    changePercent: basePrice ? changePercentOf(price, basePrice) : null,
    isLast: price === lastPrice,
    own: mine.reduce((sum, { remaining }) => sum + remaining, 0n),
    limit: price === limits?.upper ? 'upper' : price === limits?.lower ? 'lower' : null,
  }
}

/** How far a price stands from the base price, in percent. */
export function changePercentOf(price: Decimal, basePrice: Decimal): Decimal {
  return ratio((price - basePrice) * 100n, basePrice, 'half_even')
}

/** The part of the bids in both totals, in percent; half while there are none. */
export function bidPercentOf({ askTotal, bidTotal }: Ladder): number {
  const sum = askTotal + bidTotal
  return sum === 0n ? 50 : Number((bidTotal * 100n * SCALE) / sum / 1_000_000n) / 100
}

function totalOf(levels: readonly bigint[][]): Decimal {
  return levels.reduce((sum, [, size]) => sum + size!, 0n)
}
