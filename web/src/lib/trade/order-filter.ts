// Pure: no I/O, no clock, no randomness.
// Which of the orders are shown, and which stand together.

import type { Order } from '@motu/shared/contract/orders.ts'
import { findInstrument, type Venue } from '@motu/shared/instrument.ts'
import { answersTo, SEARCH_LENGTH_MAX } from '@motu/shared/instrument-search.ts'
import type { OrderStatus, Side } from '@motu/shared/order.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { OrderListFilter } from '#lib/api.ts'

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
  const { venue, side, status } = filter
  if (venue !== null && !order.ticker_id.startsWith(`${venue}-`)) return false
  if (side !== null && order.side !== side) return false
  if (status !== null && order.status !== status) return false
  const at = Date.parse(order.accepted_at)
  if (filter.from !== '' && at < startOf(filter.from, 0)) return false
  if (filter.to !== '' && at >= startOf(filter.to, 1)) return false
  return filter.text.trim() === '' || isCalled(order.ticker_id, filter.text)
}

/** By a name, its first consonants or a part of the ticker id, as home understands it. */
function isCalled(tickerId: TickerId, text: string): boolean {
  const instrument = findInstrument(tickerId)
  const isNamed = instrument !== undefined && answersTo(instrument, text)
  return isNamed || tickerId.toLowerCase().includes(text.trim().toLowerCase())
}

/** What home is asked besides the status of them all; null where no order can match. */
export function queryOf(filter: OrderFilter): OrderListFilter | null {
  const from = filter.from === '' ? null : instantOf(startOf(filter.from, 0))
  const to = filter.to === '' ? null : instantOf(startOf(filter.to, 1))
  if (from !== null && to !== null && from >= to) return null
  const text = filter.text.trim().slice(0, SEARCH_LENGTH_MAX)
  return {
    ...(filter.venue === null ? {} : { venue: filter.venue }),
    ...(filter.side === null ? {} : { side: filter.side }),
    ...(filter.status === null ? {} : { status: filter.status }),
    ...(text === '' ? {} : { query: text }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  }
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

/** No order is older, and home hears of no later instant: a year that is still being typed. */
const LAST_MS = Date.UTC(2099, 11, 31)
const instantOf = (ms: number): number =>
  Number.isNaN(ms) ? LAST_MS : Math.min(Math.max(ms, 0), LAST_MS)

/** Midnight of a date on the viewer's clock, or of one some days later; no date lies before all. */
function startOf(date: string, daysLater: number): number {
  const at = new Date(`${date}T00:00`)
  at.setDate(at.getDate() + daysLater)
  return at.getTime()
}
