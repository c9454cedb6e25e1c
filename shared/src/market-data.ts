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

/** Levels of the displayed book that travel with an event, on each side at the most. */
export const EVENT_LEVELS_MAX = 10
/** Prints that travel with an event at the most; of more, the newest. */
export const EVENT_PRINTS_MAX = 50

/**
 * What a venue does with orders just now. `continuous` matches at once; an `auction` collects and
 * uncrosses at one price; `halted` and `closed` match nothing.
 */
export const MARKET_PHASES = ['continuous', 'auction', 'halted', 'closed'] as const
export type MarketPhase = (typeof MARKET_PHASES)[number]

const decimalText = z.string()
const instant = z.string()
const level = z.tuple([decimalText, decimalText])

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
  /**
   * When the day began whose open, high and low the change belongs to. Absent: with the venue's date.
   * A recording plays a day in minutes, and a simulated day is one of UTC everywhere.
   */
  day_opened_at: instant.optional(),
  /** Traded since the last event, in units of the instrument. */
  volume: decimalText,
  /** The displayed book, `[price, size]`, best first; absent where only the best prices are known. */
  bids: z.array(level).max(EVENT_LEVELS_MAX).optional(),
  asks: z.array(level).max(EVENT_LEVELS_MAX).optional(),
  /** Prints since the last event, oldest first: `[price, quantity, side of the aggressor]`. */
  prints: z
    .array(z.tuple([decimalText, decimalText, z.enum(['BUY', 'SELL']).nullable()]))
    .max(EVENT_PRINTS_MAX)
    .optional(),
  /** Absent: `continuous`. */
  phase: z.enum(MARKET_PHASES).optional(),
  /** On the one event that tells how a call auction ended: its single price, and what it traded. */
  uncross: z.object({ price: decimalText, quantity: decimalText }).optional(),
})
export type MarketEvent = z.infer<typeof marketEventSchema>

const levels = z.array(level).max(BOOK_LEVELS_MAX)

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

/** Exchanges beside the venue coins are priced by; ccxt's names. */
export const REFERENCE_EXCHANGES = ['binance', 'okx', 'bybit', 'bitget'] as const
export type ReferenceExchange = (typeof REFERENCE_EXCHANGES)[number]

/**
 * What a coin costs at another exchange, in USDT: to be looked at, never traded on. A ticker has one
 * pricing venue, and this is not it: another exchange's price times the exchange rate would book the
 * difference between the two (the kimchi premium) as profit. It has no ticker id for that reason.
 */
export const referenceQuoteSchema = z.object({
  exchange: z.enum(REFERENCE_EXCHANGES),
  /** The coin: `BTC`. */
  base: z.string(),
  quote: z.literal('USDT'),
  /** The last trade, and the best prices; null where the exchange does not tell them. In USDT. */
  price: decimalText,
  bid: decimalText.nullable(),
  ask: decimalText.nullable(),
  /** Traded in the last 24 hours, in coins; cut off after eight places. Null where not told. */
  volume_24h: decimalText.nullable(),
  /** When the exchange says it was so; when it was received, where it does not say. */
  venue_time: instant,
  received_at: instant,
  /** `binance-ws` from the stream, `binance` from a poll. */
  source: z.string(),
})
export type ReferenceQuote = z.infer<typeof referenceQuoteSchema>

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
  const { epoch: _epoch, seq: _seq, base_price: _base, volume: _volume, ...rest } = event
  const {
    bids: _bids,
    asks: _asks,
    prints: _prints,
    phase: _phase,
    uncross: _uncross,
    day_opened_at: _opened,
    ...quote
  } = rest
  return quote
}
