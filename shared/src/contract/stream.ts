// The browser's socket: what a client says and what it hears on `/ws/stream`.
//
// Client:  {op:'auth', token} · {op:'subscribe', channels, resume_from?} · {op:'unsubscribe', channels}
//          · {op:'ping'}
// Server:  {channel, seq, data} · {op:'ready' | 'subscribed' | 'reset' | 'pong' | 'error', …}
//
// Channels of the market, for anyone: `quotes` (every ticker; data is an array), `quotes:{TICKER_ID}`
// (data is a quote), `book:{TICKER_ID}` (data is a `BookView`), `trades:{TICKER_ID}` (data is a
// `TapeView`). Of each of the three kinds a client hears at most ten frames a second; its channels of
// a kind take turns. Their `seq` only grows.
//
// Private channels, after `auth`: `orders` (own orders; data is an order as GET answers it; seq counts
// up by one per user) and `alerts` (own price alerts as they are told; seq counts up by one per socket:
// what was told meanwhile is not sent again, GET answers it).

import { z } from 'zod'
import type { MarketPhase, Quote } from '../market-data.ts'
import type { Order } from './orders.ts'
import type { PriceAlert } from './price-alerts.ts'

export const CHANNELS_PER_SOCKET_MAX = 100
/** Milliseconds between two frames of one kind (quotes, books, tapes) to one client. */
export const MARKET_FRAME_INTERVAL_MS = 100
export const CLIENT_FRAME_BYTES_MAX = 8_192

const channel = z
  .string()
  .regex(/^(?:orders|alerts|quotes|(?:quotes|book|trades):[A-Z]{2,6}-[A-Z]{2,10}-[A-Z0-9.]{1,20})$/)
const channels = z.array(channel).min(1).max(CHANNELS_PER_SOCKET_MAX)

export const clientFrameSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('auth'), token: z.string().max(4_096) }),
  z.object({
    op: z.literal('subscribe'),
    channels,
    /** The last `seq` of `orders` the client has: what came after it is sent again. */
    resume_from: z.int().min(0).optional(),
  }),
  z.object({ op: z.literal('unsubscribe'), channels }),
  z.object({ op: z.literal('ping') }),
])
export type ClientFrame = z.infer<typeof clientFrameSchema>

/**
 * What `book:{TICKER_ID}` brings, always the newest: `[price, size]`, the best first. Where a venue
 * shows its best prices alone a side has one level; it has none while nobody stands there.
 */
export type BookView = {
  ticker_id: string
  bids: [string, string][]
  asks: [string, string][]
  /** `halted` during a volatility interruption (VI) or a trading halt. */
  phase: MarketPhase
  /** Of the levels; the phase may be of a later event. */
  venue_time: string
  received_at: string
  simulated: boolean
}

/** Prints of `trades:{TICKER_ID}` kept for one client between two frames; of more, the newest. */
export const PRINTS_PER_FRAME_MAX = 50

/** What `trades:{TICKER_ID}` brings: prints since the last frame, oldest first; the first frame has recent ones. */
export type TapeView = {
  ticker_id: string
  /** `[instant in ms, price, quantity, side of the aggressor]`. */
  prints: [number, string, string, 'BUY' | 'SELL' | null][]
  simulated: boolean
}

export type ServerFrame =
  | { channel: 'orders'; seq: number; data: Order }
  | { channel: 'alerts'; seq: number; data: PriceAlert }
  | { channel: 'quotes'; seq: number; data: Quote[] }
  | { channel: `quotes:${string}`; seq: number; data: Quote }
  | { channel: `book:${string}`; seq: number; data: BookView }
  | { channel: `trades:${string}`; seq: number; data: TapeView }
  | { op: 'ready'; user_id: string }
  | { op: 'subscribed'; channels: string[]; seq?: number }
  /** What was missed is no longer kept: fetch anew, then go on from `seq`. */
  | { op: 'reset'; channel: 'orders'; seq: number }
  | { op: 'home'; state: 'up' | 'down' }
  | { op: 'pong' }
  | { op: 'error'; code: string; detail: string }

/** Close codes of the socket beyond the standard ones. */
export const CLOSE_UNAUTHENTICATED = 4401
export const CLOSE_TOO_MANY = 4429
