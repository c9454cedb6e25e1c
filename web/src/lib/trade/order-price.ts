// The price an order has, or waits for: what its fills cost, its limit, its stop, how far it follows.

import type { Order } from '@motu/shared/contract/orders.ts'
import { decimal } from '@motu/shared/decimal.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'

type Priced = Pick<Order, 'price' | 'limit_price' | 'stop_price' | 'trail_amount' | 'trail_percent'>

/** Once something has filled, the average of that; null for what waits for no price. */
export function priceTextOf(order: Priced, instrument: Instrument): string | null {
  const priced = (text: string): string => format.priced(decimal(text), instrument)
  const { price, limit_price: limit, stop_price: stop } = order
  if (price !== null) return priced(price)
  if (order.trail_percent !== null) {
    return m.row_trail({ distance: `${format.quantity(decimal(order.trail_percent))}%` })
  }
  if (order.trail_amount !== null) return m.row_trail({ distance: priced(order.trail_amount) })
  if (stop !== null && limit !== null) {
    return m.row_stop_limit({ stop: priced(stop), limit: priced(limit) })
  }
  const waited = limit ?? stop
  return waited === null ? null : priced(waited)
}
