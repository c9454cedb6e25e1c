// The order ticket: what was typed, what it will cost, and why it cannot be sent yet.

import { type Decimal, formatDecimal, toStep } from '@motu/shared/decimal.ts'
import { type Instrument, lotOf, tickOf } from '@motu/shared/instrument.ts'
import { defaultTimeInForce, type OrderType, type Reason, type Side } from '@motu/shared/order.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import * as format from '#lib/format.ts'
import {
  affordableQuantity,
  type Cost,
  estimateCost,
  stepPrice,
  type TicketMarket,
  type TicketTerms,
} from './cost.ts'

/** What keeps a ticket from being sent: something missing, or a rule of the instrument or wallet. */
export type TicketBlock = 'quantity_missing' | 'price_missing' | 'market_unknown' | Reason

/** What the user has free; null while it is unknown. */
export type Free = { readonly cashKrw: Decimal; readonly quantity: Decimal }

export type TicketSources = {
  instrument: () => Instrument
  market: () => TicketMarket | null
  free: () => Free | null
  /** In milliseconds since 1970: rules are those of the day. */
  now: () => number
}

export class Ticket {
  side = $state<Side>('BUY')
  type = $state<OrderType>('MARKET')
  quantityText = $state('')
  limitText = $state('')
  readonly #sources: TicketSources

  readonly quantity = $derived(format.parseTyped(this.quantityText))
  readonly limitPrice = $derived(this.type === 'LIMIT' ? format.parseTyped(this.limitText) : null)
  readonly terms: TicketTerms = $derived.by(() => ({
    instrument: this.#sources.instrument(),
    side: this.side,
    type: this.type,
    limitPrice: this.limitPrice,
  }))
  readonly cost: Cost | null = $derived.by(() =>
    this.quantity === null || this.quantity <= 0n
      ? null
      : estimateCost(this.terms, this.quantity, this.#sources.market()),
  )
  readonly quantityMax = $derived.by(() => {
    const free = this.#sources.free()
    if (!free) return 0n
    if (this.side === 'BUY') {
      return affordableQuantity(this.terms, free.cashKrw, this.#sources.market())
    }
    return toStep(free.quantity, lotOf(this.terms.instrument, this.type), 'down')
  })
  readonly block: TicketBlock | null = $derived(this.#findBlock())

  constructor(sources: TicketSources) {
    this.#sources = sources
  }

  /** Another instrument: prices and quantities of the last one mean nothing here. */
  reset(): void {
    this.quantityText = ''
    this.limitText = ''
    if (this.type === 'LIMIT') this.#suggestPrice()
  }

  chooseType(type: OrderType): void {
    this.type = type
    if (type === 'LIMIT' && this.limitText === '') this.#suggestPrice()
  }

  step(direction: 1 | -1): void {
    const from = this.limitPrice ?? this.#sources.market()?.price
    if (from === undefined) return
    this.setLimit(stepPrice(this.terms.instrument, from, direction))
  }

  setLimit(price: Decimal): void {
    this.limitText = format.price(price, this.terms.instrument)
  }

  /** A part of all that could be bought or sold, in percent. */
  take(percent: bigint): void {
    const lot = lotOf(this.terms.instrument, this.type)
    const part = toStep((this.quantityMax * percent) / 100n, lot, 'down')
    this.quantityText = part === 0n ? '' : format.quantity(part)
  }

  /** The order as it goes over the wire; null while something blocks it. */
  draft(): Omit<PlaceOrder, 'client_order_id'> | null {
    if (this.block !== null || this.quantity === null) return null
    return {
      ticker_id: this.terms.instrument.tickerId,
      side: this.side,
      type: this.type,
      quantity: formatDecimal(this.quantity),
      ...(this.limitPrice === null ? {} : { limit_price: formatDecimal(this.limitPrice) }),
    }
  }

  #suggestPrice(): void {
    const market = this.#sources.market()
    if (!market) return
    const { instrument } = this.terms
    const price = toStep(market.price, tickOf(instrument, market.price), 'half_up')
    this.setLimit(price)
  }

  #findBlock(): TicketBlock | null {
    const { quantity, limitPrice, type, side } = this
    if (quantity === null || quantity <= 0n) return 'quantity_missing'
    if (type === 'LIMIT' && (limitPrice === null || limitPrice <= 0n)) return 'price_missing'
    const { tickerId } = this.terms.instrument
    const timeInForce = defaultTimeInForce(type, tickerId)
    const draft = { clientOrderId: '', tickerId, side, type, quantity, limitPrice, timeInForce }
    const refusal = checkDraft(draft, this.#sources.now())
    if (refusal) return refusal.reason
    if (!this.cost) return 'market_unknown'
    return this.#findShortage(quantity)
  }

  #findShortage(quantity: Decimal): TicketBlock | null {
    const free = this.#sources.free()
    if (!free || !this.cost) return null
    if (this.side === 'SELL') return quantity > free.quantity ? 'insufficient_quantity' : null
    return this.cost.holdKrw > free.cashKrw ? 'insufficient_funds' : null
  }
}
