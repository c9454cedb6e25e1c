// What a benchmark is: a name, a sentence, and a run that answers one flat result.

import type { Cleanup } from './cleanup.ts'

export type BenchOptions = {
  /** Seconds of load in each measured round. */
  seconds: number
  /** How often peer and ours take turns. */
  rounds: number
  /** Connections of the HTTP generator. */
  connections: number
  /** Browser sockets (`fanout`). */
  sockets: number
  /** Orders a second offered (`e2e`, `doors`); 0: as fast as answers come. */
  rate: number
  /** Orders in a round (`settle`, `match`). */
  orders: number
  seed: number
}

export type Benchmark = {
  name: string
  summary: string
  defaults: Partial<BenchOptions>
  run(options: BenchOptions, stage: BenchStage): Promise<Record<string, unknown>>
}

export type BenchStage = {
  /** Undone when the run ends, however it ends. */
  cleanup: Cleanup
  /** One line about how it goes; the result is the last line of standard output. */
  progress: (line: string) => void
}
