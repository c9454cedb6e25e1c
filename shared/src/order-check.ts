// Pure: no I/O, no clock, no randomness.
// The rules an order is held against that need no balance and no quote: ticks, lots, amounts, and
// what goes together. The edge asks as a courtesy, the engine asks again before it stores anything.

import { type Decimal, formatDecimal, isMultiple, multiply, SCALE } from './decimal.ts'
import { findInstrument, type Instrument, ORDER_NOTIONAL_MAX, type Venue } from './instrument.ts'
import {
  isAtMarket,
  isStop,
  type OrderDraft,
  type OrderSession,
  type OrderTerms,
  type Reason,
} from './order.ts'
import type { ProblemCode } from './problem.ts'
import { dateOf } from './venues/calendar-date.ts'
import { lotOf, notionalLimitsOf } from './venues/lots.ts'
import { tickOf } from './venues/ticks.ts'
import { dayNumberAt, VENUE_ZONES } from './venues/zone.ts'

/** A refusal of a draft. The pointer names the field it is about, as a URI fragment. */
export type DraftRefusal = {
  reason: Reason
  problem: ProblemCode
  pointer: string
  detail: string
}

/** The sessions of each venue in which orders trade. */
export const VENUE_SESSIONS: Readonly<Record<Venue, readonly OrderSession[]>> = {
  KRX: ['regular', 'after'],
  US: ['pre', 'regular', 'after', 'day'],
  CRYPTO: ['regular'],
}

/** How far a trailing stop may stay behind, in percent. */
const TRAIL_PERCENT_MAX: Decimal = 50n * SCALE

/**
 * The first rule in force at an instant (UTC milliseconds) that a draft breaks; `null` when there is
 * nothing to refuse.
 */
export function checkDraft(draft: OrderDraft, atMs: number): DraftRefusal | null {
  const instrument = findInstrument(draft.tickerId)
  if (!instrument) {
    return {
      reason: 'unknown_instrument',
      problem: 'unknown-instrument',
      pointer: '#/ticker_id',
      detail: `${draft.tickerId} is not listed. GET /api/v1/market/instruments?query= finds what can be traded.`,
    }
  }
  if (instrument.status === 'DELISTED') {
    return {
      reason: 'delisted',
      problem: 'instrument-delisted',
      pointer: '#/ticker_id',
      detail: `${draft.tickerId} is no longer listed.`,
    }
  }
  const date = dateOf(dayNumberAt(VENUE_ZONES[instrument.venue], atMs))
  const day: Day = { instrument, date }
  return (
    checkQuantity(draft, instrument) ??
    checkTerms(draft, day, '#') ??
    checkFlags(draft) ??
    checkSessions(draft, instrument) ??
    checkClass(draft, day)
  )
}

/** An instrument on a date of its venue: what ticks go by. */
type Day = { readonly instrument: Instrument; readonly date: string }

function checkQuantity(draft: OrderDraft, instrument: Instrument): DraftRefusal | null {
  const { min: minNotional, max: maxNotional } = notionalLimitsOf(instrument)
  const tooSmall = (pointer: string): DraftRefusal => ({
    reason: 'min_notional',
    problem: 'below-min-notional',
    pointer,
    detail: `An order must be worth at least ${formatDecimal(minNotional)} KRW.`,
  })
  const tooLarge = (pointer: string): DraftRefusal => ({
    reason: 'too_large',
    problem: 'quantity-too-large',
    pointer,
    detail: 'The order is worth more than one order may be.',
  })
  if (draft.notional !== undefined) {
    if (draft.type !== 'MARKET' || draft.side !== 'BUY') {
      return together('#/notional', 'An amount is for market buys only: name a quantity.')
    }
    const most = maxNotional ?? ORDER_NOTIONAL_MAX.KRW
    if (draft.notional > most) return tooLarge('#/notional')
    return draft.notional < minNotional ? tooSmall('#/notional') : null
  }
  const lot = lotOf(instrument, { type: draft.type, session: 'regular' })
  if (!isMultiple(draft.quantity, lot)) {
    return {
      reason: 'lot_size',
      problem: 'quantity-off-lot',
      pointer: '#/quantity',
      detail: `${instrument.tickerId} trades in steps of ${formatDecimal(lot)}.`,
    }
  }
  const price = draft.limitPrice ?? draft.stopPrice ?? instrument.referencePrice
  const notional = multiply(draft.quantity, price, 'down')
  const most = maxNotional ?? ORDER_NOTIONAL_MAX[instrument.currency]
  if (notional > most) return tooLarge('#/quantity')
  return draft.type === 'LIMIT' && notional < minNotional ? tooSmall('#/quantity') : null
}

