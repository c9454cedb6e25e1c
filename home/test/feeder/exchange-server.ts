// Exchanges on this machine: Binance, OKX, Bybit and Bitget as their documents write their answers,
// and what goes wrong at an exchange. Binance and Bybit have their streams, too.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ReferenceExchange } from '@motu/shared/market-data.ts'
import { type WebSocket, WebSocketServer } from 'ws'

/** One coin's numbers as texts: what a test writes here is what goes over the line. */
export type ReferenceCoin = {
  price: string
  bid: string
  ask: string
  open: string
  volume: string
  tick: string
}

export const BTC_USDT: ReferenceCoin = {
  ...{ price: '91234.56000000', bid: '91234.55000000', ask: '91234.56000000' },
  ...{ open: '90000.00000000', volume: '14741.41491000', tick: '0.01000000' },
}

export type ExchangeFault = { status: number; body: string; headers?: Record<string, string> }

export class ExchangeServer {
  readonly coins = new Map<string, ReferenceCoin>([['BTC', { ...BTC_USDT }]])
  readonly requests: string[] = []
  /** Answers to all of REST, until it is null again. */
  fault: ExchangeFault | null = null
  /** Takes requests and answers none. */
  isDeaf = false
  /** False: it refuses to become a WebSocket. */
  hasStream = true
  /** Says nothing on its streams. */
  isSilent = false
  /** How often a stream was dialled, and what was asked for on it. */
  connections = 0
  readonly subscriptions: string[] = []
  /** Times told are the clock's, less this. */
  lagMs = 0
  readonly #exchange: ReferenceExchange
  readonly #http = createServer((request, response) => this.#answer(request, response))
  readonly #sockets = new WebSocketServer({ noServer: true })

