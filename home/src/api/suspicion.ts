// What makes the use of an API key suspicious: rules as data, judged over the reports of the edge. A
// key that breaks one is revoked and its owner told; the rule's id is the reason he reads.
//
// The memory is this process's own: of several API processes each sees the reports it gets, so a
// rule may strike later, never sooner.

import type { EdgeRefusal, KeyUse, UsageReport } from '@motu/shared/api-key-calls.ts'
import { neighbourhoodOf } from './networks.ts'
import type { WatchedKey } from './queries/api-keys.ts'

const MINUTE_MS = 60_000

/** `neighbourhoods`: distinct ones with a use · the others: requests that were refused for it. */
type Measure = 'neighbourhoods' | 'quota' | 'outside_networks'

export type SuspicionRule = {
  id: string
  measure: Measure
  windowMs: number
  /** Broken by more than this; a key's quota per minute may be a factor of it. */
  most: number
  timesQuota?: boolean
}

export const SUSPICION_RULES: readonly SuspicionRule[] = [
  { id: 'many-networks', measure: 'neighbourhoods', windowMs: 10 * MINUTE_MS, most: 5 },
  { id: 'burst', measure: 'quota', windowMs: 5 * MINUTE_MS, most: 10, timesQuota: true },
  { id: 'outside-networks', measure: 'outside_networks', windowMs: 10 * MINUTE_MS, most: 19 },
]

export type Suspicion = { key: WatchedKey; rule: SuspicionRule; seen: number }

const KEYS_MAX = 10_000
const NEIGHBOURHOODS_PER_KEY_MAX = 100
/** Counts of a report that took longer (home was dark) say nothing of a window of minutes. */
const REPORT_SPAN_MS_MAX = MINUTE_MS

type Counted = { atMs: number; count: number }
type Memory = {
  /** When each was used last. */
  neighbourhoods: Map<string, number>
  quota: Counted[]
  outside_networks: Counted[]
}

export class SuspicionWatch {
  readonly #rules: readonly SuspicionRule[]
  readonly #windowMsMax: number
  readonly #memories = new Map<string, Memory>()

  constructor(rules: readonly SuspicionRule[] = SUSPICION_RULES) {
    this.#rules = rules
    this.#windowMsMax = Math.max(...rules.map(({ windowMs }) => windowMs))
  }

  /** Takes in a report; answers the keys that broke a rule with it, each with the first it broke. */
  observe(keys: readonly WatchedKey[], report: UsageReport, nowMs: number): Suspicion[] {
    const { uses, refusals, since } = report
    const byId = new Map(keys.map((key) => [key.keyId, key]))
    const touched = new Set<WatchedKey>()
    for (const use of uses) {
      const key = byId.get(use.key_id)
      if (key && this.#noteUse(use)) touched.add(key)
    }
    const isFresh = since === undefined || nowMs - Date.parse(since) <= REPORT_SPAN_MS_MAX
    for (const refusal of isFresh ? refusals : []) {
      const key = byId.get(refusal.key_id ?? '')
      if (key && this.#noteRefusal(key.keyId, refusal, nowMs)) touched.add(key)
    }
    return [...touched].flatMap((key) => this.#judge(key, nowMs) ?? [])
  }

  #judge(key: WatchedKey, nowMs: number): Suspicion | null {
    const memory = this.#memoryOf(key.keyId)
    this.#forgetPast(memory, nowMs)
    for (const rule of this.#rules) {
      const seen = measured(memory, rule, nowMs)
      if (seen <= rule.most * (rule.timesQuota ? key.quotaPerMinute : 1)) continue
      this.#memories.delete(key.keyId)
      return { key, rule, seen }
    }
    return null
  }

  #noteUse({ key_id, address, last_at }: KeyUse): boolean {
    const neighbourhood = neighbourhoodOf(address)
    if (neighbourhood === null) return false
    const { neighbourhoods } = this.#memoryOf(key_id)
    const known = neighbourhoods.get(neighbourhood)
    if (known === undefined && neighbourhoods.size >= NEIGHBOURHOODS_PER_KEY_MAX) return true
    neighbourhoods.set(neighbourhood, Math.max(known ?? 0, Date.parse(last_at)))
    return true
  }

  #noteRefusal(keyId: string, { why, count }: EdgeRefusal, atMs: number): boolean {
    if (why === undefined) return false
    const counted = this.#memoryOf(keyId)[why]
    const last = counted.at(-1)
    // One entry for all that a moment brings.
    if (last && last.atMs === atMs) last.count += count
    else counted.push({ atMs, count })
    return true
  }

  #memoryOf(keyId: string): Memory {
    const memory = this.#memories.get(keyId) ?? {
      neighbourhoods: new Map<string, number>(),
      quota: [],
      outside_networks: [],
    }
    // Put last again: who is first has been quiet the longest.
    this.#memories.delete(keyId)
    if (this.#memories.size >= KEYS_MAX) {
      const quietest = this.#memories.keys().next().value
      if (quietest !== undefined) this.#memories.delete(quietest)
    }
    this.#memories.set(keyId, memory)
    return memory
  }

  #forgetPast(memory: Memory, nowMs: number): void {
    const pastMs = nowMs - this.#windowMsMax
    for (const [neighbourhood, atMs] of memory.neighbourhoods) {
      if (atMs < pastMs) memory.neighbourhoods.delete(neighbourhood)
    }
    for (const counted of [memory.quota, memory.outside_networks]) {
      while (counted[0] && counted[0].atMs < pastMs) counted.shift()
    }
  }
}

function measured(memory: Memory, { measure, windowMs }: SuspicionRule, nowMs: number): number {
  const fromMs = nowMs - windowMs
  if (measure === 'neighbourhoods') {
    return [...memory.neighbourhoods.values()].filter((atMs) => atMs >= fromMs).length
  }
  return memory[measure]
    .filter(({ atMs }) => atMs >= fromMs)
    .reduce((sum, { count }) => sum + count, 0)
}
