// Telegram's Bot API as far as a bot that polls meets it: updates that wait to be asked for, messages
// that are sent and edited, and its failures.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Sent = {
  method: string
  chat_id?: number
  message_id?: number
  text?: string
  reply_markup?: { inline_keyboard: { text: string; callback_data: string }[][] }
  callback_query_id?: string
}
type Update = { update_id: number } & Record<string, unknown>

const POLL_MS = 20

export class TelegramServer {
  /** What the bot called besides asking for updates. */
  readonly sent: Sent[] = []
  /** What the next calls are answered with, before any is taken. */
  readonly failures: (number | 'malformed')[] = []
  readonly #token: string
  readonly #updates: Update[] = []
  #lastId = 100
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  url = ''

  constructor(token: string) {
    this.#token = token
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Somebody writes to the bot, alone with it or in a group. */
  write(userId: number, text: string, group?: number): void {
    const chat = group ? { id: group, type: 'supergroup' } : { id: userId, type: 'private' }
    const from = { id: userId, is_bot: false, first_name: '민지', username: 'minji' }
    this.#add({ message: { message_id: (this.#lastId += 1), date: 0, from, chat, text } })
  }

  /** Somebody presses a button below a message. */
  press(userId: number, data: string): void {
    const from = { id: userId, is_bot: false, first_name: '민지' }
    const message = { message_id: this.#lastId, date: 1, chat: { id: userId, type: 'private' } }
    this.#add({ callback_query: { id: `press-${this.#lastId}`, from, message, data } })
  }

  /** Hands the last update on once more, as after an answer that was lost. */
  repeat(): void {
    this.#updates.push(this.#last!)
  }

  #last: Update | null = null

  #add(event: Record<string, unknown>): void {
    this.#last = { update_id: (this.#lastId += 1), ...event }
    this.#updates.push(this.#last)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const method = request.url!.split('/').at(-1)!
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    if (request.url !== `/bot${this.#token}/${method}`) return reply(404, { ok: false })
    const failure = this.failures.shift()
    if (failure === 'malformed') return reply(200, '<html>')
    if (failure !== undefined) {
      return reply(failure, { ok: false, parameters: { retry_after: 1 }, description: 'no' })
    }
    const params = JSON.parse(Buffer.concat(chunks).toString()) as { offset?: number }
    if (method !== 'getUpdates') {
      this.sent.push({ method, ...params })
      return reply(200, { ok: true, result: true })
    }
    while (!response.destroyed && this.#updates.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    reply(200, { ok: true, result: this.#updates.splice(0) })
  }
}