  constructor(exchange: ReferenceExchange) {
    this.#exchange = exchange
    this.#http.on('upgrade', (request, socket: Duplex, head) => {
      this.connections += 1
      if (!this.hasStream) {
        socket.end('HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n')
        return
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#welcome(client))
    })
  }

  async start(): Promise<string> {
    this.#http.listen(0, '127.0.0.1')
    await once(this.#http, 'listening')
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.drop()
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }

  get isConnected(): boolean {
    return this.#sockets.clients.size > 0
  }

  count(path: string): number {
    return this.requests.filter((url) => url.split('?')[0] === path).length
  }

  /** The newest numbers of every coin, on the stream. */
  tell(): void {
    for (const base of this.coins.keys()) for (const frame of this.#frames(base)) this.send(frame)
  }

  /** A frame as it stands. */
  send(text: string): void {
    if (this.isSilent) return
    for (const client of this.#sockets.clients) client.send(text)
  }

  drop(): void {
    for (const client of this.#sockets.clients) client.terminate()
  }

  #welcome(client: WebSocket): void {
    client.on('error', () => {})
    client.on('message', (data: Buffer) => {
      const asked = JSON.parse(data.toString()) as Asked
      if (asked.op === 'ping') return
      this.subscriptions.push(...(asked.params ?? asked.args ?? []))
      const done = { binance: { result: null, id: asked.id } }[this.#exchange as string]
      client.send(JSON.stringify(done ?? { success: true, ret_msg: '', op: 'subscribe' }))
    })
  }

  #frames(base: string): string[] {
    const coin = this.coins.get(base)!
    const { price, bid, ask, open, volume } = coin
    const ms = Date.now() - this.lagMs
    const symbol = `${base}USDT`
    if (this.#exchange === 'binance') {
      // Individual Symbol Ticker Streams.
      return [
        `{"e":"24hrTicker","E":${ms},"s":"${symbol}","p":"1","P":"1.0","w":"${price}",` +
          `"x":"${open}","c":"${price}","Q":"0.1","b":"${bid}","B":"1","a":"${ask}","A":"1",` +
          `"o":"${open}","h":"${price}","l":"${open}","v":"${volume}","q":"18","O":${ms - 86_400_000},` +
          `"C":${ms},"F":0,"L":18150,"n":18151}`,
      ]
    }
    // Bybit, Spot: no best prices in the ticker; those are the order book of one level.
    return [
      `{"topic":"tickers.${symbol}","ts":${ms},"type":"snapshot","cs":2588407389,"data":` +
        `{"symbol":"${symbol}","lastPrice":"${price}","highPrice24h":"${price}",` +
        `"lowPrice24h":"${open}","prevPrice24h":"${open}","volume24h":"${volume}",` +
        `"turnover24h":"18","price24hPcnt":"0.01","usdIndexPrice":"${price}"}}`,
      `{"topic":"orderbook.1.${symbol}","ts":${ms},"type":"snapshot","data":{"s":"${symbol}",` +
        `"b":[["${bid}","1"]],"a":[["${ask}","1"]],"u":1,"seq":1},"cts":${ms}}`,
    ]
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://exchange')
    this.requests.push(decodeURIComponent(request.url!))
    if (this.isDeaf) return
    const { status, body, headers } = this.fault ?? {
      ...{ status: 200, body: this.#body(url.pathname), headers: {} },
    }
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body)
  }

  #body(path: string): string {
    const ms = Date.now() - this.lagMs
    const rows = (rowOf: (base: string, coin: ReferenceCoin, ms: number) => unknown): unknown[] =>
      [...this.coins].map(([base, coin]) => rowOf(base, coin, ms))
    const { markets, tickers, wrap } = FORMS[this.#exchange]
    if (path === markets.path) return JSON.stringify(wrap(rows(markets.rowOf), ms, 'markets'))
    if (path === tickers.path) return JSON.stringify(wrap(rows(tickers.rowOf), ms, 'tickers'))
    // ccxt asks for these beside the markets, whatever it is told.
    if (path === '/api/v2/margin/currencies') {
      return JSON.stringify(wrap([{ symbol: 'BTCUSDT', isBorrowable: true }], ms, 'markets'))
    }
    throw new Error(`nobody should ask for ${path}`)
  }
}

/** What a client asks for, at Binance (`params`) and at Bybit (`args`). */
type Asked = { op?: string; id?: number; params?: string[]; args?: string[] }

type RowOf = (base: string, coin: ReferenceCoin, ms: number) => unknown
type Form = {
  markets: { path: string; rowOf: RowOf }
  tickers: { path: string; rowOf: RowOf }
  wrap: (rows: unknown[], ms: number, kind: 'markets' | 'tickers') => unknown
}

/** The answers of the four, as their documents of 2026 have them. */
const FORMS: Readonly<Record<ReferenceExchange, Form>> = {
  binance: {
    markets: {
      path: '/api/v3/exchangeInfo',
      rowOf: (base, { tick }) => ({
        ...{ symbol: `${base}USDT`, status: 'TRADING', baseAsset: base, quoteAsset: 'USDT' },
        ...{ baseAssetPrecision: 8, quotePrecision: 8, isSpotTradingAllowed: true },
        filters: [
          { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '1000000.00', tickSize: tick },
          { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000.0', stepSize: '0.00001' },
        ],
        permissions: ['SPOT'],
      }),
    },
    tickers: {
      path: '/api/v3/ticker/24hr',
      rowOf: (base, { price, bid, ask, open, volume }, ms) => ({
        ...{ symbol: `${base}USDT`, priceChange: '1', priceChangePercent: '1', lastPrice: price },
        ...{ prevClosePrice: open, bidPrice: bid, bidQty: '1', askPrice: ask, askQty: '1' },
        ...{ openPrice: open, highPrice: price, lowPrice: open, volume, quoteVolume: '18' },
        ...{ openTime: ms - 86_400_000, closeTime: ms, firstId: 1, lastId: 2, count: 2 },
      }),
    },
    wrap: (rows, ms, kind) =>
      kind === 'tickers'
        ? rows
        : { timezone: 'UTC', serverTime: ms, rateLimits: [], exchangeFilters: [], symbols: rows },
  },
  okx: {
    markets: {
      path: '/api/v5/public/instruments',
      rowOf: (base, { tick }) => ({
        ...{ instType: 'SPOT', instId: `${base}-USDT`, baseCcy: base, quoteCcy: 'USDT' },
        ...{ tickSz: tick, lotSz: '0.00000001', minSz: '0.00001', state: 'live', lever: '10' },
      }),
    },
    tickers: {
      path: '/api/v5/market/tickers',
      rowOf: (base, { price, bid, ask, open, volume }, ms) => ({
        ...{ instType: 'SPOT', instId: `${base}-USDT`, last: price, lastSz: '1', askPx: ask },
        ...{ askSz: '1', bidPx: bid, bidSz: '1', open24h: open, high24h: price, low24h: open },
        ...{ volCcy24h: '18', vol24h: volume, ts: String(ms) },
      }),
    },
    wrap: (data) => ({ code: '0', msg: '', data }),
  },
  bybit: {
    markets: {
      path: '/v5/market/instruments-info',
      rowOf: (base, { tick }) => ({
        ...{ symbol: `${base}USDT`, baseCoin: base, quoteCoin: 'USDT', status: 'Trading' },
        ...{ lotSizeFilter: { basePrecision: '0.000001', quotePrecision: '0.00000001' } },
        priceFilter: { tickSize: tick },
      }),
    },
    tickers: {
      path: '/v5/market/tickers',
      rowOf: (base, { price, bid, ask, open, volume }) => ({
        ...{ symbol: `${base}USDT`, bid1Price: bid, bid1Size: '1', ask1Price: ask, ask1Size: '1' },
        ...{ lastPrice: price, prevPrice24h: open, price24hPcnt: '0.01', highPrice24h: price },
        ...{ lowPrice24h: open, turnover24h: '18', volume24h: volume },
      }),
    },
    wrap: (list, ms) => ({
      ...{ retCode: 0, retMsg: 'OK', result: { category: 'spot', list }, retExtInfo: {}, time: ms },
    }),
  },
  bitget: {
    markets: {
      path: '/api/v2/spot/public/symbols',
      rowOf: (base, { tick }) => ({
        ...{ symbol: `${base}USDT`, baseCoin: base, quoteCoin: 'USDT', minTradeAmount: '0' },
        ...{ pricePrecision: String(tick.replace(/0+$/, '').length - 2), quantityPrecision: '6' },
        ...{ quotePrecision: '8', status: 'online', minTradeUSDT: '1' },
      }),
    },
    tickers: {
      path: '/api/v2/spot/market/tickers',
      rowOf: (base, { price, bid, ask, open, volume }, ms) => ({
        ...{ symbol: `${base}USDT`, lastPr: price, open, high24h: price, low24h: open },
        ...{ bidPr: bid, askPr: ask, bidSz: '1', askSz: '1', baseVolume: volume },
        ...{ quoteVolume: '18', usdtVolume: '18', ts: String(ms) },
      }),
    },
    wrap: (data, ms) => ({ code: '00000', msg: 'success', requestTime: ms, data }),
  },
}
