// Pure: no I/O, no clock, no randomness.
// One coin's ticker and order book, as Upbit sent them, become one snapshot, or a reason why not.

import { type Decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { exactly, instantMs, isRow, type Row, roundedDown, type Unreadable } from './upbit-row.ts'

/** What one poll saw of one coin; prices in KRW, decimals as text. */
export type UpbitSnapshot = {
  ticker_id: string
  price: string
  bid: string
  ask: string
  bid_size: string
  ask_size: string
  /** The previous close (09:00 in Seoul). */
  base_price: string
  /** Traded since the last poll that saw this coin; zero on the first. */
  volume: string
  venue_time: string
  /** Just before the venue was asked: nothing in it is older than that, whatever the line took. */
  observed_at: string
}

/** Where the day's running volume stood; a day (`20261120`) begins at 00:00 UTC. */
export type VolumeMark = { day: string; total: Decimal }
type Reading = { snapshot: UpbitSnapshot; mark: VolumeMark }

export function readSnapshot(
  rows: { ticker: unknown; book: unknown },
  context: { tickerId: string; observedAt: string; last: VolumeMark | undefined },
): Reading | Unreadable {
  const { ticker, book } = rows
  if (!isRow(ticker)) return { reason: 'no ticker' }
  if (!isRow(book)) return { reason: 'no order book' }
  const prices = readPrices(ticker, book)
  if ('reason' in prices) return prices
  const total = roundedDown(ticker.acc_trade_volume)
  if (total === null || total < 0n) return { reason: 'no running volume' }
  const venueMs = Math.max(instantMs(ticker.timestamp), instantMs(book.timestamp))
  if (Number.isNaN(venueMs)) return { reason: 'no timestamp' }
  const day = ticker.trade_date
  if (typeof day !== 'string' || !/^\d{8}$/.test(day)) return { reason: 'no trade date' }
  const [volume, mark] = advance(context.last, { day, total })
  const snapshot = {
    ticker_id: context.tickerId,
    ...prices,
    volume: formatDecimal(volume),
    venue_time: new Date(venueMs).toISOString(),
    observed_at: context.observedAt,
  }
  return { snapshot, mark }
}

type Prices = Pick<UpbitSnapshot, 'price' | 'bid' | 'ask' | 'bid_size' | 'ask_size' | 'base_price'>

/** Every price and size exactly as sent, above zero, from a book that is not crossed. */
function readPrices(ticker: Row, book: Row): Prices | Unreadable {
  const top: unknown = Array.isArray(book.orderbook_units) ? book.orderbook_units[0] : undefined
  if (!isRow(top)) return { reason: 'an empty order book' }
  const sent: Record<keyof Prices, unknown> = {
    price: ticker.trade_price,
    bid: top.bid_price,
    ask: top.ask_price,
    bid_size: top.bid_size,
    ask_size: top.ask_size,
    base_price: ticker.prev_closing_price,
  }
  const prices = new Map<string, Decimal>()
  for (const [name, value] of Object.entries(sent)) {
    const decimal = exactly(value)
    if (decimal === null || decimal <= 0n) return { reason: `no usable ${name}` }
    prices.set(name, decimal)
  }
  if (prices.get('bid')! >= prices.get('ask')!) return { reason: 'a crossed order book' }
  const texts = [...prices].map(([name, decimal]) => [name, formatDecimal(decimal)])
  return Object.fromEntries(texts) as Prices
}

/**
 * On a new day what was traded in the old one after the last poll is not known any more. An answer
 * from a cache may be older than the last one: it adds nothing, and the mark stays where it was.
 */
function advance(last: VolumeMark | undefined, mark: VolumeMark): [Decimal, VolumeMark] {
  if (!last) return [0n, mark]
  if (mark.day > last.day) return [mark.total, mark]
  if (mark.day < last.day || mark.total < last.total) return [0n, last]
  return [mark.total - last.total, mark]
}
