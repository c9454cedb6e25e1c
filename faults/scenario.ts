// What a fault scenario is: something breaks while traffic flows, and is mended again.

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
  /** Breaks and mends, beside the traffic. Everything runs again when it resolves. */
  strike: (stage: Stage) => Promise<Happened>
}
