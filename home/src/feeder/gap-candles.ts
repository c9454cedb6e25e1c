// The candles of what nobody observed: fetched from the venues at the start, and whenever a live
// ticker comes back after a silence, and written to Postgres, where the engine and the charts look.
//
// A ticker is behind from its last candle, or its last observation, until the venue's candles of the
// time since are written: all of them in one statement, because the engine takes the last minute for
// a sign that the others are there. The minute in which a ticker fell silent is fetched, too: it was
// seen in part only. Each source is asked for one ticker at a time, the most recently quoted first;
// a failure is tried again after a while, and meanwhile it is another ticker's turn.

import type { TickerId } from '@motu/shared/ticker.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { type Candle, minuteOf, MINUTE_MS } from './candle-book.ts'
import { CANDLE_RETENTION_DAYS } from './day-candles.ts'
import { lastCandles, upsertCandles } from './feed-store.ts'
import type { LiveSource } from './live-source.ts'
import type { Observation } from './observation.ts'
import { pause } from './schedule.ts'

/** A shorter silence holds no whole minute for certain. */
const SILENCE_MS = MINUTE_MS
/** While its market is closed, a ticker is told of once a minute at the most. */
const CLOSED_SILENCE_MS = 5 * MINUTE_MS
const GAP_MS_MAX = CANDLE_RETENTION_DAYS * 86_400_000
/** What never had a candle of its venue: as much as a replay computes. */
const FIRST_MS = 6 * 3_600_000
/** A minute is over there when it is over here, give or take the clocks; the engine waits for 15 s. */
const SETTLE_MS = 3_000
const IDLE_MS = 500
/** So long a ticker's new candles wait for those before them. */
const HOLD_MS_MAX = 2 * MINUTE_MS
const RETRY_DELAY_MS = 1_000
const RETRY_DELAY_MS_MAX = 60_000

export type GapCandlesOptions = {
  /** In order of preference: the first that tells candles of a ticker is asked for them. */
  sources: readonly LiveSource[]
  sql: Sql
  now: () => number
  log: Log
  isOpen?: (tickerId: TickerId, nowMs: number) => boolean
}

type Gap = {
  readonly fromMs: number
  readonly notedAt: number
  /** Not before: then its last minute is over for certain, or a failed try is long enough ago. */
  readonly dueAt: number
  readonly failures: number
}

type Teller = LiveSource & Required<Pick<LiveSource, 'candles'>>

export class GapCandles {
  readonly #options: GapCandlesOptions
  readonly #tellers = new Map<TickerId, Teller>()
  /** Until when all is known of a ticker, but for its gap. */
  readonly #knownUntil = new Map<TickerId, number>()
  readonly #gaps = new Map<TickerId, Gap>()
  /** When the last minute opened that was fetched. */
  readonly #fetchedTo = new Map<TickerId, number>()

