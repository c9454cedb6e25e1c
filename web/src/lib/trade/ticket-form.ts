// The fields of the order ticket, which of them an order of a kind has, and the request they make.
// What does not go with the kind is neither shown nor sent, and is there again when the kind changes.

import type { OrderExit, PlaceOrder } from '@motu/shared/contract/order-request.ts'
import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import {
  defaultTimeInForce,
  isAtMarket,
  isStop,
  type OrderType,
  type Side,
  type TimeInForce,
  TIMES_IN_FORCE,
} from '@motu/shared/order.ts'
import { VENUE_SESSIONS } from '@motu/shared/order-check.ts'
import * as format from '#lib/format.ts'

const MINUTE_MS = 60_000

/** What the user typed and chose; texts as they stand in their fields. */
export type TicketForm = {
  side: Side
  type: OrderType
  /** An amount of won is for market buys. */
  sizeIn: 'quantity' | 'amount'
  quantityText: string
  amountText: string
  limitText: string
  stopText: string
  /** How far a trailing stop stays behind: in percent, or in the instrument's currency. */
  trailIn: 'percent' | 'amount'
  trailText: string
  /** Null: what is usual for the kind. */
  timeInForce: TimeInForce | null
  /** `2026-11-30T15:30` in the viewer's zone, as `datetime-local` has it. */
  expireText: string
  isExtended: boolean
  isQueued: boolean
  isPostOnly: boolean
  isReduceOnly: boolean
  hasTarget: boolean
  targetText: string
  hasLoss: boolean
  lossText: string
}

export const EMPTY_FORM: Readonly<TicketForm> = {
  side: 'BUY',
  type: 'MARKET',
  sizeIn: 'quantity',
  quantityText: '',
  amountText: '',
  limitText: '',
  stopText: '',
  trailIn: 'percent',
  trailText: '3',
  timeInForce: null,
  expireText: '',
  isExtended: false,
  isQueued: true,
  isPostOnly: false,
  isReduceOnly: false,
  hasTarget: false,
  targetText: '',
  hasLoss: false,
  lossText: '',
}

/** Where an error belongs. */
export type TicketField =
  | 'quantity'
  | 'amount'
  | 'limit'
  | 'stop'
  | 'trail'
  | 'expire'
  | 'target'
  | 'loss'
  | 'time'
  | 'sessions'
  | 'flags'

export type TicketRequest = Omit<PlaceOrder, 'client_order_id'>
export type FormResult =
  | { readonly kind: 'request'; readonly request: TicketRequest }
  | { readonly kind: 'missing'; readonly field: TicketField }

/** What an order of this kind may say about itself. */
export type Features = {
  readonly limit: boolean
  readonly stop: boolean
  readonly trail: boolean
  readonly amount: boolean
  readonly times: readonly TimeInForce[]
  readonly extended: boolean
  readonly queue: boolean
  readonly postOnly: boolean
  readonly reduceOnly: boolean
  /** A target of its own: a sell is its own target. */
  readonly target: boolean
  readonly loss: boolean
}

export function featuresOf(form: TicketForm, instrument: Instrument): Features {
  const { side, type } = form
  const { venue, kind } = instrument
  const isCoin = venue === 'CRYPTO'
  const time = timeOf(form, instrument)
  const isMomentary = time === 'IOC' || time === 'FOK'
  const isEtf = venue === 'KRX' && kind === 'ETF'
  const isBuy = side === 'BUY'
  return {
    limit: type === 'LIMIT' || type === 'STOP_LIMIT',
    stop: type === 'STOP' || type === 'STOP_LIMIT',
    trail: type === 'TRAILING_STOP',
    amount: isBuy && type === 'MARKET' && !form.hasTarget && !form.hasLoss,
    times: timesOf(type, instrument),
    extended: !isCoin && !isEtf && !isAtMarket(type),
    queue: time === 'DAY',
    postOnly: type === 'LIMIT' && !isMomentary,
    reduceOnly: !isBuy,
    target: isBuy,
    loss: isBuy || type === 'LIMIT',
  }
}

/** The times in force that go with a type at a venue: coins know no day, a stop waits. */
export function timesOf(type: OrderType, { venue }: Instrument): TimeInForce[] {
  return TIMES_IN_FORCE.filter((time) => {
    if (time === 'DAY') return venue !== 'CRYPTO'
    return !isStop(type) || (time !== 'IOC' && time !== 'FOK')
  })
}

