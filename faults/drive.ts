// Drives a planned traffic through the public API and writes everything down. One lane is one
// connection; a user's steps stay on one lane, in order. Like a careful client, a lane sends a
// request again under the same id until it has a clear answer.

import { setTimeout as sleep } from 'node:timers/promises'
import type { AcceptedOrder } from '@motu/shared/contract/orders.ts'
import type { Trader } from '../bench/load/api-client.ts'
import {
  type Address,
  bearer,
  HttpConnection,
  type HttpRequest,
} from '../bench/load/http-connection.ts'
import { expectedOrderId, type Journal, type Outcome } from './journal.ts'
import type { Step } from './traffic.ts'

type CancelAccepted = { order_id: string; cancel_requested_at: string }

const LANES = 16
const REQUEST_TIMEOUT_MS = 10_000
const RETRY_PAUSE_MS = 250
/** A client that hears nothing clear for so long gives up: the outcome stays ambiguous. */
const PATIENCE_MS = 60_000

type DriveOptions = {
  address: Address
  traders: readonly Trader[]
  steps: readonly Step[]
  journal: Journal
  /** Steps a second over all lanes. */
  rate: number
}

export class Drive {
  readonly #options: DriveOptions
  readonly #abort = new AbortController()
  #done = 0

  constructor(options: DriveOptions) {
    this.#options = options
  }

  /** The share of the steps that have been carried out. */
  get progress(): number {
    return this.#done / this.#options.steps.length
  }

  /** Resolves when `share` of the steps is done. */
  async reached(share: number): Promise<void> {
    while (this.progress < share) await sleep(20, undefined, { signal: this.#abort.signal })
  }

  async run(): Promise<void> {
    const startedAt = Date.now()
    try {
      await Promise.all(Array.from({ length: LANES }, (_, lane) => this.#runLane(lane, startedAt)))
    } finally {
      this.#abort.abort()
    }
  }

  async #runLane(lane: number, startedAt: number): Promise<void> {
    const { steps, rate, address } = this.#options
    const connection = new HttpConnection(address, REQUEST_TIMEOUT_MS)
    for (const [index, step] of steps.entries()) {
      if (step.user % LANES !== lane) continue
      const pause = startedAt + (index * 1_000) / rate - Date.now()
      if (pause > 0) await sleep(pause)
      await this.#carryOut(connection, step)
      this.#done += 1
    }
    connection.close()
  }

  async #carryOut(connection: HttpConnection, step: Step): Promise<void> {
    const givesUpAt = Date.now() + PATIENCE_MS
    for (;;) {
      const outcome = await this.#attempt(connection, step)
      if (outcome.kind !== 'ambiguous' || Date.now() > givesUpAt) return
      await sleep(RETRY_PAUSE_MS)
    }
  }

  async #attempt(connection: HttpConnection, step: Step): Promise<Outcome> {
    const { traders, journal } = this.#options
    const { userId, token, sid, exp } = traders[step.user]!
    const orderId = expectedOrderId(userId, step.order)
    const headers = bearer(token)
    const sentAtMs = Date.now()
    if (step.kind === 'cancel') {
      const path = `/api/v1/orders/${orderId}`
      const outcome = await ask(connection, { method: 'DELETE', path, headers })
      return journal.add({ kind: 'cancel', userId, orderId, sentAtMs, outcome }).outcome
    }
    const body = JSON.stringify(step.order)
    const outcome = await ask(connection, { method: 'POST', path: '/api/v1/orders', headers, body })
    const session = { sid, exp }
    const entry = { userId, orderId, order: step.order, session, sentAtMs, outcome }
    return journal.add({ kind: 'place', ...entry }).outcome
  }
}

/** What the client knows after one request. */
async function ask(connection: HttpConnection, request: HttpRequest): Promise<Outcome> {
  try {
    const { status, body } = await connection.request(request)
    if (status === 202) {
      const answer = JSON.parse(body) as AcceptedOrder | CancelAccepted
      const acceptedAt = 'accepted_at' in answer ? answer.accepted_at : answer.cancel_requested_at
      return { kind: 'accepted', orderId: answer.order_id, acceptedAt }
    }
    if (status >= 400 && status < 500) return { kind: 'refused', status }
    return { kind: 'ambiguous', detail: `${status} ${body}` }
  } catch (error) {
    return { kind: 'ambiguous', detail: String(error) }
  }
}
