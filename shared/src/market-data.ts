// Market data as it travels: from the feeder through Redis to the engine, the API and the screens.

import { z } from 'zod'
import { CURRENCIES } from './instrument.ts'

/** A price lives this long in `price:{TICKER_ID}`; a quote older than this is stale. */
export const PRICE_TTL_MS = 5_000
/** How long a ticker's events are kept for an engine that comes back. */
export const EVENT_RETENTION_MS = 600_000
/** Events kept per ticker at the most: ten minutes at five a second. */
export const EVENTS_PER_TICKER_MAX = 3_000
/** Levels of an order book on each side at the most: all that Upbit shows. */
export const BOOK_LEVELS_MAX = 30

const decimalText = z.string()
const instant = z.string()

/** Best bid and ask at an instant, with the last price. Prices in `currency`, decimals as text. */
export const quoteSchema = z.object({
  ticker_id: z.string(),
  price: decimalText,
  bid: decimalText,
  ask: decimalText,
  bid_size: decimalText,
  ask_size: decimalText,
  currency: z.enum(CURRENCIES),
  /** Against the base price (the previous close), in percent with two decimals: `-1.25`. */
  change_pct: decimalText,
  /** When the venue says it happened. */
  venue_time: instant,
  /** When home observed it: what decides whether an order may use it. */
  received_at: instant,
  /** `upbit`, `replay:coinbase-btcusd`, `walk`: where the price comes from. */
  source: z.string(),
  /** True for everything that is not a live price of the venue. */
  simulated: z.boolean(),
})
export type Quote = z.infer<typeof quoteSchema>

/**
 * One observation of one ticker. `epoch` changes when its feeder starts anew, `seq` counts up by
 * one within an epoch: a gap in it is a gap in what was observed.
 */
export const marketEventSchema = quoteSchema.extend({
  epoch: z.string(),
  seq: z.int(),
  /** The previous close: what the change and KRX's daily band are counted from. */
  base_price: decimalText,
  /** Traded since the last event, in units of the instrument. */
  volume: decimalText,
})
export type MarketEvent = z.infer<typeof marketEventSchema>

const levels = z.array(z.tuple([decimalText, decimalText])).max(BOOK_LEVELS_MAX)

/**
 * The order book of one ticker at an instant: `[price, size]`, the best level first. Only a live
 * venue has one: the replay knows no more than its best bid and ask.
 */
export const orderBookSchema = z.object({
  ticker_id: z.string(),
  bids: levels,
  asks: levels,
  currency: z.enum(CURRENCIES),
  venue_time: instant,
  received_at: instant,
  source: z.string(),
  simulated: z.boolean(),
})
export type OrderBook = z.infer<typeof orderBookSchema>

/** A print on the market's tape, not a fill of ours. Only a live venue has them. */
export const tradeSchema = z.object({
  ticker_id: z.string(),
  /** The venue's own, unique within the ticker. */
  trade_id: z.string(),
  price: decimalText,
  quantity: decimalText,
  /** The side of the aggressor: who took what stood in the order book. */
  side: z.enum(['BUY', 'SELL']),
  currency: z.enum(CURRENCIES),
  venue_time: instant,
  received_at: instant,
  source: z.string(),
  simulated: z.boolean(),
})
export type Trade = z.infer<typeof tradeSchema>

/** `[open time in ms, open, high, low, close, volume]`. */
export type CandleRow = [number, string, string, string, string, string]
export const CANDLE_INTERVALS = ['1m', '5m', '15m', '1h', '1d'] as const
export type CandleInterval = (typeof CANDLE_INTERVALS)[number]
export const CANDLE_INTERVAL_MS: Readonly<Record<CandleInterval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
}

/** The quote inside an event, for a client. */
export function quoteOf(event: MarketEvent): Quote {
  const { epoch: _epoch, seq: _seq, base_price: _base, volume: _volume, ...quote } = event
  return quote
}
