// Pure: no I/O, no clock, no randomness.
// Ticker ids: `[MARKET]-[TYPE]-[SYMBOL]`, upper case.

/** `KRX-STOCK-005930`, `US-STOCK-AAPL`, `CRYPTO-COIN-BTC`, `FX-RATE-USDKRW`. */
export type TickerId = string

export const TICKER_ID_LENGTH_MAX = 40
const TICKER_ID = /^(KRX|US|CRYPTO|FX)-([A-Z]{2,10})-([A-Z0-9.]{1,20})$/

export type TickerParts = { market: string; type: string; symbol: string }

/** The three parts of a ticker id; `null` when the text is not one. */
export function parseTickerId(text: string): TickerParts | null {
  const match = TICKER_ID.exec(text)
  if (!match) return null
  return { market: match[1]!, type: match[2]!, symbol: match[3]! }
}

/** The rate every fill in dollars is booked with. It is quoted by the feed and cannot be traded. */
export const USD_KRW: TickerId = 'FX-RATE-USDKRW'
