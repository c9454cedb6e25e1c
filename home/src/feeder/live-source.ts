// What the feeder asks of an exchange.

import type { OrderBook, Trade } from '@motu/shared/market-data.ts'
import type { Observation } from './observation.ts'

/** Where a source hands over what it saw. */
export type LiveSink = {
  observations(observations: Observation[]): Promise<void>
  books(books: OrderBook[]): Promise<void>
  /** Each trade once, oldest first. */
  trades(trades: Trade[]): Promise<void>
}

/** A source that reports by itself. */
export type LiveSource = {
  readonly tickerIds: readonly string[]
  /** Runs until the signal aborts; deals with its own failures. */
  run(sink: LiveSink, signal: AbortSignal): Promise<void>
}
