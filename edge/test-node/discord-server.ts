// Discord as far as an application with an interactions endpoint meets it: it signs what it sends, and
// takes answers that come later through an interaction's token, with its limits and its failures.

import { generateKeyPairSync, randomInt, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const APPLICATION_ID = '4242'
/** The last bytes of a public key in DER are the key itself. */
const RAW_KEY_BYTES = 32

export type Message = {
  content: string
  flags?: number
  components: { components: { label: string; custom_id: string }[] }[]
}
export type Response = {
  type: number
  data?: Message & { choices?: { name: string; value: string }[] }
}
export type Option = { name: string; value: string; focused?: boolean }
type Headers = Record<string, string>

export class DiscordServer {
  readonly #keys = generateKeyPairSync('ed25519')
  readonly publicKey = this.#keys.publicKey
    .export({ type: 'spki', format: 'der' })
    .subarray(-RAW_KEY_BYTES)
    .toString('hex')
  /** What was written over an original, by the interaction's token. */
  readonly patched = new Map<string, Message[]>()
  /** Statuses it answers the next patches with, before it takes one. */
  readonly failures: number[] = []
  readonly #server = createServer((request, response) => void this.#take(request, response))
  url = ''

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v10`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** An interaction of somebody, as Discord would send it. */
  interaction(userId: string, type: number, data?: object): Record<string, unknown> {
    const id = String(randomInt(2 ** 47))
    const user = { id: userId, username: 'minji', global_name: '민지 *@everyone*', avatar: null }
    const member = { user, roles: [], permissions: '0' }
    return {
      id,
      application_id: APPLICATION_ID,
      type,
      token: `token-${id}`,
      version: 1,
      member,
      data,
    }
  }

  command(userId: string, name: string, options: readonly Option[] = []): Record<string, unknown> {
    return this.interaction(userId, 2, { id: '1', type: 1, name, options })
  }

  press(userId: string, customId: string): Record<string, unknown> {
    return this.interaction(userId, 3, { component_type: 2, custom_id: customId })
  }

  headersFor(body: string, atMs = Date.now()): Headers {
    const timestamp = String(Math.floor(atMs / 1_000))
    const signature = sign(null, Buffer.from(timestamp + body), this.#keys.privateKey)
    return {
      'content-type': 'application/json',
      'x-signature-timestamp': timestamp,
      'x-signature-ed25519': signature.toString('hex'),
    }
  }

  /** Sends an interaction to an edge; what it answered first. */
  async send(edgeUrl: string, interaction: object): Promise<Response> {
    const body = JSON.stringify(interaction)
    const headers = this.headersFor(body)
    const answer = await fetch(`${edgeUrl}/bot/discord`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`the edge answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Response
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const token = /^\/api\/v10\/webhooks\/4242\/([\w-]+)\/messages\/@original$/.exec(
      request.url!,
    )?.[1]
    const failure = this.failures.shift()
    if (request.method !== 'PATCH' || token === undefined || failure !== undefined) {
      const headers = failure === 429 ? { 'retry-after': '0.2' } : {}
      response.writeHead(failure ?? 404, { 'content-type': 'application/json', ...headers })
      return void response.end('{"message":"no","retry_after":0.2}')
    }
    const message = JSON.parse(Buffer.concat(chunks).toString()) as Message
    this.patched.set(token, [...(this.patched.get(token) ?? []), message])
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }
}
