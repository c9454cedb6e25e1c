// Pure: no I/O, no clock, no randomness.
// What an order will cost before it is placed: the rules and the arithmetic of home, on the last quote.

import { type Admission, admit, affordable, type Available } from '@motu/shared/admit.ts'
import { type Decimal, divide, multiply, SCALE, toStep } from '@motu/shared/decimal.ts'
import { appliedExchangeRate, FX_SPREAD_RATE, notionalKrw } from '@motu/shared/fill.ts'
import { type Instrument, lotOf, tickOf } from '@motu/shared/instrument.ts'
import type { OrderDraft } from '@motu/shared/order.ts'
import { dateOf, dayNumberOf, isWeekend } from '@motu/shared/venues/calendar-date.ts'
import { type Charge, chargesOf, chargesTotalKrw } from '@motu/shared/venues/charges.ts'
import { krxSettlementDate } from '@motu/shared/venues/krx/settlement.ts'
import { type PriceLimits, priceLimitsOf } from '@motu/shared/venues/price-limits.ts'

/** The market as the ticket sees it. Prices in the instrument's currency. */
export type TicketMarket = {
  readonly price: Decimal
  readonly bid: Decimal
  readonly ask: Decimal
  readonly changePercent: Decimal
  /** Won for one unit of the currency; one for won. */
  readonly fxMid: Decimal
}

/** An instrument on a day of its venue, and its market. */
export type TicketDay = {
  readonly instrument: Instrument
  readonly market: TicketMarket
  /** In the venue's zone. */
  readonly tradeDate: string
}

export type Cost = {
  readonly price: Decimal
  /** What it fills: of an order by amount, what the amount buys now. */
  readonly quantity: Decimal
  readonly notional: Decimal
  readonly notionalKrw: Decimal
  /** Null for an instrument in won. */
  readonly exchangeRate: Decimal | null
  readonly charges: readonly Charge[]
  readonly feeKrw: Decimal
  /** What a buy takes, or a sell brings, after fees and taxes. */
  readonly totalKrw: Decimal
  /** Reserved until the order ends: for a market buy more than the total, nothing for a sell. */
  readonly holdKrw: Decimal
}

/** More than anyone has: for a question that is not about what one has. */
const PLENTY: Available = { cashKrw: 10n ** 30n, quantity: 10n ** 30n }

/** One fill of all of it at the price it would find now; null while its price is unknown. */
export function estimateCost(draft: OrderDraft, day: TicketDay): Cost | null {
  const { instrument, market, tradeDate } = day
  const { side } = draft
  const price = expectedPrice(draft, market)
  if (price === null || price <= 0n) return null
  const rate = rateOf(draft, day)
  const lot = lotOf(instrument, draft.type)
  const quantity =
    draft.notional === undefined ? draft.quantity : affordable(draft.notional, { price, rate, lot })
  const inWon = notionalKrw(side, { price, quantity, rate })
  const charges = chargesOf(
    instrument,
    side,
    {
      before: { quantity: 0n, notionalKrw: 0n },
      fill: { quantity, price, appliedExchangeRate: rate, notionalKrw: inWon },
    },
    { tradeDate, settlementDate: settlementDateOf(instrument, tradeDate) },
  )
  const feeKrw = chargesTotalKrw(charges)
  const admission = admissionOf(draft, day, PLENTY)
  return {
    price,
    quantity,
    notional: multiply(price, quantity, side === 'BUY' ? 'up' : 'down'),
    notionalKrw: inWon,
    exchangeRate: instrument.currency === 'KRW' ? null : rate,
    charges,
    feeKrw,
    totalKrw: side === 'BUY' ? inWon + feeKrw : inWon - feeKrw,
    holdKrw: admission.kind === 'admit' ? admission.hold.krw : 0n,
  }
}

/** Whether home would keep the order for someone with this much free, by what is known here. */
export function admissionOf(draft: OrderDraft, day: TicketDay, available: Available): Admission {
  const { instrument, market, tradeDate } = day
  const order = {
    side: draft.side,
    type: draft.type,
    requestedQuantity: draft.quantity,
    requestedNotional: draft.notional ?? null,
    limitPrice: draft.limitPrice,
    stopPrice: draft.stopPrice ?? null,
    reduceOnly: draft.reduceOnly ?? false,
  }
  const reference = {
    bid: market.bid,
    ask: market.ask,
    limits: limitsOf(day),
    fxMid: market.fxMid,
    fxSpreadRate: FX_SPREAD_RATE,
    lot: lotOf(instrument, draft.type),
    tradeDate,
  }
  return admit(order, instrument, reference, available)
}

/** The day's price limits; null where the venue has none. */
export function limitsOf({ instrument, market, tradeDate }: TicketDay): PriceLimits | null {
  return priceLimitsOf(instrument, basePriceOf(instrument, market), tradeDate)
}

/** Won for one unit of the currency as a fill of the order would apply it, spread included. */
export function rateOf({ side }: OrderDraft, { instrument, market }: TicketDay): Decimal {
  return instrument.currency === 'KRW' ? SCALE : appliedExchangeRate(market.fxMid, side)
}

/** The price on the other side, where a LIMIT order reaches it; null where it would wait. */
export function takesAt(draft: OrderDraft, { bid, ask }: TicketMarket): Decimal | null {
  if (draft.type !== 'LIMIT' || draft.limitPrice === null) return null
  const touch = draft.side === 'BUY' ? ask : bid
  const reaches = draft.side === 'BUY' ? draft.limitPrice >= touch : draft.limitPrice <= touch
  return touch > 0n && reaches ? touch : null
}

/** The limit price one tick up or down; a ladder's border belongs to the side it is left towards. */
export function stepPrice(instrument: Instrument, price: Decimal, direction: 1 | -1): Decimal {
  if (direction === 1) {
    const tick = tickOf(instrument, price)
    return toStep(price, tick, 'down') + tick
  }
  const tick = tickOf(instrument, price > 0n ? price - 1n : 0n)
  const next = toStep(price, tick, 'up') - tick
  return next > 0n ? next : tick
}

/** The previous close, from the price and its change; the feed's base prices lie on ticks. */
export function basePriceOf(instrument: Instrument, market: TicketMarket): Decimal {
  const base = divide(market.price * 100n * SCALE, 100n * SCALE + market.changePercent, 'half_up')
  return toStep(base, tickOf(instrument, base), 'half_up')
}

/** A limit that waits fills at its own price, a stop near its stop, everything else at the touch. */
function expectedPrice(draft: OrderDraft, market: TicketMarket): Decimal | null {
  if (draft.type === 'STOP_LIMIT') return draft.limitPrice
  if (draft.type === 'STOP') return draft.stopPrice ?? null
  if (draft.type === 'LIMIT') return takesAt(draft, market) ?? draft.limitPrice
  return draft.side === 'BUY' ? market.ask : market.bid
}

/** Home knows the holidays, which the page would have to load; around new year it may know better. */
function settlementDateOf({ venue }: Instrument, tradeDate: string): string {
  if (venue !== 'KRX') return tradeDate
  const weekdays = { isTradingDay: (date: string) => !isWeekend(dayNumberOf(date)!) }
  return dateOf(dayNumberOf(krxSettlementDate(weekdays, tradeDate))!)
}
