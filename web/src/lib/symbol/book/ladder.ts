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
  /** Levels drawn on each side: behind those the book tells come the next ticks, their size unknown. */
  readonly depth: number
  /** The next price upwards or downwards; at zero or below there is none. */
  readonly step: (price: Decimal, direction: 1 | -1) => Decimal
}

export type LadderRow = {
  /** Who stands there: `ask` sells, `bid` buys. */
  readonly side: 'ask' | 'bid'
  readonly price: Decimal
  /** Null where the venue does not tell: a price one can order at, and no more. */
  readonly size: Decimal | null
  /** Of the largest size in the book, 0 to 1: a bar's length, and nothing else. */
  readonly share: number
  readonly changePercent: Decimal | null
  readonly isLast: boolean
  /** What own orders have there; zero for none. */
  readonly own: Decimal
  readonly limit: 'upper' | 'lower' | null
}

export type Ladder = {
  /** The highest first; null for what is beyond the limits, or unknown altogether. */
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
  const asks = levelsOf(book.asks, depth)
  const bids = levelsOf(book.bids, depth)
  const largest = [...asks, ...bids].reduce((most, { size }) => (size > most ? size : most), 0n)
  const rowsOf = (side: 'ask' | 'bid', levels: readonly Level[]): (LadderRow | null)[] => {
    const told = levels.map(({ price, size }) => rowOf(side, price, size, { sources, largest }))
    const next = nextPrices(side, levels, sources).map((price) =>
      rowOf(side, price, null, { sources, largest }),
    )
    const rows = [...told, ...next]
    return [...rows, ...new Array<null>(depth - rows.length).fill(null)]
  }
  const bestAsk = asks[0]?.price
  const bestBid = bids[0]?.price
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
  size: Decimal | null,
  { sources, largest }: { sources: LadderSources; largest: Decimal },
): LadderRow {
  const { basePrice, lastPrice, own, limits } = sources
  const ownSide: Side = side === 'ask' ? 'SELL' : 'BUY'
  const mine = own.filter((order) => order.side === ownSide && order.price === price)
  return {
    side,
    price,
    size,
    share: !size || largest === 0n ? 0 : Number((size * 1_000n) / largest) / 1_000,
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

type Level = { readonly price: Decimal; readonly size: Decimal }

function levelsOf(texts: LadderBook['asks'], depth: number): Level[] {
  return texts
    .slice(0, depth)
    .map(([price, size]) => ({ price: decimal(price), size: decimal(size) }))
}

/** The ticks behind the last level that is told, as far as the day's limits allow. */
function nextPrices(
  side: 'ask' | 'bid',
  levels: readonly Level[],
  { depth, step, limits }: LadderSources,
): Decimal[] {
  const direction = side === 'ask' ? 1 : -1
  const prices: Decimal[] = []
  let price = levels.at(-1)?.price
  while (price !== undefined && levels.length + prices.length < depth) {
    price = step(price, direction)
    const isBeyond = limits ? price > limits.upper || price < limits.lower : false
    if (price <= 0n || isBeyond) break
    prices.push(price)
  }
  return prices
}

function totalOf(levels: readonly Level[]): Decimal {
  return levels.reduce((sum, { size }) => sum + size, 0n)
}
