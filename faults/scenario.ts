// What a fault scenario is: something breaks while traffic flows, and is mended again.

import type { Cleanup } from '../bench/cleanup.ts'
import type { Drive } from './drive.ts'
import type { Journal } from './journal.ts'
import type { Trader } from '../bench/load/api-client.ts'
import type { Random } from './random.ts'
import type { Stack } from './stack.ts'

export type Stage = {
  stack: Stack
  journal: Journal
  drive: Drive
  traders: readonly Trader[]
  random: Random
  progress: (line: string) => void
}

/** Proof that the fault took place, with what it is proved by. A run without it proves nothing. */
export type Happened = { happened: boolean } & Record<string, unknown>

export type Scenario = {
  name: string
  summary: string
  /** Engine processes. */
  engines: number
  /** The traffic is slowed down to last at least so long: some faults take their time. */
  trafficSeconds?: number
  /** What is traded; every instrument unless told. */
  tickers?: ReadonlySet<string>
  /** Starts what the stack is to use in place of the world outside. */
  prepare?: (cleanup: Cleanup) => Promise<{ upbitUrl: string }>
  /** What is wrong beyond what the oracle sees, once everything is settled; and what was looked at. */
  verify?: (stage: Stage) => Promise<{ problems: string[]; proof: Record<string, unknown> }>
  /** Breaks and mends, beside the traffic. Everything runs again when it resolves. */
  strike: (stage: Stage) => Promise<Happened>
}