  constructor(options: GapCandlesOptions) {
    this.#options = options
    for (const source of options.sources.filter(tellsCandles)) {
      for (const id of source.tickerIds) {
        if (!this.#tellers.has(id)) this.#tellers.set(id, source)
      }
    }
  }

  /** Finds out where each ticker's candles end; to be called before anything is observed. */
  async begin(): Promise<void> {
    const { sql, now } = this.#options
    const tickerIds = [...this.#tellers.keys()]
    if (tickerIds.length === 0) return
    const nowMs = now()
    const last = await lastCandles(sql, { tickerIds, sinceMs: nowMs - GAP_MS_MAX })
    for (const tickerId of tickerIds) {
      const lastMs = last.get(tickerId)
      this.#note(tickerId, lastMs ?? nowMs - FIRST_MS, nowMs)
      this.#knownUntil.set(tickerId, lastMs ?? nowMs - GAP_MS_MAX)
    }
  }

  /** Takes note of who was observed, and of whoever was silent before. */
  saw(observations: readonly Observation[]): void {
    for (const { ticker_id: tickerId, received_at } of observations) {
      if (!this.#tellers.has(tickerId)) continue
      const atMs = Date.parse(received_at)
      const knownUntil = this.#knownUntil.get(tickerId)
      if (knownUntil !== undefined && atMs - knownUntil >= this.#silenceMs(tickerId, atMs)) {
        this.#note(tickerId, knownUntil, atMs)
      }
      this.#knownUntil.set(tickerId, Math.max(atMs, knownUntil ?? atMs))
    }
  }

  /**
   * Whether a ticker's new candles are not to be written yet: the last one that is stored marks where
   * its gap begins, for a feeder that starts anew before the gap is filled.
   */
  holds(tickerId: TickerId): boolean {
    const gap = this.#gaps.get(tickerId)
    return gap !== undefined && this.#options.now() - gap.notedAt < HOLD_MS_MAX
  }

  /** Whether the venue's own candle of a minute is written: what was observed of it is less. */
  covers({ tickerId, openAt }: Candle): boolean {
    return openAt <= (this.#fetchedTo.get(tickerId) ?? -Infinity)
  }

  /** Fetches and writes until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([...new Set(this.#tellers.values())].map((one) => this.#runOf(one, signal)))
  }

  #silenceMs(tickerId: TickerId, atMs: number): number {
    const { isOpen = () => true } = this.#options
    const isClosed = !isOpen(tickerId, atMs) && !isOpen(tickerId, this.#knownUntil.get(tickerId)!)
    return isClosed ? CLOSED_SILENCE_MS : SILENCE_MS
  }

  /** From one instant on, until the minute of another, a ticker's candles are wanted. */
  #note(tickerId: TickerId, fromMs: number, untilMs: number): void {
    const notedAt = this.#options.now()
    // A gap that is still open began before.
    const gap = this.#gaps.get(tickerId) ?? { fromMs, notedAt, dueAt: 0, failures: 0 }
    const dueAt = Math.max(gap.dueAt, minuteOf(untilMs) + SETTLE_MS)
    this.#gaps.set(tickerId, { ...gap, dueAt })
  }

  async #runOf(teller: Teller, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const tickerId = this.#next(teller)
      if (tickerId === null) await pause(IDLE_MS, signal)
      else await this.#fill(teller, tickerId, signal)
    }
  }

  #next(teller: Teller): TickerId | null {
    const nowMs = this.#options.now()
    const quotedAt = (tickerId: TickerId): number => this.#knownUntil.get(tickerId)!
    let next: TickerId | null = null
    for (const [tickerId, { dueAt }] of this.#gaps) {
      if (dueAt > nowMs || this.#tellers.get(tickerId) !== teller) continue
      if (next === null || quotedAt(tickerId) > quotedAt(next)) next = tickerId
    }
    return next
  }

  async #fill(teller: Teller, tickerId: TickerId, signal: AbortSignal): Promise<void> {
    const { sql, now, log } = this.#options
    const gap = this.#gaps.get(tickerId)!
    const toMs = minuteOf(now() - SETTLE_MS)
    const fromMs = Math.max(minuteOf(gap.fromMs), toMs - GAP_MS_MAX)
    try {
      const candles = fromMs < toMs ? await teller.candles(tickerId, { fromMs, toMs }, signal) : []
      await upsertCandles(sql, candles)
      const last = candles.at(-1)
      if (last) this.#fetchedTo.set(tickerId, last.openAt)
      const what = { ticker_id: tickerId, minutes: (toMs - fromMs) / MINUTE_MS }
      log.info({ ...what, candles: candles.length }, 'the candles of a gap are fetched')
      // What was noted meanwhile is a gap of its own.
      if (this.#gaps.get(tickerId) === gap) this.#gaps.delete(tickerId)
      this.#knownUntil.set(tickerId, Math.max(toMs, this.#knownUntil.get(tickerId)!))
    } catch (error) {
      if (!signal.aborted) this.#failed(tickerId, error)
    }
  }

  #failed(tickerId: TickerId, error: unknown): void {
    const { now, log } = this.#options
    const gap = this.#gaps.get(tickerId)!
    const failures = gap.failures + 1
    const delayMs = Math.min(RETRY_DELAY_MS * 2 ** gap.failures, RETRY_DELAY_MS_MAX)
    this.#gaps.set(tickerId, { ...gap, failures, dueAt: now() + delayMs })
    // The first, the tenth, the hundredth: a venue that is away must not fill the log.
    if (!/^10*$/.test(String(failures))) return
    const what = { err: error, ticker_id: tickerId, failures, retry_in_ms: delayMs }
    log.warn(what, 'the candles of a gap were not fetched')
  }
}

const tellsCandles = (source: LiveSource): source is Teller => source.candles !== undefined
