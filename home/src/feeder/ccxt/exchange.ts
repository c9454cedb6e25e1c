// One exchange through ccxt: one instance, so one rate limiter and one connection for all coins.
// Addresses, limits, protocols and the classes of errors are ccxt's.
//
// - Numbers are handed out as text: what the exchange wrote, not a float's idea of it.
// - The timeout holds for the whole answer. ccxt's ends with the headers.
// - Spot markets alone are read: a future's price is not the coin's.

import type { Exchange } from 'ccxt'
import type { ReferenceExchange } from '@motu/shared/market-data.ts'
import type { ExchangeSetting } from './exchange-settings.ts'
import type { TickerRow } from './reference-row.ts'

/** An answer later than this is no answer. The lists of markets are some megabytes. */
export const EXCHANGE_TIMEOUT_MS = 10_000
/** Whatever a header says: a number misread must not silence a feed for good. */
const ASKED_PAUSE_MS_MAX = 3_600_000

/** A market: its name in ccxt, and the step of its prices (null where ccxt does not know it). */
export type ListedMarket = { base: string; symbol: string; tick: unknown }

export type OpenExchange = {
  /** Whether ccxt has a stream of tickers there. */
  readonly hasStream: boolean
  /** Those of these coins that the exchange lists against USDT, asked anew. */
  markets(bases: readonly string[]): Promise<ListedMarket[]>
  /** One poll, by symbol. */
  tickers(symbols: readonly string[]): Promise<Map<string, TickerRow>>
  /** Resolves with the next change of one of them; rejects when the connection ends. */
  nextChange(symbols: readonly string[]): Promise<void>
  /** What the stream has told last, by symbol; a row that is another object is a new one. */
  streamed(symbols: readonly string[]): Map<string, TickerRow>
  /** How long the exchange asked for a pause with its last answers (`Retry-After`); once. */
  takeAskedPauseMs(): number
  /** Ends the stream: whoever waits in `nextChange` is rejected. */
  hangUp(): Promise<void>
}

/** What each needs so that ccxt streams best prices, too, and reads no markets but spot's. */
const STREAM_PARAMS: Readonly<Partial<Record<ReferenceExchange, Record<string, unknown>>>> = {
  // The stream of choice is the small ticker, which has no best prices.
  binance: { name: 'ticker' },
}
/** Their tickers on the stream tell no best prices: those come from a stream of their own. */
const QUOTES_APART: ReadonlySet<ReferenceExchange> = new Set(['bybit'])

/** Loads ccxt on first use: a home without exchanges never pays for it. */
export async function openExchange(setting: ExchangeSetting): Promise<OpenExchange> {
  const { exchange: id, url } = setting
  const { pro, RestrictedLocation } = await import('ccxt')
  let askedPauseMs = 0
  const fetchWhole = async (address: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(address, {
      method: init.method ?? 'GET',
      headers: init.headers ?? {},
      redirect: 'error',
      signal: AbortSignal.timeout(EXCHANGE_TIMEOUT_MS),
    })
    const { status, headers } = response
    // ccxt takes it for an exchange that is away, and would ask for ever (RFC 7725).
    if (status === 451) throw new RestrictedLocation(`${id} must not be called from here`)
    askedPauseMs = Math.max(askedPauseMs, pauseIn(headers.get('retry-after')))
    return new Response(await response.arrayBuffer(), { status, headers })
  }
  const exchange = new pro[id]({
    fetchImplementation: fetchWhole,
    timeout: EXCHANGE_TIMEOUT_MS,
    enableRateLimit: true,
    // No pause of ccxt's own before it dials: ours can be interrupted.
    options: {
      defaultType: 'spot',
      fetchMarkets: { types: ['spot'] },
      ws: { backoff: { base: 0 } },
    },
  }) as Exchange
  setUp(exchange, url)
  if (url?.startsWith('http:')) await exchange.loadHttpProxyAgent()
  return {
    hasStream: exchange.has.watchTickers === true,
    markets: async (bases) => {
      const markets = await exchange.loadMarkets(true)
      return bases.flatMap((base) => {
        const market = markets[`${base}/USDT`]
        if (!market?.spot || market.active === false) return []
        return [{ base, symbol: market.symbol, tick: market.precision.price }]
      })
    },
    tickers: async (symbols) => rowsOf(await exchange.fetchTickers([...symbols]), symbols),
    nextChange: async (symbols) => {
      const quotes = QUOTES_APART.has(id) ? [exchange.watchBidsAsks([...symbols])] : []
      await Promise.race([exchange.watchTickers([...symbols], STREAM_PARAMS[id] ?? {}), ...quotes])
    },
    streamed: (symbols) => streamedRows(exchange, symbols),
    takeAskedPauseMs: () => {
      const taken = askedPauseMs
      askedPauseMs = 0
      return taken
    },
    hangUp: async () => {
      await exchange.close()
      // What an old connection told is nothing a new one has told.
      exchange.tickers = {}
      exchange.bidsasks = {}
    },
  }
}

