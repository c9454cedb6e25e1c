// Applies corporate actions when their ex-date begins at the venue, hours before its first session.

import { appliedExchangeRate } from '@motu/shared/fill.ts'
import type { CashDividend } from '@motu/shared/corporate-action.ts'
import { type Decimal, decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { findInstrument, type Instrument, type Venue } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { dayNumberOf } from '@motu/shared/venues/calendar-date.ts'
import { dividendTaxPercentOf } from '@motu/shared/venues/dividend-tax.ts'
import { lotOf } from '@motu/shared/venues/lots.ts'
import { instantOf, type Zone } from '@motu/shared/venues/zone.ts'
import type { Sql } from '../db/connect.ts'
import { type CorporateAction, readDueActions } from '../db/corporate-actions.ts'
import type { Log } from '../log.ts'
import { applyAction, type ChangedOrder } from './apply-action.ts'
import type { ActionFacts } from './slice.ts'

const LOOK_INTERVAL_MS = 30_000
const ZONES: Readonly<Record<Venue, Zone>> = {
  KRX: 'Asia/Seoul',
  US: 'America/New_York',
  CRYPTO: 'UTC',
}

export type ActionsOptions = {
  readonly sql: Sql
  readonly now: () => number
  readonly log: Log
  /** Tells whoever keeps orders in memory that these are others now. */
  readonly onChanged: (orders: readonly ChangedOrder[]) => Promise<void>
}

/** When a date begins at a venue. */
export function exDateBegins(venue: Venue, exDate: string): number {
  return instantOf(ZONES[venue], dayNumberOf(exDate)!, 0)
}

/** Applies what is due now; answers how many actions were. */
export async function applyDue(options: ActionsOptions): Promise<number> {
  const { sql, now, log } = options
  // Seoul's day begins first: until its end no ex-date lies further ahead.
  const until = new Date(now() + 86_400_000).toISOString().slice(0, 10)
  let count = 0
  for (const action of await readDueActions(sql, until)) {
    const instrument = findInstrument(action.tickerId)
    if (!instrument || exDateBegins(instrument.venue, action.exDate) > now()) continue
    const facts = await factsOf(sql, action, instrument)
    if (!facts) {
      log.warn({ action_id: action.id }, 'a corporate action waits: no exchange rate is known')
      continue
    }
    const { users, orders, cashKrw } = await applyAction(options, action, facts)
    const done = { action_id: action.id, ticker_id: action.tickerId, kind: action.terms.kind }
    log.info({ ...done, users, orders, cash_krw: formatDecimal(cashKrw) }, 'applied')
    count += 1
  }
  return count
}

/** Looks now and every half minute; answers how to stop. */
export function startActions(options: ActionsOptions): () => Promise<void> {
  let isStopped = false
  let looking = Promise.resolve()
  const look = (): void => {
    looking = looking
      .then(async () => {
        if (!isStopped) await applyDue(options)
      })
      .catch((error: unknown) => options.log.warn({ err: error }, 'corporate actions wait'))
  }
  look()
  const timer = setInterval(look, LOOK_INTERVAL_MS)
  return async () => {
    isStopped = true
    clearInterval(timer)
    await looking
  }
}

async function factsOf(
  sql: Sql,
  action: CorporateAction,
  instrument: Instrument,
): Promise<ActionFacts | null> {
  const { exDate, terms } = action
  const { venue, currency } = instrument
  const cutoffMs = exDateBegins(venue, exDate)
  const rows = await sql<{ ticker_id: string; event: MarketEvent }[]>`
    SELECT ticker_id, event FROM quotes WHERE ticker_id IN (${action.tickerId}, ${USD_KRW})`
  const events = new Map(rows.map((row) => [row.ticker_id, row.event]))
  const mid = events.get(USD_KRW)?.price
  if (currency === 'USD' && mid === undefined) return null
  return {
    ...{ terms, instrument, exDate, cutoffMs },
    lots: {
      position: lotOf(instrument, { type: 'MARKET', session: null }),
      order: lotOf(instrument, { type: 'LIMIT', session: null }),
    },
    basePrice: basePriceOf(terms, events.get(action.tickerId), { instrument, cutoffMs }),
    exchangeRate: currency === 'USD' ? appliedExchangeRate(decimal(mid!), 'SELL') : SCALE,
    taxPercent: dividendTaxPercentOf(venue, exDate),
  }
}

/**
 * The last price of before the ex-date. A quote of the ex-date itself has a base price that its
 * venue adjusted: it is turned back. Before any quote: what the instrument was listed with.
 */
function basePriceOf(
  terms: ActionFacts['terms'] | CashDividend,
  event: MarketEvent | undefined,
  { instrument, cutoffMs }: { instrument: Instrument; cutoffMs: number },
): Decimal {
  if (!event) return instrument.referencePrice
  if (Date.parse(event.received_at) < cutoffMs) return decimal(event.price)
  const base = decimal(event.base_price)
  return terms.kind === 'SPLIT' ? (base * terms.to) / terms.from : base
}
