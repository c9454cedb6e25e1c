// Pure: no I/O, no clock, no randomness.
// How far apart two neighbouring prices are: by venue, board, kind, coin, price and day.

import type { Decimal } from '../decimal.ts'
import type { Board, Instrument, InstrumentKind, Venue } from '../instrument.ts'
import { parseTickerId } from '../ticker.ts'
import { UPBIT_KRW_TICK_EXCEPTIONS, UPBIT_KRW_TICK_ROWS } from './crypto/ticks.ts'
import { type Dated, inForce, type IsoDate } from './dated.ts'
import { KRX_ETF_TICKS, KRX_KOSDAQ_TICKS, KRX_KOSPI_TICKS } from './krx/ticks.ts'
import { tickAt, type TickLadder } from './tick-ladder.ts'
import { US_TICK_ROWS } from './us/ticks.ts'

/** The ladder of a period. */
export type DatedLadder = Dated & { readonly ladder: TickLadder }

/** One band of a ladder that some symbols had a tick of their own in, from `from` to before `until`. */
export type TickException = Dated & {
  readonly from: IsoDate
  readonly until: IsoDate
  readonly symbols: readonly string[]
  readonly lowest: Decimal
  readonly below: Decimal
  readonly tick: Decimal
}

/** Which instruments a table of ladders is for; `boards` null where the venue has none. */
export type TickTable = {
  readonly venue: Venue
  readonly kinds: readonly InstrumentKind[]
  readonly boards: readonly Board[] | null
  readonly rows: readonly DatedLadder[]
  readonly exceptions: readonly TickException[]
}

/** Every ladder there is, the first that fits an instrument is its own. */
export const TICK_TABLES: readonly TickTable[] = [
  { venue: 'KRX', kinds: ['ETF'], boards: null, rows: KRX_ETF_TICKS, exceptions: [] },
  { venue: 'KRX', kinds: ['STOCK'], boards: ['KOSPI'], rows: KRX_KOSPI_TICKS, exceptions: [] },
  {
    venue: 'KRX',
    kinds: ['STOCK'],
    boards: ['KOSDAQ', 'KONEX'],
    rows: KRX_KOSDAQ_TICKS,
    exceptions: [],
  },
  { venue: 'US', kinds: ['STOCK', 'ETF'], boards: null, rows: US_TICK_ROWS, exceptions: [] },
  {
    venue: 'CRYPTO',
    kinds: ['COIN'],
    boards: null,
    rows: UPBIT_KRW_TICK_ROWS,
    exceptions: UPBIT_KRW_TICK_EXCEPTIONS,
  },
]

/** What the rules of ticks and limits ask of an instrument; a bare one serves for a test. */
export type TickSubject = Pick<Instrument, 'tickerId' | 'venue' | 'kind' | 'board'>

/** A tick, and the id of the row that says so. */
export type TickRule = { readonly rule: string; readonly tick: Decimal }

/**
 * The tick of an instrument at a price on a day of its venue, with the row it comes from. Throws
 * for an instrument no table is for, and below zero. Takes the tables so that a test can change one.
 */
export function tickRuleOf(
  instrument: TickSubject,
  price: Decimal,
  date: IsoDate,
  tables: readonly TickTable[] = TICK_TABLES,
): TickRule {
  const { rows, exceptions } = tableOf(instrument, tables)
  if (exceptions.length > 0) {
    const exception = exceptions.find(
      (one) =>
        one.from <= date &&
        date < one.until &&
        one.lowest <= price &&
        price < one.below &&
        one.symbols.includes(parseTickerId(instrument.tickerId)!.symbol),
    )
    if (exception) return { rule: exception.id, tick: exception.tick }
  }
  const row = inForce(rows, date)
  if (!row) throw new Error(`no ticks of ${instrument.tickerId} on ${date}`)
  return { rule: row.id, tick: tickAt(row.ladder, price) }
}

/** The tick of an instrument at a price on a day of its venue. */
export function tickOf(instrument: TickSubject, price: Decimal, date: IsoDate): Decimal {
  return tickRuleOf(instrument, price, date).tick
}

/** The newest ladder of an instrument: for those that quote and draw, and know no day. */
export function newestLadderOf(instrument: Omit<TickSubject, 'tickerId'>): TickLadder {
  return tableOf(instrument, TICK_TABLES).rows.at(-1)!.ladder
}

function tableOf(
  instrument: Omit<TickSubject, 'tickerId'>,
  tables: readonly TickTable[],
): TickTable {
  const { venue, kind, board } = instrument
  for (const table of tables) {
    if (table.venue !== venue || !table.kinds.includes(kind)) continue
    if (table.boards === null || (board !== null && table.boards.includes(board))) return table
  }
  throw new Error(`no ticks are known for a ${kind} of ${venue}, board ${board}`)
}
