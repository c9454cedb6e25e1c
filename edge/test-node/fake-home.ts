// A home for the tests of the edge: it speaks the internal API, keeps what it was given, and can be
// made dark, slow, or reluctant. Every call is checked for its signature as the real one does.

import { KeyObject, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { type WebSocket, WebSocketServer } from 'ws'
import {
  ACCESS_TOKEN_SECONDS,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
} from '@motu/shared/access-token.ts'
import { SIGNATURE_HEADER, verifyCall } from '@motu/shared/internal.ts'
import type { OrderMessage } from '@motu/shared/order-message.ts'
import type { HomeFrame, HubFrame } from '@motu/shared/upstream.ts'

export const SECRET = 'a-secret-for-tests-only-0123456789'
export const KEY_ID = 'test-key'

export type Answer = {
  status?: number
  body?: unknown
  delayMs?: number
  headers?: Record<string, string | string[]>
}
export type Call = {
  method: string
  path: string
  body: string
  headers: IncomingMessage['headers']
}

export class FakeHome {
  /** Answers by `METHOD /path` without the query; what is not there is a 404. */
  readonly answers = new Map<string, Answer | ((call: Call) => Answer)>()
  readonly calls: Call[] = []
  /** Order messages stored, in their order. */
  readonly stored: OrderMessage[] = []
  /** What `POST /internal/orders` answers for a message. */
  judge: (message: OrderMessage) => string = () => 'stored'
  /** Frames the Hub sent. */
  readonly hubFrames: HubFrame[] = []
  /** Home's clock minus ours. */
  clockOffsetMs = 0
  onHubFrame: (frame: HubFrame) => void = () => undefined
  port = 0
  #keys: { privateKey: CryptoKey; publicKey: CryptoKey } | null = null
  #keyId = KEY_ID
  #server: Server | null = null
  readonly #hubs = new Set<WebSocket>()
  readonly #upgraded = new Set<Duplex>()

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** What clients asked of home: what the edge asks for itself may come at any time. */
  get clientCalls(): Call[] {
    return this.calls.filter(({ path }) => path.startsWith('/api/'))
  }

  /** Starts, or comes back at the port it had. */
  async start(port = this.port): Promise<this> {
    this.#keys ??= await generateKeyPair(TOKEN_ALGORITHM, { extractable: true })
    const server = createServer((request, response) => void this.#answer(request, response))
    const sockets = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket, head) => {
      this.#upgraded.add(socket)
      socket.on('close', () => this.#upgraded.delete(socket))
      void isSigned(request, '').then((isOurs) => {
        if (!isOurs || request.url !== '/internal/stream') socket.destroy()
        else sockets.handleUpgrade(request, socket, head, (hub) => this.#attach(hub))
      })
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    return this
  }

  /** Goes dark: nothing listens any more, what was open is cut. */
  async stop(): Promise<void> {
    // A Hub that is just coming too: the server would wait for it.
    for (const socket of this.#upgraded) socket.destroy()
    this.#hubs.clear()
    const server = this.#server
    this.#server = null
    server?.closeAllConnections()
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }

  /** Says something to every Hub that listens. */
  tell(frame: HomeFrame): void {
    for (const hub of this.#hubs) hub.send(JSON.stringify(frame))
  }

  get hubCount(): number {
    return this.#hubs.size
  }

  /** A valid access token, unless `claims` or `header` say otherwise. */
  async token(
    sub: string,
    { claims = {}, header = {} }: { claims?: object; header?: object } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1_000)
    const payload = {
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
      sub,
      sid: 'session-1',
      role: 'USER',
      iat: now,
      exp: now + ACCESS_TOKEN_SECONDS,
      ...claims,
    }
    return new SignJWT(payload)
      .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: this.#keyId, ...header })
      .sign(this.#keyPair().privateKey)
  }

  /** Signs whatever the two texts say, as no home would. */
  signText(header: string, payload: string): string {
    const signed = [header, payload]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.')
    const key = KeyObject.from(this.#keyPair().privateKey)
    return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
  }

  /** Signs with a new key from now on; the key set holds no other. */
  async replaceKey(keyId: string): Promise<void> {
    this.#keys = await generateKeyPair(TOKEN_ALGORITHM, { extractable: true })
    this.#keyId = keyId
  }

  async publicJwk() {
    const jwk = await exportJWK(this.#keyPair().publicKey)
    return { ...jwk, kid: this.#keyId, use: 'sig', alg: TOKEN_ALGORITHM }
  }

  #keyPair() {
    if (!this.#keys) throw new Error('the fake home was never started')
    return this.#keys
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request
    const call = { method, path: url, body: await bodyOf(request), headers }
    const path = url.split('?')[0] ?? url
    if (path === '/internal/health')
      return reply(response, { body: { ok: true, home_ms: this.#nowMs() } })
    if (!(await isSigned(request, call.body))) return reply(response, { status: 401 })
    if (path === '/internal/keys')
      return reply(response, { body: { keys: [await this.publicJwk()] } })
    this.calls.push(call)
    const planned = this.answers.get(`${method} ${path}`)
    const answer = typeof planned === 'function' ? planned(call) : planned
    if (answer?.delayMs) await new Promise((resolve) => setTimeout(resolve, answer.delayMs))
    if (answer) return reply(response, answer)
    if (path === '/internal/orders') return reply(response, this.#takeOrders(call.body))
    return reply(response, { status: 404, body: { title: 'fake home knows nothing of it' } })
  }

  #takeOrders(body: string): Answer {
    const { messages } = JSON.parse(body) as { messages: OrderMessage[] }
    const results = messages.map((message) => {
      const result = this.judge(message)
      if (result === 'stored') this.stored.push(message)
      return result
    })
    return { body: { results } }
  }

  #attach(hub: WebSocket): void {
    this.#hubs.add(hub)
    hub.on('close', () => this.#hubs.delete(hub))
    hub.on('message', (data) => {
      const frame = JSON.parse(String(data)) as HubFrame
      this.hubFrames.push(frame)
      if (frame.t === 'ping') {
        const pong: HomeFrame = { t: 'pong', edge_ms: frame.edge_ms, home_ms: this.#nowMs() }
        hub.send(JSON.stringify(pong))
      }
      this.onHubFrame(frame)
    })
  }

  #nowMs(): number {
    return Date.now() + this.clockOffsetMs
  }
}

async function isSigned(request: IncomingMessage, body: string): Promise<boolean> {
  const header = request.headers[SIGNATURE_HEADER]
  const call = { method: request.method ?? 'GET', path: request.url ?? '/', body }
  const at = { header: typeof header === 'string' ? header : null, nowMs: Date.now() }
  return (await verifyCall(SECRET, call, at)) !== null
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function reply(response: ServerResponse, { status = 200, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body === undefined ? '' : JSON.stringify(body))
}
