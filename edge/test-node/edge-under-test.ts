// The real edge on `workerd serve`, with a fake home, for one test file. Everything it makes is gone
// afterwards.

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import type { Status } from '@motu/shared/contract/status.ts'
import { type Served, serveEdge } from '../serve.ts'
import { FakeHome, SECRET } from './fake-home.ts'

export const AMQP_URL = process.env.MOTU_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672'

/** The edge remembers its status for this long. */
const STATUS_AGE_MAX_MS = 1_000

/** Nothing is limited unless a test says how. */
export type EdgeTestOptions = {
  amqpUrl?: string | null
  webDir?: string
  limits?: object
  trustedProxies?: string
  homeAlert?: { url: string; afterSeconds: number }
  discord?: { publicKey: string; url: string }
}

export class EdgeUnderTest {
  readonly home = new FakeHome()
  readonly queuePrefix = `edgetest.${randomUUID().slice(0, 8)}.`
  readonly #options: EdgeTestOptions
  #dir = ''
  #port = 0
  #served: Served | null = null

  constructor(options: EdgeTestOptions = {}) {
    this.#options = options
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async start(): Promise<this> {
    this.#dir = await mkdtemp(join(tmpdir(), 'motu-edge-test-'))
    this.#port = await freePort()
    await this.home.start()
    await this.serve()
    return this
  }

  /** Serves, with the disk it had. */
  async serve(): Promise<void> {
    this.#served = await serveEdge({
      outDir: join(this.#dir, 'build'),
      objectsDir: join(this.#dir, 'objects'),
      port: this.#port,
      homeUrl: this.home.url,
      queuePrefix: this.queuePrefix,
      webDir: this.#options.webDir ?? join(this.#dir, 'web'),
      internalSecret: SECRET,
      amqpUrl: this.#options.amqpUrl ?? null,
      trustedProxies: this.#options.trustedProxies ?? '',
      ...(this.#options.homeAlert && { homeAlert: this.#options.homeAlert }),
      limits: this.#options.limits ? JSON.stringify(this.#options.limits) : 'off',
      ...(this.#options.discord && { discord: this.#options.discord }),
      logFile: join(this.#dir, 'edge.log'),
    })
  }

  /** As a power failure would end it. */
  async kill(): Promise<void> {
    if (!this.#served) return
    process.kill(this.#served.pid, 'SIGKILL')
    await this.#served.exited
  }

  async stop(): Promise<void> {
    await this.#served?.stop()
    await this.home.stop()
    await rm(this.#dir, { recursive: true, force: true })
  }

  async status(): Promise<Status> {
    const answer = await fetch(`${this.url}/api/v1/status`)
    return (await answer.json()) as Status
  }

  /** Waits until nothing is held any more; the status may be as old as it is allowed to be. */
  async drained(timeoutMs?: number): Promise<void> {
    await sleep(STATUS_AGE_MAX_MS)
    await until(async () => (await this.status()).held_orders === 0, timeoutMs)
  }

  get(path: string, token?: string): Promise<Response> {
    return fetch(this.url + path, { headers: bearer(token) })
  }

  post(path: string, body: unknown, { token, headers = {} }: PostOptions = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token), ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  }

  delete(path: string, token: string): Promise<Response> {
    return fetch(this.url + path, { method: 'DELETE', headers: bearer(token) })
  }
}

type PostOptions = { token?: string; headers?: Record<string, string> }

/** An order that every rule allows. */
export function limitOrder(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    client_order_id: randomUUID(),
    ticker_id: 'CRYPTO-COIN-BTC',
    side: 'BUY',
    type: 'LIMIT',
    quantity: '0.01',
    limit_price: '9500000',
    ...fields,
  }
}

/** Waits until `isDone` holds; fails after `timeoutMs`. */
export async function until(
  isDone: () => boolean | Promise<boolean>,
  timeoutMs = 5_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${isDone}`)
    await sleep(20)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}
