// The WebSocket of the exchange on this machine: Upbit's protocol, and every way in which a feed can
// go wrong. It counts what it sent that was good.

import { once } from 'node:events'
import { type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { bookRow, type Coin, type Print, tickerRow, tradeRow } from './upbit-server.ts'

/** What a client asks for: `[{ticket}, {type, codes}, …]` (docs, WebSocket request). */
type Wanted = { ticket?: string; type?: string; codes?: string[] }

export type Request = { types: string[]; codes: string[] }

export class UpbitSocket {
  readonly requests: Request[] = []
  /** Connections opened so far. */
  connections = 0
  /** Answers instead of a connection, until it is null again: 429, 418, 503. */
  refusal: number | null = null
  /** Called for each subscription: Upbit answers one with a snapshot of everything. */
  onSubscribed: () => void = () => {}
  /** Says nothing, whatever it is told to send. */
  isSilent = false
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #open = new Set<WebSocket>()

  /** Answers upgrades of this server at Upbit's path. */
  constructor(server: Server) {
    server.on('upgrade', (request, socket: Duplex, head) => {
      if (this.refusal !== null || request.url !== '/websocket/v1') {
        socket.end(`HTTP/1.1 ${this.refusal ?? 404} No\r\ncontent-length: 0\r\n\r\n`)
        return
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#welcome(client))
    })
  }

  get isConnected(): boolean {
    return this.#open.size > 0
  }

  /** A frame to everyone, as Upbit sends it: JSON in a binary frame. */
  send(text: string): void {
    if (this.isSilent) return
    for (const client of this.#open) client.send(Buffer.from(text))
  }

  /** A frame as it stands: bytes, or text. */
  sendRaw(frame: Buffer | string): void {
    for (const client of this.#open) client.send(frame)
  }

  /** Ends every connection: in good order, or as a pulled plug does. */
  drop(how: 'close' | 'reset'): void {
    for (const client of this.#open) {
      if (how === 'close') client.close(1001)
      else client.terminate()
    }
  }

  async stop(): Promise<void> {
    this.drop('reset')
    this.#sockets.close()
    await once(this.#sockets, 'close').catch(() => {})
  }

  #welcome(client: WebSocket): void {
    this.connections += 1
    client.on('message', (data: Buffer) => {
      const [ticket, ...wanted] = JSON.parse(data.toString()) as Wanted[]
      if (!ticket?.ticket) return client.close(1008)
      this.requests.push({
        types: wanted.flatMap(({ type }) => type ?? []),
        codes: [...new Set(wanted.flatMap(({ codes }) => codes ?? []))],
      })
      this.#open.add(client)
      this.onSubscribed()
    })
    client.on('close', () => this.#open.delete(client))
    client.on('error', () => this.#open.delete(client))
  }
}

/** A frame is the row of the REST answer under other names (docs, WebSocket ticker and others). */
const frameOf = (type: string, row: string): string =>
  row
    .replace(/^{"market":/, `{"type":"${type}","code":`)
    .replace(/}$/, ',"stream_type":"REALTIME"}')

/** Levels in a frame of an order book (docs, WebSocket orderbook). */
const LEVELS = 30

export const tickerFrame = (market: string, coin: Coin): string =>
  frameOf('ticker', tickerRow(market, coin))
export const bookFrame = (market: string, coin: Coin): string =>
  frameOf('orderbook', bookRow(market, coin, LEVELS))
export const tradeFrame = (market: string, print: Print): string =>
  frameOf('trade', tradeRow(market, print))
