// Pure: no I/O, no clock, no randomness.
// What a frame says of a ticker, whatever its market.

import type { Decimal } from '@motu/shared/decimal.ts'
import type { MarketPhase } from '@motu/shared/market-data.ts'

/** Price and size. */
export type Level = readonly [price: Decimal, size: Decimal]

/** What a message says of the state of trading; what it does not mention is absent. */
export type PhaseMark = {
  phase?: MarketPhase
  /** A halt of this ticker alone. */
  halted?: boolean
  /** A halt of the whole market: circuit breaker, or stopped by the venue. */
  breaker?: boolean
  /** A volatility interruption: an auction of two minutes. */
  vi?: boolean
}

export type TradeFrame = {
  kind: 'trade'
  symbol: string
  /** Unique within the ticker: the volume of the day that the trade completed, with its date. */
  id: string
  price: Decimal
  quantity: Decimal
  /** Who came last; null for a single price. */
  side: 'BUY' | 'SELL' | null
  /** Volume of the day, this trade included. */
  cumulative: Decimal
  /** The venue's date: `20261120`. */
  tradedOn: string
  /** Counted back from the change. */
  basePrice: Decimal
  /** Best levels; null where a side is empty or not told. */
  bid: Level | null
  ask: Level | null
  venueMs: number
  mark: PhaseMark
}

export type BookFrame = {
  kind: 'book'
  symbol: string
  /** Best first; empty at a price limit. */
  bids: readonly Level[]
  asks: readonly Level[]
  venueMs: number
  mark: PhaseMark
}

export type OperationFrame = { kind: 'operation'; symbol: string; mark: PhaseMark }

export type MarketFrame = TradeFrame | BookFrame | OperationFrame
