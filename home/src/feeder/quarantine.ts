// Pure: no I/O, no clock, no randomness.
// What was not believed: counted by source and reason, the newest kept to be looked at.

import type { Observation } from './observation.ts'
import type { GateReason } from './readable.ts'

/** Of what was not believed, the newest so many are kept. */
export const QUARANTINE_MAX = 200
/** Of a text that could not be read, so much. */
const DETAIL_LENGTH_MAX = 300

export type Quarantined = {
  readonly source: string
  readonly reason: GateReason
  /** Null where the ticker itself could not be read. */
  readonly tickerId: string | null
  readonly atMs: number
  /** Null for what never became an observation. */
  readonly observation: Observation | null
  /** What was wrong, where the reason alone does not say it. */
  readonly detail: string
}

/** How often a source was not believed, and why. */
export type QuarantineCount = { source: string; reason: GateReason; count: number }

export class Quarantine {
  readonly #kept: Quarantined[] = []
  readonly #counts = new Map<string, QuarantineCount>()

  /** Answers how many of this source and reason there are now. */
  add(one: Quarantined): number {
    const { source, reason } = one
    const key = `${source} ${reason}`
    const count = (this.#counts.get(key)?.count ?? 0) + 1
    this.#counts.set(key, { source, reason, count })
    this.#kept.push({ ...one, detail: one.detail.slice(0, DETAIL_LENGTH_MAX) })
    if (this.#kept.length > QUARANTINE_MAX) this.#kept.shift()
    return count
  }

  /** By source and reason. */
  counts(): QuarantineCount[] {
    return [...this.#counts.values()]
  }

  /** The newest first. */
  newest(): Quarantined[] {
    return this.#kept.toReversed()
  }
}
