// The candles of one instrument at one interval: pages of history from the server, the last one live.
//
// Every quote forms the last candle at once, so that no high or low is lost; what is drawn changes
// once per frame. The volume comes with the newest candles, which are fetched again now and then.

import type { Instrument } from '@motu/shared/instrument.ts'
import type { CandleInterval, CandleRow, Quote } from '@motu/shared/market-data.ts'
import type { Api } from '#lib/api.ts'
import { perFrame, type Frames } from '#lib/ui/per-frame.ts'
import {
  type CandleGrid,
  grownTo,
  INTERVAL_MS,
  joinHistory,
  VENUE_ZONES,
  withQuote,
} from './candle-former.ts'

/** Candles of an older page; wider where the market was shut for longer. */
const PAGE_CANDLES = [500, 4_000, 40_000]

export class Candles {
  /** Oldest first, without the one that is being formed; null while the first answer is awaited. */
  history = $state.raw<readonly CandleRow[] | null>(null)
  /** The newest candle, as quotes leave it. */
  live = $state.raw<CandleRow | null>(null)
  hasFailed = $state(false)
  isLoadingOlder = $state(false)
  readonly instrument: Instrument
  readonly grid: CandleGrid
  readonly #api: Api
  readonly #publish
  #forming: CandleRow | null = null
  /** Nothing older is known. */
  #isComplete = false

  constructor(options: {
    api: Api
    instrument: Instrument
    interval: CandleInterval
    frames?: Frames
  }) {
    this.#api = options.api
    this.instrument = options.instrument
    this.grid = { interval: options.interval, zone: VENUE_ZONES[options.instrument.venue] }
    this.#publish = perFrame(() => (this.live = this.#forming), options.frames)
  }

  get interval(): CandleInterval {
    return this.grid.interval
  }

  /** Everything that is drawn, oldest first. */
  get rows(): readonly CandleRow[] {
    const { history, live } = this
    if (!history) return []
    return live ? [...history, live] : history
  }

  /** Fetches the newest page; later, what came since and the volume that quotes do not tell. */
  async load(): Promise<void> {
    const known = this.history?.at(-1)?.[0]
    const answer = await this.#fetch(known === undefined ? {} : { from: known })
    this.hasFailed = !answer && this.history === null
    if (!answer) return
    const all = joinHistory(this.history ?? [], answer)
    const last = all.at(-1) ?? null
    if (!last) {
      this.history ??= []
      return
    }
    const forming = this.#forming
    const isNewest = !forming || last[0] >= forming[0]
    this.history = isNewest ? all.slice(0, -1) : all
    if (isNewest) this.#show(forming?.[0] === last[0] ? grownTo(last, forming) : last)
  }

  /** Fetches what is before the oldest candle; resolves once it is there, or known to be nothing. */
  async loadOlder(): Promise<void> {
    const oldest = this.history?.[0]?.[0]
    if (oldest === undefined || this.isLoadingOlder || this.#isComplete) return
    this.isLoadingOlder = true
    for (const count of PAGE_CANDLES) {
      const from = Math.max(0, oldest - count * INTERVAL_MS[this.interval])
      const older = await this.#fetch({ from, to: oldest })
      if (!older) break
      this.#isComplete = older.length === 0
      if (older.length === 0) continue
      this.history = joinHistory(older, this.history ?? [])
      break
    }
    this.isLoadingOlder = false
  }

  apply(quote: Quote): void {
    const forming = this.#forming
    if (!forming || quote.ticker_id !== this.instrument.tickerId) return
    const next = withQuote(forming, quote, this.grid)
    if (!next) return
    // The next candle has begun: the one before is history, whether it was drawn or not.
    if (next[0] !== forming[0]) this.history = [...(this.history ?? []), forming]
    this.#forming = next
    this.#publish.ask()
  }

  /** Nobody looks at it any more. */
  stop(): void {
    this.#publish.stop()
  }

  #show(row: CandleRow): void {
    this.#publish.stop()
    this.#forming = row
    this.live = row
  }

  async #fetch(range: { from?: number; to?: number }): Promise<readonly CandleRow[] | null> {
    const answer = await this.#api.candles(this.instrument.tickerId, this.interval, range)
    return answer.ok ? answer.data.candles : null
  }
}
