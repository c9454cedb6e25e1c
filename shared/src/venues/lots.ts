// Pure: no I/O, no clock, no randomness.
// In which steps a quantity goes, and what an order must and may be worth at a venue.

import { type Decimal, decimal } from '../decimal.ts'
import type { Instrument, Venue } from '../instrument.ts'
import type { OrderType } from '../order.ts'
import type { SessionName } from './session-table.ts'

/** The step of a quantity; `types` and `sessions` null for any. */
export type LotRow = {
  readonly venue: Venue
  readonly types: readonly OrderType[] | null
  readonly sessions: readonly SessionName[] | null
  readonly lot: Decimal
  readonly source: string
}

/** In the venue's currency, one order; null without a limit of the venue's own. */
export type NotionalLimits = { readonly min: Decimal; readonly max: Decimal | null }
export type NotionalRow = NotionalLimits & {
  readonly venue: Venue
  readonly source: string
}

export type LotRules = {
  readonly lots: readonly LotRow[]
  readonly notionals: readonly NotionalRow[]
}

/** The first row that fits holds. */
export const LOT_RULES: LotRules = {
  lots: [
    {
      venue: 'KRX',
      types: null,
      sessions: null,
      lot: decimal('1'),
      source: 'KRX business regulations: one share (KIS: hts_deal_qty_unit_val = 1)',
    },
    {
      venue: 'US',
      types: ['MARKET'],
      sessions: ['regular'],
      lot: decimal('0.000001'),
      source:
        'fractions are a service of Korean brokers, at the market in the regular session only',
    },
    {
      venue: 'US',
      types: null,
      sessions: null,
      lot: decimal('1'),
      source: 'US exchanges: one share; an order that names its price trades whole ones',
    },
    {
      venue: 'CRYPTO',
      types: null,
      sessions: null,
      lot: decimal('0.00000001'),
      source: 'Upbit: eight decimals',
    },
  ],
  notionals: [
    { venue: 'KRX', min: 0n, max: null, source: 'KRX asks for none' },
    { venue: 'US', min: 0n, max: null, source: 'US exchanges ask for none' },
    {
      venue: 'CRYPTO',
      min: decimal('5000'),
      max: decimal('1000000000'),
      source: 'docs.upbit.com, KRW market: 5,000 won at least, 1,000,000,000 at the most',
    },
  ],
}

/**
 * The step of a quantity for an order of a type in a session (`regular`, or another of the venue).
 * A session of null is not yet known: the order may still meet the regular one.
 */
export function lotOf(
  instrument: Pick<Instrument, 'venue'>,
  order: { readonly type: OrderType; readonly session: SessionName | null },
  rules: LotRules = LOT_RULES,
): Decimal {
  const row = rules.lots.find(
    ({ venue, types, sessions }) =>
      venue === instrument.venue &&
      (types === null || types.includes(order.type)) &&
      (sessions === null || order.session === null || sessions.includes(order.session)),
  )
  if (!row) throw new Error(`no lot is known for ${instrument.venue}`)
  return row.lot
}

/** What the venue asks one order to be worth; `ORDER_NOTIONAL_MAX` is Motu's own bound above it. */
export function notionalLimitsOf(
  { venue }: Pick<Instrument, 'venue'>,
  rules: LotRules = LOT_RULES,
): NotionalLimits {
  const row = rules.notionals.find((one) => one.venue === venue)
  if (!row) throw new Error(`no notional limits are known for ${venue}`)
  return { min: row.min, max: row.max }
}