/** How long the order lives: what was chosen, where the kind allows it. */
export function timeOf({ type, timeInForce }: TicketForm, instrument: Instrument): TimeInForce {
  const isPossible = timeInForce !== null && timesOf(type, instrument).includes(timeInForce)
  return isPossible ? timeInForce : defaultTimeInForce(type, instrument.tickerId)
}

/** The request the fields make, or the first field that is missing or no number. */
export function requestOf(form: TicketForm, instrument: Instrument): FormResult {
  const has = featuresOf(form, instrument)
  const time = timeOf(form, instrument)
  const expireAt = time === 'GTD' ? Date.parse(form.expireText) : null
  const isByAmount = has.amount && form.sizeIn === 'amount'
  const exits = exitsOf(form, has)
  const numbers: readonly (readonly [field: TicketField, isNeeded: boolean, text: string])[] = [
    ['stop', has.stop, form.stopText],
    ['trail', has.trail, form.trailText],
    ['limit', has.limit, form.limitText],
    ['amount', isByAmount, form.amountText],
    ['quantity', !isByAmount, form.quantityText],
    ['target', exits.target, form.targetText],
    ['loss', exits.loss, form.lossText],
  ]
  const missing = numbers.find(([, isNeeded, text]) => isNeeded && positive(text) === null)
  if (missing) return { kind: 'missing', field: missing[0] }
  if (expireAt !== null && !Number.isFinite(expireAt)) return { kind: 'missing', field: 'expire' }
  const wire = (isNeeded: boolean, text: string): string | undefined =>
    isNeeded ? formatDecimal(positive(text)!) : undefined
  const trail = wire(has.trail, form.trailText)
  const request = {
    ticker_id: instrument.tickerId,
    side: form.side,
    type: form.type,
    quantity: wire(!isByAmount, form.quantityText),
    notional: wire(isByAmount, form.amountText),
    limit_price: wire(has.limit, form.limitText),
    stop_price: wire(has.stop, form.stopText),
    trail_percent: form.trailIn === 'percent' ? trail : undefined,
    trail_amount: form.trailIn === 'amount' ? trail : undefined,
    time_in_force: time,
    expire_at: expireAt === null ? undefined : new Date(expireAt).toISOString(),
    post_only: (has.postOnly && form.isPostOnly) || undefined,
    reduce_only: (has.reduceOnly && form.isReduceOnly) || undefined,
    sessions: has.extended && form.isExtended ? [...VENUE_SESSIONS[instrument.venue]] : undefined,
    queue_for_open: (has.queue && form.isQueued) || undefined,
    ...exitRequests(form, exits),
  }
  return { kind: 'request', request: said(request) }
}

type Exits = { readonly target: boolean; readonly loss: boolean }

function exitsOf(form: TicketForm, has: Features): Exits {
  return { target: has.target && form.hasTarget, loss: has.loss && form.hasLoss }
}

/** Exits work until they are cancelled: a position outlives the day it was opened on. */
function exitRequests(form: TicketForm, { target, loss }: Exits): Partial<TicketRequest> {
  if (!target && !loss) return {}
  const price = (text: string): string => formatDecimal(positive(text)!)
  const takeProfit: OrderExit | undefined = target
    ? { type: 'LIMIT', limit_price: price(form.targetText), time_in_force: 'GTC' }
    : undefined
  const stopLoss: OrderExit | undefined = loss
    ? { type: 'STOP', stop_price: price(form.lossText), time_in_force: 'GTC' }
    : undefined
  const group = target && loss ? 'BRACKET' : form.side === 'SELL' ? 'OCO' : 'OTO'
  return { order_class: group, take_profit: takeProfit, stop_loss: stopLoss }
}

/** A request without the fields that say nothing. */
function said(request: TicketRequest): TicketRequest {
  const fields = Object.entries(request).filter(([, value]) => value !== undefined)
  return Object.fromEntries(fields) as TicketRequest
}

/** What was typed as a decimal above zero; null for anything else. */
export function positive(text: string): Decimal | null {
  const value = format.parseTyped(text)
  return value !== null && value > 0n ? value : null
}

/** An instant on the viewer's clock, to the minute, as `datetime-local` has it. */
export function localTimeOf(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * MINUTE_MS
  return new Date(atMs - offsetMs).toISOString().slice(0, 'YYYY-MM-DDTHH:mm'.length)
}
