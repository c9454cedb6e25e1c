// One HTTP/1.1 connection on a bare socket, kept alive, one request in flight: as little work per
// request as a generator can do, and an exact account of what became of each request.

import { createConnection, type Socket } from 'node:net'
import { API_KEY_HEADER } from '@motu/shared/contract/access.ts'

export type HttpAnswer = { status: number; body: string }
export type HttpRequest = {
  method: string
  path: string
  /** Ready header lines, each ended by CRLF. */
  headers?: string
  body?: string
}
export type Address = { host: string; port: number }

/** No connection came about: the server has not seen the request. */
export class NotSent extends Error {
  override readonly name = 'NotSent'
}

/** The request was sent, its answer never came: it may have been carried out, or not. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

const HEAD_END = Buffer.from('\r\n\r\n')

type Waiting = { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void }

export class HttpConnection {
  readonly #address: Address
  readonly #timeoutMs: number
  #socket: Socket | null = null
  #received: Buffer = Buffer.alloc(0)
  #waiting: Waiting | null = null

  constructor(address: Address, timeoutMs = 15_000) {
    this.#address = address
    this.#timeoutMs = timeoutMs
  }

  /** Sends a request and answers its response. Connects anew when the connection was lost. */
  async request(request: HttpRequest): Promise<HttpAnswer> {
    return this.send(requestText(this.#address, request))
  }

  /** The same for a request that is already text. */
  async send(text: string): Promise<HttpAnswer> {
    if (this.#waiting) throw new Error('one request at a time')
    const socket = this.#socket ?? (await this.#connect())
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      socket.write(text)
    })
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = null
  }

  async #connect(): Promise<Socket> {
    const socket = createConnection({ ...this.#address, noDelay: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', (cause) => reject(new NotSent('no connection', { cause })))
    })
    socket.removeAllListeners('error')
    socket.on('error', (cause) => this.#lose(socket, new NoAnswer('connection lost', { cause })))
    socket.on('close', () => this.#lose(socket, new NoAnswer('connection closed')))
    socket.setTimeout(this.#timeoutMs, () => this.#lose(socket, new NoAnswer('no answer in time')))
    socket.on('data', (chunk) => this.#receive(chunk))
    this.#received = Buffer.alloc(0)
    this.#socket = socket
    return socket
  }

  #lose(socket: Socket, error: Error): void {
    socket.destroy()
    if (this.#socket !== socket) return
    this.#socket = null
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.reject(error)
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const parsed = parseAnswer(this.#received)
    if (!parsed) return
    this.#received = this.#received.subarray(parsed.end)
    if (parsed.closes) this.close()
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.resolve(parsed.answer)
  }
}

/** A request as it goes over the wire. */
export function requestText(address: Address, request: HttpRequest): string {
  const { method, path, headers = '', body } = request
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${address.host}:${address.port}\r\n${headers}`
  if (body === undefined) return `${head}\r\n`
  const length = Buffer.byteLength(body)
  return `${head}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`
}

/** The header line of an access token. */
export const bearer = (token: string): string => `authorization: Bearer ${token}\r\n`

/** The header line of an API key. */
export const apiKey = (text: string): string => `${API_KEY_HEADER}: ${text}\r\n`

/** The header line of a proxy beside the edge: whom it speaks for. */
export const sentFrom = (client: string): string => `x-forwarded-for: ${client}\r\n`

type ParsedAnswer = { answer: HttpAnswer; end: number; closes: boolean }

/** The first answer in what was received; `null` while it is not complete. */
export function parseAnswer(received: Buffer): ParsedAnswer | null {
  const headEnd = received.indexOf(HEAD_END)
  if (headEnd === -1) return null
  const head = received.toString('latin1', 0, headEnd)
  const status = Number.parseInt(head.slice(9, 12), 10)
  const closes = /\r\nconnection: close/i.test(head)
  const start = headEnd + HEAD_END.length
  if (/\r\ntransfer-encoding: chunked/i.test(head)) {
    const chunked = parseChunks(received, start)
    return chunked && { answer: { status, body: chunked.body }, end: chunked.end, closes }
  }
  const length = Number.parseInt(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? '0', 10)
  const end = start + length
  if (received.length < end) return null
  return { answer: { status, body: received.toString('utf8', start, end) }, end, closes }
}

function parseChunks(received: Buffer, start: number): { body: string; end: number } | null {
  const chunks: Buffer[] = []
  let at = start
  for (;;) {
    const lineEnd = received.indexOf('\r\n', at)
    if (lineEnd === -1) return null
    const size = Number.parseInt(received.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (received.length < next) return null
    if (size === 0) return { body: Buffer.concat(chunks).toString('utf8'), end: next }
    chunks.push(received.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = next
  }
}
