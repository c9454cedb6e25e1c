// An exchange on this machine that answers as Upbit does, and misbehaves when told to.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const START_MS = Date.parse('2026-11-20T05:04:03.000Z')

/** One coin's numbers, as JSON texts: what a test writes here is what goes over the line. */
export type Coin = {
  price: string
  bid: string
  ask: string
  bidSize: string
  askSize: string
  base: string
  volume: string
  day: string
  timestamp: string
  /** The levels below the best one. */
  deeper?: readonly (readonly [bid: string, ask: string, bidSize: string, askSize: string])[]
}

/** One trade's fields, as JSON texts; the market is its own unless it says otherwise. */
export type Print = {
  id: string
  price: string
  volume: string
  side: string
  timestamp: string
  market?: string
}

/** One minute's fields, as JSON texts; when it opened, in UTC ms. */
export type Bar = {
  openAt: number
  open: string
  high: string
  low: string
  close: string
  volume: string
  market?: string
  /** What is said of when it opened, if that is something else. */
  opened?: string
}

export type Fault =
  | { kind: 'answer'; status: number; body: string; headers?: Record<string, string> }
  /** Nothing at all, or headers and the beginning of a body: then nothing more. */
  | { kind: 'silence'; after: 'nothing' | 'headers' }

export const BTC: Coin = {
  price: '135000000.00000000',
  bid: '134990000',
  ask: '135000000',
  bidSize: '0.12345678',
  askSize: '1.5E-7',
  base: '1.34E8',
  volume: '1198.26954807',
  day: '"20261120"',
  timestamp: String(START_MS),
}

export class UpbitServer {
  readonly coins = new Map<string, Coin>([['KRW-BTC', { ...BTC }]])
  /** Rows by market, in the order in which they are sent: Upbit sends the newest first. */
  readonly prints = new Map<string, readonly Print[]>()
  /** Minutes by market, in any order; those without a trade are not among them. */
  readonly candles = new Map<string, readonly Bar[]>()
  /** Markets in the list; a coin that is listed may still be missing from an answer. */
  listed: string[] = ['KRW-BTC', 'BTC-ETH', 'USDT-BTC']
  /** By path, until it is removed. */
  readonly faults = new Map<string, Fault>()
  readonly requests: string[] = []
  readonly headers: IncomingMessage['headers'][] = []
  readonly http = createServer((request, response) => this.#answer(request, response))

  async start(): Promise<string> {
    this.http.listen(0, '127.0.0.1')
    await once(this.http, 'listening')
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections()
    this.http.close()
    await once(this.http, 'close')
  }

  /** How often each path was asked for. */
  count(path: string): number {
    return this.requests.filter((url) => url.split('?')[0] === path).length
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://upbit')
    this.requests.push(decodeURIComponent(request.url!))
    this.headers.push(request.headers)
    const fault = this.faults.get(url.pathname)
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
      response.end(fault.body)
    } else if (fault?.kind === 'silence') {
      if (fault.after === 'headers') response.writeHead(200).write('[{"market":')
    } else {
      const [status, body] = this.#body(url)
      const remaining = `group=${url.pathname.split('/')[2]}; min=600; sec=9`
      response.writeHead(status, { 'content-type': 'application/json', 'remaining-req': remaining })
      response.end(body)
    }
  }

  #body(url: URL): [status: number, body: string] {
    if (url.pathname === '/v1/market/all') return [200, list(this.listed.map(marketRow))]
    const count = Number(url.searchParams.get('count') ?? 1)
    if (url.pathname === '/v1/trades/ticks') return this.#trades(url, count)
    if (url.pathname === '/v1/candles/minutes/1') return this.#candles(url, count)
    const rowOf = { '/v1/ticker': tickerRow, '/v1/orderbook': bookRow }[url.pathname]
    const markets = (url.searchParams.get('markets') ?? '').split(',')
    // As Upbit: one code it does not know, and the whole call fails.
    if (!rowOf || markets.some((market) => !this.listed.includes(market))) {
      return NOT_FOUND
    }
    const rows = markets.flatMap((market) => {
      const coin = this.coins.get(market)
      return coin ? [rowOf(market, coin, count)] : []
    })
    return [200, list(rows)]
  }

  #trades(url: URL, count: number): [status: number, body: string] {
    const market = url.searchParams.get('market') ?? ''
    if (!this.listed.includes(market)) return NOT_FOUND
    const prints = this.prints.get(market) ?? []
    return [200, list(prints.slice(0, count).map((print) => tradeRow(market, print)))]
  }

  #candles(url: URL, count: number): [status: number, body: string] {
    const market = url.searchParams.get('market') ?? ''
    if (!this.listed.includes(market)) return NOT_FOUND
    const before = Date.parse(url.searchParams.get('to') ?? '')
    const bars = (this.candles.get(market) ?? []).filter(({ openAt }) => openAt < before)
    const newest = bars.toSorted((a, b) => b.openAt - a.openAt).slice(0, Math.min(count, 200))
    return [200, list(newest.map((bar) => candleRow(market, bar)))]
  }
}

