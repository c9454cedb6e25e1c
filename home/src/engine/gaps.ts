// Gaps in what was observed of a market, and the candles that are known of them.
//
// An event that does not follow the one before by number comes after a gap; so does the first event
// there is, for an order that was accepted before it. Where whole minutes are missing, their candles
// are looked for in Postgres, where the feeder puts what it could fetch, and take their place among
// the events: each at the instant its minute opened, so that only candles that opened after an order
// was accepted can decide it. Until then nothing is decided that the gap concerns.

import type { TickerId } from '@motu/shared/ticker.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { candleQuotes, type CandleRow } from './candle-quotes.ts'
import { FX_AGE_MAX_MS } from './market-view.ts'
import type { QuoteRing } from './quote-ring.ts'

/** A shorter gap holds no whole minute for certain; it is left as it is. */
export const GAP_MS_MIN = 60_000
/** How far back a gap is filled: as long as the feeder keeps its candles. */
export const GAP_MS_MAX = 7 * 86_400_000
/** How long the feeder's candles are waited for. */
export const FILL_DEADLINE_MS = 15_000
const MINUTE_MS = 60_000
/** Candles of one gap at the most: a week. */
const CANDLES_MAX = 10_080
/** Gaps of one ticker that are remembered once they are closed. */
const CLOSED_PER_TICKER_MAX = 8

type Span = { readonly from: number; readonly to: number }
type Gap = Span & { readonly tickerId: TickerId; readonly noticedAt: number }

export type GapsOptions = {
  sql: Sql
  ring: QuoteRing
  log: Log
  now: () => number
}

export class Gaps {
  readonly #options: GapsOptions
  #open: Gap[] = []
  /** Closed ones, filled or given up: nobody waits for them again. */
  readonly #closed = new Map<TickerId, Span[]>()
  #filling: Promise<void> | null = null

  constructor(options: GapsOptions) {
    this.#options = options
  }

  /** Whether there is a gap before which an order that works since then began. */
  concerns(tickerId: TickerId, since: number): boolean {
    return this.#open.some((gap) => gap.tickerId === tickerId && since < gap.to)
  }

  isOpen(tickerId: TickerId): boolean {
    return this.concerns(tickerId, -Infinity)
  }

  /** The tickers with a gap. */
  get tickerIds(): ReadonlySet<TickerId> {
    return new Set(this.#open.map(({ tickerId }) => tickerId))
  }

  /**
   * Notes that nothing was observed of a ticker between two instants; true when that is a gap worth
   * filling that was not known.
   */
  note(tickerId: TickerId, from: number, to: number): boolean {
    const begins = Math.max(from, to - GAP_MS_MAX)
    if (!(to - begins >= GAP_MS_MIN) || lastMinuteOf({ from: begins, to }) === null) return false
    const gap = { tickerId, from: begins, to, noticedAt: this.#options.now() }
    const known = [...this.#of(tickerId), ...(this.#closed.get(tickerId) ?? [])]
    if (known.some((one) => isWithin(gap, one))) return false
    const others = this.#open.filter((one) => one.tickerId !== tickerId || !isWithin(one, gap))
    this.#open = [...others, gap]
    return true
  }

  #of(tickerId: TickerId): Gap[] {
    return this.#open.filter((gap) => gap.tickerId === tickerId)
  }

  /** Fills what can be filled; what cannot in time is given up. Never rejects. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => (this.#filling = null))
    return this.#filling
  }

  async #fill(): Promise<void> {
    const { log, now } = this.#options
    try {
      for (const gap of [...this.#open]) {
        const rows = await this.#read(gap)
        // Complete to its last whole minute; a coin that nobody traded may have fewer.
        const last = rows.at(-1)?.open_at.getTime() ?? -Infinity
        const isWhole = last >= lastMinuteOf(gap)!
        if (!isWhole && now() - gap.noticedAt < FILL_DEADLINE_MS) continue
        if (!this.#open.includes(gap)) continue
        this.#insert(gap, rows)
        this.#close(gap)
        const minutes = Math.floor((gap.to - gap.from) / MINUTE_MS)
        const what = { ticker_id: gap.tickerId, minutes, candles: rows.length }
        log.info(what, 'a gap of events is filled')
      }
    } catch (error) {
      log.warn({ err: error }, 'the candles of a gap cannot be read: tried again')
    }
  }

  /**
   * The candles of whole minutes within a gap. A minute without a trade tells nothing; of the
   * exchange rate, which has no volume, the last rate from before the gap is wanted too.
   */
  async #read({ tickerId, from, to }: Gap): Promise<CandleRow[]> {
    const { sql } = this.#options
    const isRate = tickerId === USD_KRW
    const since = new Date(from)
    const rows = await sql<CandleRow[]>`
      SELECT ticker_id, open_at, open, high, low, close, volume, simulated FROM candles
      WHERE ticker_id = ${tickerId} AND interval = '1m' AND (volume > 0 OR ${isRate})
        AND open_at > ${since} AND open_at <= ${new Date(to - MINUTE_MS)}
      ORDER BY open_at LIMIT ${CANDLES_MAX}`
    if (!isRate) return [...rows]
    const before = await sql<CandleRow[]>`
      SELECT ticker_id, open_at, open, high, low, close, volume, simulated FROM candles
      WHERE ticker_id = ${tickerId} AND interval = '1m'
        AND open_at <= ${since} AND open_at >= ${new Date(from - FX_AGE_MAX_MS)}
      ORDER BY open_at DESC LIMIT 1`
    return [...before, ...rows]
  }

  #insert({ tickerId, from, to }: Gap, rows: readonly CandleRow[]): void {
    const { ring } = this.#options
    const after = ring.firstAfter(tickerId, to - 1)
    const before = ring.at(tickerId, from)
    const known = before ?? after
    if (!known) return
    const quotes = candleQuotes(rows, { known, after: after ?? known })
    // Two gaps may share minutes: each stands there once.
    const isThere = (at: number): boolean => {
      const other = ring.at(tickerId, at)
      return other !== undefined && other.candle !== null && other.receivedAt === at
    }
    const missing = quotes.filter(({ receivedAt }) => !isThere(receivedAt))
    if (missing.length > 0) ring.insert(tickerId, missing)
  }

  #close(gap: Gap): void {
    this.#open = this.#open.filter((one) => one !== gap)
    const others = (this.#closed.get(gap.tickerId) ?? []).filter((one) => !isWithin(one, gap))
    const { from, to } = gap
    this.#closed.set(gap.tickerId, [...others, { from, to }].slice(-CLOSED_PER_TICKER_MAX))
  }
}

/** When the last whole minute of a gap opened; null when it has none. */
function lastMinuteOf({ from, to }: Span): number | null {
  const last = Math.floor(to / MINUTE_MS) * MINUTE_MS - MINUTE_MS
  return last > from ? last : null
}

const isWithin = (inner: Span, outer: Span): boolean =>
  inner.from >= outer.from && inner.to <= outer.to
