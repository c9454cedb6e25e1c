// A local server that takes messages as Discord's webhooks and Telegram's bots do: with their limits,
// their answers and their failures, and a record of everything that arrived.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What it does with a message. `dropped`: it is recorded, and the connection cut before the answer. */
export type Behaviour =
  'ok' | 'limited' | 'error' | 'slow' | 'malformed' | 'dropped' | 'gone' | 'bad'

export type Arrived = {
  readonly path: string
  readonly text: string
  readonly body: unknown
  /** The file that came with it. */
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | null
}

const SLOW_MS = 300
const RETRY_AFTER_SECONDS = 0.05

export class MessageServer {
  /** What arrived, and was not refused, in its order. */
  readonly arrived: Arrived[] = []
  /** Asked for each message, by its number from 0 and its path. */
  behave: (number: number, path: string) => Behaviour = () => 'ok'
  /** Messages for each window of a webhook; more are answered 429. */
  limit = { messages: Number.POSITIVE_INFINITY, windowMs: 2_000 }
  calls = 0
  limited = 0
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  readonly #windows = new Map<string, { since: number; used: number }>()

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return // The sender died while it spoke: nothing has arrived.
    }
    const path = request.url!.split('?')[0]!
    const { body, file } = await read(request, Buffer.concat(chunks))
    const behaviour = this.behave(this.calls, path)
    this.calls += 1
    const waitMs = this.#use(path)
    if (waitMs > 0 || behaviour === 'limited') {
      this.limited += 1
      return limit(path, response, waitMs > 0 ? waitMs / 1_000 : RETRY_AFTER_SECONDS)
    }
    if (behaviour === 'error') return send(response, 500, { message: 'oh' })
    if (behaviour === 'bad') return send(response, 400, { message: 'no' })
    if (behaviour === 'gone')
      return send(response, 404, { message: 'Unknown Webhook', code: 10015 })
    const { content, text, caption } = body as Record<string, string>
    this.arrived.push({ path, text: content ?? text ?? caption ?? '', body, file })
    if (behaviour === 'dropped') return void response.socket?.destroy()
    if (behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS))
    if (behaviour === 'malformed') return void response.end('<html>')
    send(response, 200, { id: String(this.arrived.length), ok: true })
  }

  /** How long a message is too early by its webhook's limit; 0: it is taken. */
  #use(path: string): number {
    const now = Date.now()
    const window = this.#windows.get(path)
    if (!window || now - window.since >= this.limit.windowMs) {
      this.#windows.set(path, { since: now, used: 1 })
      return 0
    }
    window.used += 1
    return window.used > this.limit.messages ? window.since + this.limit.windowMs - now : 0
  }
}

/** A body as both services take it: JSON, or a form with a file, Discord's with its JSON inside. */
async function read(
  request: IncomingMessage,
  bytes: Buffer<ArrayBuffer>,
): Promise<{ body: Record<string, unknown>; file: Arrived['file'] }> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) {
    return { body: JSON.parse(bytes.toString()) as Record<string, unknown>, file: null }
  }
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  const fields = [...form]
  const file = fields.flatMap(([, value]) => (typeof value === 'string' ? [] : [value]))[0]
  // A form writes line breaks as CR LF; the services drop the CR.
  const texts = Object.fromEntries(
    fields.flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.replaceAll('\r\n', '\n')]] : [],
    ),
  ) as Record<string, string>
  const { payload_json: payload } = texts
  return {
    body: (payload === undefined ? texts : JSON.parse(payload)) as Record<string, unknown>,
    file: file ? { name: file.name, bytes: await file.bytes() } : null,
  }
}

function limit(path: string, response: ServerResponse, seconds: number): void {
  const isTelegram = path.startsWith('/bot')
  const after = isTelegram ? { parameters: { retry_after: seconds } } : { retry_after: seconds }
  send(response, 429, { message: 'You are being rate limited.', ...after, global: false })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
