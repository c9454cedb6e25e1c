// The order ticket: what was typed, what it will cost, and why it cannot be sent yet.

import type { Available } from '@motu/shared/admit.ts'
import { type Decimal, SCALE, toStep } from '@motu/shared/decimal.ts'
import { type Instrument, lotOf, tickOf } from '@motu/shared/instrument.ts'
import type { OrderDraft, OrderType, Side } from '@motu/shared/order.ts'
import { draftOfRequest } from '@motu/shared/order-draft.ts'
import { dateOf } from '@motu/shared/venues/calendar-date.ts'
import type { PriceLimits } from '@motu/shared/venues/price-limits.ts'
import { dayNumberAt, VENUE_ZONES } from '@motu/shared/venues/zone.ts'
import * as format from '#lib/format.ts'
import {
  type Cost,
  estimateCost,
  limitsOf,
  stepPrice,
  type TicketDay,
  type TicketMarket,
} from './cost.ts'
import { mostAmount, mostQuantity } from './most.ts'
import { pricePercentAway, quantityStep } from './steps.ts'
import { findIssue, type TicketIssue } from './ticket-check.ts'
import {
  EMPTY_FORM,
  type Features,
  featuresOf,
  localTimeOf,
  positive,
  requestOf,
  type TicketField,
  type TicketForm,
  type TicketRequest,
} from './ticket-form.ts'

const WEEK_MS = 7 * 86_400_000

export type TicketSources = {
  instrument: () => Instrument
  market: () => TicketMarket | null
  /** What the user has free; null while it is unknown. */
  free: () => Available | null
  /** In milliseconds since 1970: rules are those of the day. */
  now: () => number
}

/** The fields that hold a price in the instrument's currency. */
export type PriceField = 'limit' | 'stop' | 'target' | 'loss'

export class Ticket {
  readonly form: TicketForm = $state({ ...EMPTY_FORM })
  readonly #sources: TicketSources