/** Prices on their ticks, and a time in force that goes with the type. */
function checkTerms(
  terms: OrderTerms,
  { instrument, date }: Day,
  pointer: string,
): DraftRefusal | null {
  for (const [field, price] of [
    ['limit_price', terms.limitPrice],
    ['stop_price', terms.stopPrice],
    ['trail_amount', terms.trailAmount],
  ] as const) {
    if (price === null || price === undefined) continue
    // A distance is no price and lies in no band of ticks: the tick at the reference price counts.
    const isDistance = field === 'trail_amount'
    const at = isDistance ? instrument.referencePrice : price
    const tick = tickOf(instrument, at, date)
    if (!isMultiple(price, tick)) {
      return {
        reason: 'tick_size',
        problem: 'price-off-tick',
        pointer: `${pointer}/${field}`,
        detail: `${instrument.tickerId} moves in steps of ${formatDecimal(tick)} ${instrument.currency} at ${isDistance ? 'its reference' : 'this'} price.`,
      }
    }
  }
  if (terms.trailPercent !== undefined && terms.trailPercent > TRAIL_PERCENT_MAX) {
    return together(`${pointer}/trail_percent`, 'A trailing stop stays at most 50 percent behind.')
  }
  return checkTime(terms, instrument, pointer)
}

function checkTime(
  terms: OrderTerms,
  instrument: Instrument,
  pointer: string,
): DraftRefusal | null {
  const { type, timeInForce } = terms
  const refuse = (detail: string): DraftRefusal => ({
    reason: 'time_in_force',
    problem: 'time-in-force-refused',
    pointer: `${pointer}/time_in_force`,
    detail,
  })
  if (instrument.venue === 'CRYPTO' && timeInForce === 'DAY') {
    return refuse('Coins trade around the clock and know no DAY: use GTC.')
  }
  if (isStop(type) && (timeInForce === 'IOC' || timeInForce === 'FOK')) {
    return refuse('A stop waits for its price: use DAY, GTC or GTD.')
  }
  if ((timeInForce === 'GTD') !== (terms.expireAt !== undefined)) {
    return refuse('GTD goes with expire_at, and expire_at with GTD.')
  }
  return null
}

function checkFlags(draft: OrderDraft): DraftRefusal | null {
  const isMomentary = draft.timeInForce === 'IOC' || draft.timeInForce === 'FOK'
  if (draft.postOnly && (draft.type !== 'LIMIT' || isMomentary)) {
    return together('#/post_only', 'post_only is for LIMIT orders that may wait.')
  }
  if (draft.reduceOnly && draft.side === 'BUY') {
    return {
      reason: 'reduce_only',
      problem: 'order-contradicts-itself',
      pointer: '#/reduce_only',
      detail: 'A buy reduces no position: there are no short positions here.',
    }
  }
  return null
}

