// Pure: no I/O, no clock, no randomness.
// One coin's whole order book, as Upbit sent it, or a reason why it cannot be used.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { BOOK_LEVELS_MAX, type OrderBook } from '@motu/shared/market-data.ts'
import { exactly, instantMs, isRow, type Unreadable } from './upbit-row.ts'

type Level = { price: Decimal; size: Decimal }

/** One bad level makes the whole book useless: what lies behind it would be quoted at its place. */
export function readBook(
  row: unknown,
  { tickerId, observedAt }: { tickerId: string; observedAt: string },
): OrderBook | Unreadable {
  if (!isRow(row) || !Array.isArray(row.orderbook_units)) return { reason: 'no order book' }
  const units = row.orderbook_units.slice(0, BOOK_LEVELS_MAX)
  const bids = readSide(units, 'bid')
  const asks = readSide(units, 'ask')
  const [bid, ask] = [bids?.[0], asks?.[0]]
  if (!bids || !asks || !bid || !ask) return { reason: 'no usable level' }
  if (!rises(asks) || !rises(bids.toReversed())) return { reason: 'levels out of order' }
  if (bid.price >= ask.price) return { reason: 'a crossed order book' }
  const venueMs = instantMs(row.timestamp)
  if (Number.isNaN(venueMs)) return { reason: 'no timestamp' }
  return {
    ticker_id: tickerId,
    bids: bids.map(textsOf),
    asks: asks.map(textsOf),
    currency: 'KRW',
    venue_time: new Date(venueMs).toISOString(),
    received_at: observedAt,
    source: 'upbit',
    simulated: false,
  }
}

/** Each level exactly as sent, above zero; `null` when one of them is not. */
function readSide(units: readonly unknown[], side: 'bid' | 'ask'): Level[] | null {
  const levels: Level[] = []
  for (const unit of units) {
    if (!isRow(unit)) return null
    const price = exactly(unit[`${side}_price`])
    const size = exactly(unit[`${side}_size`])
    if (price === null || size === null || price <= 0n || size <= 0n) return null
    levels.push({ price, size })
  }
  return levels
}

function rises(levels: readonly Level[]): boolean {
  return levels.every(({ price }, index) => index === 0 || levels[index - 1]!.price < price)
}

function textsOf({ price, size }: Level): [price: string, size: string] {
  return [formatDecimal(price), formatDecimal(size)]
}
