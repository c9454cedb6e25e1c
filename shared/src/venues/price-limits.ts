// Pure: no I/O, no clock, no randomness.
// How far a price may move in a day. Only KRX has such limits; the US halts instead, coins do not.

import { type Decimal, decimal, multiply, toStep } from '../decimal.ts'
import type { Board, InstrumentKind, Venue } from '../instrument.ts'
import { type Dated, inForce, type IsoDate } from './dated.ts'
import type { SessionName } from './session-table.ts'
import { TICK_TABLES, tickRuleOf, type TickSubject, type TickTable } from './ticks.ts'

export type PriceLimits = { readonly upper: Decimal; readonly lower: Decimal }

/** A band around the base price, as a part of it: 0.3 is 30 %. */
export type LimitRow = Dated & { readonly width: Decimal }

/** Whom rows are for; `sessions` null for every session that no other table names. */
export type LimitTable = {
  readonly venue: Venue
  readonly boards: readonly Board[]
  readonly sessions: readonly SessionName[] | null
  readonly rows: readonly LimitRow[]
}

/** The first day of a share, as parts of the offer price. */
export type IpoRow = Dated & { readonly lowest: Decimal; readonly highest: Decimal }
export type IpoTable = {
  readonly venue: Venue
  readonly kinds: readonly InstrumentKind[]
  readonly boards: readonly Board[]
  readonly rows: readonly IpoRow[]
}

/** Everything limits go by. Leveraged ETFs have a multiple of the band, which is not modelled. */
export type LimitRules = {
  readonly limits: readonly LimitTable[]
  readonly ipo: IpoTable
  readonly ticks: readonly TickTable[]
}

export const LIMIT_RULES: LimitRules = {
  limits: [
    {
      venue: 'KRX',
      boards: ['KOSPI', 'KOSDAQ'],
      sessions: null,
      rows: [
        {
          id: 'krx-limits-15',
          from: null,
          source:
            'KRX business regulations: 15 % until 2015-06-14; what held before is not modelled',
          width: decimal('0.15'),
        },
        {
          id: 'krx-limits-30',
          from: '2015-06-15',
          source: 'KRX business regulations: 30 % of the base price',
          width: decimal('0.3'),
        },
      ],
    },
    {
      venue: 'KRX',
      boards: ['KONEX'],
      sessions: null,
      rows: [
        {
          id: 'krx-limits-konex',
          from: null,
          source: 'KRX KONEX business regulations: 15 %',
          width: decimal('0.15'),
        },
      ],
    },
    {
      venue: 'KRX',
      boards: ['KOSPI', 'KOSDAQ', 'KONEX'],
      sessions: ['after_hours_single'],
      rows: [
        {
          id: 'krx-limits-single-price',
          from: null,
          source:
            "10 % of the close, within the day's own limits (compare both); the session ended " +
            'on 2026-09-11. That it was as wide before 2015-06-15 is not checked',
          width: decimal('0.1'),
        },
      ],
    },
  ],
  ipo: {
    venue: 'KRX',
    kinds: ['STOCK'],
    boards: ['KOSPI', 'KOSDAQ'],
    rows: [
      {
        id: 'krx-ipo-2023',
        from: '2023-06-26',
        source: 'KRX business regulations: 60 % to 400 % of the offer price on the first day',
        lowest: decimal('0.6'),
        highest: decimal('4'),
      },
    ],
  },
  ticks: TICK_TABLES,
}

/**
 * The day's upper and lower price limit around the base price (the previous close, adjusted); null
 * where the venue has none. The width is a part of the base price, floored to the tick of the base
 * price; the upper limit is floored and the lower one raised to a tick of its own: rounding 37,940
 * inward alone would give 37,950 where Samsung Electronics had 38,000 in November 2024.
 */
export function priceLimitsOf(
  instrument: TickSubject,
  basePrice: Decimal,
  date: IsoDate,
  { session, rules = LIMIT_RULES }: { session?: SessionName; rules?: LimitRules } = {},
): PriceLimits | null {
  const row = limitRowOf(instrument, date, { session: session ?? null, rules })
  if (!row) return null
  const tickOf = (price: Decimal) => tickRuleOf(instrument, price, date, rules.ticks).tick
  const width = toStep(multiply(basePrice, row.width, 'down'), tickOf(basePrice), 'down')
  return onTicks({ upper: basePrice + width, lower: basePrice - width }, tickOf)
}

/** The row limits come from; null where the venue has none. */
export function limitRowOf(
  instrument: TickSubject,
  date: IsoDate,
  {
    session = null,
    rules = LIMIT_RULES,
  }: { session?: SessionName | null; rules?: LimitRules } = {},
): LimitRow | null {
  const { venue, board } = instrument
  const tables = rules.limits.filter(
    (table) => table.venue === venue && board !== null && table.boards.includes(board),
  )
  const own = tables.find((table) => session !== null && table.sessions?.includes(session))
  const table = own ?? tables.find((one) => one.sessions === null)
  return table ? inForce(table.rows, date) : null
}

/**
 * The limits of a share's first day around its offer price; null for what is not a share of KOSPI
 * or KOSDAQ, and before 2023-06-26, when an auction at 90 % to 200 % made the base price.
 */
export function ipoPriceLimitsOf(
  instrument: TickSubject,
  offerPrice: Decimal,
  date: IsoDate,
  rules: LimitRules = LIMIT_RULES,
): (PriceLimits & { readonly rule: string }) | null {
  const { venue, kinds, boards, rows } = rules.ipo
  const { board } = instrument
  if (instrument.venue !== venue || !kinds.includes(instrument.kind)) return null
  if (board === null || !boards.includes(board)) return null
  const row = inForce(rows, date)
  if (!row) return null
  const limits = {
    upper: multiply(offerPrice, row.highest, 'down'),
    lower: multiply(offerPrice, row.lowest, 'up'),
  }
  const tickOf = (price: Decimal) => tickRuleOf(instrument, price, date, rules.ticks).tick
  return { ...onTicks(limits, tickOf), rule: row.id }
}

function onTicks({ upper, lower }: PriceLimits, tickOf: (price: Decimal) => Decimal): PriceLimits {
  return {
    upper: toStep(upper, tickOf(upper), 'down'),
    lower: toStep(lower, tickOf(lower), 'up'),
  }
}
