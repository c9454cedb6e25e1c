// What the feeder asks of an exchange.

import type { Observation } from './observation.ts'

/** A source that reports by itself. */
export type LiveSource = {
  readonly tickerIds: readonly string[]
  /** Runs until the signal aborts; deals with its own failures. */
  run(emit: (observations: Observation[]) => Promise<void>, signal: AbortSignal): Promise<void>
}
