// Discord's gateway and the HTTP calls that go with it, on this machine.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

type Frame = { op: number; d: Record<string, unknown> | number | null }

const HELLO = 10
const ACK = 11

export class GatewayServer {
  /** Frames the bot sent, heartbeats left out. */
  readonly heard: Frame[] = []
  /** Answers to interactions, by the interaction's id. */
  readonly answers = new Map<string, unknown>()
  beats = 0
  /** Sockets that were opened. */
  opened = 0
  acknowledges = true
  heartbeatMs = 60
  #seq = 0
  #socket: WebSocket | null = null
  readonly #http = createServer((request, response) => void this.#answer(request, response))
  readonly #sockets = new WebSocketServer({ server: this.#http })
  apiUrl = ''

  async start(): Promise<this> {
    this.#sockets.on('connection', (socket) => this.#attach(socket))
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve))
    this.apiUrl = `http://127.0.0.1:${this.#port}/api/v10`
    return this
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#http.closeAllConnections()
    await new Promise((resolve) => this.#http.close(resolve))
  }

  get #port(): number {
    return (this.#http.address() as AddressInfo).port
  }

  /** Tells the bot that something happened. */
  dispatch(t: string, d: object): void {
    this.#seq += 1
    this.send({ op: 0, t, d, s: this.#seq })
  }

  send(frame: object | string): void {
    this.#socket!.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  close(code: number): void {
    this.#socket!.close(code)
  }

  #attach(socket: WebSocket): void {
    this.opened += 1
    this.#socket = socket
    socket.on('message', (data) => this.#hear(JSON.parse(String(data)) as Frame))
    this.send({ op: HELLO, d: { heartbeat_interval: this.heartbeatMs } })
  }

  #hear(frame: Frame): void {
    if (frame.op === 1) {
      this.beats += 1
      if (this.acknowledges) this.send({ op: ACK })
      return
    }
    this.heard.push(frame)
    if (frame.op === 6) this.dispatch('RESUMED', {})
    if (frame.op !== 2) return
    const resume_gateway_url = `ws://127.0.0.1:${this.#port}/resume`
    this.dispatch('READY', { session_id: `session-${this.opened}`, resume_gateway_url, v: 10 })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (request.url === '/api/v10/gateway/bot') {
      const isKnown = request.headers.authorization === 'Bot gateway-secret'
      if (!isKnown) return reply(401, { message: '401: Unauthorized' })
      return reply(200, { url: `ws://127.0.0.1:${this.#port}`, shards: 1 })
    }
    const id = /^\/api\/v10\/interactions\/(\w+)\/[\w-]+\/callback$/.exec(request.url!)?.[1]
    if (!id) return reply(404, {})
    this.answers.set(id, JSON.parse(Buffer.concat(chunks).toString()))
    return reply(200, {})
  }
}
