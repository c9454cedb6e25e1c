// What an order is, in a word: its type, its place among orders that belong together, its amount.

import type { Order } from '@motu/shared/contract/orders.ts'
import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import type { Leg, OrderType, TimeInForce } from '@motu/shared/order.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'

export const TYPE_TEXTS = {
  MARKET: m.type_market,
  LIMIT: m.type_limit,
  STOP: m.type_stop,
  STOP_LIMIT: m.type_stop_limit,
  TRAILING_STOP: m.type_trailing_stop,
} satisfies Record<OrderType, () => string>

export const TIME_TEXTS = {
  DAY: m.time_day,
  GTC: m.time_gtc,
  IOC: m.time_ioc,
  FOK: m.time_fok,
  GTD: m.time_gtd,
} satisfies Record<TimeInForce, () => string>

const LEG_TEXTS = {
  ENTRY: m.leg_entry,
  TAKE_PROFIT: m.leg_take_profit,
  STOP_LOSS: m.leg_stop_loss,
} satisfies Record<Leg, () => string>

/** `지정가`, or `익절 · 지정가` for an order that belongs to others. */
export function kindText({ type, leg }: Pick<Order, 'type' | 'leg'>): string {
  return leg ? `${LEG_TEXTS[leg]()} · ${TYPE_TEXTS[type]()}` : TYPE_TEXTS[type]()
}

/** How much it asks for: a quantity, or the won it may spend while its quantity is not yet known. */
export function sizeText(order: {
  quantity?: string | null | undefined
  notional?: string | null | undefined
}): string {
  const quantity = decimal(order.quantity ?? '0')
  if (quantity === 0n && order.notional) return format.won(decimal(order.notional))
  return format.quantity(quantity)
}

/** `12주`, `0.5 BTC`. */
export function unitsText(quantity: Decimal, instrument: Instrument): string {
  const text = format.quantity(quantity)
  return instrument.venue === 'CRYPTO'
    ? `${text} ${format.symbolOf(instrument.tickerId)}`
    : m.shares({ count: text })
}
