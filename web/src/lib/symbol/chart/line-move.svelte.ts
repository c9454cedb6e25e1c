// An order's line on its way to another price: dragged or stepped, then confirmed or put back.
//
//   still ── moveTo ──► moving ── drop ──► asking ── confirm ──► still (the order is replaced)
//     ▲                    │                  │
//     └────── cancel ──────┴──────────────────┘

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import type { Failure } from '#lib/http.ts'
import type { Orders } from '#lib/trade/orders.svelte.ts'
import type { OrderLine } from './marks.ts'

type Move = { readonly line: OrderLine; readonly price: Decimal }

export class LineMove {
  /** The line that is moving or asked about, and where it stands now; null while all stand still. */
  move = $state.raw<Move | null>(null)
  isAsking = $state(false)
  readonly #orders: Pick<Orders, 'replace'>

  constructor(orders: Pick<Orders, 'replace'>) {
    this.#orders = orders
  }

  /** Where a line is drawn: where it is being moved to, else where its order waits. */
  priceOf(line: OrderLine): Decimal {
    const { move } = this
    return move?.line.order.order_id === line.order.order_id ? move.price : line.price
  }

  moveTo(line: OrderLine, price: Decimal): void {
    if (line.isMovable && !this.isAsking) this.move = { line, price }
  }

  /** The viewer let go: asks, unless the line stands where it stood. */
  drop(): void {
    const { move } = this
    if (move && move.price !== move.line.price) this.isAsking = true
    else this.cancel()
  }

  cancel(): void {
    this.isAsking = false
    this.move = null
  }

  /** Replaces the order; the failure comes back when it was refused. */
  async confirm(): Promise<Failure | null> {
    const { move } = this
    if (!move) return null
    const price = formatDecimal(move.price)
    const { order, kind } = move.line
    const done = this.#orders.replace(
      order,
      kind === 'stop' ? { stop_price: price } : { limit_price: price },
    )
    // The store shows the new terms from here on.
    this.cancel()
    return done
  }
}
