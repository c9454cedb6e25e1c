// Pure: no I/O, no clock, no randomness.
// Who pressed: what took asks and what hit bids, of each ticker's day, as far as this process has heard
// the prints. Lost with a restart; the day then begins anew.

import { type Decimal, decimal, divide, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { findInstrument, QUOTED_INSTRUMENTS_MAX } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import type { Calendars } from '../calendars.ts'
import { dateOfEvent } from './trading-day.ts'

/** More than are quoted at a time, for lists change; the one that was heard first goes first. */
const TICKERS_MAX = 2 * QUOTED_INSTRUMENTS_MAX

type Pressure = { date: string; bought: Decimal; sold: Decimal }

export class PrintBoard {
  readonly #calendars: Pick<Calendars, 'of'>
  readonly #days = new Map<string, Pressure>()

  constructor(calendars: Pick<Calendars, 'of'>) {
    this.#calendars = calendars
  }

  hear(events: readonly MarketEvent[]): void {
    for (const event of events) if (event.prints?.length) this.#add(event, event.prints)
  }

  /** 체결강도 in percent with two decimals; null while nothing hit a bid on that date. */
  strengthPct(tickerId: string, date: string): string | null {
    const day = this.#days.get(tickerId)
    if (!day || day.date !== date || day.sold === 0n) return null
    return formatDecimal((divide(day.bought * 10_000n, day.sold, 'half_even') * SCALE) / 100n)
  }

  #add(event: MarketEvent, prints: NonNullable<MarketEvent['prints']>): void {
    const { ticker_id: tickerId } = event
    const instrument = findInstrument(tickerId)
    if (!instrument) return
    const date = dateOfEvent(this.#calendars.of(instrument.venue), event)
    let day = this.#days.get(tickerId)
    if (day && date < day.date) return
    if (!day || date > day.date) day = { date, bought: 0n, sold: 0n }
    for (const [, quantity, side] of prints) {
      if (side === 'BUY') day.bought += decimal(quantity)
      if (side === 'SELL') day.sold += decimal(quantity)
    }
    this.#days.set(tickerId, day)
    if (this.#days.size > TICKERS_MAX) this.#days.delete(this.#days.keys().next().value!)
  }
}