  readonly instrument: Instrument = $derived.by(() => this.#sources.instrument())
  readonly has: Features = $derived(featuresOf(this.form, this.instrument))
  readonly isByAmount = $derived(this.has.amount && this.form.sizeIn === 'amount')
  readonly #result = $derived(requestOf(this.form, this.instrument))
  /** What would be sent; null while a field is missing. */
  readonly request: TicketRequest | null = $derived(
    this.#result.kind === 'request' ? this.#result.request : null,
  )
  readonly draft: OrderDraft | null = $derived(this.request && draftOfRequest(this.request, ''))
  readonly #day: TicketDay | null = $derived.by(() => {
    const { instrument } = this
    const market = this.#sources.market()
    const zone = VENUE_ZONES[instrument.venue]
    const tradeDate = dateOf(dayNumberAt(zone, this.#sources.now()))
    return market && { instrument, market, tradeDate }
  })
  readonly cost: Cost | null = $derived(
    this.draft && this.#day && estimateCost(this.draft, this.#day),
  )
  /** What keeps it from being sent; null when nothing does. */
  readonly issue: TicketIssue | null = $derived.by(() => {
    if (this.#result.kind === 'missing') return { block: 'missing', field: this.#result.field }
    const { draft } = this
    const available = this.#sources.free()
    return draft && findIssue(draft, { day: this.#day, available, nowMs: this.#sources.now() })
  })
  /** The most that can be ordered on these terms: units, or won of an order by amount. */
  readonly most: Decimal = $derived.by(() => this.#findMost())

  /** How far the price may go today; null where the venue has no limits, or nothing is known. */
  readonly limits: PriceLimits | null = $derived(this.#day && limitsOf(this.#day))

  constructor(sources: TicketSources) {
    this.#sources = sources
  }

  /** What the user has free; null while it is unknown. */
  get free(): Available | null {
    return this.#sources.free()
  }

  get side(): Side {
    return this.form.side
  }

  set side(side: Side) {
    this.form.side = side
  }

  get type(): OrderType {
    return this.form.type
  }

  /** The step of the quantity. */
  get lot(): Decimal {
    return lotOf(this.instrument, this.form.type)
  }

  /** Another instrument: prices and quantities of the last one mean nothing here. */
  reset(): void {
    const { side, type, sizeIn, trailIn, isExtended, isQueued } = this.form
    Object.assign(this.form, EMPTY_FORM, { side, type, sizeIn, trailIn, isExtended, isQueued })
    this.#suggestLimit()
  }

  /** What was sent must not be sent again unawares: size and exits go, the prices stay. */
  clearSize(): void {
    Object.assign(this.form, { quantityText: '', amountText: '', hasTarget: false, hasLoss: false })
  }

  chooseType(type: OrderType): void {
    this.form.type = type
    this.#suggestLimit()
  }

  /** A price taken from the book or the chart: a limit order at it, unless one with a limit is open. */
  takePrice(price: Decimal): void {
    if (!this.has.limit) this.form.type = 'LIMIT'
    this.setPrice('limit', price)
  }

  setPrice(field: PriceField, price: Decimal): void {
    this.form[`${field}Text`] = format.price(price, this.instrument)
  }

  /** One tick up or down. */
  step(field: PriceField, direction: 1 | -1): void {
    const from = positive(this.form[`${field}Text`]) ?? this.#sources.market()?.price
    if (from !== undefined) this.setPrice(field, stepPrice(this.instrument, from, direction))
  }

  /** Whole percents away from the price the order would be filled at, on a tick. */
  setPercentAway(field: PriceField, percent: bigint): void {
    const from = this.entryPrice
    if (from !== null) this.setPrice(field, pricePercentAway(this.instrument, from, percent))
  }

  /** What an exit is measured against: the price of the order, or the market's. */
  get entryPrice(): Decimal | null {
    const own = this.has.limit ? positive(this.form.limitText) : null
    return own ?? this.cost?.price ?? this.#sources.market()?.price ?? null
  }

  /** One share more or less, or so much of a coin as is worth an order. */
  stepQuantity(direction: 1 | -1): void {
    const price = this.entryPrice
    if (price === null || price <= 0n) return
    const step = quantityStep(this.instrument, this.form.type, price)
    const from = positive(this.form.quantityText) ?? 0n
    const next = from + (direction === 1 ? step : -step)
    this.form.quantityText = next > 0n ? format.quantity(next) : ''
  }

  /** A part of all that could be bought or sold, in percent. */
  take(percent: bigint): void {
    const step = this.isByAmount ? SCALE : this.lot
    const part = toStep((this.most * percent) / 100n, step, 'down')
    const text = part === 0n ? '' : format.quantity(part)
    if (this.isByAmount) this.form.amountText = text
    else this.form.quantityText = text
  }

  /** Shows what was typed as it was understood. */
  tidy(field: PriceField | 'quantity' | 'amount' | 'trail'): void {
    const key = `${field}Text` as const
    const value = positive(this.form[key])
    if (value !== null) this.form[key] = format.quantity(value)
  }

  /** Whether there is something in the field to be wrong. */
  isTouched(field: TicketField): boolean {
    if (field === 'time' || field === 'sessions' || field === 'flags') return true
    return this.form[`${field}Text`] !== ''
  }

  /** A week from now on the viewer's clock, as `datetime-local` has it. */
  weekAhead(): string {
    return localTimeOf(this.#sources.now() + WEEK_MS)
  }

  /** Not a stop: at the price of now it would trigger at once. */
  #suggestLimit(): void {
    const market = this.#sources.market()
    if (!market) return
    const price = toStep(market.price, tickOf(this.instrument, market.price), 'half_up')
    if (this.has.limit && this.form.limitText === '') this.setPrice('limit', price)
  }

  #findMost(): Decimal {
    const free = this.#sources.free()
    const day = this.#day
    if (!free || !day) return 0n
    const size = this.isByAmount ? { amountText: '1' } : { quantityText: '1' }
    const result = requestOf({ ...this.form, ...size }, this.instrument)
    if (result.kind === 'missing') return 0n
    const draft = draftOfRequest(result.request, '')
    const find = this.isByAmount ? mostAmount : mostQuantity
    return find(draft, day, free, this.#sources.now())
  }
}
