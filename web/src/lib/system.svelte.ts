// What the system says about itself: whether home is up, and how many orders wait for it.

import type { Status } from '@motu/shared/contract/status.ts'
import type { Api } from './api.ts'

const POLL_INTERVAL_MS = 10_000
const POLL_INTERVAL_DARK_MS = 3_000

export class System {
  status = $state.raw<Status | null>(null)
  /** What the browser knows of its network: true only when there is none. */
  isOffline = $state(false)
  /** True once the edge itself did not answer. */
  isEdgeSilent = $state(false)
  /** When the edge last answered, in ms. */
  heardAt = $state<number | null>(null)
  readonly #api: Api
  readonly #now: () => number
  readonly #after: (delayMs: number, call: () => void) => () => void
  readonly #onHomeBack: () => void
  #callOff: () => void = () => {}

  constructor(options: {
    api: Api
    now: () => number
    after: (delayMs: number, call: () => void) => () => void
    onHomeBack: () => void
  }) {
    this.#api = options.api
    this.#now = options.now
    this.#after = options.after
    this.#onHomeBack = options.onHomeBack
  }

  get isHomeDark(): boolean {
    return this.status?.home === 'down'
  }

  get heldOrders(): number {
    return this.status?.held_orders ?? 0
  }

  start(): void {
    void this.refresh()
  }

  stop(): void {
    this.#callOff()
  }

  /** Asks now, and again after a while; sooner while home is dark. */
  async refresh(): Promise<void> {
    this.#callOff()
    const answer = await this.#api.status()
    this.isEdgeSilent = !answer.ok
    if (answer.ok) this.heardAt = this.#now()
    if (answer.ok) this.#take(answer.data)
    const delayMs = this.isHomeDark || this.isEdgeSilent ? POLL_INTERVAL_DARK_MS : POLL_INTERVAL_MS
    this.#callOff()
    this.#callOff = this.#after(delayMs, () => void this.refresh())
  }

  /** The socket's word on home comes sooner than the next poll. */
  setHome(home: 'up' | 'down'): void {
    if (this.status && this.status.home !== home) this.#take({ ...this.status, home })
    void this.refresh()
  }

  #take(status: Status): void {
    const isBack = this.isHomeDark && status.home === 'up'
    this.status = status
    if (isBack) this.#onHomeBack()
  }
}
