// What the feeder asks of an exchange.

import type { OrderBook, Trade } from '@motu/shared/market-data.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Candle } from './candle-book.ts'
import type { Observation } from './observation.ts'

/** Where a source hands over what it saw. */
export type LiveSink = {
  observations(observations: Observation[]): Promise<void>
  books(books: OrderBook[]): Promise<void>
  /** Each trade once, oldest first. */
  trades(trades: Trade[]): Promise<void>
  /**
   * Judges an observation at once, for a source that goes on with what was believed; it is handed
   * over afterwards as any other, and not judged again.
   */
  believes?(observation: Observation): boolean
  /** What could not even be read: counted and kept beside what the quality gate holds back. */
  refused?(refusal: Refusal): void
}

/** `tickerId` is null where the ticker itself could not be read. */
export type Refusal = { source: string; tickerId: string | null; reason: string }

/** A source that reports by itself. */
export type LiveSource = {
  readonly tickerIds: readonly string[]
  /** Runs until the signal aborts; deals with its own failures. */
  run(sink: LiveSink, signal: AbortSignal): Promise<void>
  /**
   * The venue's own one-minute candles that open at the minute of `fromMs` or after it and end by
   * `toMs`, oldest first: complete minutes only, and as many of them as the venue still tells.
   * Paces itself beside `run`; all of them or none: rejects when they cannot be read just now, or
   * when aborted. One call at a time.
   */
  candles?(
    tickerId: TickerId,
    span: { fromMs: number; toMs: number },
    signal: AbortSignal,
  ): Promise<Candle[]>
}
