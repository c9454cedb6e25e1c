// HTTP as it goes over the line: `fetch` would mend paths, refuse bodies and hide answers that these
// tests want to send and see.

import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http'

export type Request = {
  method: string
  /** With the query, encoded. */
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
}
export type Answer = { status: number; headers: IncomingHttpHeaders; text: string }

const TIMEOUT_MS = 20_000

export class HttpClient {
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true })

  constructor(port: number) {
    this.#port = port
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send({ method: 'GET', path, headers })
  }

  send({ method, path, headers = {}, body }: Request): Promise<Answer> {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const options = {
      ...{ host: '127.0.0.1', port: this.#port, agent: this.#agent, timeout: TIMEOUT_MS },
      ...{ method, path, headers: { ...headers, ...length } },
    }
    return new Promise((resolve, reject) => {
      const asked = httpRequest(options, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
        })
      })
      asked.on('error', reject)
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path} got no answer`)))
      asked.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