function setUp(exchange: Exchange, url: string | null): void {
  // ccxt manual, Numbers: "exchange.number = String".
  exchange.number = String as unknown as typeof exchange.number
  // It would print what it cannot read to the terminal.
  exchange.log = () => {}
  // Deposits and networks of every coin: nothing that a price needs.
  exchange.has.fetchCurrencies = false
  if (url !== null) exchange.urls.api = movedTo(url, exchange.urls.api) as typeof exchange.urls.api
}

/** The same addresses with another origin: paths tell an exchange's parts apart. */
function movedTo(url: string, addresses: unknown): unknown {
  if (typeof addresses === 'string') {
    const origin = addresses.startsWith('ws') ? url.replace(/^http/, 'ws') : url
    return addresses.replace(/^\w+:\/\/[^/]+/, origin)
  }
  if (typeof addresses !== 'object' || addresses === null) return addresses
  return Object.fromEntries(
    Object.entries(addresses).map(([name, address]) => [name, movedTo(url, address)]),
  )
}

function rowsOf(
  tickers: Readonly<Record<string, unknown>>,
  symbols: readonly string[],
): Map<string, TickerRow> {
  return new Map(
    symbols.flatMap((symbol) => {
      const row = tickers[symbol]
      return typeof row === 'object' && row !== null ? [[symbol, row as TickerRow]] : []
    }),
  )
}

/** Best prices that come apart, as ccxt has them. */
type QuoteRow = { bid?: unknown; ask?: unknown; timestamp?: unknown }

/** Rows with their quote, by the two they were made of: the same two are no news. */
const merged = new WeakMap<object, { quote: QuoteRow; row: TickerRow }>()

function streamedRows(exchange: Exchange, symbols: readonly string[]): Map<string, TickerRow> {
  const rows = rowsOf(exchange.tickers, symbols)
  for (const [symbol, row] of rows) {
    const quote = (exchange.bidsasks as Record<string, QuoteRow> | undefined)?.[symbol]
    if (quote) rows.set(symbol, withQuote(row, quote))
  }
  return rows
}

function withQuote(row: TickerRow, quote: QuoteRow): TickerRow {
  const known = merged.get(row)
  if (known?.quote === quote) return known.row
  const timestamp = later(row.timestamp, quote.timestamp)
  const made: TickerRow = { info: row.info, quote, timestamp }
  merged.set(row, { quote, row: made })
  return made
}

function later(a: unknown, b: unknown): unknown {
  return typeof a === 'number' && typeof b === 'number' ? Math.max(a, b) : (a ?? b)
}

function pauseIn(retryAfter: string | null): number {
  if (retryAfter === null || !/^\d{1,6}$/.test(retryAfter)) return 0
  return Math.min(Number(retryAfter) * 1_000, ASKED_PAUSE_MS_MAX)
}
