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

class KeptTooLong extends Error {
  override readonly name = 'KeptTooLong'
}

export class HttpClient {
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true })

  constructor(port: number) {
    this.#port = port
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send({ method: 'GET', path, headers })
  }

  /** Sends again what met the end of a connection that was kept: nobody had read any of it. */
  async send(request: Request): Promise<Answer> {
    try {
      return await this.#sendOver(this.#agent, request)
    } catch (error) {
      if (!(error instanceof KeptTooLong)) throw error
      return this.#sendOver(false, request)
    }
  }

  #sendOver(agent: Agent | false, { method, path, headers = {}, body }: Request): Promise<Answer> {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const options = {
      ...{ host: '127.0.0.1', port: this.#port, agent, timeout: TIMEOUT_MS },
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
      asked.on('error', (error: NodeJS.ErrnoException) => {
        // The edge closes a connection whose body it refused to read; ours may be on its way then.
        const isKept = asked.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '')
        reject(isKept ? new KeptTooLong(`${method} ${path}`, { cause: error }) : error)
      })
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path} got no answer`)))
      asked.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
