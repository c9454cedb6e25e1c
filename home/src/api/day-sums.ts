// What was traded today, of every ticker at once. Adding up a day's minutes of three hundred tickers
// takes half a second: so what is older than a few minutes is added up once a minute, and only the
// rest each time.

import type { Sql } from '../db/connect.ts'
import { Kept } from './kept.ts'
import { type DaySpan, readSums, type TradedSum } from './queries/market-days.ts'

/** A candle that was filled in later than this shows when the older part is read again. */
const OLDER_MS = 120_000
const OLDER_AGE_MS_MAX = 60_000
const MINUTE_MS = 60_000
const NOTHING: TradedSum = { volume: 0n, turnover: 0n }

/** The sums of spans up to one instant; `fromMs` by ticker, for a span may have begun anew. */
type Older = { untilMs: number; fromMs: Map<string, number>; sums: Map<string, TradedSum> }

export class DaySums {
  readonly #sql: Sql
  readonly #now: () => number
  readonly #older: Kept<Older>
  #spans: readonly DaySpan[] = []

  constructor({ sql, now }: { sql: Sql; now: () => number }) {
    this.#sql = sql
    this.#now = now
    this.#older = new Kept(() => this.#readOlder(), { now, ageMsMax: OLDER_AGE_MS_MAX })
  }

  /** By ticker id; one without candles is left out. */
  async of(spans: readonly DaySpan[]): Promise<Map<string, TradedSum>> {
    this.#spans = spans
    const { untilMs, fromMs, sums: older } = (await this.#older.get()).value
    const isRead = ({ tickerId, fromMs: from }: DaySpan) => fromMs.get(tickerId) === from
    const newer = await readSums(
      this.#sql,
      spans.map((span) =>
        isRead(span) ? { ...span, fromMs: Math.max(span.fromMs, untilMs) } : span,
      ),
    )
    return new Map(
      spans.flatMap((span): [string, TradedSum][] => {
        const { tickerId } = span
        const before = isRead(span) ? older.get(tickerId) : undefined
        const since = newer.get(tickerId)
        return before || since ? [[tickerId, plus(before ?? NOTHING, since ?? NOTHING)]] : []
      }),
    )
  }

  async #readOlder(): Promise<Older> {
    const untilMs = Math.floor((this.#now() - OLDER_MS) / MINUTE_MS) * MINUTE_MS
    const spans = this.#spans.map((span) => ({ ...span, toMs: Math.min(span.toMs, untilMs) }))
    const fromMs = new Map(spans.map((span) => [span.tickerId, span.fromMs]))
    return { untilMs, fromMs, sums: await readSums(this.#sql, spans) }
  }
}

function plus(a: TradedSum, b: TradedSum): TradedSum {
  return { volume: a.volume + b.volume, turnover: a.turnover + b.turnover }
}
