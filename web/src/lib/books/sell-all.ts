// Pure: no I/O, no clock, no randomness.
// Selling everything (전량매도): what can be sold at once, what is held by other orders, what it brings.

import type { OrderTest } from '@motu/shared/contract/order-test.ts'
import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import type { Order } from '@motu/shared/contract/orders.ts'
import { type Decimal, decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { ValuedPosition } from '#lib/trade/valuation.ts'

/** A position with something free to sell. `valueKrw`: of the free part, at the mid, before fees. */
export type SellItem = {
  readonly tickerId: TickerId
  readonly quantity: Decimal
  readonly valueKrw: Decimal | null
}

/** What an item would bring: as the server reckons it, or at the mid while it cannot be asked. */
export type Proceeds = {
  readonly totalKrw: Decimal
  /** Null where only the server could tell. */
  readonly feeKrw: Decimal | null
}

export function sellItemsOf(positions: readonly ValuedPosition[]): SellItem[] {
  return positions
    .filter(({ freeQuantity }) => freeQuantity > 0n)
    .map(({ view, quantity, freeQuantity, valueKrw }) => ({
      tickerId: view.ticker_id,
      quantity: freeQuantity,
      valueKrw: valueKrw === null ? null : (valueKrw * freeQuantity) / quantity,
    }))
}

/** The open sells of the positions, which hold shares back: they would have to go first. */
export function holdingSells(
  open: readonly Order[],
  positions: readonly ValuedPosition[],
): Order[] {
  const held = new Set(
    positions
      .filter(({ quantity, freeQuantity }) => quantity > freeQuantity)
      .map(({ view }) => view.ticker_id),
  )
  return open.filter((order) => order.side === 'SELL' && held.has(order.ticker_id))
}

/**
 * The order that sells an item: at the market, never more than there is by then, and where its
 * market is shut either for the opening or not at all.
 */
export function sellOrder(
  { tickerId, quantity }: SellItem,
  mayWaitForOpen: boolean,
): Omit<PlaceOrder, 'client_order_id'> {
  return {
    ticker_id: tickerId,
    side: 'SELL',
    type: 'MARKET',
    quantity: formatDecimal(quantity),
    reduce_only: true,
    ...(mayWaitForOpen ? { queue_for_open: true } : {}),
  }
}

/** Null where neither a price nor an answer is known. */
export function proceedsOf(item: SellItem, test: OrderTest | undefined): Proceeds | null {
  const expected = test?.expected
  if (expected) {
    return { totalKrw: decimal(expected.total_krw), feeKrw: decimal(expected.fee_krw) }
  }
  return item.valueKrw === null ? null : { totalKrw: item.valueKrw, feeKrw: null }
}

/** All together; fees as far as they are known. Null for no item that has a price. */
export function proceedsOfAll(all: readonly (Proceeds | null)[]): Proceeds | null {
  const known = all.filter((each) => each !== null)
  if (known.length === 0) return null
  return {
    totalKrw: known.reduce((sum, { totalKrw }) => sum + totalKrw, 0n),
    feeKrw: known.every(({ feeKrw }) => feeKrw === null)
      ? null
      : known.reduce((sum, { feeKrw }) => sum + (feeKrw ?? 0n), 0n),
  }
}
