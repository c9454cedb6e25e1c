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
  /** Markets in the list; a coin that is listed may still be missing from an answer. */
  listed: string[] = ['KRW-BTC', 'BTC-ETH', 'USDT-BTC']
  /** By path, until it is removed. */
  readonly faults = new Map<string, Fault>()
  readonly requests: string[] = []
  readonly headers: IncomingMessage['headers'][] = []
  readonly #server = createServer((request, response) => this.#answer(request, response))

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
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
    const rowOf = { '/v1/ticker': tickerRow, '/v1/orderbook': bookRow }[url.pathname]
    const markets = (url.searchParams.get('markets') ?? '').split(',')
    // As Upbit: one code it does not know, and the whole call fails.
    if (!rowOf || markets.some((market) => !this.listed.includes(market))) {
      return [404, '{"error":{"name":404,"message":"Code not found"}}']
    }
    const rows = markets.flatMap((market) => {
      const coin = this.coins.get(market)
      return coin ? [rowOf(market, coin)] : []
    })
    return [200, list(rows)]
  }
}

const list = (rows: string[]): string => `[${rows.join(',')}]`

const marketRow = (market: string): string =>
  `{"market":"${market}","korean_name":"비트코인","english_name":"Bitcoin"}`

// The field order and the digits are those of a real answer (docs, Ticker; July 2025).
const tickerRow = (market: string, coin: Coin): string =>
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

const bookRow = (market: string, coin: Coin): string =>
  `{"market":"${market}","timestamp":${coin.timestamp},"total_ask_size":12.89790974,` +
  `"total_bid_size":4.88395783,"orderbook_units":[{"ask_price":${coin.ask},` +
  `"bid_price":${coin.bid},"ask_size":${coin.askSize},"bid_size":${coin.bidSize}}],"level":0}`