function checkSessions(draft: OrderDraft, instrument: Instrument): DraftRefusal | null {
  const { sessions } = draft
  if (!sessions) return null
  const refuse = (detail: string): DraftRefusal => ({
    reason: 'session',
    problem: 'session-refused',
    pointer: '#/sessions',
    detail,
  })
  const known = VENUE_SESSIONS[instrument.venue]
  if (sessions.some((session) => !known.includes(session))) {
    return refuse(`${instrument.venue} has the sessions ${known.join(', ')}.`)
  }
  if (sessions.every((session) => session === 'regular')) return null
  if (isAtMarket(draft.type)) return refuse('Outside the regular session only limits are taken.')
  // The KRX after-market takes no ETF at first (KRX notice on the after-market of 2026-09-14).
  if (instrument.venue === 'KRX' && instrument.kind === 'ETF') {
    return refuse('ETFs trade in the regular session only.')
  }
  return null
}

/** Which legs a class has, and on which side of each other they stand. */
function checkClass(draft: OrderDraft, day: Day): DraftRefusal | null {
  const { orderClass = 'SIMPLE', takeProfit, stopLoss } = draft
  const legs = (takeProfit ? 1 : 0) + (stopLoss ? 1 : 0)
  if (orderClass === 'SIMPLE') {
    return legs > 0
      ? together('#/order_class', 'Exits need order_class BRACKET, OTO or OCO.')
      : null
  }
  if (draft.replaces !== undefined) {
    return together('#/order_class', 'A replacement keeps the group of the order it replaces.')
  }
  if (draft.notional !== undefined) {
    return together('#/notional', 'Orders that belong together name a quantity.')
  }
  if (orderClass === 'OCO') {
    if (draft.type !== 'LIMIT' || takeProfit || !stopLoss) {
      return together('#/order_class', 'OCO is a LIMIT order with a stop_loss beside it.')
    }
    if (draft.side !== 'SELL') return together('#/side', 'OCO leaves a position: it sells.')
  } else {
    if (draft.side !== 'BUY') return together('#/side', 'Exits follow a buy: there is no shorting.')
    if (legs !== (orderClass === 'BRACKET' ? 2 : 1)) {
      const detail =
        orderClass === 'BRACKET'
          ? 'BRACKET has a take_profit and a stop_loss.'
          : 'OTO has either a take_profit or a stop_loss.'
      return together('#/order_class', detail)
    }
  }
  if (takeProfit && takeProfit.type !== 'LIMIT') {
    return together('#/take_profit/type', 'take_profit is a LIMIT order.')
  }
  if (stopLoss && !isStop(stopLoss.type)) {
    return together('#/stop_loss/type', 'stop_loss is a STOP, STOP_LIMIT or TRAILING_STOP.')
  }
  for (const [leg, terms] of [
    ['take_profit', takeProfit],
    ['stop_loss', stopLoss],
  ] as const) {
    const lot = terms && lotOf(day.instrument, { type: terms.type, session: 'regular' })
    if (lot && !isMultiple(draft.quantity, lot)) {
      return {
        reason: 'lot_size',
        problem: 'quantity-off-lot',
        pointer: '#/quantity',
        detail: `As ${leg} it could leave in steps of ${formatDecimal(lot)} only.`,
      }
    }
  }
  const isMomentary = [takeProfit, stopLoss].some(
    (leg) => leg?.timeInForce === 'IOC' || leg?.timeInForce === 'FOK',
  )
  if (isMomentary) return together('#/order_class', 'An exit waits: use DAY, GTC or GTD for it.')
  return (
    (takeProfit ? checkTerms(takeProfit, day, '#/take_profit') : null) ??
    (stopLoss ? checkTerms(stopLoss, day, '#/stop_loss') : null) ??
    checkSpread(draft)
  )
}

/** A target on the wrong side of its stop would trigger at once. */
function checkSpread(draft: OrderDraft): DraftRefusal | null {
  const isOco = draft.orderClass === 'OCO'
  const target = isOco ? draft.limitPrice : (draft.takeProfit?.limitPrice ?? null)
  const stop = draft.stopLoss?.stopPrice
  if (target === null || stop === undefined || target > stop) return null
  return together('#/stop_loss/stop_price', 'The stop must stand below the target.')
}

function together(pointer: string, detail: string): DraftRefusal {
  return { reason: 'unprocessable', problem: 'order-contradicts-itself', pointer, detail }
}
