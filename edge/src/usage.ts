// What home is told of the doors: which API keys were used from where, and who was refused. Summed here
// and told every ten seconds; home notes the last use, writes the audit log, and looks for what is
// suspicious. Bounded: a flood is a few rows with large counts.

import {
  type EdgeRefusal,
  type KeyUse,
  REFUSALS_PER_REPORT_MAX,
  type UsageReport,
  USES_PER_REPORT_MAX,
} from '@motu/shared/api-key-calls.ts'
import type { Clock } from './clock.ts'

export const REPORT_INTERVAL_MS = 10_000

type Use = { key_id: string; address: string; count: number; firstMs: number; lastMs: number }
export type Refused = Omit<EdgeRefusal, 'count'>

export class Usage {
  readonly #now: Clock
  readonly #uses = new Map<string, Use>()
  readonly #refusals = new Map<string, EdgeRefusal>()
  #toldAt: number
  /** When the first of what is noted now was. */
  #sinceMs = 0

  constructor(now: Clock) {
    this.#now = now
    this.#toldAt = now()
  }

  noteUse(keyId: string, address: string): void {
    const id = `${keyId} ${address}`
    const nowMs = this.#now()
    if (this.#isEmpty) this.#sinceMs = nowMs
    const use = this.#uses.get(id)
    if (use) {
      use.count += 1
      use.lastMs = nowMs
    } else if (this.#uses.size < USES_PER_REPORT_MAX) {
      this.#uses.set(id, { key_id: keyId, address, count: 1, firstMs: nowMs, lastMs: nowMs })
    }
  }

  noteRefusal(refused: Refused, count = 1): void {
    if (this.#isEmpty) this.#sinceMs = this.#now()
    const { code, why, route, address, key_id, user_id } = refused
    const id = [code, why, route, address, key_id, user_id].join(' ')
    const known = this.#refusals.get(id)
    if (known) known.count += count
    else if (this.#refusals.size < REFUSALS_PER_REPORT_MAX) {
      this.#refusals.set(id, { ...refused, count })
    }
  }

  /** Whether there is something to tell, and it is time. */
  get isDue(): boolean {
    return this.#now() - this.#toldAt >= REPORT_INTERVAL_MS && !this.#isEmpty
  }

  /** Tells what was noted so far; what could not be told is kept for the next time. */
  async tell(send: (report: UsageReport) => Promise<boolean>): Promise<void> {
    if (this.#isEmpty) return
    this.#toldAt = this.#now()
    const sinceMs = this.#sinceMs
    const since = new Date(sinceMs).toISOString()
    const uses = [...this.#uses.values()]
    const refusals = [...this.#refusals.values()]
    this.#uses.clear()
    this.#refusals.clear()
    if (await send({ since, uses: uses.map(viewOf), refusals })) return
    for (const use of uses) this.#putBack(use)
    for (const { count, ...refused } of refusals) this.noteRefusal(refused, count)
    this.#sinceMs = sinceMs
  }

  get #isEmpty(): boolean {
    return this.#uses.size === 0 && this.#refusals.size === 0
  }

  #putBack(use: Use): void {
    const id = `${use.key_id} ${use.address}`
    const later = this.#uses.get(id)
    if (later) {
      later.count += use.count
      later.firstMs = use.firstMs
    } else if (this.#uses.size < USES_PER_REPORT_MAX) this.#uses.set(id, use)
  }
}

function viewOf({ key_id, address, count, firstMs, lastMs }: Use): KeyUse {
  const first_at = new Date(firstMs).toISOString()
  return { key_id, address, count, first_at, last_at: new Date(lastMs).toISOString() }
}
