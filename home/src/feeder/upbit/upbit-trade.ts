// Pure: no I/O, no clock, no randomness.
// One trade, as Upbit sent it, or a reason why it cannot be used.

import { formatDecimal } from '@motu/shared/decimal.ts'
import type { Trade } from '@motu/shared/market-data.ts'
import { exactly, instantMs, isRow, type Unreadable } from './upbit-row.ts'

/** As many trades as Upbit gives in one answer. */
export const TRADES_PER_ANSWER_MAX = 500

/** `ask_bid` is the side of who came last: ASK sold into the bids, BID bought from the asks. */
const SIDES = new Map<unknown, Trade['side']>([
  ['ASK', 'SELL'],
  ['BID', 'BUY'],
])
const TRADE_ID = /^[1-9]\d{0,19}$/

export function readTrade(
  row: unknown,
  context: { tickerId: string; market: string; receivedAt: string },
): Trade | Unreadable {
  if (!isRow(row)) return { reason: 'no trade' }
  if (row.market !== context.market) return { reason: 'a trade of another market' }
  const id = row.sequential_id
  if (typeof id !== 'string' || !TRADE_ID.test(id)) return { reason: 'no usable sequential_id' }
  const price = exactly(row.trade_price)
  if (price === null || price <= 0n) return { reason: 'no usable trade_price' }
  const quantity = exactly(row.trade_volume)
  if (quantity === null || quantity <= 0n) return { reason: 'no usable trade_volume' }
  const side = SIDES.get(row.ask_bid)
  if (!side) return { reason: 'no usable ask_bid' }
  const venueMs = instantMs(row.timestamp)
  if (Number.isNaN(venueMs)) return { reason: 'no timestamp' }
  return {
    ticker_id: context.tickerId,
    trade_id: id,
    price: formatDecimal(price),
    quantity: formatDecimal(quantity),
    side,
    currency: 'KRW',
    venue_time: new Date(venueMs).toISOString(),
    received_at: context.receivedAt,
    source: 'upbit',
    simulated: false,
  }
}
