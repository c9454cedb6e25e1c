// The bus: prices, market events and order events on their way to whoever looks at them. Two
// adapters: Redis (`redis.ts`) and one process's memory (`memory.ts`); both pass the same tests.
// Everything on it can be rebuilt: losing it costs seconds of prices, never an order.

import type { FeedReport } from '@motu/shared/contract/status.ts'
import type { MarketEvent, OrderBook, ReferenceQuote, Trade } from '@motu/shared/market-data.ts'
import type { AlertEvent, OrderEvent, Revocation } from '@motu/shared/upstream.ts'

/** One Redis pub/sub channel each; the owner's documents name the first two. */
export type BusChannel =
  | 'order_events'
  | 'trade_events'
  | 'alert_events'
  | 'edge_clock'
  | 'market_books'
  | 'market_trades'
  | 'market_references'
  | 'feed_status'
  | 'revocations'
  | 'orders_changed'
  | 'liquidation_events'
  | 'human_events'

export type BusMessages = {
  order_events: OrderEvent
  /** Those order events that bring a fill. */
  trade_events: OrderEvent
  /** Price alerts as they are told, each once. */
  alert_events: AlertEvent
  /** Home's clock minus the edge's, in ms, as the Hub measured it. */
  edge_clock: { offset_ms: number }
  /** The whole book of each live ticker; a replay publishes none. */
  market_books: OrderBook
  /** Prints on the tape of a live venue, each once, oldest first; a replay publishes none. */
  market_trades: Trade
  /** Coins at other exchanges, to be looked at: nothing that trades or prices listens here. */
  market_references: ReferenceQuote
  /** Who speaks for what, and what was not believed; every few seconds. */
  feed_status: FeedReport
  /** What has ended, as soon as its row says so. */
  revocations: Revocation
  /**
   * Orders that were changed or ended other than by their engine, by a corporate action: it reads them
   * anew, and tells their events from the outbox.
   */
  orders_changed: { user_id: string; order_id: string }
  /** News that others tell, to be checked by who hears it (`notifier/take-in.ts`). */
  liquidation_events: unknown
  human_events: unknown
}

/** What a deny-list is asked for. */
export type Deniable = Pick<Revocation, 'kind' | 'id'>

export type Bus = {
  /**
   * One round trip for a batch of events: sets `price:{TICKER_ID}` (TTL 5 s), appends to each
   * ticker's ten-minute stream, publishes on `market_updates`.
   */
  publishMarket(events: readonly MarketEvent[]): Promise<void>
  /** Prices that are at most five seconds old, by ticker id. */
  readPrices(tickerIds: readonly string[]): Promise<Map<string, MarketEvent>>
  /**
   * Everything the streams of these tickers still keep, oldest first per ticker, then each new
   * event, in order. Survives a reconnect and a flush: goes on after the last event it handed over.
   * `onEvents` is never called concurrently. Ends when the signal aborts.
   */
  followMarket(
    tickerIds: readonly string[],
    onEvents: (events: MarketEvent[]) => void,
    signal: AbortSignal,
  ): Promise<void>
  /** Live events only, as `market_updates` brings them: for screens. Returns the way to stop. */
  watchMarket(onEvents: (events: MarketEvent[]) => void): Promise<() => Promise<void>>
  publish<C extends BusChannel>(channel: C, messages: readonly BusMessages[C][]): Promise<void>
  subscribe<C extends BusChannel>(
    channel: C,
    onMessages: (messages: BusMessages[C][]) => void,
  ): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** What was revoked, where every process of the API can look it up at once. */
export type DenyList = {
  /**
   * Adds to the deny-list, each until its own end. `isAll` says that with these the list is whole:
   * from then on, until the list is lost, what is not on it is not denied.
   */
  deny(revocations: readonly Revocation[], options?: { isAll: boolean }): Promise<void>
  /** Whether it is on the deny-list; null when the list is not whole, or cannot be read: ask Postgres. */
  isDenied(what: Deniable): Promise<boolean | null>
}

/** The texts of messages, where whoever sends one looks: at `config:msg_template:<key>`. */
export type TemplateTexts = {
  /** The texts that are there, by key: none after a flush. */
  readTexts(keys: readonly string[]): Promise<Map<string, string>>
  writeTexts(texts: ReadonlyMap<string, string>): Promise<void>
}
