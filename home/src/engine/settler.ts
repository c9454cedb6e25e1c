// Settles what is given to it, whatever happens: waits out the infrastructure, gives up lost
// partitions, and splits a batch until the culprit stands alone.

import { setTimeout as sleep } from 'node:timers/promises'
import { partitionOf } from '@motu/shared/partition.ts'
import type { Log } from '../log.ts'
import { Batcher } from './batcher.ts'
import { isPassing, retryDelayMs } from './faults.ts'
import {
  LostPartition,
  type Outcome,
  settle,
  type SettleContext,
  type Settled,
  type Work,
} from './settle.ts'
import { userOf } from './work-keys.ts'

/** What became of one work: settled, to be parked, or no longer ours. */
export type Verdict =
  | ({ readonly kind: 'settled' } & Outcome)
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'lost' }

/**
 * Settlements at a time: while Postgres works on some, we decide another (measured beside one lane:
 * two +30 %, four +50 %). A partition keeps to its lane, so its transactions follow one another.
 */
const LANES = 4

type SettlerOptions = {
  /** A context as of now: the clock and the epochs move on between tries. */
  context: () => SettleContext
  /** Owned until the connection was lost: its work waits until that is decided. */
  isSuspended: (partition: number) => boolean
  log: Log
  /** Called after each commit, in the order the transactions of a partition were committed. */
  onCommit: (settled: Settled) => void
  /** Called when it is not known whether a transaction was committed. */
  onDoubt: () => void
  signal: AbortSignal
}

export class Settler {
  readonly #options: SettlerOptions
  readonly #lanes: readonly Batcher<Work, Verdict>[]

  constructor(options: SettlerOptions) {
    this.#options = options
    this.#lanes = Array.from({ length: LANES }, () => new Batcher((batch) => this.#settle(batch)))
  }

  get size(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.size, 0)
  }

  /** Resolves once the outcome is committed, or the partition is no longer ours. Never rejects. */
  add(work: Work): Promise<Verdict> {
    return this.#lanes[partitionOf(userOf(work)) % LANES]!.add(work)
  }

  async #settle(batch: readonly Work[]): Promise<Verdict[]> {
    const { context, isSuspended, log, onCommit, onDoubt, signal } = this.#options
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      if (batch.some((work) => isSuspended(partitionOf(userOf(work))))) {
        await sleep(retryDelayMs(attempt))
        continue
      }
      const { epochs } = context()
      const mine = batch.filter((work) => epochs.has(partitionOf(userOf(work))))
      if (mine.length < batch.length) return this.#settleMine(batch, mine)
      try {
        const settled = await settle(context(), batch)
        onCommit(settled)
        return settled.outcomes.map((outcome) => ({ kind: 'settled', ...outcome }))
      } catch (error) {
        if (error instanceof LostPartition) {
          log.warn({ partitions: error.partitions }, 'settlement refused: partitions lost')
          return this.#settleOthers(batch, error.partitions)
        }
        if (!isPassing(error)) return this.#split(batch, error)
        onDoubt()
        log.warn({ err: error, attempt }, 'settlement waits: the database is away')
        await sleep(retryDelayMs(attempt))
      }
    }
    return batch.map(() => ({ kind: 'lost' }))
  }

  async #settleMine(batch: readonly Work[], mine: readonly Work[]): Promise<Verdict[]> {
    const verdicts = mine.length === 0 ? [] : await this.#settle(mine)
    const byWork = new Map(mine.map((work, index) => [work, verdicts[index]!]))
    return batch.map((work) => byWork.get(work) ?? { kind: 'lost' })
  }

  #settleOthers(batch: readonly Work[], lost: readonly number[]): Promise<Verdict[]> {
    const others = batch.filter((work) => !lost.includes(partitionOf(userOf(work))))
    return this.#settleMine(batch, others)
  }

  async #split(batch: readonly Work[], error: unknown): Promise<Verdict[]> {
    if (batch.length === 1) {
      this.#options.log.error({ err: error, work: batch[0]!.kind }, 'settlement refused')
      return [{ kind: 'refused', error }]
    }
    const half = Math.ceil(batch.length / 2)
    const left = await this.#settle(batch.slice(0, half))
    return [...left, ...(await this.#settle(batch.slice(half)))]
  }
}
