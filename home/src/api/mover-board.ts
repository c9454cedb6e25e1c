// What moves: every quoted ticker with its change and its day, read together and kept for a moment, for
// any number of screens ask the same.

import type { Mover, MoverOrder } from '@motu/shared/contract/market-day.ts'
import { type Decimal, decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { type Currency, quotedInstruments, type Venue } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import type { Bus } from '../bus/bus.ts'
import type { Calendars } from '../calendars.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { Kept } from './kept.ts'
import { lastEvents } from './queries/market.ts'
import type { DaySpan } from './queries/market-days.ts'
import { DaySums } from './day-sums.ts'
import { dateOfEvent, spanOfEvent } from './trading-day.ts'

/** An answer is this old at the most. */
export const MOVERS_AGE_MS_MAX = 1_000

type Parts = {
  sql: Sql
  bus: Bus
  calendars: Pick<Calendars, 'of'>
  now: () => number
  log: Log
}
/** A ticker priced on the newest date of its venue. */
type Priced = { venue: Venue; currency: Currency; event: MarketEvent; span: DaySpan }
type Row = { venue: Venue; change: Decimal; turnover: bigint; mover: Mover }

export class MoverBoard {
  readonly #parts: Parts
  readonly #rows: Kept<readonly Row[]>
  readonly #sums: DaySums

  constructor(parts: Parts) {
    this.#parts = parts
    this.#sums = new DaySums(parts)
    this.#rows = new Kept(() => this.#readRows(), { now: parts.now, ageMsMax: MOVERS_AGE_MS_MAX })
  }

  async list(asked: {
    by: MoverOrder
    venue?: Venue | undefined
    limit: number
  }): Promise<{ movers: Mover[]; asOfMs: number }> {
    const { by, venue, limit } = asked
    const { value, atMs } = await this.#rows.get()
    const movers = value
      .filter((row) => (venue === undefined || row.venue === venue) && BELONGS[by](row))
      .sort(
        (a, b) =>
          sign(RANK[by](b) - RANK[by](a)) || (a.mover.ticker_id < b.mover.ticker_id ? -1 : 1),
      )
      .slice(0, limit)
      .map(({ mover }) => mover)
    return { movers, asOfMs: atMs }
  }

  async #readRows(): Promise<readonly Row[]> {
    const instruments = quotedInstruments()
    const tickerIds = instruments.map(({ tickerId }) => tickerId)
    const events = await lastEvents(this.#parts, [...tickerIds, USD_KRW])
    const priced = this.#priced(events)
    const sums = await this.#sums.of(priced.map(({ span }) => span))
    const rate = events.get(USD_KRW)
    const usdKrw = rate ? (decimal(rate.bid) + decimal(rate.ask)) / 2n : null
    return priced.flatMap(({ venue, currency, event, span }): Row[] => {
      const { ticker_id, price, change_pct, simulated } = event
      const { volume, turnover } = sums.get(span.tickerId) ?? { volume: 0n, turnover: 0n }
      const rateOfIt = currency === 'KRW' ? SCALE : usdKrw
      // Without a rate dollars compare with nothing.
      if (rateOfIt === null) return []
      const won = (turnover * rateOfIt) / SCALE / SCALE
      const sumsOfIt = { volume: formatDecimal(volume), turnover_krw: won.toString() }
      const mover = { ticker_id, price, currency, change_pct, ...sumsOfIt, simulated }
      return [{ venue, change: decimal(change_pct), turnover: won, mover }]
    })
  }

  #priced(events: ReadonlyMap<string, MarketEvent>): Priced[] {
    const newest = new Map<Venue, string>()
    const dated = quotedInstruments().flatMap(({ tickerId, venue, currency }) => {
      const event = events.get(tickerId)
      if (!event) return []
      const date = dateOfEvent(this.#parts.calendars.of(venue), event)
      if (date > (newest.get(venue) ?? '')) newest.set(venue, date)
      return [{ tickerId, venue, currency, event, date }]
    })
    return dated
      .filter(({ venue, date }) => date === newest.get(venue))
      .map(({ tickerId, venue, currency, event }) => {
        const span = { tickerId, ...spanOfEvent(this.#parts.calendars.of(venue), event) }
        return { venue, currency, event, span }
      })
  }
}

const RANK: Readonly<Record<MoverOrder, (row: Row) => bigint>> = {
  gainers: ({ change }) => change,
  losers: ({ change }) => -change,
  turnover: ({ turnover }) => turnover,
}
const BELONGS: Readonly<Record<MoverOrder, (row: Row) => boolean>> = {
  gainers: ({ change }) => change > 0n,
  losers: ({ change }) => change < 0n,
  turnover: ({ turnover }) => turnover > 0n,
}

const sign = (value: bigint): number => (value > 0n ? 1 : value < 0n ? -1 : 0)
