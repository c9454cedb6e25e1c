// An account in memory: orders, events and cancels move its books as `settle` moves them.

import { decimal } from '@motu/shared/decimal.ts'
import { type Fill, nextFeeKrw, notionalKrw } from '@motu/shared/fill.ts'
import { findInstrument, VENUE_RULES } from '@motu/shared/instrument.ts'
import { isFinal } from '@motu/shared/order.ts'
import type { OrderRecord } from '../../src/db/order-view.ts'
import { Books, type Wallet } from '../../src/engine/books.ts'
import { admit, decide } from '../../src/engine/decide.ts'
import type { EngineQuote } from '../../src/engine/quote-ring.ts'
import { orderRecord, USER, walletOf } from './samples.ts'

export const STARTING_CASH = '100000000'
const FX_MID = decimal('1400.12345678')

export class Account {
  readonly books = new Books()
  readonly orders: OrderRecord[] = []

  constructor(balance = STARTING_CASH) {
    this.books.wallets.set(USER, walletOf(USER, balance))
  }

  get wallet(): Wallet {
    return this.books.wallets.get(USER)!
  }

  place(overrides: Partial<OrderRecord>, quote: EngineQuote): OrderRecord {
    const { books, orders } = this
    const order = orderRecord({ id: `order-${orders.length}`, ...overrides })
    orders.push(order)
    books.insert(order, { ownsClientId: true })
    const reference = { ...quote, fxMid: FX_MID }
    const admission = admit(
      order,
      findInstrument(order.tickerId)!,
      reference,
      books.available(order),
    )
    if (admission.kind === 'reject') books.advance(order, 'FAILED', admission.reason)
    else {
      books.hold(order, admission.hold.krw, admission.hold.quantity)
      books.advance(order, 'OPEN')
    }
    books.tell(order)
    return order
  }

  /** Decides an order on an event; `part` of it (in percent) fills where the decision is a fill. */
  match(order: OrderRecord, quote: EngineQuote, part = 100n): void {
    const { books } = this
    if (isFinal(order.status)) return
    const instrument = findInstrument(order.tickerId)!
    const at = { ...quote, fxMid: FX_MID }
    const decision = decide(order, instrument, at, books.available(order))
    if (decision.kind === 'rest') return
    if (decision.kind === 'reject') {
      books.advance(order, order.filledQuantity > 0n ? 'CANCELLED' : 'FAILED', decision.reason)
    } else {
      const isFirst = order.fillCount === 0
      const fill = isFirst ? partOf(order, decision.fills[0]!, part) : decision.fills[0]!
      books.fill(order, fill, quote)
      const isWhole = order.filledQuantity === order.requestedQuantity
      books.advance(order, isWhole ? 'FILLED' : 'PARTIALLY_FILLED')
    }
    books.tell(order)
  }

  cancel(order: OrderRecord): void {
    if (isFinal(order.status)) return
    this.books.advance(order, 'CANCELLED', 'cancelled_by_user')
    this.books.tell(order)
  }
}

/** A first fill cut down to a part of it, its fee counted anew. */
function partOf(order: OrderRecord, fill: Fill, part: bigint): Fill {
  const quantity = (fill.quantity * part) / 100n
  if (quantity === 0n) return fill
  const { price, appliedExchangeRate: rate } = fill
  const notional = notionalKrw(order.side, { price, quantity, rate })
  if (notional === 0n) return fill
  const { commissionPercent } = VENUE_RULES[findInstrument(order.tickerId)!.venue]
  return {
    ...fill,
    quantity,
    notionalKrw: notional,
    feeKrw: nextFeeKrw(commissionPercent, order, notional),
  }
}
