// Pure: no I/O, no clock, no randomness.
// Order path, file 6 of 6. The decision on one market event: what the market gives (`judge`) →
// price, charges, funds → fill, rest or end. The engine, a replay and a backtest all call it; that
// is what makes them agree.

import { type Decimal, DECIMAL_MAX, divide, SCALE } from '@motu/shared/decimal.ts'
import { appliedExchangeRate, type Fill, notionalKrw } from '@motu/shared/fill.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import {
  type Charge,
  type ChargeDates,
  chargesOf,
  chargesTotalKrw,
} from '@motu/shared/venues/charges.ts'
import { affordable, type Available } from '@motu/shared/admit.ts'
import type { Execution } from './fill-model.ts'
import type { FillProfile } from './fill-profile.ts'
import { judge } from './judge.ts'
import {
  type End,
  type JudgedOrder,
  type Judgement,
  type Moment,
  type Progress,
  type Role,
} from './judgement.ts'
import type { Queue } from './queue-ahead.ts'

/** Of an order, what a decision looks at. */
export type DecidableOrder = JudgedOrder & {
  readonly requestedQuantity: Decimal
  /** Won to spend, where the order named an amount. */
  readonly requestedNotional: Decimal | null
  readonly filledQuantity: Decimal
  readonly notionalKrw: Decimal
  readonly feeKrw: Decimal
  readonly holdKrw: Decimal
}

/** Won for a dollar, mid, with where it comes from; one, and from nowhere, for won. */
export type Fx = {
  readonly mid: Decimal
  readonly at: number | null
  readonly source: string | null
}

/** One event as an order meets it, with what its fills would be charged. */
export type Market = Moment & { readonly fx: Fx; readonly dates: ChargeDates }

/** A fill and why it is so: what its receipt shows. */
export type DecidedFill = Fill & {
  readonly charges: readonly Charge[]
  readonly role: Role
  readonly displayed: Decimal
  readonly queue: Queue | null
  readonly fx: Fx
}

export type Decision =
  /** Waits, with its hold. */
  | { readonly kind: 'rest'; readonly progress: Progress }
  | { readonly kind: 'trigger'; readonly progress: Progress }
  | { readonly kind: 'end'; readonly end: End }
  | {
      readonly kind: 'fill'
      readonly fills: readonly DecidedFill[]
      /** What becomes of the part that is not filled; null: it waits. */
      readonly then: End | null
      readonly progress: Progress
    }

/** The decision on one event that the order may use. `available`: beyond what the order holds. */
export function decide(
  order: DecidableOrder,
  instrument: Instrument,
  market: Market,
  profile: FillProfile,
  available: Available,
  progress: Progress,
): Decision {
  const rate = rateOf(order, instrument, market, profile)
  const judgement = foresee(order, instrument, market, profile, progress)
  if (judgement.kind === 'end' && judgement.end.reason === 'no_liquidity') {
    if (wantedOf(order, market, rate) === 0n) return { kind: 'end', end: TOO_SMALL }
  }
  if (judgement.kind !== 'execute') return judgement
  const executions = withinAmount(order, judgement.executions, market, rate)
  const fills: DecidedFill[] = []
  const running = {
    quantity: order.filledQuantity,
    notionalKrw: order.notionalKrw,
    debitMax: order.holdKrw + available.cashKrw,
  }
  let then = judgement.then
  for (const execution of executions) {
    const fill = priced(order, instrument, market, { execution, rate, before: running })
    const refusal = refusalOf(order, fill, running.debitMax)
    if (refusal) {
      // All or nothing: what cannot be paid for in whole is not begun.
      if (order.timeInForce === 'FOK') return { kind: 'end', end: refusal }
      then = refusal
      break
    }
    running.quantity += fill.quantity
    running.notionalKrw += fill.notionalKrw
    running.debitMax -= fill.notionalKrw + fill.feeKrw
    const { role, displayed, queue } = judgement
    fills.push({ ...fill, role, displayed, queue })
  }
  if (fills.length > 0) return { kind: 'fill', fills, then, progress: judgement.progress }
  return { kind: 'end', end: then ?? TOO_SMALL }
}

/** What the market would give: the decision without money, for whoever only asks whether to decide. */
export function foresee(
  order: DecidableOrder,
  instrument: Instrument,
  market: Market,
  profile: FillProfile,
  progress: Progress,
): Judgement {
  const rate = rateOf(order, instrument, market, profile)
  return judge(order, wantedOf(order, market, rate), market, profile, progress)
}

function rateOf(
  { side }: DecidableOrder,
  { currency }: Instrument,
  { fx }: Market,
  { fxSpreadRate }: FillProfile,
): Decimal {
  return currency === 'KRW' ? SCALE : appliedExchangeRate(fx.mid, side, fxSpreadRate)
}

const TOO_SMALL: End = { status: 'FAILED', reason: 'min_notional' }

/** What is still to be filled; for an amount, what it would buy at the best price. */
function wantedOf(order: DecidableOrder, market: Market, rate: Decimal): Decimal {
  if (order.requestedNotional === null) return order.requestedQuantity - order.filledQuantity
  const { quote, steps } = market
  const price = quote.uncross ?? quote.candle?.open ?? quote.ask
  return affordable(order.requestedNotional, { price, rate, lot: steps.lot })
}

/** Cuts the last executions, so that an order by amount never costs more than its amount. */
function withinAmount(
  order: DecidableOrder,
  executions: readonly Execution[],
  market: Market,
  rate: Decimal,
): readonly Execution[] {
  if (order.requestedNotional === null) return executions
  const kept: Execution[] = []
  let left = order.requestedNotional
  for (const { price, quantity } of executions) {
    const most = affordable(left, { price, rate, lot: market.steps.lot })
    const taken = most < quantity ? most : quantity
    if (taken === 0n) break
    kept.push({ price, quantity: taken })
    left -= notionalKrw('BUY', { price, quantity: taken, rate })
    if (taken < quantity) break
  }
  return kept
}

/** Why a fill cannot be booked; null when it can. */
function refusalOf(order: DecidableOrder, fill: Fill, debitMax: Decimal): End | null {
  if (order.side === 'BUY') {
    if (fill.notionalKrw + fill.feeKrw > debitMax) {
      return { status: 'FAILED', reason: 'insufficient_funds' }
    }
  } else if (fill.notionalKrw > DECIMAL_MAX / 2n) return { status: 'FAILED', reason: 'too_large' }
  // A fraction of a won may round to nothing; a fill is never free and never without worth.
  return fill.notionalKrw === 0n ? TOO_SMALL : null
}

function priced(
  order: DecidableOrder,
  instrument: Instrument,
  { fx, dates }: Market,
  at: {
    execution: Execution
    rate: Decimal
    before: { quantity: Decimal; notionalKrw: Decimal }
  },
): Fill & { charges: readonly Charge[]; fx: Fx } {
  const { execution, rate, before } = at
  const { price, quantity } = execution
  const notional = notionalKrw(order.side, { price, quantity, rate })
  const fill = { quantity, price, appliedExchangeRate: rate, notionalKrw: notional }
  const charges = chargesOf(instrument, order.side, { before, fill }, dates)
  return { ...fill, feeKrw: chargesTotalKrw(charges), charges, fx }
}

/** The notional-weighted mean of two rates or prices, for an order of several fills. */
export function weightedMean(
  a: { value: Decimal; weight: Decimal },
  b: { value: Decimal; weight: Decimal },
): Decimal {
  return divide(a.value * a.weight + b.value * b.weight, a.weight + b.weight, 'half_even')
}
