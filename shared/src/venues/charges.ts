// Pure: no I/O, no clock, no randomness.
// What a fill is charged beside its price: commission, tax, fees, by venue, board, kind, side, day.

import { type Decimal, divide, SCALE } from '../decimal.ts'
import type { Board, Instrument, InstrumentKind, Venue } from '../instrument.ts'
import type { Side } from '../order.ts'
import { UPBIT_CHARGES } from './crypto/charges.ts'
import { type Dated, inForce, inForceFrom, type IsoDate } from './dated.ts'
import { KRX_CHARGES } from './krx/charges.ts'
import { US_CHARGES } from './us/charges.ts'

export const CHARGE_KINDS = ['commission', 'transaction_tax', 'sec_fee', 'taf'] as const
export type ChargeKind = (typeof CHARGE_KINDS)[number]
/** Percent, since 0.0140527 % would not fit eight decimals as a fraction; or dollars a share. */
export type ChargeUnit = 'percent_of_notional' | 'per_share'

/** `rate` and `cap` in the unit of the table; the cap, in dollars, is for one order. */
export type ChargeRow = Dated & { readonly rate: Decimal; readonly cap: Decimal | null }

/** Whom rows are for, and which day chooses one; `boards` null for any or none. */
export type ChargeTable = {
  readonly kind: ChargeKind
  readonly venue: Venue
  readonly kinds: readonly InstrumentKind[]
  readonly boards: readonly Board[] | null
  readonly sides: readonly Side[]
  readonly unit: ChargeUnit
  readonly datedBy: 'trade' | 'settlement'
  readonly rows: readonly ChargeRow[]
}

/** Every charge there is. */
export const CHARGE_TABLES: readonly ChargeTable[] = [
  ...KRX_CHARGES,
  ...US_CHARGES,
  ...UPBIT_CHARGES,
]

/** One line of a receipt: how much a fill is charged, by which rule, on what. */
export type Charge = {
  readonly kind: ChargeKind
  /** The id of the row, as `krx-tax-2026`. */
  readonly rule: string
  /** What this fill adds: won of notional, or shares. */
  readonly base: Decimal
  readonly rate: Decimal
  readonly unit: ChargeUnit
  /** Dollars for the whole order; null without a cap. */
  readonly cap: Decimal | null
  readonly amountKrw: Decimal
  readonly rounding: 'up'
}

/** What an order has filled so far. */
export type RunningTotal = { readonly quantity: Decimal; readonly notionalKrw: Decimal }
/** A fill, as far as charges go by it; the rate is won for one unit of the price's currency. */
export type ChargedFill = RunningTotal & {
  readonly price: Decimal
  readonly appliedExchangeRate: Decimal
}
/** In the venue's zone. They differ on KRX, whose tax goes by the day the shares are transferred. */
export type ChargeDates = { readonly tradeDate: IsoDate; readonly settlementDate: IsoDate }
export type ChargeSubject = Pick<Instrument, 'venue' | 'kind' | 'board'>

/**
 * What one fill is charged, each kind once, none of zero. An amount is the charge on the order's
 * running total after the fill, less that on the total before, each exact to eight decimals of a won
 * and rounded up: slicing a fill changes nothing, and the sum is never less than the exact value.
 * Only where a row or an exchange rate changes between two fills of one order may the sum be less
 * than a hundred-millionth of a won from the exact value of each part.
 */
export function chargesOf(
  instrument: ChargeSubject,
  side: Side,
  order: { readonly before: RunningTotal; readonly fill: ChargedFill },
  dates: ChargeDates,
): Charge[] {
  return chargesBy(CHARGE_TABLES, { instrument, side, order, dates })
}

/** `chargesOf` by other tables than the real ones: for a test that changes one. */
export function chargesBy(
  tables: readonly ChargeTable[],
  charged: {
    readonly instrument: ChargeSubject
    readonly side: Side
    readonly order: { readonly before: RunningTotal; readonly fill: ChargedFill }
    readonly dates: ChargeDates
  },
): Charge[] {
  const { instrument, side, order, dates } = charged
  const { before, fill } = order
  const after = {
    quantity: before.quantity + fill.quantity,
    notionalKrw: before.notionalKrw + fill.notionalKrw,
  }
  return tablesFor(tables, instrument, side).flatMap(({ kind, unit, datedBy, rows }) => {
    const row = inForce(rows, datedBy === 'trade' ? dates.tradeDate : dates.settlementDate)
    if (!row) return []
    const rate = fill.appliedExchangeRate
    const amountKrw = chargeKrw(row, unit, after, rate) - chargeKrw(row, unit, before, rate)
    if (amountKrw === 0n) return []
    const base = unit === 'per_share' ? fill.quantity : fill.notionalKrw
    const { id: rule, cap } = row
    return [{ kind, rule, base, rate: row.rate, unit, cap, amountKrw, rounding: 'up' as const }]
  })
}

/** The sum of a fill's charges, in won. */
export function chargesTotalKrw(charges: readonly Charge[]): Decimal {
  return charges.reduce((sum, { amountKrw }) => sum + amountKrw, 0n)
}

/**
 * The most an order of this size can be charged by the rows in force from `tradeDate` on, however it
 * is sliced and whenever it fills: what a buy is held for. (Buys pay a commission only.)
 */
export function highestChargesKrw(
  instrument: ChargeSubject,
  side: Side,
  notionalKrw: Decimal,
  order: { quantity: Decimal; appliedExchangeRate: Decimal; tradeDate: IsoDate },
): Decimal {
  const total = { quantity: order.quantity, notionalKrw }
  return tablesFor(CHARGE_TABLES, instrument, side).reduce((sum, { unit, rows }) => {
    const possible = inForceFrom(rows, order.tradeDate)
    const amounts = possible.map((row) => chargeKrw(row, unit, total, order.appliedExchangeRate))
    const highest = amounts.reduce((most, amount) => (amount > most ? amount : most), 0n)
    // Each change of row within the order may round up once more.
    return sum + highest + BigInt(Math.max(possible.length - 1, 0))
  }, 0n)
}

/** The newest commission, in percent of the notional: for those that quote and know no day. */
export function newestCommissionPercentOf(instrument: ChargeSubject): Decimal {
  const tables = tablesFor(CHARGE_TABLES, instrument, 'BUY')
  return tables.find(({ kind }) => kind === 'commission')!.rows.at(-1)!.rate
}

function tablesFor(
  tables: readonly ChargeTable[],
  { venue, kind, board }: ChargeSubject,
  side: Side,
): ChargeTable[] {
  return tables.filter(
    (table) =>
      table.venue === venue &&
      table.sides.includes(side) &&
      table.kinds.includes(kind) &&
      (table.boards === null || (board !== null && table.boards.includes(board))),
  )
}

function chargeKrw(
  { rate, cap }: ChargeRow,
  unit: ChargeUnit,
  total: RunningTotal,
  exchangeRate: Decimal,
): Decimal {
  if (unit === 'percent_of_notional') return divide(total.notionalKrw * rate, SCALE * 100n, 'up')
  // Dollars times 10^16, so that only won are rounded.
  const uncapped = total.quantity * rate
  const dollars = cap !== null && uncapped > cap * SCALE ? cap * SCALE : uncapped
  return divide(dollars * exchangeRate, SCALE * SCALE, 'up')
}
