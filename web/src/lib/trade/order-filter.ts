// Pure: no I/O, no clock, no randomness.
// Which of the orders are shown, and which stand together.

import type { Order } from '@motu/shared/contract/orders.ts'
import { findInstrument, type Venue } from '@motu/shared/instrument.ts'
import type { OrderStatus, Side } from '@motu/shared/order.ts'

/** Null, or an empty text: any. */
export type OrderFilter = {
  readonly venue: Venue | null
  readonly side: Side | null
  readonly status: OrderStatus | null
  /** A part of a name or of a ticker id. */
  readonly text: string
  /** `2026-11-20` in the viewer's zone, both days included. */
  readonly from: string
  readonly to: string
}

export const EVERY_ORDER: OrderFilter = {
  venue: null,
  side: null,
  status: null,
  text: '',
  from: '',
  to: '',
}

export function isFiltered(filter: OrderFilter): boolean {
  return Object.values(filter).some((part) => part !== null && part !== '')
}

/** Whether an order is among those that are asked for; its day is that on which it was accepted. */
export function matches(order: Order, filter: OrderFilter): boolean {
  const instrument = findInstrument(order.ticker_id)
  if (filter.venue !== null && instrument?.venue !== filter.venue) return false
  if (filter.side !== null && order.side !== filter.side) return false
  if (filter.status !== null && order.status !== filter.status) return false
  const at = Date.parse(order.accepted_at)
  if (filter.from !== '' && at < startOf(filter.from, 0)) return false
  if (filter.to !== '' && at >= startOf(filter.to, 1)) return false
  const names = [order.ticker_id, instrument?.nameKo ?? '', instrument?.nameEn ?? '']
  const wanted = filter.text.trim().toLowerCase()
  return wanted === '' || names.some((name) => name.toLowerCase().includes(wanted))
}

/** Orders that belong together, the one that leads them first; a single order is a group of one. */
export function groupsOf(orders: readonly Order[]): Order[][] {
  const groups = new Map<string, Order[]>()
  for (const order of orders) {
    const id = order.group_id ?? order.order_id
    groups.set(id, [...(groups.get(id) ?? []), order])
  }
  return [...groups.values()].map((group) => group.toSorted((a, b) => placeOf(a) - placeOf(b)))
}

const LEG_PLACES = { ENTRY: 0, TAKE_PROFIT: 1, STOP_LOSS: 2 } as const
const placeOf = ({ leg }: Order): number => (leg ? LEG_PLACES[leg] : 0)

/** Midnight of a date on the viewer's clock, or of one some days later; no date lies before all. */
function startOf(date: string, daysLater: number): number {
  const at = new Date(`${date}T00:00`)
  at.setDate(at.getDate() + daysLater)
  return at.getTime()
}