const NOT_FOUND: [number, string] = [404, '{"error":{"name":404,"message":"Code not found"}}']

const list = (rows: string[]): string => `[${rows.join(',')}]`

const marketRow = (market: string): string =>
  `{"market":"${market}","korean_name":"비트코인","english_name":"Bitcoin"}`

// The field order and the digits are those of a real answer (docs, Ticker; July 2025).
export const tickerRow = (market: string, coin: Coin): string =>
  `{"market":"${market}","trade_date":${coin.day},"trade_time":"050402",` +
  `"trade_date_kst":"20261120","trade_time_kst":"140402","trade_timestamp":${START_MS - 1_000},` +
  `"opening_price":148737000,"high_price":149360000,"low_price":148288000,` +
  `"trade_price":${coin.price},"prev_closing_price":${coin.base},"change":"FALL",` +
  `"change_price":136000,"change_rate":0.0009143656,"signed_change_price":-136000,` +
  `"signed_change_rate":-0.0009143656,"trade_volume":0.00016823,` +
  `"acc_trade_price":31615925234.05438,"acc_trade_price_24h":178448329314.96686,` +
  `"acc_trade_volume":${coin.volume},"acc_trade_volume_24h":1198.26954807,` +
  `"highest_52_week_price":163325000,"highest_52_week_date":"2025-01-20",` +
  `"lowest_52_week_price":72100000,"lowest_52_week_date":"2024-08-05",` +
  `"timestamp":${coin.timestamp}}`

export const bookRow = (market: string, coin: Coin, count: number): string => {
  const best = [coin.bid, coin.ask, coin.bidSize, coin.askSize] as const
  const units = [best, ...(coin.deeper ?? [])].slice(0, count).map(unitOf)
  return (
    `{"market":"${market}","timestamp":${coin.timestamp},"total_ask_size":12.89790974,` +
    `"total_bid_size":4.88395783,"orderbook_units":${list(units)},"level":0}`
  )
}

const unitOf = ([bid, ask, bidSize, askSize]: readonly string[]): string =>
  `{"ask_price":${ask},"bid_price":${bid},"ask_size":${askSize},"bid_size":${bidSize}}`

// As above (docs, Recent Trades).
export const tradeRow = (market: string, print: Print): string =>
  `{"market":"${print.market ?? market}","trade_date_utc":"2026-11-20",` +
  `"trade_time_utc":"05:04:03","timestamp":${print.timestamp},"trade_price":${print.price},` +
  `"trade_volume":${print.volume},"prev_closing_price":148737000.00000000,` +
  `"change_price":-136000.00000000,"ask_bid":${print.side},"sequential_id":${print.id}}`

// As above (docs, Minute Candles).
const candleRow = (market: string, bar: Bar): string => {
  const opened = bar.opened ?? `"${new Date(bar.openAt).toISOString().slice(0, 19)}"`
  return (
    `{"market":"${bar.market ?? market}","candle_date_time_utc":${opened},` +
    `"candle_date_time_kst":"2026-11-20T14:03:00","opening_price":${bar.open},` +
    `"high_price":${bar.high},"low_price":${bar.low},"trade_price":${bar.close},` +
    `"timestamp":${bar.openAt + 59_000},"candle_acc_trade_price":12345678.90123456,` +
    `"candle_acc_trade_volume":${bar.volume},"unit":1}`
  )
}
