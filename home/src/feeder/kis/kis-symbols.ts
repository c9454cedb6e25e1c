// Pure: no I/O, no clock, no randomness.
// Ticker ids and what KIS calls the same things.

import { parseTickerId, type TickerId, USD_KRW } from '@motu/shared/ticker.ts'
import { BOOK_FEED, type FeedMarket, OPERATION_FEED, TRADE_FEED } from './frames/records.ts'

/** Exchange codes of US stocks in KIS: Nasdaq, NYSE, AMEX (NYSE Arca's ETFs too). */
export const US_EXCHANGES = ['NAS', 'NYS', 'AMS'] as const
export type UsExchange = (typeof US_EXCHANGES)[number]

export type KisSymbol =
  | { market: 'KRX'; tickerId: TickerId; symbol: string; exchange: null }
  | { market: 'US'; tickerId: TickerId; symbol: string; exchange: UsExchange }

/** What one registration of the WebSocket gives. */
export type Registration = { tickerId: TickerId; trId: string; trKey: string }

/** Those listed elsewhere than at Nasdaq, of what is known without asking. */
const EXCHANGE_OF: Readonly<Record<string, UsExchange>> = {
  JPM: 'NYS',
  ...Object.fromEntries(['SPY', 'VOO', 'IVV', 'DIA', 'IWM', 'VTI', 'GLD'].map((s) => [s, 'AMS'])),
}

const TYPES = new Set(['STOCK', 'ETF'])

/** Null for what KIS does not quote. `exchangeOf` knows better where a US symbol is listed. */
export function kisSymbolOf(
  tickerId: TickerId,
  exchangeOf: (symbol: string) => UsExchange | undefined = () => undefined,
): KisSymbol | null {
  const parts = parseTickerId(tickerId)
  if (!parts || !TYPES.has(parts.type)) return null
  if (parts.market === 'KRX') {
    return { market: 'KRX', tickerId, symbol: parts.symbol, exchange: null }
  }
  if (parts.market !== 'US') return null
  const exchange = exchangeOf(parts.symbol) ?? EXCHANGE_OF[parts.symbol] ?? 'NAS'
  // Classes of a share: `BRK.B` here, `BRK/B` there.
  return { market: 'US', tickerId, symbol: parts.symbol.replace('.', '/'), exchange }
}

/** Names a symbol among those of all markets. */
export const symbolKey = (market: FeedMarket, symbol: string): string => `${market}:${symbol}`

export function tradeAndBook(symbol: KisSymbol): [Registration, Registration] {
  const { market, tickerId } = symbol
  const trKey = symbol.market === 'KRX' ? symbol.symbol : `D${symbol.exchange}${symbol.symbol}`
  return [
    { tickerId, trId: TRADE_FEED[market], trKey },
    { tickerId, trId: BOOK_FEED[market], trKey },
  ]
}

/** Halts and volatility interruptions, of KRX alone. */
export function marketOperation(symbol: KisSymbol): Registration | null {
  const { market, tickerId } = symbol
  return market === 'KRX' ? { tickerId, trId: OPERATION_FEED, trKey: symbol.symbol } : null
}

/** Whether KIS is where this comes from. */
export function isKisTicker(tickerId: TickerId): boolean {
  return tickerId === USD_KRW || kisSymbolOf(tickerId) !== null
}
