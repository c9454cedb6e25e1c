// The courier without a broker: letters go to home's own API in batches, one batch under way at a
// time, and home answers after its intake commit. While home is dark the outbox does the waiting.

import type { Clock } from '../clock.ts'
import { callHome, type HomeSettings } from '../home-call.ts'
import { log } from '../log.ts'
import {
  type Courier,
  type CourierEvents,
  type Delivery,
  DELIVERY_DEADLINE_MS,
  type Letter,
} from './courier.ts'

const BATCH_LENGTH_MAX = 200
/** Letters that may wait for their batch; beyond it the outbox is the better place. */
const WAITING_MAX = 2_000
/** After a failure home is left alone for this long, then one letter may try. */
const PAUSE_MS = 500

const RESULTS: Readonly<Record<string, Delivery>> = {
  stored: 'stored',
  // In home's dead-letter store: home has it, and will decide about it.
  parked: 'stored',
  retry: 'refused',
}

type Waiting = { letter: Letter; settle: (delivery: Delivery) => void }
type HttpOptions = { env: HomeSettings; partition: number; now: Clock }

export class HttpCourier implements Courier {
  readonly #options: HttpOptions
  readonly #events: CourierEvents
  #waiting: Waiting[] = []
  #isPosting = false
  #darkUntil = Number.NEGATIVE_INFINITY

  constructor(options: HttpOptions, events: CourierEvents) {
    this.#options = options
    this.#events = events
  }

  isReady(): boolean {
    return this.#options.now() >= this.#darkUntil && this.#waiting.length < WAITING_MAX
  }

  brokerState(): 'none' {
    return 'none'
  }

  async settled(): Promise<void> {}

  async close(): Promise<void> {}

  deliver(letter: Letter): Promise<Delivery> {
    return new Promise((settle) => {
      this.#waiting.push({ letter, settle })
      if (!this.#isPosting) void this.#postAll()
    })
  }

  /** Posts what waits, batch after batch. What arrives during a batch makes the next one. */
  async #postAll(): Promise<void> {
    this.#isPosting = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_LENGTH_MAX)
      const deliveries = await this.#post(batch.map(({ letter }) => letter.text))
      batch.forEach(({ settle }, index) => settle(deliveries[index] ?? 'unknown'))
      if (this.#options.now() < this.#darkUntil) this.#refuseWaiting()
    }
    this.#isPosting = false
  }

  async #post(messages: readonly string[]): Promise<readonly Delivery[]> {
    const { env, partition } = this.#options
    const answer = await callHome(env, {
      method: 'POST',
      path: '/internal/orders',
      body: `{"partition":${partition},"messages":[${messages.join(',')}]}`,
      headers: { 'content-type': 'application/json' },
      deadlineMs: DELIVERY_DEADLINE_MS,
    })
    const results = answer?.ok ? await resultsOf(answer) : null
    if (results) return results.map((result) => RESULTS[result] ?? 'unknown')
    if (answer && !answer.bodyUsed) await answer.body?.cancel()
    log.warn('home takes no orders', { partition, status: answer?.status ?? null })
    this.#pause()
    const delivery = answer?.status === 503 ? 'refused' : 'unknown'
    return messages.map(() => delivery)
  }

  #pause(): void {
    this.#darkUntil = this.#options.now() + PAUSE_MS
    setTimeout(() => this.#events.onReady(), PAUSE_MS)
  }

  /** Home went dark: nobody waits for it any longer, the outbox takes over. */
  #refuseWaiting(): void {
    for (const { settle } of this.#waiting.splice(0)) settle('refused')
  }
}

/** The results in the order of the messages; null when the answer cannot be read. */
async function resultsOf(answer: Response): Promise<string[] | null> {
  try {
    const { results } = await answer.json<{ results?: unknown }>()
    return Array.isArray(results) ? results.map(String) : null
  } catch {
    // Cut off in the middle: what home stored it will recognise when it is given again.
    return null
  }
}
