// Pure: no I/O, no clock, no randomness.
// What would become of an order if it came now: the rules intake goes by, and one fill at the price it
// would find. The engine decides on a later event, so all of it is an expectation.

import { admit, type Admission, affordable, type Available } from '@motu/shared/admit.ts'
import { viewCharge } from '@motu/shared/charge-view.ts'
import type { OrderTest } from '@motu/shared/contract/order-test.ts'
import { type Decimal, decimal, formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { appliedExchangeRate, notionalKrw } from '@motu/shared/fill.ts'
import { type Hours, hoursOf, REGULAR } from '@motu/shared/hours.ts'
import { type Instrument, USD_KRW_REFERENCE } from '@motu/shared/instrument.ts'
import type { MarketEvent } from '@motu/shared/market-data.ts'
import { isStop, type OrderDraft, type Reason, type WaitingFor } from '@motu/shared/order.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import type { VenueCalendar } from '@motu/shared/venues/calendar.ts'
import { chargesOf, chargesTotalKrw } from '@motu/shared/venues/charges.ts'
import { krxSettlementDate } from '@motu/shared/venues/krx/settlement.ts'
import { lotOf } from '@motu/shared/venues/lots.ts'
import { priceLimitsOf } from '@motu/shared/venues/price-limits.ts'
import type { SessionName } from '@motu/shared/venues/session-table.ts'

/** What an order is tried against. */
export type Trial = {
  readonly nowMs: number
  readonly calendar: VenueCalendar
  /** The last event of the ticker, and of the exchange rate; undefined before the first. */
  readonly event: MarketEvent | undefined
  readonly fxEvent: MarketEvent | undefined
  readonly fxSpreadRate: Decimal
  readonly available: Available
}

const AUCTIONS: readonly SessionName[] = ['opening_auction', 'closing_auction']

type Refusal = NonNullable<OrderTest['refusal']>

/** The answer for an order whose instrument is not known or no longer listed, or that breaks a rule. */
export function refusedByRule(draft: OrderDraft, nowMs: number): Refusal | null {
  const refusal = checkDraft(draft, nowMs)
  if (!refusal) return null
  const { reason, detail, pointer } = refusal
  return { reason, detail, pointer, next_open: null }
}

/** What would become of a draft that names a known instrument. */
export function tryOrder(draft: OrderDraft, instrument: Instrument, trial: Trial): OrderTest {
  const { calendar, nowMs } = trial
  const among = draft.sessions ?? REGULAR
  const hours = hoursOf(calendar, draft, nowMs)
  const isOpen = calendar.phaseAt(nowMs, among) !== 'closed'
  const nextOpen = isOpen ? null : (calendar.nextOpen(nowMs, among)?.opensAt ?? null)
  const rule = refusedByRule(draft, nowMs)
  const admission = rule ? null : admissionOf(draft, instrument, trial)
  const refusal =
    rule ??
    refusedByHours(hours, nextOpen) ??
    refusedByAdmission(draft, admission) ??
    refusedAsTaker(draft, trial, isOpen)
  const held = !refusal && admission?.kind === 'admit' ? admission : null
  return {
    ok: refusal === null,
    refusal,
    waiting_for: refusal ? null : waitingFor(draft, isOpen),
    expected: rule ? null : expectedOf(draft, instrument, trial, held?.quantity ?? null),
    hold: held && {
      krw: formatDecimal(held.hold.krw),
      quantity: formatDecimal(held.hold.quantity),
    },
    hours: {
      is_open: isOpen,
      session: isOpen ? sessionOf(calendar, nowMs, among) : null,
      next_open: iso(nextOpen),
      expires_at: hours.kind === 'admit' ? iso(hours.expiresAt) : null,
    },
  }
}

/** The session under way of those named; while they only collect orders, the call auction. */
function sessionOf(
  calendar: VenueCalendar,
  nowMs: number,
  among: readonly SessionName[],
): SessionName | null {
  const found = calendar.sessionAt(nowMs, among) ?? calendar.sessionAt(nowMs, AUCTIONS)
  return found?.session.name ?? null
}

/** The answer where nothing is known of the instrument. */
export function untradable(refusal: Refusal): OrderTest {
  return { ok: false, refusal, waiting_for: null, expected: null, hold: null, hours: null }
}

function admissionOf(draft: OrderDraft, instrument: Instrument, trial: Trial): Admission {
  const { event, fxEvent, calendar, nowMs, fxSpreadRate, available } = trial
  const tradeDate = calendar.dateAt(nowMs)
  const { referencePrice } = instrument
  const order = {
    ...draft,
    requestedQuantity: draft.quantity,
    requestedNotional: draft.notional ?? null,
    stopPrice: draft.stopPrice ?? null,
    reduceOnly: draft.reduceOnly ?? false,
  }
  const reference = {
    bid: event ? decimal(event.bid) : referencePrice,
    ask: event ? decimal(event.ask) : referencePrice,
    limits: priceLimitsOf(
      instrument,
      event ? decimal(event.base_price) : referencePrice,
      tradeDate,
    ),
    fxMid: fxEvent ? midOf(fxEvent) : USD_KRW_REFERENCE.referencePrice,
    fxSpreadRate,
    lot: lotOf(instrument, { type: draft.type, session: 'regular' }),
    tradeDate,
  }
  return admit(order, instrument, reference, available)
}

const DETAILS: Readonly<Partial<Record<Reason, string>>> = {
  market_closed: 'The market is closed. queue_for_open lets a DAY order wait for the opening.',
  expired: 'expire_at is over.',
  price_limit: "The price is outside the day's price limits.",
  insufficient_funds: 'There is not enough free cash for what the order would hold.',
  insufficient_quantity: 'There are not enough free shares or coins to sell.',
  reduce_only: 'There is no free position to reduce.',
  min_notional: 'The order is below the smallest amount, or the amount buys no whole step.',
  post_only_would_take: 'The order would take from the book at once, which post_only forbids.',
}

function refuse(reason: Reason, pointer: string | null, nextOpen: number | null = null): Refusal {
  return { reason, detail: DETAILS[reason] ?? reason, pointer, next_open: iso(nextOpen) }
}

function refusedByHours(hours: Hours, nextOpen: number | null): Refusal | null {
  if (hours.kind === 'admit') return null
  return hours.reason === 'expired'
    ? refuse(hours.reason, '#/expire_at')
    : refuse(hours.reason, null, nextOpen)
}

function refusedByAdmission(draft: OrderDraft, admission: Admission | null): Refusal | null {
  if (admission?.kind !== 'reject') return null
  const { reason } = admission
  if (reason === 'reduce_only') return refuse(reason, '#/reduce_only')
  if (reason !== 'price_limit') {
    return refuse(reason, draft.notional === undefined ? '#/quantity' : '#/notional')
  }
  return refuse(reason, draft.limitPrice === null ? '#/stop_price' : '#/limit_price')
}

function refusedAsTaker(draft: OrderDraft, trial: Trial, isOpen: boolean): Refusal | null {
  const isTaker = draft.postOnly && isOpen && takesAt(draft, trial.event) !== null
  return isTaker ? refuse('post_only_would_take', '#/post_only') : null
}

function waitingFor(draft: OrderDraft, isOpen: boolean): WaitingFor {
  if (isStop(draft.type)) return 'TRIGGER'
  if (!isOpen) return 'SESSION'
  return draft.type === 'MARKET' ? 'EVENT' : 'PRICE'
}

/** The best price on the other side, where a LIMIT order reaches it; null where it would wait. */
function takesAt({ side, limitPrice }: OrderDraft, event: MarketEvent | undefined): Decimal | null {
  if (!event || limitPrice === null) return null
  const touch = decimal(side === 'BUY' ? event.ask : event.bid)
  const reaches = side === 'BUY' ? limitPrice >= touch : limitPrice <= touch
  return touch > 0n && reaches ? touch : null
}

/** What one fill of all of it would be booked with; null where a price or a rate is not known. */
function expectedOf(
  draft: OrderDraft,
  instrument: Instrument,
  trial: Trial,
  admitted: Decimal | null,
): OrderTest['expected'] {
  const { side, notional: amount } = draft
  const price = priceOf(draft, trial.event)
  const rate = rateOf(draft, instrument, trial)
  if (price === null || price === 0n || rate === null) return null
  const lot = lotOf(instrument, { type: draft.type, session: 'regular' })
  const wanted = admitted ?? draft.quantity
  const quantity = amount === undefined ? wanted : affordable(amount, { price, rate, lot })
  const notional = notionalKrw(side, { price, quantity, rate })
  const tradeDate = trial.calendar.dateAt(trial.nowMs)
  const isKrx = instrument.venue === 'KRX'
  const settlementDate = isKrx ? krxSettlementDate(trial.calendar, tradeDate) : tradeDate
  const charges = chargesOf(
    instrument,
    side,
    {
      before: { quantity: 0n, notionalKrw: 0n },
      fill: { quantity, price, appliedExchangeRate: rate, notionalKrw: notional },
    },
    { tradeDate, settlementDate },
  )
  const fee = chargesTotalKrw(charges)
  return {
    price: formatDecimal(price),
    quantity: formatDecimal(quantity),
    notional_krw: formatDecimal(notional),
    applied_exchange_rate: formatDecimal(rate),
    charges: charges.map(viewCharge),
    fee_krw: formatDecimal(fee),
    total_krw: formatDecimal(side === 'BUY' ? notional + fee : notional - fee),
  }
}

/** A limit that waits fills at its own price, a stop near its stop, everything else at the touch. */
function priceOf(draft: OrderDraft, event: MarketEvent | undefined): Decimal | null {
  if (draft.type === 'STOP_LIMIT') return draft.limitPrice
  if (draft.type === 'STOP') return draft.stopPrice ?? null
  if (draft.type === 'LIMIT') return takesAt(draft, event) ?? draft.limitPrice
  return event ? decimal(draft.side === 'BUY' ? event.ask : event.bid) : null
}

function rateOf(
  { side }: OrderDraft,
  { currency }: Instrument,
  { fxEvent, fxSpreadRate }: Trial,
): Decimal | null {
  if (currency === 'KRW') return SCALE
  return fxEvent ? appliedExchangeRate(midOf(fxEvent), side, fxSpreadRate) : null
}

const midOf = (event: MarketEvent): Decimal => (decimal(event.bid) + decimal(event.ask)) / 2n
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
